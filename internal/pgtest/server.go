package pgtest

import (
	"context"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// server is a PostgreSQL server that a test may treat as it likes.
type server struct {
	dir     string
	address *url.URL // nil until it was started
}

// Own starts a server that ends with the test, and returns its address. It skips
// the test where no server is named, as [New] does.
func Own(t testing.TB) (dsn string) {
	t.Helper()
	s := newServer(t)
	s.start(t, "start")
	return s.address.String()
}

func newServer(t testing.TB) *server {
	t.Helper()
	if os.Getenv(Variable) == "" {
		t.Skipf("%s is not set: not tested on PostgreSQL", Variable)
	}
	dir := t.TempDir()
	// The server runs as somebody else where the test is root.
	if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	s := &server{dir: filepath.Join(dir, "postgres")}
	t.Cleanup(func() { s.script(context.Background(), t, nil, "stop") })
	return s
}

// start starts the server in the way that arguments of the script say. A server
// that was started before keeps its address.
func (s *server) start(t testing.TB, arguments ...string) {
	t.Helper()
	var env []string
	if s.address != nil {
		env = []string{"POSTGRES_PORT=" + s.address.Port()}
	}
	before := s.address
	said := s.script(t.Context(), t, env, arguments...)
	address, err := url.Parse(strings.TrimSpace(said))
	if err != nil {
		t.Fatal(err)
	}
	if before != nil && before.Host != address.Host {
		t.Fatalf("the server that was at %s came back at %s", before.Host, address.Host)
	}
	s.address = address
}

// script runs the script that contributors use, too.
func (s *server) script(ctx context.Context, t testing.TB, env []string, arguments ...string) string {
	t.Helper()
	cmd := exec.CommandContext(ctx, filepath.Join(root(t), ".ci", "postgres"), arguments...)
	cmd.Env = append(append(os.Environ(), "POSTGRES_DIR="+s.dir), env...)
	cmd.Stderr = os.Stderr
	said, err := cmd.Output()
	if err != nil {
		t.Fatalf(".ci/postgres %s: %v", strings.Join(arguments, " "), err)
	}
	return string(said)
}

// root is the folder of the project, at or above that of the package under test.
func root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("the test does not run in the project")
		}
		dir = filepath.Dir(dir)
	}
}

// Pair is two servers of a test's own: a primary, and a standby that has all
// that the primary acknowledges.
type Pair struct {
	t                testing.TB
	hosts            string
	primary, standby *server
}

// NewPair starts two servers that end with the test. It skips the test where no
// server is named, as [New] does.
func NewPair(t testing.TB) *Pair {
	t.Helper()
	p := &Pair{t: t, primary: newServer(t), standby: newServer(t)}
	p.primary.start(t, "start")
	p.standby.start(t, "standby", p.primary.dir)
	p.hosts = p.standby.address.Host + "," + p.primary.address.Host
	return p
}

// Address names both servers; the one that is the standby at first comes first.
func (p *Pair) Address() string {
	both := *p.primary.address
	both.Host = p.hosts
	return both.String()
}

// KillPrimary ends the primary as a power cut does.
func (p *Pair) KillPrimary() {
	p.t.Helper()
	p.primary.script(p.t.Context(), p.t, nil, "kill")
}

// Promote makes a primary of the standby. The other one is out.
func (p *Pair) Promote() {
	p.t.Helper()
	p.standby.script(p.t.Context(), p.t, nil, "promote")
	p.primary, p.standby = p.standby, p.primary
}

// Rejoin makes a standby of the server that is out.
func (p *Pair) Rejoin() {
	p.t.Helper()
	p.standby.start(p.t, "standby", p.primary.dir)
}
