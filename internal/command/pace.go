package command

import (
	"errors"
	"io"
	"net/http"
	"time"
)

// pace is how slow a client may be: a pause, and a speed that makes up for the
// size of what is sent. A fixed time would either cut off long lists on slow
// lines, or let a client hold a connection by sending a byte now and then.
type pace struct {
	pause     time.Duration
	perSecond int // bytes
}

// usual is slower than any usable line.
var usual = pace{pause: 30 * time.Second, perSecond: 16 << 10}

// allows is how long so many bytes may take.
func (p pace) allows(size int) time.Duration {
	return p.pause + time.Duration(size)*time.Second/time.Duration(p.perSecond)
}

// keep lets requests take as long as their sizes call for, and no longer.
func (p pace) keep(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		control := http.NewResponseController(w)
		if r.Body == nil || r.Body == http.NoBody {
			_ = control.SetReadDeadline(time.Time{}) // nothing more is to come
		} else {
			r.Body = &pacedBody{ReadCloser: r.Body, pace: p, control: control, start: time.Now()}
		}
		next.ServeHTTP(&pacedAnswer{w, p, control}, r)
	})
}

// pacedBody ends with an error when it comes too slowly.
type pacedBody struct {
	io.ReadCloser

	pace    pace
	control *http.ResponseController
	start   time.Time
	size    int
}

// Read implements [io.Reader].
func (b *pacedBody) Read(into []byte) (int, error) {
	_ = b.control.SetReadDeadline(b.start.Add(b.pace.allows(b.size)))
	n, err := b.ReadCloser.Read(into)
	b.size += n
	if errors.Is(err, io.EOF) {
		_ = b.control.SetReadDeadline(time.Time{}) // what takes time now is the answer
	}
	return n, err
}

// pacedAnswer gives up when an answer is taken too slowly.
type pacedAnswer struct {
	http.ResponseWriter

	pace    pace
	control *http.ResponseController
}

// Write implements [io.Writer].
func (a *pacedAnswer) Write(data []byte) (int, error) {
	_ = a.control.SetWriteDeadline(time.Now().Add(a.pace.allows(len(data))))
	return a.ResponseWriter.Write(data)
}

// Unwrap lets http.ResponseController reach the connection.
func (a *pacedAnswer) Unwrap() http.ResponseWriter { return a.ResponseWriter }
