package client

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestHandlerTransport(t *testing.T) {
	t.Parallel()
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got := []string{r.Method, r.RequestURI, r.URL.Path, r.Host, string(body), r.Header.Get("X-In")}
		want := []string{"PUT", "/a%2Fb?c=d", "/a/b", "embedded", "hello", "in"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		w.Header().Set("X-Out", "out")
		w.Header().Set("Content-Length", "3")
		w.WriteHeader(http.StatusEarlyHints)
		w.WriteHeader(http.StatusCreated)
		w.WriteHeader(http.StatusTeapot)
		w.Header().Set("X-Late", "late")
		say(w, "yes")
	})
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, "http://embedded/a%2Fb?c=d", strings.NewReader("hello"))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-In", "in")
	res, err := HandlerTransport(handler).RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	got := []any{string(body), err, res.Status, res.ContentLength, res.Header.Get("X-Out"), res.Header.Get("X-Late")}
	want := []any{"yes", error(nil), "201 Created", int64(3), "out", ""}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestHandlerTransport_silentHandler(t *testing.T) {
	t.Parallel()
	status, body := get(t.Context(), t, func(w http.ResponseWriter, r *http.Request) {
		if n, err := r.Body.Read(make([]byte, 1)); n != 0 || err != io.EOF {
			t.Errorf("an absent body gives %d, %v", n, err)
		}
	})
	text, err := io.ReadAll(body)
	if status != 200 || len(text) > 0 || err != nil {
		t.Errorf("got %d %q, %v", status, text, err)
	}
}

// TestHandlerTransport_streams needs each part of the answer before the next
// one is written.
func TestHandlerTransport_streams(t *testing.T) {
	t.Parallel()
	read := make(chan bool)
	_, body := get(t.Context(), t, func(w http.ResponseWriter, r *http.Request) {
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Error(err)
		}
		<-read
		say(w, "one\n")
		<-read
		say(w, "two\n")
	})
	lines := bufio.NewReader(body)
	for _, want := range []string{"one\n", "two\n"} {
		read <- true
		if got, err := lines.ReadString('\n'); got != want || err != nil {
			t.Fatalf("got %q, %v", got, err)
		}
	}
}

func TestHandlerTransport_canceledBeforeHeader(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
		_, err := io.WriteString(w, "too late")
		ended <- err
	})
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, "http://embedded/", nil)
	if err := sendTo(handler, req); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if err := <-ended; err == nil {
		t.Error("the handler could still write")
	}
}

func TestHandlerTransport_canceledInBody(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	_, body := get(ctx, t, func(w http.ResponseWriter, r *http.Request) {
		say(w, "part")
		<-r.Context().Done()
	})
	part := make([]byte, 4)
	if _, err := io.ReadFull(body, part); err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := io.ReadAll(body); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestHandlerTransport_closedBody(t *testing.T) {
	t.Parallel()
	ended := make(chan error, 1)
	_, body := get(t.Context(), t, func(w http.ResponseWriter, r *http.Request) {
		say(w, "a")
		<-r.Context().Done()
		_, err := io.WriteString(w, "b")
		ended <- err
	})
	if _, err := io.ReadFull(body, make([]byte, 1)); err != nil {
		t.Error(err)
	}
	_ = body.Close()
	if err := <-ended; err == nil {
		t.Error("the handler could write to nobody")
	}
}

func TestHandlerTransport_panic(t *testing.T) {
	t.Parallel()
	calls := 0
	c, err := New(Options{Transport: HandlerTransport(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		calls++
		panic("out of order")
	}))})
	if err != nil {
		t.Fatal(err)
	}
	err = c.Do(t.Context(), http.MethodGet, "/v2/a", nil, nil)
	mustFailWith(t, err, "out of order", "TestHandlerTransport_panic")
	if p, ok := errors.AsType[*PanicError](err); !ok || p.Value != "out of order" {
		t.Errorf("got %#v", err)
	}
	if calls != 1 {
		t.Errorf("the request was sent %d times", calls)
	}
}

func TestHandlerTransport_panicInBody(t *testing.T) {
	t.Parallel()
	_, body := get(t.Context(), t, func(w http.ResponseWriter, r *http.Request) {
		say(w, "part")
		panic(map[string]any{"out of": "order"})
	})
	text, err := io.ReadAll(body)
	if _, ok := errors.AsType[*PanicError](err); !ok || string(text) != "part" {
		t.Errorf("got %q, %v", text, err)
	}
}

func TestHandlerTransport_abort(t *testing.T) {
	t.Parallel()
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://embedded/", nil)
	abort := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	if err := sendTo(abort, req); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v", err)
	}
}

// sendTo returns only whether an answer came.
func sendTo(h http.Handler, req *http.Request) error {
	res, err := HandlerTransport(h).RoundTrip(req)
	if err == nil {
		_ = res.Body.Close()
	}
	return err
}

// get sends a request to a handler and returns its answer, closed at the end.
func get(ctx context.Context, t *testing.T, h http.HandlerFunc) (status int, body io.ReadCloser) {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://embedded/", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := HandlerTransport(h).RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	return res.StatusCode, res.Body
}
