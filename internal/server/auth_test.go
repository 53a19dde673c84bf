package server_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/openkonnect/terraform-provider-konnect/internal/server"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/access"
)

// No spelling of a path, a method or a header gets past the tokens, and none
// gives a token more than it allows.
func TestServer_pathTricks(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, server.Options{})
	g.create(t, access.Token{Name: "only-a", ControlPlanes: []string{"{a}"}})
	g.create(t, access.Token{Name: "reads", ReadOnly: true})
	g.vars["all"], g.vars["only-a"], g.vars["reads"] = g.secret["all"], g.secret["only-a"], g.secret["reads"]
	plane := func(id string) string { return "/v2/control-planes/" + id + "/core-entities/services" }
	for _, c := range []struct {
		method, target string
		header         [][2]string
	}{
		// without a token
		{"GET", "/healthz/../v2/control-planes", nil},
		{"GET", "/healthz/%2e%2e/v2/control-planes", nil},
		{"GET", "/healthz%2f..%2fv2/control-planes", nil},
		{"GET", "/readyz/..;/v2/control-planes", nil},
		{"GET", "//healthz/../v2/control-planes", nil},
		{"GET", "//v2/control-planes", nil},
		{"GET", "/./v2/control-planes", nil},
		{"GET", "/v2//control-planes", nil},
		{"GET", "/v2/control-planes/", nil},
		{"GET", "/v2/control-planes?/healthz", nil},
		{"GET", "/v2/control-planes#/healthz", nil},
		{"GET", "/v2/control-planes;/healthz", nil},
		{"GET", "/v2%2fcontrol-planes", nil},
		{"GET", "/V2/control-planes", nil},
		{"GET", "/%76%32/control-planes", nil},
		{"GET", "/v2\\control-planes", nil},
		{"GET", "/healthz%00/v2/control-planes", nil},
		{"GET", "http://localhost/v2/control-planes", nil},
		{"GET", "http://localhost/healthz/../v2/control-planes", nil},
		{"HEAD", "/v2/control-planes", nil},
		{"OPTIONS", "/v2/control-planes", nil},
		{"TRACE", "/v2/control-planes", nil},
		{"CONNECT", "/v2/control-planes", nil},
		{"get", "/v2/control-planes", nil},
		{"GET", "/v2/control-planes?token={all}", nil},
		{"GET", "/v2/control-planes?access_token={all}", nil},
		{"GET", "/v2/control-planes", [][2]string{{"X-Original-URL", "/healthz"}, {"X-Rewrite-URL", "/healthz"}, {"X-Forwarded-Uri", "/healthz"}}},
		{"GET", "/v2/control-planes", [][2]string{{"Authorization", "{all}"}}},
		{"GET", "/v2/control-planes", [][2]string{{"Authorization", "Token {all}"}}},
		{"GET", "/v2/control-planes", [][2]string{{"Authorization", "Bearer"}, {"Authorization", "Bearer {all}"}}},
		{"GET", "/v2/control-planes", [][2]string{{"Authorization", "Bearer x, Bearer {all}"}}},
		{"GET", "/v2/control-planes", [][2]string{{"Authorization", "Bearer {all},x"}}},
		{"GET", "/v2/control-planes", [][2]string{{"Authorization", "Bearer {all}x"}}},
		{"GET", "/v2/control-planes", [][2]string{{"Authorization", "Bearer okat_"}}},
		{"GET", "/v2/control-planes", [][2]string{{"Authorization", "Bearer okat_' OR ''='"}}},
		{"GET", "/v2/control-planes", [][2]string{{"Authorization", "Bearer okat_%"}}},
		{"GET", "/v2/control-planes", [][2]string{{"Proxy-Authorization", "Bearer {all}"}, {"Cookie", "token={all}"}}},
		// with the token of another control plane
		{"GET", plane("{b}"), [][2]string{{"Authorization", "Bearer {only-a}"}}},
		{"GET", plane("{a}/../{b}"), [][2]string{{"Authorization", "Bearer {only-a}"}}},
		{"GET", plane("{a}%2f..%2f{b}"), [][2]string{{"Authorization", "Bearer {only-a}"}}},
		{"GET", plane("{a}/core-entities/../../{b}"), [][2]string{{"Authorization", "Bearer {only-a}"}}},
		{"GET", plane("{a},{b}"), [][2]string{{"Authorization", "Bearer {only-a}"}}},
		{"GET", plane("{b}%20"), [][2]string{{"Authorization", "Bearer {only-a}"}}},
		{"GET", plane("%7B{b}%7D"), [][2]string{{"Authorization", "Bearer {only-a}"}}},
		{"GET", plane("{b}") + "?controlPlaneId={a}&control_plane_id={a}", [][2]string{{"Authorization", "Bearer {only-a}"}}},
		{"GET", "/v2/control-planes/plane-b", [][2]string{{"Authorization", "Bearer {only-a}"}}},
		// with a token that only reads
		{"POST", plane("{a}"), [][2]string{{"Authorization", "Bearer {reads}"}, {"X-HTTP-Method-Override", "GET"}}},
		{"POST", plane("{a}") + "?_method=GET", [][2]string{{"Authorization", "Bearer {reads}"}}},
		{"POST", plane("{a}") + "/validate", [][2]string{{"Authorization", "Bearer {reads}"}}},
		{"DELETE", plane("{a}") + "/schemas%2fvalidate", [][2]string{{"Authorization", "Bearer {reads}"}}},
	} {
		target, err := url.Parse(g.expand(c.target))
		if err != nil {
			continue // no server gets to see it
		}
		req := httptest.NewRequestWithContext(t.Context(), c.method, "/", strings.NewReader(`{"host":"h"}`))
		req.URL, req.RemoteAddr = target, c.target
		for _, h := range c.header {
			req.Header.Add(h[0], g.expand(h[1]))
		}
		rec := httptest.NewRecorder()
		g.handler.ServeHTTP(rec, req)
		if rec.Code < 400 || rec.Code >= 500 {
			t.Errorf("%s %s %v: %d %s", c.method, c.target, c.header, rec.Code, rec.Body)
		}
	}
}

// A server that was open asks for tokens as soon as there is one, and still
// does when the last one is gone.
func TestServer_guardedByFirst(t *testing.T) {
	t.Parallel()
	now := clock
	g := newGuarded(t, server.Options{Guard: access.GuardedByFirst, Now: func() time.Time { return now }})
	if err := g.tokens.Delete(t.Context(), "all"); err != nil {
		t.Fatal(err)
	}
	nobody := row{Do: "GET /v2/control-planes", Status: 200}
	g.run(t, nobody)
	g.create(t, access.Token{Name: "first"})
	now = now.Add(time.Second)
	nobody.Status = 401
	g.run(t, nobody)
	g.run(t, row{Do: "GET /v2/control-planes", Header: g.as("first"), Status: 200})
	if err := g.tokens.Delete(t.Context(), "first"); err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Hour)
	g.run(t, nobody)
}

// A failed lookup is no wrong token: the client is not told to get another one.
func TestServer_tokensUnknowable(t *testing.T) {
	t.Parallel()
	for _, guard := range []access.Guard{access.GuardedByFirst, access.Guarded} {
		g := newGuarded(t, server.Options{Guard: guard, Tokens: nil})
		if err := g.store.Close(); err != nil {
			t.Fatal(err)
		}
		g.run(t, row{Do: "GET /v2/control-planes", Header: g.as("all"), Status: 500, Want: map[string]any{"detail": "internal error"}})
	}
}

// Of two dozen guesses per second a dozen get a plain answer, and the others
// say when to come back. A right token still works, from the same address or
// another.
func TestServer_guessing(t *testing.T) {
	t.Parallel()
	now := clock
	g := newGuarded(t, server.Options{Now: func() time.Time { return now }})
	guess := func(address, header string) *httptest.ResponseRecorder {
		req := httptest.NewRequestWithContext(t.Context(), "GET", "/v2/control-planes", http.NoBody)
		req.RemoteAddr = address
		req.Header.Set("Authorization", header)
		rec := httptest.NewRecorder()
		g.handler.ServeHTTP(rec, req)
		return rec
	}
	right := "Bearer " + g.secret["all"]
	count := func(address string) (looked int) {
		for i := range 1000 {
			if guess(address, fmt.Sprintf("Bearer okat_%026d", i)).Code == 401 {
				looked++
			}
		}
		return looked
	}
	if got := count("192.0.2.1:1234"); got != 100 {
		t.Errorf("%d guesses were answered 401, want 100", got)
	}
	rec := guess("192.0.2.1:4321", "Bearer wrong")
	if rec.Code != 429 || rec.Header().Get("Retry-After") != "1" {
		t.Errorf("one guess more: %d, Retry-After %q", rec.Code, rec.Header().Get("Retry-After"))
	}
	if body := strings.TrimSpace(rec.Body.String()); body != `{"message":"API rate limit exceeded"}` {
		t.Errorf("the answer is %s", body)
	}
	for _, address := range []string{"192.0.2.1:4321", "192.0.2.2:1", "[2001:db8::1]:1", "[::ffff:192.0.2.3]:1"} {
		if rec := guess(address, right); rec.Code != 200 {
			t.Errorf("%s: %d", address, rec.Code)
		}
	}
	now = now.Add(time.Second)
	if got := count("192.0.2.1:1234"); got != 10 {
		t.Errorf("%d guesses were answered 401 a second later, want 10", got)
	}
	// Everyone has a whole network of IPv6, and 4-in-6 is no other address.
	if a, b := count("[2001:db8::1]:1"), count("[2001:db8::ffff]:1"); a+b != 100 {
		t.Errorf("one network was looked at %d times, want 100", a+b)
	}
	if a, b := count("192.0.2.9:1"), count("[::ffff:192.0.2.9]:1"); a+b != 100 {
		t.Errorf("one address was looked at %d times, want 100", a+b)
	}
	now = now.Add(time.Hour)
	for range 1000 {
		if rec := guess("192.0.2.1:1234", right); rec.Code != 200 {
			t.Fatalf("the right token, often: %d", rec.Code)
		}
	}
}

func TestServer_rateLimit(t *testing.T) {
	t.Parallel()
	now := clock
	g := newGuarded(t, server.Options{RateLimit: access.Rate{PerSecond: 0.5, Burst: 3}, Now: func() time.Time { return now }})
	g.create(t, access.Token{Name: "other"})
	for _, c := range []struct {
		after   time.Duration
		as      string
		status  int
		retryIn string
	}{
		{0, "all", 200, ""},
		{0, "all", 200, ""},
		{0, "all", 200, ""},
		{0, "all", 429, "2"},
		{0, "other", 200, ""},
		{time.Second / 2, "all", 429, "2"},
		{time.Second / 2, "all", 429, "1"},
		{time.Second, "all", 200, ""},
		{0, "all", 429, "2"},
		{time.Hour, "all", 200, ""},
		{0, "all", 200, ""},
		{0, "all", 200, ""},
		{0, "all", 429, "2"},
	} {
		now = now.Add(c.after)
		rec := g.send(t, "GET", "/v2/control-planes", "", g.as(c.as))
		if rec.Code != c.status || rec.Header().Get("Retry-After") != c.retryIn {
			t.Errorf("%s at %s: %d, Retry-After %q, want %d, %q", c.as, now.Sub(clock), rec.Code, rec.Header().Get("Retry-After"), c.status, c.retryIn)
		}
	}
	for range 10 {
		g.run(t, row{Do: "GET /readyz", Status: 200})
	}
}

// Where no token is asked for, the limit is that of an address.
func TestServer_rateLimitOfAddresses(t *testing.T) {
	t.Parallel()
	h := newServer(t, server.Options{RateLimit: access.Rate{PerSecond: 1, Burst: 1}})
	for i, want := range []int{200, 429, 200} {
		req := httptest.NewRequestWithContext(t.Context(), "GET", "/v2/control-planes", http.NoBody)
		req.RemoteAddr = []string{"192.0.2.1:1", "192.0.2.1:2", "192.0.2.2:1"}[i]
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, req)
		if rec.Code != want {
			t.Errorf("request %d: %d, want %d", i, rec.Code, want)
		}
	}
}

// Behind proxies the limit is that of the client that a trusted proxy names;
// nobody else's headers count. One request per address is allowed.
func TestServer_proxies(t *testing.T) {
	t.Parallel()
	const proxy, other = "10.1.2.3:1", "192.0.2.7:1"
	for _, c := range []struct {
		header, remote string
		first, second  []string // values of the header, of two requests
		apart          bool     // whether they are taken for two clients
	}{
		{"X-Forwarded-For", proxy, []string{"203.0.113.1"}, []string{"203.0.113.2"}, true},
		{"X-Forwarded-For", proxy, []string{"203.0.113.1"}, []string{"203.0.113.1"}, false},
		{"X-Forwarded-For", proxy, []string{"1.1.1.1, 203.0.113.1"}, []string{"2.2.2.2, 203.0.113.1"}, false},
		{"X-Forwarded-For", proxy, []string{"1.1.1.1", "203.0.113.1"}, []string{"2.2.2.2", "203.0.113.1"}, false},
		{"X-Forwarded-For", proxy, []string{"203.0.113.1, 10.9.9.9"}, []string{"203.0.113.2, 10.9.9.9"}, true},
		{"X-Forwarded-For", proxy, []string{"203.0.113.1:4711"}, []string{"203.0.113.1:4712"}, false},
		{"X-Forwarded-For", proxy, []string{"2001:db8::1"}, []string{"2001:db8::2"}, false},
		{"X-Forwarded-For", proxy, []string{"2001:db8:0:1::1"}, []string{"2001:db8:0:2::1"}, true},
		{"X-Forwarded-For", proxy, []string{"203.0.113.1"}, []string{"::ffff:203.0.113.1"}, false},
		{"X-Forwarded-For", proxy, nil, []string{"unknown"}, false},
		{"X-Forwarded-For", proxy, []string{"203.0.113.1, made up"}, []string{"203.0.113.2, made up"}, false},
		{"X-Forwarded-For", proxy, []string{"10.0.0.1"}, []string{"10.0.0.2"}, false},
		{"X-Forwarded-For", other, []string{"203.0.113.1"}, []string{"203.0.113.2"}, false},
		{"X-Forwarded-For", "[2001:db8:f::1]:1", []string{"203.0.113.1"}, []string{"203.0.113.2"}, true},
		{"X-Forwarded-For", "[::ffff:10.1.2.3]:1", []string{"203.0.113.1"}, []string{"203.0.113.2"}, true},
		{"X-Forwarded-For", "in-process", []string{"203.0.113.1"}, []string{"203.0.113.2"}, false},
		{"Forwarded", proxy, []string{`for=203.0.113.1;proto=https`}, []string{`For="203.0.113.2:4711"`}, true},
		{"Forwarded", proxy, []string{`for="[2001:db8:0:1::1]:4711"`}, []string{`for="[2001:db8:0:2::1]"`}, true},
		{"Forwarded", proxy, []string{`for=1.1.1.1, for=203.0.113.1`}, []string{`for=2.2.2.2, for=203.0.113.1`}, false},
		{"Forwarded", proxy, []string{`for=_hidden`}, []string{`for=unknown`}, false},
		{"Forwarded", other, []string{`for=203.0.113.1`}, []string{`for=203.0.113.2`}, false},
	} {
		proxies, err := access.TrustProxies(c.header, []string{"10.0.0.0/8", "2001:db8:f::1"})
		if err != nil {
			t.Fatal(err)
		}
		h := newServer(t, server.Options{RateLimit: access.Rate{PerSecond: 1, Burst: 1}, Proxies: proxies})
		ask := func(values []string) int {
			req := httptest.NewRequestWithContext(t.Context(), "GET", "/v2/control-planes", http.NoBody)
			req.RemoteAddr = c.remote
			req.Header[c.header] = values
			// what clients write into the other header reaches us as well
			for _, h := range []string{"X-Forwarded-For", "Forwarded", "X-Real-Ip"} {
				if h != c.header {
					req.Header.Set(h, "for=198.51.100."+strings.Join(values, ""))
				}
			}
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, req)
			return rec.Code
		}
		if first := ask(c.first); first != 200 {
			t.Fatalf("%s from %s, %q: %d", c.header, c.remote, c.first, first)
		}
		if second := ask(c.second); (second == 200) != c.apart {
			t.Errorf("%s from %s, %q after %q: %d", c.header, c.remote, c.second, c.first, second)
		}
	}
}
