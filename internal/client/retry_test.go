package client

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// script answers request after request, the last entry for all that follow.
type script struct {
	mu      sync.Mutex
	answers []http.HandlerFunc
	calls   int
}

func (s *script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	s.mu.Lock()
	answer := s.answers[min(s.calls, len(s.answers)-1)]
	s.calls++
	s.mu.Unlock()
	answer(w, r)
}

func (s *script) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls
}

func status(code int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		answerJSON(code, `{"message": "said `+http.StatusText(code)+`"}`)(w, r)
	}
}

// drop breaks the connection without an answer, cut does within one.
func drop(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func cut(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Length", "100")
	say(w, `{"id": "`)
	w.(http.Flusher).Flush()
	panic(http.ErrAbortHandler)
}

var good = answerJSON(200, `{"id": "x"}`)

const (
	ms = time.Millisecond
	s  = time.Second
)

func TestDo_repeats(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		method  string
		answers []http.HandlerFunc
		naps    []time.Duration
	}{
		"get 429 twice":         {"GET", []http.HandlerFunc{status(429), status(429), good}, []time.Duration{250 * ms, 500 * ms}},
		"get 500":               {"GET", []http.HandlerFunc{status(500), good}, []time.Duration{250 * ms}},
		"get 502, 503, 504":     {"GET", []http.HandlerFunc{status(502), status(503), status(504), good}, []time.Duration{250 * ms, 500 * ms, s}},
		"put dropped":           {"PUT", []http.HandlerFunc{drop, good}, []time.Duration{250 * ms}},
		"put cut":               {"PUT", []http.HandlerFunc{cut, cut, good}, []time.Duration{250 * ms, 500 * ms}},
		"delete 504":            {"DELETE", []http.HandlerFunc{status(504), good}, []time.Duration{250 * ms}},
		"delete dropped":        {"DELETE", []http.HandlerFunc{drop, status(204)}, []time.Duration{250 * ms}},
		"post 429":              {"POST", []http.HandlerFunc{status(429), good}, []time.Duration{250 * ms}},
		"post 503":              {"POST", []http.HandlerFunc{status(503), good}, []time.Duration{250 * ms}},
		"patch 429":             {"PATCH", []http.HandlerFunc{status(429), good}, []time.Duration{250 * ms}},
		"seconds":               {"GET", []http.HandlerFunc{status(429, "Retry-After", "2"), good}, []time.Duration{2 * s}},
		"seconds of 503":        {"POST", []http.HandlerFunc{status(503, "Retry-After", "30"), good}, []time.Duration{30 * s}},
		"seconds of 502":        {"GET", []http.HandlerFunc{status(502, "Retry-After", "3"), good}, []time.Duration{3 * s}},
		"date, their clock":     {"GET", []http.HandlerFunc{status(429, "Date", "Sun, 06 Nov 1994 08:49:37 GMT", "Retry-After", "Sun, 06 Nov 1994 08:49:40 GMT"), good}, []time.Duration{3 * s}},
		"date, our clock":       {"GET", []http.HandlerFunc{status(429, "Date", "now", "Retry-After", "Fri, 02 Jan 2026 03:04:12 GMT"), good}, []time.Duration{7 * s}},
		"date in the past":      {"GET", []http.HandlerFunc{status(429, "Date", "now", "Retry-After", "Fri, 02 Jan 2026 03:04:00 GMT"), good}, []time.Duration{250 * ms}},
		"zero seconds":          {"GET", []http.HandlerFunc{status(429, "Retry-After", "0"), good}, []time.Duration{250 * ms}},
		"negative seconds":      {"GET", []http.HandlerFunc{status(429, "Retry-After", "-5"), good}, []time.Duration{250 * ms}},
		"unreadable":            {"GET", []http.HandlerFunc{status(429, "Retry-After", "soon"), good}, []time.Duration{250 * ms}},
		"less than the backoff": {"GET", []http.HandlerFunc{status(502), status(502), status(502), status(429, "Retry-After", "1"), good}, []time.Duration{250 * ms, 500 * ms, s, 2 * s}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, mux, clock := setup(t)
			script := &script{answers: tt.answers}
			mux.Handle("/v2/a", script)
			if err := c.Do(t.Context(), tt.method, "/v2/a", map[string]any{}, nil); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.naps, clock.naps()); diff != "" {
				t.Error(diff)
			}
			if script.count() != len(tt.answers) {
				t.Errorf("sent %d times, want %d", script.count(), len(tt.answers))
			}
		})
	}
}

func TestDo_doesNotRepeat(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		method  string
		answer  http.HandlerFunc
		unclear bool
		says    string
	}{
		"post 500":             {"POST", status(500), true, "said Internal Server Error; the request may have been carried out"},
		"post 502":             {"POST", status(502), true, "may have been carried out"},
		"post 504":             {"POST", status(504), true, "may have been carried out"},
		"post dropped":         {"POST", drop, true, "the connection broke before the whole answer had arrived: EOF; the request may have been carried out"},
		"post cut":             {"POST", cut, true, "unexpected EOF; the request may have been carried out"},
		"patch dropped":        {"PATCH", drop, true, "may have been carried out"},
		"put 400":              {"PUT", status(400), false, "400 Bad Request: said Bad Request"},
		"get 401":              {"GET", status(401), false, "401 Unauthorized: said Unauthorized; the token from KONNECT_TOKEN was refused"},
		"get 403":              {"GET", status(403), false, "403 Forbidden"},
		"get 404":              {"GET", status(404), false, "404 Not Found"},
		"put 409":              {"PUT", status(409), false, "409 Conflict"},
		"get 501":              {"GET", status(501), false, "501 Not Implemented"},
		"put 507":              {"PUT", status(507), false, "507 Insufficient Storage"},
		"post 507":             {"POST", status(507), false, "507 Insufficient Storage"},
		"get 599":              {"GET", status(599), false, "status 599: said"},
		"retry-after too long": {"GET", status(429, "Retry-After", "3600"), false, "asks to wait for 1h0m0s, which is more than is waited for a request (1m0s)"},
		"retry-after endless":  {"GET", status(429, "Retry-After", "2147483647"), false, "asks to wait for"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, mux, clock := setup(t)
			script := &script{answers: []http.HandlerFunc{tt.answer}}
			mux.Handle("/v2/a", script)
			err := c.Do(t.Context(), tt.method, "/v2/a", map[string]any{}, nil)
			e := mustFail(t, err)
			mustSay(t, err, tt.says)
			if e.MayHaveHappened != tt.unclear || strings.Contains(err.Error(), "may have been") != tt.unclear {
				t.Errorf("MayHaveHappened is %v: %v", e.MayHaveHappened, err)
			}
			if script.count() != 1 || len(clock.naps()) > 0 || e.Attempts != 1 {
				t.Errorf("sent %d times, waited %v, attempts %d", script.count(), clock.naps(), e.Attempts)
			}
		})
	}
}

// TestDo_budget has servers that never recover.
func TestDo_budget(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answer http.HandlerFunc
		budget time.Duration
		calls  int
		within time.Duration
	}{
		"429":             {status(429), 0, 12, time.Minute},
		"429 with header": {status(429, "Retry-After", "2"), 10 * s, 5, 10 * s},
		"dropped":         {drop, 5 * s, 5, 5 * s},
		"500 has less":    {status(500), 0, 6, 8 * s},
		"none":            {status(503), -1, 1, 0},
		"tiny":            {status(503), 1, 1, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, mux, clock := setup(t, func(o *Options) { o.RetryBudget = tt.budget })
			script := &script{answers: []http.HandlerFunc{tt.answer}}
			mux.Handle("/v2/a", script)
			began := clock.Now()
			err := c.Do(t.Context(), http.MethodGet, "/v2/a", nil, nil)
			e := mustFail(t, err)
			if script.count() != tt.calls || e.Attempts != tt.calls {
				t.Errorf("sent %d times, attempts %d, want %d", script.count(), e.Attempts, tt.calls)
			}
			if waited := clock.Now().Sub(began); waited > tt.within || waited != e.Elapsed {
				t.Errorf("waited %s, said %s, want at most %s", waited, e.Elapsed, tt.within)
			}
			if tt.calls > 1 {
				mustSay(t, err, "request tried")
			}
		})
	}
}

func TestDo_onRetry(t *testing.T) {
	t.Parallel()
	var events []RetryEvent
	c, mux, _ := setup(t, func(o *Options) {
		o.OnRetry = func(_ context.Context, e RetryEvent) { events = append(events, e) }
	})
	mux.Handle("/v2/a", &script{answers: []http.HandlerFunc{status(429, "Retry-After", "3"), drop, good}})
	if err := c.Do(t.Context(), http.MethodPut, "/v2/a?secret=x", map[string]any{}, nil); err != nil {
		t.Fatal(err)
	}
	want := []RetryEvent{
		{Method: "PUT", Address: c.Address(), Path: "/v2/a", Attempt: 1, Status: 429, Reason: "said Too Many Requests", Wait: 3 * s},
		{Method: "PUT", Address: c.Address(), Path: "/v2/a", Attempt: 2, Reason: "the connection broke before the whole answer had arrived: EOF", Wait: 500 * ms},
	}
	if diff := cmp.Diff(want, events); diff != "" {
		t.Error(diff)
	}
}

func TestBackoff(t *testing.T) {
	t.Parallel()
	random := 0.0
	c := &Client{opts: Options{Random: func() float64 { return random }}}
	bounds := func(attempt int) [2]time.Duration {
		random = 0
		low := c.backoff(attempt)
		random = 1
		return [2]time.Duration{low, c.backoff(attempt)}
	}
	for attempt, want := range map[int][2]time.Duration{
		1:    {250 * ms, 500 * ms},
		2:    {500 * ms, s},
		5:    {4 * s, 8 * s},
		6:    {7500 * ms, 15 * s},
		1000: {7500 * ms, 15 * s},
	} {
		if got := bounds(attempt); got != want {
			t.Errorf("attempt %d: got %v, want %v", attempt, got, want)
		}
	}
}

func TestDo_connectionRefused(t *testing.T) {
	t.Parallel()
	const address = "127.0.0.1:1" // nobody listens there
	for _, method := range []string{"GET", "POST"} {
		c, _, clock := setup(t, func(o *Options) { o.ServerURL = "http://" + address })
		began := clock.Now()
		err := c.Do(t.Context(), method, "/v2/a", nil, nil)
		e := mustFail(t, err)
		mustSay(t, err, "http://"+address, "cannot connect: ", "connection refused", "tried")
		if !errors.Is(err, ErrUnreachable) || errors.Is(err, ErrNotFound) || e.MayHaveHappened {
			t.Errorf("got %+v", e)
		}
		if waited := clock.Now().Sub(began); waited > 4*s || waited == 0 {
			t.Errorf("waited %s", waited)
		}
	}
}

// TestDo_outage has many requests meet a dead address. One finds out, the
// others believe it for a while; then the server is there again.
func TestDo_outage(t *testing.T) {
	t.Parallel()
	down, dials := true, 0
	c, _, clock := setup(t, func(o *Options) {
		o.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
			if dials++; down {
				return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connect: connection refused")}
			}
			return HandlerTransport(good).RoundTrip(r)
		})
	})
	began := clock.Now()
	for range 100 {
		err := c.Do(t.Context(), http.MethodPost, "/v2/a", nil, nil)
		mustFailWith(t, err, "POST "+c.Address()+"/v2/a: cannot connect", "connection refused", "tried")
	}
	err := c.Do(t.Context(), http.MethodGet, "/v2/b", nil, nil)
	mustFailWith(t, err, "GET "+c.Address()+"/v2/b: cannot connect")
	if waited := clock.Now().Sub(began); waited > 4*s || dials > 6 {
		t.Errorf("101 requests dialled %d times and waited %s", dials, waited)
	}
	down = false
	if err := clock.Sleep(t.Context(), outageMemory); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := c.Do(t.Context(), http.MethodGet, "/v2/a", nil, nil); err != nil {
			t.Error(err)
		}
	}
	if len(clock.naps()) > 6 {
		t.Errorf("waited %v", clock.naps())
	}
}

// TestDo_silence has a server that no longer answers anything. Once the first
// request has waited, the others fail at once. One slow endpoint of a server
// that answers others is no outage.
func TestDo_silence(t *testing.T) {
	t.Parallel()
	c, mux, clock := setup(t, func(o *Options) { o.AttemptTimeout = 50 * ms })
	c.opts.Transport = HandlerTransport(mux) // without a network, so that time stands still in the bubble
	slow := &script{answers: []http.HandlerFunc{func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }}}
	mux.Handle("/v2/slow", slow)
	mux.Handle("/v2/good", good)
	synctest.Test(t, func(t *testing.T) {
		ask := func(method, path string) error { return c.Do(t.Context(), method, path, nil, nil) }

		if err := ask("GET", "/v2/good"); err != nil {
			t.Fatal(err)
		}
		mustFailWith(t, ask("POST", "/v2/slow"), "no answer within 50ms; the request may have been carried out")
		if err := ask("GET", "/v2/good"); err != nil {
			t.Errorf("one slow endpoint is taken for an outage: %v", err)
		}
		if err := clock.Sleep(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		mustFailWith(t, ask("POST", "/v2/slow"), "no answer within 50ms")
		err := ask("POST", "/v2/slow")
		mustFailWith(t, err, "no answer within 50ms")
		if mustFail(t, err).MayHaveHappened || slow.count() != 2 {
			t.Errorf("the request was sent: %v", err)
		}
	})
}

// TestDo_refusedThenUp lets a server come back within the patience for one.
func TestDo_refusedThenUp(t *testing.T) {
	t.Parallel()
	refused := &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connect: connection refused")}
	for _, method := range []string{"GET", "POST"} {
		calls := 0
		c, _, _ := setup(t, func(o *Options) {
			o.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
				if calls++; calls < 3 {
					return nil, refused
				}
				return HandlerTransport(good).RoundTrip(r)
			})
		})
		if err := c.Do(t.Context(), method, "/v2/a", map[string]any{}, nil); err != nil {
			t.Error(err)
		}
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestDo_noSuchHost(t *testing.T) {
	t.Parallel()
	calls := 0
	c, _, clock := setup(t, func(o *Options) {
		o.ServerURL = "https://us.api.konghq.invalid"
		o.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
			calls++
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "us.api.konghq.invalid", IsNotFound: true}}
		})
	})
	err := c.Do(t.Context(), http.MethodGet, "/v2/a", nil, nil)
	mustFailWith(t, err, "https://us.api.konghq.invalid", "cannot connect", "no such host")
	if calls != 1 || len(clock.naps()) > 0 || !errors.Is(err, ErrUnreachable) {
		t.Errorf("tried %d times, waited %v: %v", calls, clock.naps(), err)
	}
}

func TestDo_tls(t *testing.T) {
	t.Parallel()
	plain := httptest.NewServer(good)
	t.Cleanup(plain.Close)
	selfSigned := httptest.NewUnstartedServer(good)
	selfSigned.Config.ErrorLog = quiet()
	selfSigned.StartTLS()
	t.Cleanup(selfSigned.Close)
	for url, want := range map[string]string{
		strings.Replace(plain.URL, "http:", "https:", 1): "does not speak https",
		selfSigned.URL: "certificate",
	} {
		c, _, clock := setup(t, func(o *Options) { o.ServerURL = url })
		err := c.Do(t.Context(), http.MethodGet, "/v2/a", nil, nil)
		mustFailWith(t, err, url, "cannot connect", want)
		if len(clock.naps()) > 0 {
			t.Errorf("%s: waited %v", url, clock.naps())
		}
	}
}

func TestDo_silentServer(t *testing.T) {
	t.Parallel()
	for method, unclear := range map[string]bool{"GET": false, "POST": true} {
		c, mux, _ := setup(t, func(o *Options) { o.AttemptTimeout = 50 * ms })
		mux.HandleFunc("/v2/a", func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		err := c.Do(t.Context(), method, "/v2/a", nil, nil)
		e := mustFail(t, err)
		mustSay(t, err, c.Address(), "no answer within 50ms")
		if !errors.Is(err, ErrUnreachable) || e.Attempts != 1 || e.MayHaveHappened != unclear {
			t.Errorf("%s: got %+v", method, e)
		}
	}
}

func TestDo_canceled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	c, mux, _ := setup(t)
	mux.HandleFunc("/v2/a", func(w http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	err := c.Do(ctx, http.MethodGet, "/v2/a", nil, nil)
	e := mustFail(t, err)
	mustSay(t, err, "the request was cancelled")
	if !errors.Is(err, context.Canceled) || e.Attempts > 1 {
		t.Errorf("got %+v", e)
	}
}

func TestDo_canceledWhileWaiting(t *testing.T) {
	t.Parallel()
	for _, code := range []int{429, 502} {
		ctx, cancel := context.WithCancel(t.Context())
		c, mux, _ := setup(t, func(o *Options) {
			o.OnRetry = func(context.Context, RetryEvent) { cancel() }
			o.Sleep = Sleep
		})
		mux.Handle("/v2/a", status(code, "Retry-After", "50"))
		err := c.Do(ctx, http.MethodGet, "/v2/a", nil, nil)
		mustFailWith(t, err, "cancelled while it waited to be repeated: said "+http.StatusText(code))
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	}
}

func TestDo_callersDeadline(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 0)
	defer cancel()
	c, mux, _ := setup(t)
	mux.HandleFunc("/v2/a", func(http.ResponseWriter, *http.Request) { t.Error("the request was sent") })
	err := c.Do(ctx, http.MethodGet, "/v2/a", nil, nil)
	mustFailWith(t, err, "time for the request is over")
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

// TestDo_pauseIsShared has one request told to wait; another one that starts
// meanwhile waits as well, though nobody refused it.
func TestDo_pauseIsShared(t *testing.T) {
	t.Parallel()
	c, mux, clock := setup(t, func(o *Options) { o.RetryBudget = -1 })
	mux.Handle("/v2/busy", status(429))
	mux.Handle("/v2/other", good)
	c.pause.extend(clock.Now().Add(7 * s))
	c.pause.extend(clock.Now().Add(3 * s))
	if err := c.Do(t.Context(), http.MethodGet, "/v2/other", nil, nil); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]time.Duration{7 * s}, clock.naps()); diff != "" {
		t.Error(diff)
	}
	if err := c.Do(t.Context(), http.MethodGet, "/v2/other", nil, nil); err != nil {
		t.Fatal(err)
	}
	if len(clock.naps()) != 1 {
		t.Errorf("waited again: %v", clock.naps())
	}
}

// TestDo_manyAtOnce has a server that takes a few requests per second from
// more goroutines than that: all succeed, and no request is sent while the
// server has asked everybody to wait.
func TestDo_manyAtOnce(t *testing.T) {
	t.Parallel()
	const perSecond, requests, workers = 20, 300, 10
	var clock *clock
	limit := &limiter{perSecond: perSecond}
	c, mux, clock := setup(t)
	limit.now = clock.Now
	mux.Handle("/v2/a", limit)
	work := make(chan int)
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for range work {
				if err := c.Do(t.Context(), http.MethodPut, "/v2/a", map[string]any{}, nil); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for i := range requests {
		work <- i
	}
	close(work)
	all.Wait()
	if limit.served != requests {
		t.Errorf("%d requests succeeded, want %d", limit.served, requests)
	}
	if refused, seconds := limit.refused, requests/perSecond; refused > 3*workers*seconds {
		t.Errorf("%d requests were refused in some %d seconds", refused, seconds)
	}
}

// limiter refuses what is more than so many per second of its clock.
type limiter struct {
	mu                     sync.Mutex
	now                    func() time.Time
	perSecond              int
	second                 time.Time
	count, served, refused int
}

func (l *limiter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if second := l.now().Truncate(s); !second.Equal(l.second) {
		l.second, l.count = second, 0
	}
	if l.count++; l.count > l.perSecond {
		l.refused++
		status(429, "Retry-After", "1")(w, r)
		return
	}
	l.served++
	good(w, r)
}

func TestPause_spreads(t *testing.T) {
	t.Parallel()
	clock := newClock()
	for _, tt := range []struct{ left, most time.Duration }{
		{400 * ms, 100 * ms}, {s, 250 * ms}, {20 * s, 250 * ms},
	} {
		var naps []time.Duration
		for _, random := range []float64{0, 1} {
			c := &Client{opts: Options{Now: clock.Now, Sleep: clock.Sleep, Random: func() float64 { return random }}}
			c.pause.extend(clock.Now().Add(tt.left))
			if err := c.pause.wait(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			naps = append(naps, clock.naps()[len(clock.naps())-1])
		}
		if want := []time.Duration{tt.left, tt.left + tt.most}; !slices.Equal(naps, want) {
			t.Errorf("got %v, want %v", naps, want)
		}
	}
}

func TestSleep(t *testing.T) {
	t.Parallel()
	if err := Sleep(t.Context(), 1); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Sleep(ctx, time.Hour); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
