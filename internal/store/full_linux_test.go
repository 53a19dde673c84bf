package store_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

func init() { roles["fill a disk"] = fillDisk }

// A disk that is really full: a small one that only the process sees which
// fills it, and which it may make as it is root in a namespace of its own.
func TestInsert_diskFull(t *testing.T) {
	t.Parallel()
	cmd := process(t, "fill a disk", sqliteFile(t))
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWNS | syscall.CLONE_NEWUSER,
		UidMappings: []syscall.SysProcIDMap{{HostID: os.Geteuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{HostID: os.Getegid(), Size: 1}},
	}
	said, err := cmd.Output()
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.ENOSPC) { // where nobody may
		cmd = process(t, "fill a disk", sqliteFile(t))
		said, err = cmd.Output()
	}
	if err != nil {
		t.Error(err)
	}
	t.Logf("%s", said)
}

// fillDisk fills the directory of the database, which becomes a disk of one
// megabyte, or the database alone, where no disk can be made.
func fillDisk(ctx context.Context, dsn string, out io.Writer) error {
	dir := filepath.Dir(dsn)
	err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, "")
	if err == nil {
		err = syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=1m")
	}
	if err != nil {
		fmt.Fprintf(out, "no disk: %v", err)
		s, err := store.OpenWith(ctx, dsn, types, "max_page_count(120)")
		if err != nil {
			return err
		}
		err = fillUp(ctx, s, func() error { return s.Exec(ctx, "PRAGMA max_page_count = 1000") })
		return errors.Join(err, s.Close())
	}
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 300<<10), 0o600); err != nil {
		return err
	}
	s, err := store.Open(ctx, dsn, types)
	if err != nil {
		return err
	}
	err = fillUp(ctx, s, func() error { return os.Remove(ballast) })
	if err := errors.Join(err, s.Close()); err != nil {
		return err
	}
	if s, err = store.Open(ctx, dsn, types); err != nil {
		return err
	}
	verdict, err := s.Text(ctx, "PRAGMA integrity_check")
	if err == nil && verdict != "ok" {
		err = errors.New(verdict)
	}
	fmt.Fprint(out, "a disk was full")
	return errors.Join(err, s.Close())
}
