package command

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// served is a running serve command.
type served struct {
	cmd     *exec.Cmd
	address string
	metrics string
	log     *bufio.Scanner // of its standard error, from "listening" on
}

// startServe starts the program and waits until it listens.
func startServe(t *testing.T, env []string, args ...string) *served {
	t.Helper()
	s := launchServe(t, env, args...)
	s.listens(t)
	return s
}

// launchServe starts the program and does not wait.
func launchServe(t *testing.T, env []string, args ...string) *served {
	t.Helper()
	args = append([]string{"serve", "--listen", "127.0.0.1:0", "--log-format", "json"}, args...)
	s := &served{cmd: program(t, env, args...)}
	stderr, err := s.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = s.cmd.Process.Kill() // where the test did not end it
		_ = s.cmd.Wait()
	})
	s.log = bufio.NewScanner(stderr)
	return s
}

// listens waits until the program listens, and notes where.
func (s *served) listens(t *testing.T) {
	t.Helper()
	listening := s.await(t, "listening")
	s.address, _ = listening["address"].(string)
	s.metrics, _ = listening["metrics"].(string)
}

// await reads the log up to a message.
func (s *served) await(t *testing.T, message string) map[string]any {
	t.Helper()
	for s.log.Scan() {
		var line map[string]any
		if err := json.Unmarshal(s.log.Bytes(), &line); err != nil {
			t.Fatalf("the log has %q", s.log.Text())
		}
		if line["msg"] == message {
			return line
		}
	}
	t.Fatalf("the log ended before %q", message)
	return nil
}

// end waits for the program to end by itself.
func (s *served) end(t *testing.T) {
	t.Helper()
	s.await(t, "stopped")
	for s.log.Scan() {
		t.Errorf("said after its end: %s", s.log.Text())
	}
	if err := s.cmd.Wait(); err != nil {
		t.Error(err)
	}
}

// ask sends a request with a token, unless that is empty.
func (s *served) ask(t *testing.T, method, path, token, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, "http://"+s.address+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(text)
}

func TestServe_open(t *testing.T) {
	t.Parallel()
	s := startServe(t, nil)
	if status, body := s.ask(t, http.MethodGet, "/healthz", "", ""); status != 200 {
		t.Errorf("healthz: %d %s", status, body)
	}
	if status, body := s.ask(t, http.MethodPost, "/v2/control-planes", "", `{"name":"demo"}`); status != 201 {
		t.Errorf("create: %d %s", status, body)
	}
	if _, err := os.Stat(filepath.Join(s.cmd.Dir, "konnect.db")); err != nil {
		t.Error(err)
	}
}

func TestServe_token(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte("kpat_secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]*served{
		"environment": startServe(t, []string{tokenVariable + "=kpat_secret"}),
		"file":        startServe(t, nil, "--token-file", file),
	} {
		for token, want := range map[string]int{"kpat_secret": 200, "": 401, "kpat_secre": 401, "kpat_secret2": 401} {
			if status, body := s.ask(t, http.MethodGet, "/v2/control-planes", token, ""); status != want {
				t.Errorf("%s: token %q: %d %s, want %d", name, token, status, body, want)
			}
		}
		if status, body := s.ask(t, http.MethodGet, "/healthz", "", ""); status != 200 {
			t.Errorf("%s: healthz: %d %s", name, status, body)
		}
	}
}

// TestServe_shutdown has a request under way when the signal comes. It is
// answered, its result is kept, and the program ends in good order.
func TestServe_shutdown(t *testing.T) {
	t.Parallel()
	for _, signal := range []os.Signal{syscall.SIGTERM, os.Interrupt} {
		database := filepath.Join(t.TempDir(), "konnect.db")
		s := startServe(t, nil, "--database", database)
		request := startRequest(t, s.address, `{"name":"demo"}`)
		if err := s.cmd.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		s.await(t, "shutting down")
		if status := request.finish(t); status != http.StatusCreated {
			t.Errorf("the request under way got %d", status)
		}
		s.end(t)

		again := startServe(t, nil, "--database", database)
		if _, body := again.ask(t, http.MethodGet, "/v2/control-planes", "", ""); !strings.Contains(body, `"demo"`) {
			t.Errorf("what was acknowledged is gone: %s", body)
		}
	}
}

// halfRequest is a POST whose body has not been sent yet.
type halfRequest struct {
	conn   net.Conn
	answer *bufio.Reader
	body   string
}

// startRequest returns when a handler waits for the body.
func startRequest(t *testing.T, address, body string) *halfRequest {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	r := &halfRequest{conn: conn, answer: bufio.NewReader(conn), body: body}
	_, err = fmt.Fprintf(conn, "POST /v2/control-planes HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"+
		"Content-Length: %d\r\nExpect: 100-continue\r\n\r\n", len(body))
	if err != nil {
		t.Fatal(err)
	}
	if status := r.status(t); status != http.StatusContinue {
		t.Fatalf("got %d", status)
	}
	return r
}

func (r *halfRequest) status(t *testing.T) int {
	t.Helper()
	res, err := http.ReadResponse(r.answer, nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	return res.StatusCode
}

func (r *halfRequest) finish(t *testing.T) int {
	t.Helper()
	if _, err := io.WriteString(r.conn, r.body); err != nil {
		t.Fatal(err)
	}
	return r.status(t)
}

func TestServe_refused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	taken := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(taken.Close)
	address := taken.Listener.Addr().String()
	for _, tt := range []struct {
		env, args []string
		code      int
		says      string
	}{
		{nil, []string{"--listen", "0.0.0.0:0"}, 1, "there is no token to ask for"},
		{nil, []string{"--listen", ":0"}, 1, "set KONNECT_SERVE_TOKEN or --token-file, or listen on 127.0.0.1"},
		{nil, []string{"--listen", "[::]:0"}, 1, "can be reached from other machines"},
		{nil, []string{"--listen", "192.0.2.1:0"}, 1, "can be reached from other machines"},
		{nil, []string{"--listen", "8787"}, 2, "not an address with a port"},
		{nil, []string{"--listen", "127.0.0.1:port"}, 2, `"port" is not a port`},
		{nil, []string{"--listen", "127.0.0.1:99999"}, 2, `"99999" is not a port`},
		{nil, []string{"--listen", "no.such.host.invalid:0"}, 2, "no.such.host.invalid"},
		{nil, []string{"--token", "hidden"}, 2, "flag provided but not defined: -token"},
		{nil, []string{"--log-format", "xml"}, 2, `text or json, not "xml"`},
		{nil, []string{"--database", ""}, 2, "--database is empty"},
		{nil, []string{"now"}, 2, `"now" is more than serve takes`},
		{nil, []string{"--token-file", filepath.Join(dir, "none")}, 2, "no such file"},
		{nil, []string{"--token-file", write("empty", " \n")}, 2, "is empty"},
		{nil, []string{"--token-file", write("two", "hidden1\nhidden2\n")}, 2, "a blank, a line break"},
		{[]string{tokenVariable + "=hid den"}, nil, 2, "KONNECT_SERVE_TOKEN holds a blank"},
		{[]string{tokenVariable + "=hidden"}, []string{"--token-file", write("one", "hidden")}, 2, "given twice"},
		{nil, []string{"--metrics-listen", "9090"}, 2, `--metrics-listen: "9090" is not an address with a port`},
		{nil, []string{"--max-body", "0"}, 2, "--max-body is at least 1"},
		{nil, []string{"--max-body", "4M"}, 2, `invalid value "4M"`},
		{nil, []string{"--rate-limit", "-1"}, 2, "--rate-limit is a number"},
		{nil, []string{"--rate-limit", "NaN"}, 2, "--rate-limit is a number"},
		{nil, []string{"--rate-burst", "5"}, 2, "goes with --rate-limit"},
		{nil, []string{"--rate-limit", "5", "--rate-burst", "-5"}, 2, "--rate-burst is a number"},
		{nil, []string{"--trusted-proxies", "proxy.internal"}, 2, "--trusted-proxies: "},
		{nil, []string{"--trusted-proxies", "10.0.0.0/33"}, 2, `"10.0.0.0/33"`},
		{nil, []string{"--trusted-proxies", "10.0.0.1,"}, 2, `""`},
		{nil, []string{"--trusted-proxies", "10.0.0.1", "--forwarded-header", "X-Real-IP"}, 2, `not in "X-Real-IP"`},
		{nil, []string{"--forwarded-header", "Forwarded"}, 2, "--forwarded-header goes with --trusted-proxies"},
		{nil, []string{"--drain-delay", "-1s"}, 2, "--drain-delay is a time"},
		{nil, []string{"--tls-cert", write("cert", "hidden")}, 1, "--tls-cert and --tls-key go together"},
		{nil, []string{"--tls-key", write("key", "hidden")}, 1, "--tls-cert and --tls-key go together"},
		{nil, []string{"--tls-cert", filepath.Join(dir, "cert"), "--tls-key", filepath.Join(dir, "key")}, 1, "failed to find any PEM data"},
		{nil, []string{"--tls-cert", filepath.Join(dir, "none"), "--tls-key", filepath.Join(dir, "key")}, 1, "no such file"},
		{[]string{databaseVariable + "=postgres://user:hidden@127.0.0.1:1/konnect"}, nil, 1, "postgres://127.0.0.1:1/konnect"},
		{[]string{databaseVariable + "=postgres://user:hidden@127.0.0.1:1/konnect"}, []string{"-h"}, 0, ""},
		{nil, []string{"--metrics-listen", address, "--listen", "127.0.0.1:0"}, 1, "--metrics-listen"},
		{nil, []string{"--listen", address}, 1, "address already in use"},
		{[]string{databaseVariable + "=postgres://user:hidden@127.0.0.1:1,127.0.0.1:2/konnect"}, nil, 1, "postgres://127.0.0.1:1,127.0.0.1:2/konnect"},
		{nil, []string{"--database", "postgres://user:hidden@127.0.0.1:1/konnect?target_session_attrs=standby"}, 1, "asks for a server that only reads"},
		{nil, []string{"--database", filepath.Join(dir, "no", "konnect.db")}, 1, "does not exist"},
		{nil, []string{"--database", write("text.db", strings.Repeat("This is no database. ", 100))}, 1, "text.db"},
		{nil, []string{"--listen", "127.0.0.1:0", "--database", "postgres://user:hidden@127.0.0.1:1/konnect"}, 1, "cannot serve"},
	} {
		got := runProgram(t, tt.env, append([]string{"serve"}, tt.args...)...)
		if got.code != tt.code || !strings.Contains(got.stderr, tt.says) {
			t.Errorf("%q: exit code %d, want %d, %q:\n%s", tt.args, got.code, tt.code, tt.says, got.stderr)
		}
		if strings.Contains(got.stdout+got.stderr, "hidden") {
			t.Errorf("%q: a secret is shown:\n%s%s", tt.args, got.stdout, got.stderr)
		}
	}
}

func TestLocalOnly(t *testing.T) {
	t.Parallel()
	handler := localOnly(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	for _, tt := range []struct {
		host, site string
		want       int
	}{
		{"localhost", "", 204}, {"localhost:8787", "", 204}, {"127.0.0.1:8787", "", 204}, {"127.9.9.9", "", 204},
		{"[::1]:8787", "", 204}, {"[::1]", "", 204}, {"localhost", "same-origin", 204}, {"localhost", "none", 204},
		{"evil.example", "", 403}, {"evil.example:8787", "", 403}, {"localhost.evil.example", "", 403},
		{"10.0.0.1", "", 403}, {"", "", 403}, {"localhost", "cross-site", 403}, {"localhost", "same-site", 403},
	} {
		req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v2/control-planes", http.NoBody)
		req.Host = tt.host
		req.Header.Set("Sec-Fetch-Site", tt.site)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, req)
		if w.Code != tt.want {
			t.Errorf("host %q, site %q: %d, want %d", tt.host, tt.site, w.Code, tt.want)
		}
	}
}
