package client

import (
	"context"
	"errors"
	"fmt"
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

// A handler that says nothing has said 200.
func TestHandlerTransport_silentHandler(t *testing.T) {
	t.Parallel()
	res, err := roundTrip(t.Context(), func(_ http.ResponseWriter, r *http.Request) {
		if n, err := r.Body.Read(make([]byte, 1)); n != 0 || err != io.EOF {
			t.Errorf("an absent body gives %d, %v", n, err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(res.Body)
	if res.StatusCode != http.StatusOK || len(text) > 0 || err != nil {
		t.Errorf("got %d %q, %v", res.StatusCode, text, err)
	}
}

// The client does not wait for a handler when it no longer listens, and the
// handler learns of it, whatever it has written before.
func TestHandlerTransport_canceled(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]string{"before the header": "", "in the body": "part"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			left, ended := make(chan bool), make(chan error, 1)
			_, err := roundTrip(ctx, func(w http.ResponseWriter, r *http.Request) {
				if before != "" {
					say(w, before)
				}
				cancel()
				<-left // although the handler goes on
				<-r.Context().Done()
				_, err := io.WriteString(w, "too late")
				ended <- err
			})
			if !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
			close(left)
			if err := <-ended; !errors.Is(err, context.Canceled) {
				t.Errorf("the handler could still write (%v)", err)
			}
		})
	}
}

// An answer that was cut short because its request was canceled is none.
func TestHandlerTransport_canceledHandler(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	_, err := roundTrip(ctx, func(http.ResponseWriter, *http.Request) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestHandlerTransport_late(t *testing.T) {
	t.Parallel()
	var writer http.ResponseWriter
	var done <-chan struct{}
	res, err := roundTrip(t.Context(), func(w http.ResponseWriter, r *http.Request) {
		writer, done = w, r.Context().Done()
		w.WriteHeader(http.StatusAccepted)
	})
	if err != nil {
		t.Fatal(err)
	}
	<-done // the request ends with its handler
	writer.WriteHeader(http.StatusTeapot)
	if n, err := io.WriteString(writer, "too late"); n > 0 || err == nil {
		t.Error("the handler could write after it had ended")
	}
	if text, err := io.ReadAll(res.Body); res.StatusCode != http.StatusAccepted || len(text) > 0 || err != nil {
		t.Errorf("got %d %q, %v", res.StatusCode, text, err)
	}
}

// An endless answer ends with what the client reads, and is refused.
func TestHandlerTransport_endless(t *testing.T) {
	t.Parallel()
	piece := make([]byte, 1<<20)
	c, err := New(Options{Transport: HandlerTransport(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for err := error(nil); err == nil; {
			_, err = w.Write(piece)
		}
	}))})
	if err != nil {
		t.Fatal(err)
	}
	mustFailWith(t, c.Do(t.Context(), http.MethodGet, "/v2/a", nil, nil), "larger than 67108864 bytes")
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

// Half an answer is none.
func TestHandlerTransport_panicInBody(t *testing.T) {
	t.Parallel()
	_, err := roundTrip(t.Context(), func(w http.ResponseWriter, _ *http.Request) {
		say(w, "part")
		panic(map[string]any{"out of": "order"})
	})
	if _, ok := errors.AsType[*PanicError](err); !ok {
		t.Errorf("got %v", err)
	}
}

func TestHandlerTransport_abort(t *testing.T) {
	t.Parallel()
	_, err := roundTrip(t.Context(), func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v", err)
	}
}

// roundTrip asks a handler. Its answer needs no closing.
func roundTrip(ctx context.Context, h http.HandlerFunc) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://embedded/", nil)
	if err != nil {
		return nil, err
	}
	return HandlerTransport(h).RoundTrip(req)
}

// BenchmarkHandlerTransport asks a handler that does nothing else for answers
// of the size of one entity and of a page of a hundred.
func BenchmarkHandlerTransport(b *testing.B) {
	for _, size := range []int{1 << 10, 100 << 10} {
		answer := []byte(`{"data":"` + strings.Repeat("a", size) + `"}`)
		c, err := New(Options{Transport: HandlerTransport(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write(answer)
		}))})
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("%dKiB", size>>10), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := c.Do(b.Context(), http.MethodGet, "/v2/a", nil, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
