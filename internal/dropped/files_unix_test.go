//go:build unix

package dropped_test

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// Nobody writes into a pipe that only looks like a configuration.
func TestFinder_pipe(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"z.tf": wrong})
	if err := syscall.Mkfifo(filepath.Join(dir, "a.tf"), 0o600); err != nil {
		t.Fatal(err)
	}
	found, err := newFinder(t).Path(t.Context(), dir)
	if err != nil || len(found) != 2 || !strings.Contains(found[0].Message, "is no file") {
		t.Errorf("found %v, %v", found, err)
	}
}
