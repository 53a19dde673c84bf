package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Do sends one request and puts the answer, a JSON object, into out, or ignores
// it if out is nil. The path begins with a slash, is escaped and may carry a
// query; body is encoded as JSON, nil sends none. Numbers arrive in out as
// encoding/json.Number.
func (c *Client) Do(ctx context.Context, method, path string, body any, out *map[string]any) error {
	r, err := c.exchange(ctx, method, path, body)
	if err == nil && out != nil {
		*out, err = r.document()
	}
	return err
}

// exchange sends a request, repeats it if that is safe, and returns the first
// answer that is a success.
func (c *Client) exchange(ctx context.Context, method, path string, body any) (*reply, error) {
	request, err := newCall(c.base, method, path, body)
	if err != nil {
		return nil, err
	}
	if method != http.MethodGet {
		defer c.snapshots.clear()
	}
	return c.send(ctx, request)
}

// call is a request that can be sent again.
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

// encode turns a body into JSON. A value that is not known yet must not be
// sent: it would arrive as an empty object.
func encode(body any) ([]byte, error) {
	if schema.HasUnknown(body) {
		return nil, errors.New("the request holds a value that is not known yet")
	}
	out, err := jsonvalue.Append(nil, body)
	if err != nil {
		return nil, errors.New("the request holds a value that JSON cannot express")
	}
	return out, nil
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
	c.heard(res.Header)
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

// redirected says where a redirect leads, without the parts that may be secret.
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

// deepest is how deep an answer may be nested: deeper than a document of a
// user, since lists and schemas wrap what they hold.
const deepest = 4 * jsonvalue.MaxDepth

// document reads a successful answer, which is an object or null. Errors do not
// show what it holds: that may be the configuration of a plugin.
func (r *reply) document() (map[string]any, error) {
	if len(bytes.TrimSpace(r.body)) == 0 {
		return nil, r.fail("the answer is empty")
	}
	v, err := jsonvalue.Parse(string(r.body), deepest)
	if err != nil {
		return nil, r.fail(misread(err) + r.describe())
	}
	switch v := v.(type) {
	case nil:
		return map[string]any{}, nil
	case map[string]any:
		return v, nil
	}
	return nil, r.fail("the answer is not of the documented shape: it is of type " + typeOf(v) + r.describe())
}

// misread says why an answer cannot be read, without any part of it.
func misread(err error) string {
	switch {
	case errors.Is(err, jsonvalue.ErrCut):
		return "the answer ends before its JSON does"
	case errors.Is(err, jsonvalue.ErrMore):
		return "the answer goes on after the end of its JSON"
	}
	return "the answer is not JSON"
}

// typeOf names the JSON type of a value that is no object.
func typeOf(v any) string {
	switch v.(type) {
	case []any:
		return "array"
	case string:
		return "string"
	case bool:
		return "bool"
	}
	return "number"
}

func (r *reply) describe() string {
	kind := visible(r.header.Get("Content-Type"), 100)
	if kind == "" {
		kind = "of no stated type"
	}
	return fmt.Sprintf(" (%d bytes, %s); is server_url the address of the API?", len(r.body), kind)
}
