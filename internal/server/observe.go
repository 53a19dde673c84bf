package server

import (
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"runtime/debug"
	"strconv"

	"github.com/openkonnect/terraform-provider-konnect/internal/server/access"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/fault"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/wire"
)

// observed gives each request an id, counts it, writes the access log (method,
// path, token's name and result, never bodies, queries or headers) and turns a
// panic into a 500.
func (s *api) observed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o := &observation{
			trace:    access.Trace{ID: newRequestID(), Start: s.now(), Remote: s.proxies.Remote(r)},
			recorder: recorder{ResponseWriter: w},
		}
		o.id[0] = o.trace.ID
		w.Header()[requestID] = o.id[:]
		r = access.Traced(r, &o.trace)
		s.metrics.inFlight.Inc()
		defer s.ended(r, &o.recorder, &o.trace)
		defer s.recovered(&o.recorder, r)
		next.ServeHTTP(&o.recorder, r)
	})
}

// requestID is the header with the id of a request.
const requestID = "X-Request-Id"

// observation is all that observing a request keeps of it, in one piece.
type observation struct {
	trace    access.Trace
	recorder recorder
	id       [1]string // as the value of a header
}

func (s *api) ended(r *http.Request, rec *recorder, t *access.Trace) {
	took := s.now().Sub(t.Start)
	s.metrics.inFlight.Dec()
	s.metrics.answered(r.Method, t.Pattern, rec.status, took)
	if isProbe(r) || !s.log.Enabled(r.Context(), slog.LevelInfo) {
		return
	}
	attributes := []slog.Attr{
		slog.String("request_id", t.ID),
		slog.String("remote", t.Remote),
		slog.String("method", cut(r.Method, 16)),
		slog.String("path", cut(r.URL.EscapedPath(), 512)),
		slog.Int("status", rec.status),
		slog.Int("bytes", rec.bytes),
		slog.Duration("duration", took),
	}
	if token := t.Token(); token != "" {
		attributes = append(attributes, slog.String("token", token))
	}
	s.log.LogAttrs(r.Context(), slog.LevelInfo, "request", attributes...)
}

// cut shortens texts of clients for the log.
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
		s.log.ErrorContext(r.Context(), "request failed", "request_id", access.TraceOf(r).ID, "cause", err)
	}
	status, contentType, body := fault.Answer(w.Header(), err, fault.Dialect(r.Method, r.URL.Path), access.TraceOf(r).ID)
	if err := wire.WriteAs(w, contentType, status, body); err != nil {
		s.log.ErrorContext(r.Context(), "answer not written", "request_id", access.TraceOf(r).ID, "cause", err)
	}
}

// recorder notes the status and size of the answer.
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

// newRequestID returns a decimal number, the form that Konnect's traces have. It
// is no secret, but nobody should guess that of another request easily either.
func newRequestID() string { return strconv.FormatUint(rand.Uint64()>>1, 10) }
