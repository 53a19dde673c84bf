package command

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestProgress shows a person a line that changes, and a log a line a minute.
func TestProgress(t *testing.T) {
	t.Parallel()
	type call struct {
		after       time.Duration
		work        string
		done, total int
	}
	for _, tt := range []struct {
		name     string
		terminal bool
		calls    []call
		want     string
	}{
		{"quick work is not shown", true, []call{{0, "a", 0, 9}, {999 * time.Millisecond, "a", 9, 9}}, ""},
		{"a person", true, []call{{0, "a", 0, 900}, {time.Second, "a", 10, 900}, {100 * time.Millisecond, "a", 11, 900}, {time.Second, "a", 21, 900}},
			eraseLine + "a: 10 of 900, 10/s, 1m29s left" + eraseLine + "a: 21 of 900, 10/s, 1m28s left"},
		{"a log", false, []call{{0, "a", 0, 900}, {59 * time.Second, "a", 10, 900}, {time.Second, "a", 60, 900}, {30 * time.Second, "a", 70, 900}, {30 * time.Second, "a", 240, 900}},
			"a: 60 of 900, 1/s, 14m0s left\na: 240 of 900, 2/s, 5m30s left\n"},
		{"an unknown end", false, []call{{0, "a", 0, 0}, {time.Minute, "a", 120, 0}}, "a: 120, 2/s\n"},
		{"nothing done yet", false, []call{{0, "a", 0, 5}, {time.Minute, "a", 0, 5}}, "a: 0 of 5, 0/s\n"},
		{"one work after another", false, []call{{0, "a", 0, 5}, {time.Minute, "b", 0, 7}, {time.Minute, "b", 6, 7}}, "b: 6 of 7, 0/s, 10s left\n"},
	} {
		var to bytes.Buffer
		now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		g := &progress{to: &to, terminal: tt.terminal, now: func() time.Time { return now }}
		for _, c := range tt.calls {
			now = now.Add(c.after)
			g.report(c.work, c.done, c.total)
		}
		if diff := cmp.Diff(tt.want, to.String()); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}

// TestImport_interrupted ends cleanly between two changes, says what was done,
// and the same command does the rest.
func TestImport_interrupted(t *testing.T) {
	t.Parallel()
	served := startServe(t, []string{tokenVariable + "=kpat_deck"}, "--database", planes(t, "demo"))
	address, err := url.Parse("http://" + served.address)
	if err != nil {
		t.Fatal(err)
	}
	var puts atomic.Int32
	third := make(chan struct{})
	proxy := httputil.NewSingleHostReverseProxy(address)
	proxy.ErrorLog = nil
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut && puts.Add(1) == 3 {
			_, _ = io.Copy(io.Discard, r.Body) // a server notices who hangs up once it has read all
			close(third)
			<-r.Context().Done() // the program gives up
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	source := filepath.Join(t.TempDir(), "kong.yaml")
	if err := os.WriteFile(source, []byte("_format_version: \"3.0\"\nservices: [{name: a, host: h}, {name: b, host: h}, {name: c, host: h}, {name: d, host: h}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"import", "--server-url", front.URL, "--control-plane", "demo", source}
	cmd := program(t, []string{"KONNECT_TOKEN=kpat_deck"}, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	<-third
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // its exit code is looked at
	for _, part := range []string{"interrupted: ", "(2 of 4 changes were made before)", "Run the same command again"} {
		if !strings.Contains(stderr.String(), part) {
			t.Errorf("no %q in %s", part, stderr.String())
		}
	}
	if code := cmd.ProcessState.ExitCode(); code != exitFailed {
		t.Errorf("exit code %d", code)
	}
	again := runProgram(t, []string{"KONNECT_TOKEN=kpat_deck"}, args...)
	if want := "2 created, 0 updated, 2 as they were\n"; again.stderr != want {
		t.Errorf("got %q, want %q", again.stderr, want)
	}
}
