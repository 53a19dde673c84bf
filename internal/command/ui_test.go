package command

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/controlplane"
)

// The address that ui prints leads in, and no other does.
func TestUI(t *testing.T) {
	t.Parallel()
	database := filepath.Join(t.TempDir(), "konnect.db")
	plane, err := controlplane.Open(t.Context(), controlplane.Options{Database: database})
	if err != nil {
		t.Fatal(err)
	}
	if err := plane.Close(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	out, in := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, process{args: []string{"ui", "--database", database}, env: func(string) string { return "" }, stdout: in, stderr: io.Discard})
	}()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	at, err := url.Parse(strings.TrimSpace(line))
	if err != nil || at.Fragment == "" || at.Path != "/ui/login" {
		t.Fatalf("%q: %v", line, err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	for _, step := range []struct {
		token, host string
		status      int
		want        string
	}{
		{"", "", http.StatusOK, "Log in"},
		{"okat_wrong", "", http.StatusUnauthorized, "does not know this token"},
		{at.Fragment, "evil.example", http.StatusForbidden, "localhost only"},
		{at.Fragment, "", http.StatusOK, "There is no control plane yet"},
	} {
		form := url.Values{"token": {step.token}}
		method, body := http.MethodPost, strings.NewReader(form.Encode())
		if step.token == "" {
			method = http.MethodGet
		}
		r, err := http.NewRequestWithContext(t.Context(), method, "http://"+at.Host+"/ui/login", body)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = step.host
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		answer, err := browser.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		if err != nil || answer.StatusCode != step.status || !strings.Contains(string(text), step.want) {
			t.Errorf("token %.6q at %q: %d %v\n%s", step.token, step.host, answer.StatusCode, err, text)
		}
	}
	cancel()
	if code := <-ended; code != exitFine {
		t.Errorf("exit code %d", code)
	}
}

func TestUI_refused(t *testing.T) {
	t.Parallel()
	database := filepath.Join(t.TempDir(), "none.db")
	for name, args := range map[string][]string{
		"no such file": {"--database", database}, "reached by others": {"--database", t.TempDir(), "--listen", "0.0.0.0:0"},
		"more": {"more"}, "no address": {"--database", t.TempDir(), "--listen", "here"},
	} {
		var said strings.Builder
		code := run(t.Context(), process{args: append([]string{"ui"}, args...), env: func(string) string { return "" }, stdout: io.Discard, stderr: &said})
		if code != exitUsage || said.Len() == 0 {
			t.Errorf("%s: exit code %d, %q", name, code, said.String())
		}
	}
}

// A server has pages, unless it is told not to.
func TestServe_pages(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		args   []string
		status int
		want   string
	}{
		"pages":    {nil, http.StatusOK, "<h1>Control planes</h1>"},
		"no pages": {[]string{"--no-ui"}, http.StatusNotFound, `"title":"Not Found"`},
	} {
		s := startServe(t, nil, append([]string{"--database", filepath.Join(t.TempDir(), "konnect.db")}, tt.args...)...)
		if status, page := s.ask(t, http.MethodGet, "/ui/", "", ""); status != tt.status || !strings.Contains(page, tt.want) {
			t.Errorf("%s: %d %s", name, status, page)
		}
	}
}
