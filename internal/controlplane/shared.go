package controlplane

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
)

// Shared opens control planes that files hold. Those that ask for the same
// file share one, until the last of them closes it. The zero value is ready.
//
// Other processes may have the file open as well; the database sees to that.
type Shared struct {
	mu     sync.Mutex
	opened map[string]*shared
}

// shared is a control plane with the number of those that use it.
type shared struct {
	opened

	users int
}

// opened is a control plane that answers until it is closed.
type opened interface {
	http.Handler
	io.Closer
}

// Open returns the API of the control plane in the file at path. If the file is
// not there, the first write makes it, and until then the handler has a method
// Missing that says so. The closer may be called more than once.
func (s *Shared) Open(ctx context.Context, path string) (http.Handler, io.Closer, error) {
	name, err := fileName(path)
	if err != nil {
		return nil, nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	plane := s.opened[name]
	if plane == nil {
		opened, err := openFile(ctx, name)
		if err != nil {
			return nil, nil, err
		}
		plane = &shared{opened: opened}
		if s.opened == nil {
			s.opened = map[string]*shared{}
		}
		s.opened[name] = plane
	}
	plane.users++
	return plane.opened, &lease{end: sync.OnceValue(func() error { return s.release(name) })}, nil
}

func openFile(ctx context.Context, name string) (opened, error) {
	if !exists(name) {
		return &late{file: name}, nil
	}
	return Open(ctx, Options{Database: name})
}

// release closes the control plane when nobody uses it any more.
func (s *Shared) release(name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	plane := s.opened[name]
	if plane == nil {
		return nil
	}
	if plane.users--; plane.users > 0 {
		return nil
	}
	delete(s.opened, name)
	return plane.Close()
}

// Close closes whatever is still open.
func (s *Shared) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for name, plane := range s.opened {
		errs = append(errs, plane.Close())
		delete(s.opened, name)
	}
	return errors.Join(errs...)
}

// lease is one use of a shared control plane.
type lease struct{ end func() error }

// Close implements [io.Closer].
func (l *lease) Close() error { return l.end() }

// fileName returns the one name under which a file is shared, however it was
// written: absolute, and through no symbolic link. The file itself may not
// exist yet; its folder must.
func fileName(path string) (string, error) {
	if path == "" {
		return "", errors.New("no path given: name the file that is to hold the control plane")
	}
	if path == ":memory:" || strings.HasPrefix(path, "file:") || strings.Contains(path, "://") {
		return "", fmt.Errorf("%q is not the path of a file: write a plain one, such as konnect.db", DatabaseName(path))
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if target, err := filepath.EvalSymlinks(absolute); err == nil {
		return target, nil
	}
	folder, err := filepath.EvalSymlinks(filepath.Dir(absolute))
	if err != nil {
		return "", fmt.Errorf("the folder of %s cannot be used: %w", path, err)
	}
	return filepath.Join(folder, filepath.Base(absolute)), nil
}
