package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Do sends one request and decodes the answer into out, a pointer, or ignores
// it where out is nil. The path begins with a slash, is escaped and may carry
// a query; body is encoded as JSON, nil sends none. Numbers arrive in
// out as [json.Number].
func (c *Client) Do(ctx context.Context, method, path string, body, out any) error {
	r, err := c.exchange(ctx, method, path, body)
	if err != nil {
		return err
	}
	return r.decode(out)
}

// exchange sends a request, repeats it where that is right, and returns the
// first answer that is a success.
func (c *Client) exchange(ctx context.Context, method, path string, body any) (*reply, error) {
	request, err := newCall(c.base, method, path, body)
	if err != nil {
		return nil, err
	}
	return c.send(ctx, request)
}

// call is a request with all it takes to send it again.
type call struct {
	method string
	url    *url.URL
	body   []byte
}

func newCall(base *url.URL, method, path string, body any) (*call, error) {
	target, err := url.Parse(base.String() + path)
	if err != nil || !strings.HasPrefix(path, "/") || target.Host != base.Host {
		return nil, fmt.Errorf("%s: the path does not begin with a slash or is not escaped", method)
	}
	c := &call{method: method, url: target}
	if body == nil {
		return c, nil
	}
	c.body, err = encode(body)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", method, target.Path, err)
	}
	return c, nil
}

// encode turns a body into JSON. What is still unknown must not be sent: it
// would arrive as an empty object.
func encode(body any) ([]byte, error) {
	if schema.HasUnknown(body) {
		return nil, errors.New("the request holds a value that is not known yet")
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(body); err != nil {
		return nil, errors.New("the request holds a value that JSON cannot express")
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// fail returns an error about this call.
func (c *call) fail(message string) *Error {
	return &Error{
		Method:  c.method,
		Address: c.url.Scheme + "://" + c.url.Host,
		Path:    c.url.EscapedPath(),
		Message: message,
	}
}

// reply is an answer, read to its end.
type reply struct {
	call   *call
	status int
	header http.Header
	body   []byte

	attempts int
	elapsed  time.Duration
}

// attempt sends the call once.
func (c *Client) attempt(ctx context.Context, request *call) (*reply, *Error) {
	timed, cancel := context.WithTimeout(ctx, c.opts.AttemptTimeout)
	defer cancel()
	r, err := c.roundTrip(timed, request)
	switch {
	case err == nil:
		return c.judge(r)
	case ctx.Err() != nil:
		return nil, canceled(request, ctx.Err(), nil)
	default:
		return nil, c.unanswered(request, err, timed.Err() != nil)
	}
}

// roundTrip reads the whole answer, so that the connection can be used again.
// It asks the transport itself: [http.Client] would add redirects, which turn
// a PUT into a GET and may carry the token elsewhere.
func (c *Client) roundTrip(ctx context.Context, request *call) (*reply, error) {
	var body io.Reader
	if request.body != nil {
		body = bytes.NewReader(request.body)
	}
	req, err := http.NewRequestWithContext(ctx, request.method, request.url.String(), body)
	if err != nil {
		return nil, err
	}
	c.setHeader(req)
	res, err := c.opts.Transport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }() // it was read to its end
	var text bytes.Buffer
	if n := res.ContentLength; n > 0 && n <= c.opts.MaxResponse {
		text.Grow(int(n) + bytes.MinRead) // or it grows once more to see the end
	}
	if _, err := text.ReadFrom(io.LimitReader(res.Body, c.opts.MaxResponse+1)); err != nil {
		return nil, err
	}
	return &reply{call: request, status: res.StatusCode, header: res.Header, body: text.Bytes()}, nil
}

func (c *Client) setHeader(req *http.Request) {
	req.Header.Set("Accept", "application/json, application/problem+json")
	req.Header.Set("User-Agent", c.opts.UserAgent)
	if req.Body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.opts.Token != "" {
		req.Header.Set("Authorization", "Bearer "+c.opts.Token)
	}
}

// judge tells answers that are a success from those that are not.
func (c *Client) judge(r *reply) (*reply, *Error) {
	switch {
	case int64(len(r.body)) > c.opts.MaxResponse:
		return nil, r.fail(fmt.Sprintf("the answer is larger than %d bytes", c.opts.MaxResponse))
	case r.status >= 200 && r.status < 300:
		return r, nil
	case r.status < 400:
		return nil, r.fail(redirected(r.header.Get("Location")))
	default:
		return nil, c.refused(r)
	}
}

// redirected says where a redirect leads, without what may be secret in it.
func redirected(location string) string {
	u, err := url.Parse(location)
	if err != nil || u.Host == "" {
		return "the answer is a redirect, which this API does not use: is server_url the address of the API?"
	}
	return fmt.Sprintf("the answer is a redirect to %s://%s, which is not followed: use that as server_url if it is the address of the API", u.Scheme, u.Host)
}

// fail returns an error about this answer.
func (r *reply) fail(message string) *Error {
	e := r.call.fail(message)
	e.Status = r.status
	e.Attempts, e.Elapsed = r.attempts, r.elapsed
	return e
}

// decode reads a successful answer. What it holds is not shown: it may be the
// configuration of a plugin.
func (r *reply) decode(out any) error {
	if out == nil {
		return nil
	}
	if len(bytes.TrimSpace(r.body)) == 0 {
		return r.fail("the answer is empty")
	}
	d := json.NewDecoder(bytes.NewReader(r.body))
	d.UseNumber()
	err := d.Decode(out)
	if err == nil {
		if _, err = d.Token(); errors.Is(err, io.EOF) {
			return nil
		}
		return r.fail("the answer goes on after the end of its JSON" + r.describe())
	}
	return r.fail(misread(err) + r.describe())
}

func misread(err error) string {
	if typed, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Sprintf("the answer is not of the documented shape: %s of type %s", place(typed.Field), typed.Value)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return "the answer ends before its JSON does"
	}
	return "the answer is not JSON"
}

func place(field string) string {
	if field == "" {
		return "it is"
	}
	return field + " is"
}

func (r *reply) describe() string {
	kind := visible(r.header.Get("Content-Type"), 100)
	if kind == "" {
		kind = "of no stated type"
	}
	return fmt.Sprintf(" (%d bytes, %s); is server_url the address of the API?", len(r.body), kind)
}
