package controlplane

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"sync"
)

// late is the control plane of a file that is made by the first write. Until then
// it answers like an empty one, so that those who only look leave nothing
// behind.
type late struct {
	file string
	fill filler // what a new one begins with; nil is nothing

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
		return l.open(r.Context(), Memory)
	}
	if err := l.create(r.Context()); err != nil {
		return nil, err
	}
	return l.open(r.Context(), l.file)
}

// create makes the file with what it begins with, both or neither: a file that
// is half filled would pass for a whole one. Somebody else's may come first.
func (l *late) create(ctx context.Context) error {
	if l.fill == nil || exists(l.file) {
		return nil
	}
	folder, err := os.MkdirTemp(filepath.Dir(l.file), ".konnect-")
	if err != nil {
		return err
	}
	made := filepath.Join(folder, "new.db")
	plane, err := Open(context.WithoutCancel(ctx), Options{Database: made, Fill: l.fill})
	if err == nil {
		err = plane.Close()
	}
	if err == nil {
		err = os.Link(made, l.file)
	}
	if errors.Is(err, fs.ErrExist) {
		err = nil
	}
	return errors.Join(err, os.RemoveAll(folder)) //nolint:gosec // the folder was made here
}

// open replaces the control plane that answers.
func (l *late) open(ctx context.Context, database string) (*ControlPlane, error) {
	o := Options{Database: database}
	if database == Memory {
		o.Fill = l.fill
	}
	next, err := Open(context.WithoutCancel(ctx), o)
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
