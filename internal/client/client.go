// Package client speaks the Konnect control-plane API: to Konnect, to a served
// control plane or, through [HandlerTransport], to one in this process.
//
// A [Client] sends decoded JSON and returns decoded JSON. Regular entities are
// addressed by a [Ref], a row of the entity table with ids, and have
// [Client.Create], [Client.Get], [Client.Put], [Client.Patch], [Client.Delete]
// and [Client.List]; [Client.Do] and [Client.ListPath] serve what is irregular.
//
// Whatever goes wrong is an [*Error]. It knows the status, the server's reason
// in words and the fields that the server complained about, for every family of
// the API; callers tell the cases apart by errors.Is with [ErrNotFound],
// [ErrConflict] and so on. Requests that may safely be repeated are repeated
// within a budget of time, and [Options.OnRetry] is told of each wait.
// DESIGN.md says what counts as safe and why creating works as it does.
//
// Neither request bodies nor tokens appear in errors or events. The package
// does not know who serves the API or that Terraform asks.
package client

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

const (
	defaultUserAgent      = "terraform-provider-konnect"
	defaultRetryBudget    = time.Minute
	defaultAttemptTimeout = 20 * time.Second
	inProcessTimeout      = time.Minute // a database may be busy, a handler is never away
	defaultMaxResponse    = 64 << 20

	// inProcessURL stands in for an address where there is none to dial.
	inProcessURL = "http://embedded"
)

// Options say which control plane to talk to and how. The zero value of
// everything but the address is useful.
type Options struct {
	// ServerURL is the address of the API, see [ParseServerURL]. It may be
	// empty where Transport leads to a handler in this process.
	ServerURL string
	// Token is the bearer token; empty sends none.
	Token string
	// TokenSource names where the token came from, for the message of a
	// refusal: "KONNECT_TOKEN", "personal_access_token".
	TokenSource string
	UserAgent   string
	// Transport replaces the network, for example by [HandlerTransport].
	Transport http.RoundTripper

	// RetryBudget bounds how long one request is repeated, counted from its
	// first attempt; 0 means a minute, less than 0 never repeats.
	RetryBudget time.Duration
	// AttemptTimeout bounds one attempt, its answer included; 0 means 20 s,
	// or a minute with a Transport of the caller's.
	AttemptTimeout time.Duration
	// MaxResponse bounds an answer in bytes; 0 means 64 MiB, the most that
	// comes by [HandlerTransport].
	MaxResponse int64
	// OnRetry is told before each wait. It may be called by many goroutines.
	OnRetry func(context.Context, RetryEvent)

	// Now, Sleep and Random replace clock and dice. Sleep returns early with
	// the context's error; Random is uniform in [0, 1).
	Now    func() time.Time
	Sleep  func(context.Context, time.Duration) error
	Random func() float64
}

// Client is a connection to one control plane API. Any number of goroutines may
// use it. They share connections, and slow down together when the server asks
// for that.
type Client struct {
	opts Options
	base *url.URL

	pause     pause
	outage    outage
	width     width
	snapshots snapshots
	ahead     atomic.Int64 // how far the control plane's clock is, in nanoseconds
}

// New returns a client. It sends nothing yet.
func New(opts Options) (*Client, error) {
	if opts.ServerURL == "" && opts.Transport != nil {
		opts.ServerURL = inProcessURL
	}
	base, err := ParseServerURL(opts.ServerURL)
	if err != nil {
		return nil, err
	}
	if opts.Token, err = cleanToken(opts.Token, opts.TokenSource); err != nil {
		return nil, err
	}
	opts.fill()
	return &Client{opts: opts, base: base}, nil
}

// Address is the address of the control plane, as messages show it.
func (c *Client) Address() string { return c.base.String() }

func (o *Options) fill() {
	setDefault(&o.UserAgent, defaultUserAgent)
	setDefault(&o.RetryBudget, defaultRetryBudget)
	setDefault(&o.MaxResponse, int64(defaultMaxResponse))
	if o.Transport == nil {
		o.Transport = networkTransport()
		setDefault(&o.AttemptTimeout, defaultAttemptTimeout)
	}
	setDefault(&o.AttemptTimeout, inProcessTimeout)
	if o.OnRetry == nil {
		o.OnRetry = func(context.Context, RetryEvent) {}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = Sleep
	}
	if o.Random == nil {
		o.Random = rand.Float64
	}
}

func setDefault[T comparable](value *T, fallback T) {
	var zero T
	if *value == zero {
		*value = fallback
	}
}

// networkTransport reuses connections as widely as Terraform works in
// parallel; net/http by itself keeps two per host and opens the rest anew. It
// gives up dialling after seconds, and drops idle connections before the
// servers in front of Konnect do, which would cut off a request. By HTTP/2 all
// requests share one connection. If the way of that is lost without a word, as
// behind a firewall that forgot it, each would wait in vain for as long as it
// exists: an unanswered ping ends it while an attempt still has time.
func networkTransport() *http.Transport {
	dialer := &net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           dialer.DialContext,
		ForceAttemptHTTP2:     true,
		HTTP2:                 &http.HTTP2Config{SendPingTimeout: 5 * time.Second, PingTimeout: 5 * time.Second},
		MaxConnsPerHost:       widest,
		MaxIdleConns:          64,
		MaxIdleConnsPerHost:   widest,
		IdleConnTimeout:       30 * time.Second,
		TLSHandshakeTimeout:   10 * time.Second,
		ExpectContinueTimeout: time.Second,
	}
}

// cleanToken drops the line break at the end of a token that was read from a
// file, and refuses a token that cannot be sent.
func cleanToken(token, source string) (string, error) {
	token = strings.TrimSpace(token)
	for _, r := range token {
		if r <= ' ' || r > '~' {
			return "", fmt.Errorf("the token%s holds a blank, a line break or another character that no token has", from(source))
		}
	}
	return token, nil
}

func from(source string) string {
	if source == "" {
		return ""
	}
	return " from " + source
}

// Time is the time by the control plane's clock, as its last answer showed it;
// by this machine's where none did.
func (c *Client) Time() time.Time { return c.opts.Now().Add(time.Duration(c.ahead.Load())) }

// heard notes what an answer says of the control plane's clock.
func (c *Client) heard(header http.Header) {
	if date, err := http.ParseTime(header.Get("Date")); err == nil {
		c.ahead.Store(int64(date.Sub(c.opts.Now())))
	}
}

// Sleep waits, or returns the context's error.
func Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

var errNoAddress = errors.New("no server_url: write the address of the control plane API, such as https://us.api.konghq.com")

// ParseServerURL reads the address of a control plane API: scheme and host,
// and a path only where a proxy in front needs one. A trailing slash and the
// API's own version at the end (/v2) are dropped, since request paths begin
// with them. The error says what the right form is; it shows no password.
func ParseServerURL(text string) (*url.URL, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil, errNoAddress
	}
	u, err := url.Parse(text)
	switch {
	case !strings.Contains(text, "://"):
		return nil, fmt.Errorf("%q has no scheme: write %q", hostOnly(text), likelyScheme(text)+hostOnly(text))
	case err != nil: // not shown: it quotes what may be a password
		return nil, errors.New("this is no address: write https://<host>[:port], such as https://us.api.konghq.com")
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, fmt.Errorf("%s:// is not spoken here: write %q", u.Scheme, "https://"+u.Host)
	case u.Hostname() == "":
		return nil, errors.New("the address names no host: write https://<host>[:port], such as https://us.api.konghq.com")
	case u.User != nil:
		return nil, fmt.Errorf("the address holds a user name or password: write %q and give the token on its own", u.Scheme+"://"+u.Host)
	case u.RawQuery != "" || u.Fragment != "" || u.ForceQuery:
		return nil, fmt.Errorf("the address ends in a query or fragment: write %q", u.Scheme+"://"+u.Host+u.Path)
	}
	return withoutVersion(u)
}

// withoutVersion drops /v1 and /v2 at the end, and refuses them in the middle:
// such an address leads to something below the API.
func withoutVersion(u *url.URL) (*url.URL, error) {
	path := strings.TrimRight(u.Path, "/")
	for _, version := range []string{"/v2", "/v1"} {
		path = strings.TrimRight(strings.TrimSuffix(path, version), "/")
		if before, _, within := strings.Cut(path+"/", version+"/"); within {
			return nil, fmt.Errorf("the address leads below the API: write %q", u.Scheme+"://"+u.Host+before)
		}
	}
	if strings.HasSuffix(u.Hostname(), "cloud.konghq.com") {
		return nil, errors.New("this is the address of Konnect's web interface: write that of its API, https://<region>.api.konghq.com, such as https://us.api.konghq.com")
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host, Path: path}, nil
}

// likelyScheme is the scheme that was most likely meant for a host without one.
func likelyScheme(text string) string {
	host := hostOnly(text)
	if strings.HasPrefix(host, "localhost") || strings.HasPrefix(host, "127.") || strings.HasPrefix(host, "[::1]") {
		return "http://"
	}
	return "https://"
}

// hostOnly is the part of an address without scheme that can be shown: not the
// part before an @, which may be a password, and not the query.
func hostOnly(text string) string {
	text = text[strings.LastIndex(text, "@")+1:]
	text, _, _ = strings.Cut(text, "?")
	return strings.TrimLeft(text, "/")
}
