package command

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"unsafe"
)

// openTerminal makes a terminal: what is written to one side is read at the
// other.
func openTerminal(t *testing.T) (person, terminal *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = person.Close() })
	var number, locked uint32
	control := func(request uintptr, value *uint32) {
		if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, person.Fd(), request, uintptr(unsafe.Pointer(value))); errno != 0 {
			t.Fatal(errno)
		}
	}
	control(syscall.TIOCSPTLCK, &locked)
	control(syscall.TIOCGPTN, &number)
	terminal, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	return person, terminal
}

// atTerminal runs the program at a terminal where a person types, and returns
// what it shows.
func atTerminal(t *testing.T, typed string, args ...string) string {
	t.Helper()
	person, terminal := openTerminal(t)
	cmd := program(t, nil, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = terminal, terminal, terminal
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := terminal.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(person, typed); err != nil {
		t.Fatal(err)
	}
	var shown bytes.Buffer
	_, _ = io.Copy(&shown, person) // ends with an error when the other side is closed
	_ = cmd.Wait()                 // callers look at what was shown
	return shown.String()
}

// TestDeck_syncAsks takes yes for consent, and nothing else.
func TestDeck_syncAsks(t *testing.T) {
	t.Parallel()
	database, source := planes(t, "demo"), filepath.Join(t.TempDir(), "kong.yaml")
	if err := os.WriteFile(source, []byte("_format_version: \"3.0\"\nservices: [{name: a, host: h}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ answer, want string }{{"no\n", "nothing was done"}, {"y\n", "nothing was done"}, {"\n", "nothing was done"}, {"yes\n", "1 created"}} {
		got := atTerminal(t, tt.answer, "import", "--database", database, "--control-plane", "demo", "--sync", source)
		if !strings.Contains(got, "create service a") || !strings.Contains(got, tt.want) {
			t.Errorf("%q: %s", tt.answer, got)
		}
	}
}
