package client

import (
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// clock is a fake one: sleeping takes no time and moves it on.
type clock struct {
	mu    sync.Mutex
	now   time.Time
	slept []time.Duration
}

func newClock() *clock { return &clock{now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	c.slept = append(c.slept, d)
	return ctx.Err()
}

func (c *clock) naps() []time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]time.Duration{}, c.slept...)
}

// setup returns a client of a server on the loopback interface, the server's
// mux and the client's clock. Jitter is at its lowest. Options may be changed
// before the client is made.
func setup(t *testing.T, change ...func(*Options)) (*Client, *http.ServeMux, *clock) {
	t.Helper()
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	clock := newClock()
	opts := Options{
		ServerURL:   server.URL,
		Token:       "kpat_secret",
		TokenSource: "KONNECT_TOKEN",
		Now:         clock.Now,
		Sleep:       clock.Sleep,
		Random:      func() float64 { return 0 },
	}
	for _, f := range change {
		f(&opts)
	}
	c, err := New(opts)
	if err != nil {
		t.Fatal(err)
	}
	return c, mux, clock
}

// answer returns a handler that always says the same.
func answer(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		say(w, body)
	}
}

// say writes to a client that may have gone.
func say(w io.Writer, s string) { _, _ = io.WriteString(w, s) }

func answerJSON(status int, body string) http.HandlerFunc {
	return answer(status, "application/json", body)
}

// mustFail returns the error as one of ours.
func mustFail(t *testing.T, err error) *Error {
	t.Helper()
	e, ok := errors.AsType[*Error](err)
	if !ok {
		t.Fatalf("got %#v, want an *Error", err)
	}
	return e
}

// mustFailWith checks that an error is one of ours and holds all the parts.
func mustFailWith(t *testing.T, err error, parts ...string) {
	t.Helper()
	mustSay(t, mustFail(t, err), parts...)
}

// mustSay checks that an error holds all the parts and nothing about how we
// read answers.
func mustSay(t *testing.T, err error, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q does not say %q", err, part)
		}
	}
	for _, word := range []string{"unmarshal", "invalid character", "Go value", "Go struct", "json:", "kpat_secret"} {
		if strings.Contains(err.Error(), word) {
			t.Errorf("%q says %q", err, word)
		}
	}
}

func TestParseServerURL(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"https://us.api.konghq.com":                  "https://us.api.konghq.com",
		"https://us.api.konghq.com/":                 "https://us.api.konghq.com",
		"https://us.api.konghq.com///":               "https://us.api.konghq.com",
		"https://us.api.konghq.com/v2":               "https://us.api.konghq.com",
		"https://us.api.konghq.com/v2/":              "https://us.api.konghq.com",
		"https://us.api.konghq.com/v1":               "https://us.api.konghq.com",
		" https://us.api.konghq.com\n":               "https://us.api.konghq.com",
		"http://127.0.0.1:8787":                      "http://127.0.0.1:8787",
		"HTTP://[::1]:8787/v2":                       "http://[::1]:8787",
		"https://proxy.example/konnect/v2":           "https://proxy.example/konnect",
		"https://proxy.example/v2beta":               "https://proxy.example/v2beta",
		"https://xn--bcher-kva.example:8443/konnect": "https://xn--bcher-kva.example:8443/konnect",
	} {
		got, err := ParseServerURL(in)
		if err != nil {
			t.Errorf("%q: %v", in, err)
		} else if got.String() != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestParseServerURL_refused(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                                            "https://us.api.konghq.com",
		"   ":                                         "https://us.api.konghq.com",
		"us.api.konghq.com":                           `write "https://us.api.konghq.com"`,
		"//us.api.konghq.com":                         `write "https://us.api.konghq.com"`,
		"user:hidden@us.api.konghq.com":               `write "https://us.api.konghq.com"`,
		"localhost:8787":                              `write "http://localhost:8787"`,
		"127.0.0.1:8787":                              `write "http://127.0.0.1:8787"`,
		"us.api.konghq.com?token=hidden":              `write "https://us.api.konghq.com"`,
		"ftp://us.api.konghq.com":                     `write "https://us.api.konghq.com"`,
		"://us.api.konghq.com":                        "this is no address",
		"https://":                                    "names no host",
		"https:///v2":                                 "names no host",
		"https://:443":                                "names no host",
		"https://us.api.konghq.com:port":              "this is no address",
		"https://user:hidden":                         "this is no address",
		"https://us api.konghq.com":                   "this is no address",
		"https://user:hidden@us.api.konghq.com":       `write "https://us.api.konghq.com"`,
		"https://us.api.konghq.com?region=us":         `write "https://us.api.konghq.com"`,
		"https://us.api.konghq.com/?":                 "query or fragment",
		"https://us.api.konghq.com/#top":              "query or fragment",
		"https://us.api.konghq.com/v2/control-planes": `write "https://us.api.konghq.com"`,
		"https://a.example/k/v1/realms":               `write "https://a.example/k"`,
		"https://cloud.konghq.com/us/gateway-manager": "web interface",
		"https://eu.cloud.konghq.com":                 "https://us.api.konghq.com",
	} {
		got, err := ParseServerURL(in)
		if err == nil {
			t.Errorf("%q: accepted as %q", in, got)
			continue
		}
		mustSay(t, err, want)
		if strings.Contains(err.Error(), "hidden") {
			t.Errorf("%q: %q shows a secret", in, err)
		}
	}
}

func TestNew_refused(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string]Options{
		"no address":        {Token: "kpat_x"},
		"token in two":      {ServerURL: "http://localhost", Token: "kpat_\nx"},
		"token with blank":  {ServerURL: "http://localhost", Token: "Bearer kpat_x"},
		"token not visible": {ServerURL: "http://localhost", Token: "kpat_\x00"},
	} {
		opts.TokenSource = "KONNECT_TOKEN"
		if _, err := New(opts); err == nil {
			t.Errorf("%s: accepted", name)
		} else if strings.Contains(err.Error(), "kpat_") {
			t.Errorf("%s: %q shows the token", name, err)
		}
	}
}

func TestDo_request(t *testing.T) {
	t.Parallel()
	c, mux, _ := setup(t, func(o *Options) {
		o.Token = " kpat_secret\n"
		o.UserAgent = "terraform-provider-konnect/1.2.3"
		o.ServerURL += "/v2/"
	})
	mux.HandleFunc("PUT /v2/things/{key}", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got := []string{
			r.PathValue("key"), r.URL.RawQuery, string(body), r.Header.Get("Content-Type"),
			r.Header.Get("Authorization"), r.Header.Get("User-Agent"), r.Header.Get("Accept"),
		}
		want := []string{
			"a/b c", "x=1", `{"lua":"a < b","n":0.10}`, "application/json",
			"Bearer kpat_secret", "terraform-provider-konnect/1.2.3", "application/json, application/problem+json",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		say(w, `{"n": 0.10}`)
	})
	var out map[string]any
	body := map[string]any{"n": jsonNumber("0.10"), "lua": "a < b"}
	if err := c.Do(t.Context(), http.MethodPut, "/v2/things/a%2Fb%20c?x=1", body, &out); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]any{"n": jsonNumber("0.10")}, out); diff != "" {
		t.Error(diff)
	}
}

func TestDo_noBodyNoToken(t *testing.T) {
	t.Parallel()
	c, mux, _ := setup(t, func(o *Options) { o.Token = "" })
	mux.HandleFunc("DELETE /v2/things/a", func(w http.ResponseWriter, r *http.Request) {
		for _, name := range []string{"Authorization", "Content-Type"} {
			if r.Header.Get(name) != "" {
				t.Errorf("%s was sent", name)
			}
		}
		w.WriteHeader(http.StatusNoContent)
	})
	if err := c.Do(t.Context(), http.MethodDelete, "/v2/things/a", nil, nil); err != nil {
		t.Fatal(err)
	}
}

func TestDo_reusesConnections(t *testing.T) {
	t.Parallel()
	c, mux, _ := setup(t)
	peers := map[string]bool{}
	mux.HandleFunc("/v2/a", func(w http.ResponseWriter, r *http.Request) {
		peers[r.RemoteAddr] = true
		w.WriteHeader(http.StatusNotFound)
		say(w, strings.Repeat(" ", 100_000)+"{}")
	})
	for range 5 {
		if err := c.Do(t.Context(), http.MethodGet, "/v2/a", nil, nil); !errors.Is(err, ErrNotFound) {
			t.Fatal(err)
		}
	}
	if len(peers) != 1 {
		t.Errorf("5 requests in a row used %d connections", len(peers))
	}
}

// TestDo_oddSuccess has answers that are a success by their status only.
func TestDo_oddSuccess(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		contentType, body string
		want              string
	}{
		"empty":        {"application/json", "", "the answer is empty"},
		"blank":        {"application/json", " \n", "the answer is empty"},
		"html":         {"text/html", "<html><body>hidden</body></html>", "not JSON"},
		"text":         {"text/plain", "hidden", "not JSON"},
		"cut":          {"application/json", `{"secret": "hidden`, "ends before"},
		"cut in word":  {"application/json", `{"a": tru`, "ends before"},
		"two":          {"application/json", `{"a": 1}{"hidden": 2}`, "goes on"},
		"garbage":      {"application/json", `{"a": 1} hidden`, "goes on"},
		"list":         {"application/json", `["hidden"]`, "it is of type array"},
		"string":       {"application/json", `"hidden"`, "it is of type string"},
		"binary":       {"application/octet-stream", "\x00\xff\xfe", "not JSON"},
		"bad type":     {strings.Repeat("x", 500), "hidden", "not JSON"},
		"out of range": {"application/json", `{"a": }`, "not JSON"},
		"number":       {"application/json", `17`, "it is of type number"},
		"boolean":      {"application/json", `true`, "it is of type bool"},
		"key twice":    {"application/json", `{"hidden": 1, "hidden": 2}`, "not JSON"},
		"not UTF-8":    {"application/json", "{\"hidden\": \"\xff\"}", "not JSON"},
		"too deep":     {"application/json", `{"hidden": ` + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + "}", "not JSON"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, mux, clock := setup(t)
			mux.HandleFunc("/v2/a", answer(200, tt.contentType, tt.body))
			var out map[string]any
			err := c.Do(t.Context(), http.MethodGet, "/v2/a", nil, &out)
			e := mustFail(t, err)
			mustSay(t, err, "GET http://127.0.0.1", "/v2/a: 200 OK: ", tt.want)
			if strings.ContainsAny(err.Error(), "\x1b\x00\n") || strings.Contains(err.Error(), "hidden") {
				t.Errorf("%q shows what it should not", err)
			}
			if e.Status != 200 || e.Attempts != 1 || len(clock.naps()) > 0 || errors.Is(err, ErrNotFound) {
				t.Errorf("got %+v", e)
			}
		})
	}
}

func TestDo_tooLarge(t *testing.T) {
	t.Parallel()
	c, mux, _ := setup(t, func(o *Options) { o.MaxResponse = 16 })
	mux.HandleFunc("/v2/fits", answerJSON(200, `{"a": "8901234"}`))
	mux.HandleFunc("/v2/large", answerJSON(200, `{"a": "89012345"}`))
	var out map[string]any
	if err := c.Do(t.Context(), http.MethodGet, "/v2/fits", nil, &out); err != nil {
		t.Error(err)
	}
	err := c.Do(t.Context(), http.MethodGet, "/v2/large", nil, &out)
	mustFailWith(t, err, "larger than 16 bytes")
}

func TestDo_redirect(t *testing.T) {
	t.Parallel()
	for location, want := range map[string]string{
		"https://eu.api.konghq.com/v2/a?x=hidden": "a redirect to https://eu.api.konghq.com,",
		"https://u:hidden@eu.api.konghq.com/":     "a redirect to https://eu.api.konghq.com,",
		"/login?token=hidden":                     "does not use",
		"":                                        "does not use",
		"http://[hidden":                          "does not use",
	} {
		c, mux, _ := setup(t)
		mux.HandleFunc("/v2/a", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", location)
			w.WriteHeader(http.StatusMovedPermanently)
		})
		err := c.Do(t.Context(), http.MethodPut, "/v2/a", map[string]any{}, nil)
		mustFailWith(t, err, "301 Moved Permanently", want)
		if strings.Contains(err.Error(), "hidden") {
			t.Errorf("%q shows what may be secret", err)
		}
	}
}

func TestDo_badPath(t *testing.T) {
	t.Parallel()
	c, _, _ := setup(t)
	for _, path := range []string{"", "v2/a", "@evil.example/", ":80@evil.example/", "/%zz", "/a\x7f"} {
		if err := c.Do(t.Context(), http.MethodGet, path, nil, nil); err == nil {
			t.Errorf("%q was sent", path)
		}
	}
}

func TestDo_badBody(t *testing.T) {
	t.Parallel()
	c, mux, _ := setup(t)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { t.Error("the request was sent") })
	for name, body := range map[string]any{
		"unknown":  map[string]any{"config": map[string]any{"secret": "hidden", "a": unknownValue}},
		"function": map[string]any{"secret": "hidden", "f": func() {}},
		"number":   map[string]any{"n": jsonNumber("hidden")},
	} {
		err := c.Do(t.Context(), http.MethodPost, "/v2/a", body, nil)
		if err == nil || strings.Contains(err.Error(), "hidden") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// quiet keeps a server from writing about clients that do not trust it.
func quiet() *log.Logger { return log.New(io.Discard, "", 0) }

// The control plane's clock is that of its last answer that shows one.
func TestClient_time(t *testing.T) {
	t.Parallel()
	c, mux, clock := setup(t)
	if got := c.Time(); !got.Equal(clock.Now()) {
		t.Errorf("before any answer it is %s", got)
	}
	date := ""
	mux.HandleFunc("GET /", func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Date"] = []string{date}
		_, _ = w.Write([]byte("{}"))
	})
	ahead := 5 * time.Minute
	for _, tt := range []struct {
		date string
		want time.Duration
	}{
		{clock.Now().Add(ahead).Format(http.TimeFormat), ahead},
		{"yesterday", ahead},
		{"", ahead},
		{clock.Now().Add(-ahead).Format(http.TimeFormat), -ahead},
	} {
		date = tt.date
		if err := c.Do(t.Context(), http.MethodGet, "/v2/any", nil, nil); err != nil {
			t.Fatal(err)
		}
		if got := c.Time().Sub(clock.Now()); got != tt.want {
			t.Errorf("Date: %q: it is ahead by %s, want %s", tt.date, got, tt.want)
		}
	}
}
