package controlplane

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"sync"
)

// late is the control plane of a file that is made by the first write. Until then
// it answers like an empty one, so that those who only look leave nothing
// behind.
type late struct {
	file string

	mu     sync.Mutex
	plane  *ControlPlane // of the file, or empty
	made   bool          // plane is that of the file
	closed bool
}

var errClosed = errors.New("the control plane was closed")

// exists reports whether there is a file, or anything else, at a path.
func exists(file string) bool {
	_, err := os.Stat(file) //nolint:gosec // the path is the user's own setting
	return !errors.Is(err, fs.ErrNotExist)
}

// Missing reports whether there is no file yet.
func (l *late) Missing() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !l.made && !exists(l.file)
}

// ServeHTTP implements [http.Handler].
func (l *late) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	plane, err := l.answering(r)
	if err == nil {
		plane.ServeHTTP(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(http.StatusInternalServerError)
	_ = json.NewEncoder(w).Encode(map[string]any{ // who does not listen any more needs no answer
		"status": http.StatusInternalServerError, "title": "Unable to open the control plane", "detail": l.file + ": " + err.Error(),
	})
}

// answering returns the control plane that is to answer a request.
func (l *late) answering(r *http.Request) (*ControlPlane, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	looks := r.Method == http.MethodGet || r.Method == http.MethodHead
	switch {
	case l.closed:
		return nil, errClosed
	case l.made, looks && l.plane != nil && !exists(l.file):
		return l.plane, nil
	case looks && !exists(l.file):
		return l.open(r.Context(), ":memory:")
	}
	return l.open(r.Context(), l.file)
}

// open replaces the control plane that answers.
func (l *late) open(ctx context.Context, database string) (*ControlPlane, error) {
	next, err := Open(context.WithoutCancel(ctx), Options{Database: database})
	if err != nil {
		return nil, err
	}
	last := l.plane
	l.plane, l.made = next, database == l.file
	if last != nil {
		err = last.Close()
	}
	return next, err
}

// Close ends what was opened.
func (l *late) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	if l.plane == nil {
		return nil
	}
	return l.plane.Close()
}
