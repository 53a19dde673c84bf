package access

import (
	"context"
	"net/http"
	"time"
)

type contextKey struct{}

// Trace is what the server learns about a request on its way.
type Trace struct {
	ID      string
	Start   time.Time
	Remote  string // whom it comes from: an address, with or without a port
	Pattern string // of the endpoint, once there is one
	grant   *grant // nil until the request is let in
}

// Traced returns a request that has a trace.
func Traced(r *http.Request, t *Trace) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), contextKey{}, t))
}

// TraceOf returns the trace of a request.
func TraceOf(r *http.Request) *Trace {
	if t, ok := r.Context().Value(contextKey{}).(*Trace); ok {
		return t
	}
	return &Trace{} // which allows nothing
}

// Token is the name of the token that let the request in, or "".
func (t *Trace) Token() string {
	if t.grant == nil {
		return ""
	}
	return t.grant.token
}
