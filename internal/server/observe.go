package server

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/openkonnect/terraform-provider-konnect/internal/server/fault"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/wire"
)

type contextKey struct{}

// trace is what becomes known of a request on its way.
type trace struct {
	id      string
	start   time.Time
	pattern string // of the endpoint, once there is one
	grant   *grant // nil until the request is let in
}

func traceOf(r *http.Request) *trace {
	if t, ok := r.Context().Value(contextKey{}).(*trace); ok {
		return t
	}
	return &trace{} // which allows nothing
}

func requestID(r *http.Request) string { return traceOf(r).id }

// observed gives each request an id, counts it, writes the access log (method,
// path, token's name and result, never bodies, queries or headers) and turns a
// panic into a 500.
func (s *api) observed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t := &trace{id: newRequestID(), start: s.now()}
		w.Header().Set("X-Request-Id", t.id)
		rec := &recorder{ResponseWriter: w}
		r = r.WithContext(context.WithValue(r.Context(), contextKey{}, t))
		s.metrics.inFlight.Inc()
		defer s.ended(r, rec, t)
		defer s.recovered(rec, r)
		next.ServeHTTP(rec, r)
	})
}

func (s *api) ended(r *http.Request, rec *recorder, t *trace) {
	took := s.now().Sub(t.start)
	s.metrics.inFlight.Dec()
	s.metrics.answered(r.Method, t.pattern, rec.status, took)
	if isProbe(r) || !s.log.Enabled(r.Context(), slog.LevelInfo) {
		return
	}
	attributes := []slog.Attr{
		slog.String("request_id", t.id),
		slog.String("remote", r.RemoteAddr),
		slog.String("method", cut(r.Method, 16)),
		slog.String("path", cut(r.URL.EscapedPath(), 512)),
		slog.Int("status", rec.status),
		slog.Int("bytes", rec.bytes),
		slog.Duration("duration", took),
	}
	if t.grant != nil && t.grant.token != "" {
		attributes = append(attributes, slog.String("token", t.grant.token))
	}
	s.log.LogAttrs(r.Context(), slog.LevelInfo, "request", attributes...)
}

// cut keeps what clients make up from filling the log.
func cut(s string, length int) string {
	if len(s) <= length {
		return s
	}
	return s[:length] + "…"
}

func (s *api) recovered(rec *recorder, r *http.Request) {
	p := recover()
	if p == nil {
		return
	}
	if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(p)
	}
	err := fmt.Errorf("panic: %v\n%s", p, debug.Stack())
	if rec.status != 0 {
		s.log.ErrorContext(r.Context(), "request failed after its answer began", "cause", err)
		return
	}
	s.fail(rec, r, err)
}

// fail answers a request that was not served, in the dialect of its path, and
// logs what the answer does not tell.
func (s *api) fail(w http.ResponseWriter, r *http.Request, err error) {
	if fault.Failed(err) {
		s.metrics.failed(err)
		s.log.ErrorContext(r.Context(), "request failed", "request_id", requestID(r), "cause", err)
	}
	status, contentType, body := fault.Answer(err, fault.Dialect(r.Method, r.URL.Path), requestID(r))
	if err := wire.WriteAs(w, contentType, status, body); err != nil {
		s.log.ErrorContext(r.Context(), "answer not written", "request_id", requestID(r), "cause", err)
	}
}

// recorder remembers what was answered.
type recorder struct {
	http.ResponseWriter
	status, bytes int
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(b)
	r.bytes += n
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// newRequestID returns a decimal number, the form that Konnect's traces have.
func newRequestID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return strconv.FormatUint(binary.BigEndian.Uint64(b[:])>>1, 10)
}
