package client

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime/debug"
	"sync"
)

// HandlerTransport serves requests by a handler in this process, without a
// port. The handler sees what it would see on a network: a header and a body to
// read, and a context that ends with the request. Its answer is handed over
// whole, once the handler has ended. A client that no longer listens does not
// wait for that. The handler cannot write to such a client, nor after it has
// ended, nor more than a client reads.
//
// A handler that panics makes the request fail with a [*PanicError]; a panic
// with [http.ErrAbortHandler] drops the connection, as it does on a network.
func HandlerTransport(h http.Handler) http.RoundTripper { return &handlerTransport{handler: h} }

type handlerTransport struct{ handler http.Handler }

// PanicError is a handler that panicked.
type PanicError struct {
	Value any
	Stack []byte
}

// Error shows the stack too: nobody else has seen it.
func (e *PanicError) Error() string {
	return fmt.Sprintf("the control plane in this process panicked: %v\n%s", e.Value, e.Stack)
}

func isPanic(err error) bool {
	_, ok := errors.AsType[*PanicError](err)
	return ok
}

// RoundTrip implements [http.RoundTripper].
func (t *handlerTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancel(req.Context())
	served := req.WithContext(ctx)
	if served.Body == nil {
		served.Body = http.NoBody
	}
	served.RequestURI = req.URL.RequestURI()
	served.RemoteAddr = "in-process"
	if served.Host == "" {
		served.Host = req.URL.Host
	}
	w := &responseWriter{ctx: ctx, header: http.Header{}}
	ended := make(chan error, 1)
	go func() {
		defer cancel()
		defer func() { _ = served.Body.Close() }() // as RoundTrip has to
		ended <- w.serve(t.handler, served)
	}()
	select {
	case err := <-ended:
		if err != nil {
			return nil, err
		}
		return w.response(req), nil
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
}

// responseWriter gathers the answer of a handler.
type responseWriter struct {
	ctx    context.Context
	header http.Header // the handler's

	mu     sync.Mutex // handlers may write by several goroutines, and too late
	ended  bool
	status int         // 0 until the handler gave one
	sent   http.Header // as it was then
	body   bytes.Buffer
}

// serve runs the handler. The error says why there is no whole answer.
func (w *responseWriter) serve(h http.Handler, req *http.Request) (err error) {
	defer func() {
		switch v := recover(); v {
		case nil:
		case http.ErrAbortHandler:
			err = io.ErrUnexpectedEOF
		default:
			err = &PanicError{Value: v, Stack: debug.Stack()}
		}
		w.WriteHeader(http.StatusOK)
		w.mu.Lock()
		defer w.mu.Unlock()
		w.ended = true
	}()
	h.ServeHTTP(w, req)
	return w.ctx.Err()
}

// response is the answer of a handler that has ended.
func (w *responseWriter) response(req *http.Request) *http.Response {
	return &http.Response{
		Status:     fmt.Sprintf("%d %s", w.status, http.StatusText(w.status)),
		StatusCode: w.status,
		Proto:      "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header:        w.sent,
		ContentLength: int64(w.body.Len()),
		Body:          io.NopCloser(&w.body),
		Request:       req,
	}
}

// Header implements [http.ResponseWriter].
func (w *responseWriter) Header() http.Header { return w.header }

// WriteHeader implements [http.ResponseWriter]; only the first final status
// counts.
func (w *responseWriter) WriteHeader(status int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.begin(status)
}

func (w *responseWriter) begin(status int) {
	if status < http.StatusOK || w.status != 0 {
		return
	}
	w.status, w.sent = status, w.header.Clone()
}

// Write implements [io.Writer]. One byte beyond the most that a client reads
// shows it that the answer is too large.
func (w *responseWriter) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.begin(http.StatusOK)
	if w.ended || w.ctx.Err() != nil {
		return 0, cmp.Or(w.ctx.Err(), http.ErrHandlerTimeout)
	}
	room := defaultMaxResponse + 1 - w.body.Len()
	if len(b) > room {
		w.body.Write(b[:room])
		return room, io.ErrShortWrite
	}
	return w.body.Write(b)
}
