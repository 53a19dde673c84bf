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

	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// Memory is the path of a control plane that no file holds.
const Memory = ":memory:"

// Shared opens control planes that files hold, or nothing but the memory. Those
// that ask for the same one share it, until the last of them closes it. The zero
// value is ready.
//
// Other processes may have the file open as well; the database sees to that.
type Shared struct {
	// Fill puts what a file holds into an empty database. It may be nil where
	// nobody asks for that.
	Fill func(ctx context.Context, s *store.Store, file string) error

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

// filler puts something into an empty database.
type filler func(context.Context, *store.Store) error

// Open returns the API of the control plane in the file at path, or of one in
// [Memory]. If the file is not there, the first write makes it, and until then the
// handler has a method Missing that says so. A new control plane begins with what
// the file load holds, unless that is "". The closer may be called more than once.
func (s *Shared) Open(ctx context.Context, path, load string) (http.Handler, io.Closer, error) {
	database, err := fileName(path)
	if err != nil {
		return nil, nil, err
	}
	name := database + "\x00" + load
	s.mu.Lock()
	defer s.mu.Unlock()
	plane := s.opened[name]
	if plane == nil {
		opened, err := s.open(ctx, database, load)
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

func (s *Shared) open(ctx context.Context, database, load string) (opened, error) {
	var fill filler
	if load != "" {
		fill = func(ctx context.Context, into *store.Store) error { return s.Fill(ctx, into, load) }
	}
	switch {
	case database == Memory:
		return Open(ctx, Options{Database: Memory, Fill: fill})
	case exists(database):
		return Open(ctx, Options{Database: database})
	}
	l := &late{file: database, fill: fill}
	if fill != nil { // so that mistakes show before the first write
		if _, err := l.open(ctx, Memory); err != nil {
			return nil, err
		}
	}
	return l, nil
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
	if path == Memory {
		return Memory, nil
	}
	if strings.HasPrefix(path, "file:") || strings.Contains(path, "://") {
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
