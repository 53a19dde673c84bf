package controlplane

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// create asks a control plane API for a new control plane.
func create(t *testing.T, h http.Handler, name string) int {
	t.Helper()
	w := httptest.NewRecorder()
	body := strings.NewReader(`{"name":"` + name + `"}`)
	req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v2/control-planes", body)
	req.Header.Set("Content-Type", "application/json")
	h.ServeHTTP(w, req)
	return w.Code
}

func mustOpen(t *testing.T, s *Shared, path string) (http.Handler, io.Closer) {
	t.Helper()
	h, closer, err := s.Open(t.Context(), path, "")
	if err != nil {
		t.Fatal(err)
	}
	return h, closer
}

func mustClose(t *testing.T, closer io.Closer) {
	t.Helper()
	if err := closer.Close(); err != nil {
		t.Error(err)
	}
}

// TestShared_Open writes one file in several ways; each leads to the same
// control plane, which lives until the last user closes it.
func TestShared_Open(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "sub"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(dir, filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	shared := &Shared{}
	first, firstCloser := mustOpen(t, shared, filepath.Join(dir, "a.db"))
	closers := []io.Closer{firstCloser}
	for _, path := range []string{dir + "/./a.db", dir + "/sub/../a.db", dir + "/link/a.db"} {
		h, closer := mustOpen(t, shared, path)
		if h != first {
			t.Errorf("%s is opened twice", path)
		}
		closers = append(closers, closer)
	}
	other, otherCloser := mustOpen(t, shared, filepath.Join(dir, "b.db"))
	if other == first {
		t.Error("two files share one control plane")
	}
	for _, closer := range closers[1:] {
		mustClose(t, closer)
		mustClose(t, closer) // counts once
	}
	if status := create(t, first, "demo"); status != http.StatusCreated {
		t.Errorf("with one user left: %d", status)
	}
	mustClose(t, firstCloser)
	if status := create(t, first, "late"); status < 500 {
		t.Errorf("after the last user: %d", status)
	}
	again, againCloser := mustOpen(t, shared, filepath.Join(dir, "a.db"))
	if status := create(t, again, "demo"); status != http.StatusConflict {
		t.Errorf("what was created is not there: %d", status)
	}
	mustClose(t, againCloser)
	mustClose(t, otherCloser)
}

func TestShared_Open_refused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text := filepath.Join(dir, "text.db")
	if err := os.WriteFile(text, []byte(strings.Repeat("This is no database. ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"":                               "no path given",
		"file:a.db":                      "not the path of a file",
		"postgres://u:hidden@host/db":    "not the path of a file",
		filepath.Join(dir, "no", "a.db"): "the folder of",
		text:                             "text.db",
		dir:                              dir,
	} {
		shared := &Shared{}
		_, _, err := shared.Open(t.Context(), path, "")
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hidden") {
			t.Errorf("%q: got %v, want %q", path, err, want)
		}
		if len(shared.opened) > 0 {
			t.Errorf("%q is kept open", path)
		}
	}
}

func TestShared_Close(t *testing.T) {
	t.Parallel()
	shared := &Shared{}
	h, closer := mustOpen(t, shared, filepath.Join(t.TempDir(), "a.db"))
	mustClose(t, shared)
	if status := create(t, h, "demo"); status < 500 {
		t.Errorf("after closing: %d", status)
	}
	mustClose(t, closer)
	mustClose(t, shared)
}

// TestShared_concurrent opens, uses and closes one file from many goroutines.
func TestShared_concurrent(t *testing.T) {
	t.Parallel()
	shared := &Shared{}
	path := filepath.Join(t.TempDir(), "a.db")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 5 {
				h, closer, err := shared.Open(t.Context(), path, "")
				if err != nil {
					t.Error(err)
					return
				}
				if status := create(t, h, "demo"); status != http.StatusCreated && status != http.StatusConflict {
					t.Errorf("got %d", status)
				}
				mustClose(t, closer)
			}
		})
	}
	all.Wait()
	if len(shared.opened) > 0 {
		t.Error("nobody uses it, but it is open")
	}
}

func TestDatabaseName(t *testing.T) {
	t.Parallel()
	for database, want := range map[string]string{
		"konnect.db":                         "konnect.db",
		"/var/lib/konnect.db":                "/var/lib/konnect.db",
		"postgres://host/db":                 "postgres://host/db",
		"postgres://u:hidden@host:5432/db":   "postgres://host:5432/db",
		"postgres://host/db?password=hidden": "postgres://host/db",
		"postgres://u:hidden@h1:1,h2:2/db":   "postgres://h1:1,h2:2/db",
		"postgres://u:hidden@h1,h2/db":       "postgres://h1,h2/db",
		"postgres://u:hid%zzden@host/db":     "postgres://…",
	} {
		if got := DatabaseName(database); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
