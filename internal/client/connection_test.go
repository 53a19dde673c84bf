package client

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// remote starts a server as Konnect is reached: by TLS, and with HTTP/2.
func remote(t *testing.T, h http.Handler, limits *http.HTTP2Config) *Client {
	t.Helper()
	server := httptest.NewUnstartedServer(h)
	server.EnableHTTP2 = true
	server.Config.HTTP2 = limits
	server.StartTLS()
	t.Cleanup(server.Close)
	transport := networkTransport()
	transport.TLSClientConfig = server.Client().Transport.(*http.Transport).TLSClientConfig
	t.Cleanup(transport.CloseIdleConnections)
	c, _, _ := setup(t, func(o *Options) { o.ServerURL, o.Transport = server.URL, transport })
	return c
}

// peers notes the connections that requests come by.
type peers struct {
	mu   sync.Mutex
	seen map[string]int
}

func (p *peers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.seen == nil {
		p.seen = map[string]int{}
	}
	p.seen[r.Proto+" "+r.RemoteAddr]++
	good(w, r)
}

// Many requests to a remote server share one connection, also where it takes few
// at a time.
func TestDo_http2(t *testing.T) {
	t.Parallel()
	for _, streams := range []int{0, 3} {
		var seen peers
		c := remote(t, &seen, &http.HTTP2Config{MaxConcurrentStreams: streams})
		if err := c.Do(t.Context(), http.MethodGet, "/v2/a", nil, nil); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for range 2 * widest {
			wg.Go(func() {
				if err := c.Do(t.Context(), http.MethodPut, "/v2/a", map[string]any{}, nil); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for peer := range seen.seen {
			if peer[:9] != "HTTP/2.0 " {
				t.Errorf("%d streams: came by %s", streams, peer)
			}
		}
		if streams == 0 && len(seen.seen) != 1 || len(seen.seen) > widest {
			t.Errorf("%d streams: came by %v", streams, seen.seen)
		}
	}
}

// mute is a connection that may lose its way: then nothing arrives any more, and
// nobody is told.
type mute struct {
	net.Conn

	mu   *sync.Mutex
	lost bool
}

func (m *mute) Write(p []byte) (int, error) {
	m.mu.Lock()
	lost := m.lost
	m.mu.Unlock()
	if lost {
		return len(p), nil
	}
	return m.Conn.Write(p)
}

// pipes is a network without a machine around it, in which time can stand still.
type pipes struct {
	accept chan net.Conn

	mu   sync.Mutex
	open []*mute
}

func (p *pipes) Accept() (net.Conn, error) {
	c, ok := <-p.accept
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}

func (p *pipes) Close() error { close(p.accept); return nil }

func (*pipes) Addr() net.Addr { return &net.TCPAddr{} }

func (p *pipes) dial(context.Context, string, string) (net.Conn, error) {
	near, far := net.Pipe()
	m := &mute{Conn: near, mu: &p.mu}
	p.mu.Lock()
	p.open = append(p.open, m)
	p.mu.Unlock()
	p.accept <- far
	return m, nil
}

// lose has all connections lose their way, and returns how many there were.
func (p *pipes) lose() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, m := range p.open {
		m.lost = true
	}
	return len(p.open)
}

// A kept connection whose other end is gone without a word is found out before the
// attempt has to end, and what may be repeated goes another way.
func TestDo_http2Lost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var plain http.Protocols
		plain.SetUnencryptedHTTP2(true)
		network := &pipes{accept: make(chan net.Conn)}
		server := &http.Server{Handler: good, Protocols: &plain, ReadHeaderTimeout: time.Minute}
		go func() { _ = server.Serve(network) }()
		defer func() { _ = server.Close() }()
		transport := networkTransport()
		transport.DialContext, transport.Protocols = network.dial, &plain
		defer transport.CloseIdleConnections()
		c, err := New(Options{ServerURL: "http://far.example", Transport: transport, AttemptTimeout: defaultAttemptTimeout})
		if err != nil {
			t.Fatal(err)
		}
		for _, method := range []string{http.MethodGet, http.MethodDelete, http.MethodPost} {
			if err := c.Do(t.Context(), http.MethodGet, "/v2/a", nil, nil); err != nil {
				t.Fatal(err)
			}
			open := network.lose()
			began := time.Now()
			err := c.Do(t.Context(), method, "/v2/a", nil, nil)
			if method == http.MethodPost {
				if e := mustFail(t, err); !e.MayHaveHappened || errors.Is(err, ErrUnreachable) {
					t.Errorf("%s: %+v", method, e)
				}
			} else if err != nil || network.lose() != open+1 {
				t.Errorf("%s: %v by %d connections", method, err, network.lose())
			}
			if took := time.Since(began); took > defaultAttemptTimeout {
				t.Errorf("%s took %s", method, took)
			}
		}
	})
}
