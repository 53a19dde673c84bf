package command

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// someDatabase is a file with two documents, one of them secret.
func someDatabase(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "konnect.db")
	s, err := store.Open(t.Context(), path, entity.Types())
	if err != nil {
		t.Fatal(err)
	}
	const plane = "9524ec7d-36d9-465d-a8c5-83a3c9390458"
	key := map[string]any{"id": "7fca84d6-7d37-4a74-a7b0-93e576089a41", "name": "key", "kid": "k", "pem": "private"}
	if err := s.Insert(t.Context(), entity.ControlPlane, "", map[string]any{"id": plane, "name": "demo"}); err != nil {
		t.Fatal(err)
	}
	if err := s.Insert(t.Context(), entity.AsymmetricKey, plane, key); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestDump_file(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	from, first, to, second := someDatabase(t), filepath.Join(dir, "first"), filepath.Join(dir, "new.db"), filepath.Join(dir, "second")
	if err := os.WriteFile(first, []byte("an older dump"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		args []string
		says string
	}{
		{[]string{"dump", "--database", from, first}, "2 documents from " + from + ": control_planes 1, keys 1\n"},
		{[]string{"load", "--database", to, first}, "2 documents into " + to + ": control_planes 1, keys 1\n"},
		{[]string{"dump", "-database", to, second}, "2 documents from " + to + ": control_planes 1, keys 1\n"},
	} {
		if got := runProgram(t, nil, tt.args...); got.code != exitFine || got.stdout != "" || got.stderr != tt.says {
			t.Fatalf("%q: exit code %d: %s%s", tt.args, got.code, got.stdout, got.stderr)
		}
	}
	if diff := cmp.Diff(readFile(t, first), readFile(t, second)); diff != "" || !strings.Contains(readFile(t, first), "private") {
		t.Errorf("%s: %s", readFile(t, first), diff)
	}
	for _, path := range []string{first, second, to} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
	if left, err := filepath.Glob(filepath.Join(dir, ".*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %q, %v", left, err)
	}
}

func TestDump_pipe(t *testing.T) {
	t.Parallel()
	dumped := runProgram(t, []string{databaseVariable + "=" + someDatabase(t)}, "dump")
	if dumped.code != exitFine || !strings.HasPrefix(dumped.stdout, `{"format":"openkonnect-dump","version":1}`) {
		t.Fatalf("exit code %d: %s", dumped.code, dumped.stderr)
	}
	for _, file := range []string{"", "-"} {
		to := filepath.Join(t.TempDir(), "new.db")
		args := []string{"load", "--database", to}
		if file != "" {
			args = append(args, file)
		}
		cmd := program(t, nil, args...)
		cmd.Stdin = strings.NewReader(dumped.stdout)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		again := runProgram(t, nil, "dump", "--database", to, "-")
		if diff := cmp.Diff(dumped.stdout, again.stdout); diff != "" {
			t.Error(diff)
		}
	}
}

func TestDump_refused(t *testing.T) {
	t.Parallel()
	dir, full := t.TempDir(), someDatabase(t)
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := runProgram(t, nil, "dump", "--database", full).stdout
	whole, cut := write("whole", good), write("cut", good[:len(good)-90])
	fresh := filepath.Join(dir, "fresh.db")
	none := filepath.Join(dir, "none.db")
	for _, tt := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"dump"}, exitUsage, "--database is missing"},
		{[]string{"load", whole}, exitUsage, "--database is missing"},
		{[]string{"dump", "--database", full, "a", "b"}, exitUsage, "more than one FILE"},
		{[]string{"dump", "a", "--database", full}, exitUsage, "options come before it"},
		{[]string{"dump", "--file", "a"}, exitUsage, "flag provided but not defined: -file"},
		{[]string{"dump", "--database", none}, exitFailed, "none.db: there is no such file"},
		{[]string{"dump", "--database", whole}, exitFailed, "whole"},
		{[]string{"dump", "--database", full, filepath.Join(dir, "no", "file")}, exitFailed, "no such file or directory"},
		{[]string{"dump", "--database", full, dir}, exitFailed, "file exists"},
		{[]string{"dump", "--database", "postgres://u:hidden@127.0.0.1:1/konnect"}, exitFailed, "connect"},
		{[]string{"load", "--database", full, whole}, exitFailed, "holds something already; load fills new ones only"},
		{[]string{"load", "--database", fresh, cut}, exitFailed, cut + ": line 4: the dump was cut off"},
		{[]string{"load", "--database", fresh, none}, exitFailed, "no such file"},
		{[]string{"load", "--database", fresh, dir}, exitFailed, "is a directory"},
		{[]string{"load", "--database", "postgres://u:hidden@127.0.0.1:1/konnect", whole}, exitFailed, "connect"},
	} {
		got := runProgram(t, nil, tt.args...)
		if got.code != tt.code || !strings.Contains(got.stderr, tt.says) {
			t.Errorf("%q: exit code %d, want %d, %q:\n%s", tt.args, got.code, tt.code, tt.says, got.stderr)
		}
		if strings.Contains(got.stdout+got.stderr, "hidden") || strings.Contains(got.stderr, "private") {
			t.Errorf("%q: a secret is shown:\n%s%s", tt.args, got.stdout, got.stderr)
		}
	}
	if _, err := os.Stat(none); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a misspelt database was made: %v", err)
	}
	if got := runProgram(t, nil, "load", "--database", fresh, whole); got.code != exitFine {
		t.Errorf("after the refusals: %s", got.stderr)
	}
}

func TestDump_help(t *testing.T) {
	t.Parallel()
	env := []string{databaseVariable + "=postgres://u:hidden@host/db"}
	for name, want := range map[string]string{"dump": "every secret of the database in plain text", "load": "Fills an empty database"} {
		got := runProgram(t, env, name, "-h")
		if got.code != exitFine || !strings.Contains(got.stderr, want) || strings.Contains(got.stderr, "hidden") {
			t.Errorf("%s: exit code %d: %s", name, got.code, got.stderr)
		}
	}
}

// TestWriteFile_failed keeps what was there, and nothing else.
func TestWriteFile_failed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name := filepath.Join(dir, "file")
	if err := os.WriteFile(name, []byte("before"), 0o600); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	err := writeFile(process{}, name, func(w io.Writer) error {
		_, _ = io.WriteString(w, "half")
		return broken
	})
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 || readFile(t, name) != "before" {
		t.Errorf("%v, %v, %s", entries, err, readFile(t, name))
	}
}
