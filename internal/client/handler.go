package client

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime/debug"
	"strconv"
	"sync"
)

// HandlerTransport serves requests by a handler in this process, without a
// port. The handler sees what it would see on a network: a header and a body
// to read, a context that ends when the client no longer listens, and an
// answer that flows while it is written.
//
// A handler that panics makes the request fail with a [*PanicError]; by
// [http.ErrAbortHandler] it drops the connection, as it would on a network.
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
	reader, writer := io.Pipe()
	stop := context.AfterFunc(req.Context(), func() { writer.CloseWithError(req.Context().Err()) })
	w := &responseWriter{
		request: req,
		header:  http.Header{},
		begun:   make(chan *http.Response, 1),
		reader:  &responseBody{PipeReader: reader, cancel: cancel, stop: stop},
		body:    writer,
	}
	ended := make(chan error, 1)
	go func() {
		defer cancel()
		defer func() { _ = served.Body.Close() }() // as RoundTrip has to
		ended <- w.serve(t.handler, served)
	}()
	select {
	case res := <-w.begun:
		return res, nil
	case err := <-ended:
		return w.finish(err)
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
}

// responseBody is the client's end of the answer. Closing it tells the handler
// that nobody listens.
type responseBody struct {
	*io.PipeReader
	cancel context.CancelFunc
	stop   func() bool
}

// Close implements [io.Closer].
func (b *responseBody) Close() error {
	b.stop()
	b.cancel()
	return b.PipeReader.Close()
}

// responseWriter is the handler's end of the answer.
type responseWriter struct {
	request *http.Request
	header  http.Header
	once    sync.Once
	begun   chan *http.Response
	reader  *responseBody
	body    *io.PipeWriter
}

// serve runs the handler and ends the answer as it ended.
func (w *responseWriter) serve(h http.Handler, req *http.Request) (err error) {
	defer func() {
		switch v := recover(); v {
		case nil:
		case http.ErrAbortHandler:
			err = io.ErrUnexpectedEOF
		default:
			err = &PanicError{Value: v, Stack: debug.Stack()}
		}
		w.body.CloseWithError(cmp.Or(err, w.request.Context().Err()))
	}()
	h.ServeHTTP(w, req)
	w.WriteHeader(http.StatusOK)
	return nil
}

// finish returns the answer of a handler that has ended already.
func (w *responseWriter) finish(err error) (*http.Response, error) {
	select {
	case res := <-w.begun:
		return res, nil
	default:
		return nil, err
	}
}

// Header implements [http.ResponseWriter].
func (w *responseWriter) Header() http.Header { return w.header }

// WriteHeader implements [http.ResponseWriter]; only the first final status
// counts.
func (w *responseWriter) WriteHeader(status int) {
	if status < 200 {
		return
	}
	w.once.Do(func() {
		header := w.header.Clone()
		length, err := strconv.ParseInt(header.Get("Content-Length"), 10, 64)
		if err != nil {
			length = -1
		}
		w.begun <- &http.Response{
			Status:     fmt.Sprintf("%d %s", status, http.StatusText(status)),
			StatusCode: status,
			Proto:      "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
			Header:        header,
			ContentLength: length,
			Body:          w.reader,
			Request:       w.request,
		}
	})
}

// Write implements [io.Writer].
func (w *responseWriter) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(b)
}

// Flush implements [http.Flusher]: nothing is held back.
func (w *responseWriter) Flush() { w.WriteHeader(http.StatusOK) }
