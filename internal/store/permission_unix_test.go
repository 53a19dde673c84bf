//go:build unix

package store_test

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A database that cannot be written is refused when it is opened, not at the
// first write.
func TestOpen_readOnly(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name            string
		file, directory os.FileMode
		want            string
	}{
		{"file", 0o444, 0o777, "permission denied"},
		{"directory", 0o666, 0o555, "its directory must be writable"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			path := populated(t)
			permit(t, path, test.file)
			permit(t, filepath.Dir(path), test.directory)
			permit(t, filepath.Dir(filepath.Dir(path)), 0o755)
			cmd := process(t, "open", path)
			ordinary(t, cmd)
			var said strings.Builder
			cmd.Stderr = &said
			if err := cmd.Run(); err == nil {
				t.Fatal("it was opened")
			}
			for _, part := range []string{path, "the database is read-only", test.want} {
				if !strings.Contains(said.String(), part) {
					t.Errorf("%s: does not say %q", said.String(), part)
				}
			}
		})
	}
}

// permit sets a mode until the test ends.
func permit(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(path, 0o755) })
}

// ordinary makes a process run as somebody to whom permissions apply, which
// takes a copy of the test binary that such a user can reach.
func ordinary(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if os.Geteuid() != 0 {
		return
	}
	const nobody = 65534
	path := filepath.Join(t.TempDir(), "store.test")
	permit(t, filepath.Dir(filepath.Dir(path)), 0o755)
	from, err := os.Open(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	to, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	defer to.Close()
	if _, err := io.Copy(to, from); err != nil {
		t.Fatal(err)
	}
	cmd.Path = path
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
}
