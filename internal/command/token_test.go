package command

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// token runs the command on a database, and returns what it printed.
func token(t *testing.T, database string, args ...string) string {
	t.Helper()
	got := runProgram(t, nil, append([]string{"token", "--database", database}, args...)...)
	if got.code != 0 || got.stderr != "" {
		t.Fatalf("token %q: exit code %d\n%s", args, got.code, got.stderr)
	}
	return strings.TrimSpace(got.stdout)
}

// TestToken makes and deletes tokens beside a running server.
func TestToken(t *testing.T) {
	t.Parallel()
	database := filepath.Join(t.TempDir(), "konnect.db")
	all := token(t, database, "create", "all")
	s := startServe(t, nil, "--database", database)
	if status, body := s.ask(t, http.MethodPost, "/v2/control-planes", all, `{"name":"shop"}`); status != 201 {
		t.Fatalf("create: %d %s", status, body)
	}
	reader := token(t, database, "create", "reader", "--read-only", "--expires", "90d")
	shop := token(t, database, "create", "--control-plane", "shop", "shop-only")
	for _, tt := range []struct {
		name, token, method, path, body string
		status                          int
	}{
		{"none", "", "GET", "/v2/control-planes", "", 401},
		{"another", "okat_AAAAAAAAAAAAAAAAAAAAAAAAAA", "GET", "/v2/control-planes", "", 401},
		{"reader reads", reader, "GET", "/v2/control-planes", "", 200},
		{"reader writes", reader, "POST", "/v2/control-planes", `{"name":"x"}`, 403},
		{"shop", shop, "GET", "/v2/control-planes", "", 200},
		{"shop elsewhere", shop, "POST", "/v2/control-planes", `{"name":"x"}`, 403},
	} {
		if status, body := s.ask(t, tt.method, tt.path, tt.token, tt.body); status != tt.status {
			t.Errorf("%s: %d %s", tt.name, status, body)
		}
	}
	list := strings.Join(strings.Fields(token(t, database, "list")), " ")
	for _, want := range []string{" all write all ", " reader read all ", " shop-only write "} {
		if !strings.Contains(list, want) {
			t.Errorf("the list lacks %q:\n%s", want, list)
		}
	}
	if strings.Contains(list, "okat_") {
		t.Errorf("the list tells tokens:\n%s", list)
	}
	token(t, database, "delete", "reader")
	if status, _ := s.ask(t, http.MethodGet, "/v2/control-planes", reader, ""); status != 401 {
		t.Errorf("after its deletion: %d", status)
	}
}

func TestToken_refused(t *testing.T) {
	t.Parallel()
	database := filepath.Join(t.TempDir(), "konnect.db")
	token(t, database, "create", "taken")
	for _, tt := range []struct {
		args []string
		code int
		says string
	}{
		{nil, 2, "say create, list or delete"},
		{[]string{"revoke", "taken"}, 2, "say create, list or delete"},
		{[]string{"create"}, 2, "create takes one name"},
		{[]string{"create", "a", "b"}, 2, "create takes one name"},
		{[]string{"list", "a"}, 2, "list takes no name"},
		{[]string{"delete"}, 2, "delete takes one name"},
		{[]string{"delete", "taken", "--read-only"}, 2, "delete takes no limits"},
		{[]string{"list", "--control-plane", "a"}, 2, "list takes no limits"},
		{[]string{"create", "a", "--readonly"}, 2, "flag provided but not defined"},
		{[]string{"create", "a", "--expires", "90"}, 2, "write a time such as 12h or 90d"},
		{[]string{"create", "a", "--expires", "0d"}, 2, "write a time such as 12h or 90d"},
		{[]string{"create", "a", "--expires", "-1h"}, 2, "write a time such as 12h or 90d"},
		{[]string{"create", "a", "--expires", "999999999d"}, 2, "write a time such as 12h or 90d"},
		{[]string{"create", "a", "--expires", "1w"}, 2, "write a time such as 12h or 90d"},
		{[]string{"create", "taken"}, 1, "there is a token taken already"},
		{[]string{"create", "a b"}, 1, "must consist of letters"},
		{[]string{"create", ""}, 1, "name"},
		{[]string{"create", "a", "--control-plane", "nowhere"}, 1, `no control plane with the name "nowhere"`},
		{[]string{"delete", "nobody"}, 1, `no token "nobody"`},
		{[]string{"list", "--database", "postgres://user:hidden@127.0.0.1:1/konnect"}, 1, "127.0.0.1"},
	} {
		got := runProgram(t, nil, append([]string{"token", "--database", database}, tt.args...)...)
		if got.code != tt.code || !strings.Contains(got.stderr, tt.says) || got.stdout != "" || strings.Contains(got.stderr, "hidden") {
			t.Errorf("%q: exit code %d, want %d, %q:\n%s%s", tt.args, got.code, tt.code, tt.says, got.stdout, got.stderr)
		}
	}
	if list := token(t, database, "list"); strings.Count(list, "\n") != 1 {
		t.Errorf("after all that was refused:\n%s", list)
	}
}

func TestLifetime(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{"1h30m": 90 * time.Minute, "1d": 24 * time.Hour, "36500d": 36500 * 24 * time.Hour} {
		var l lifetime
		if err := l.Set(text); err != nil || time.Duration(l) != want {
			t.Errorf("%s: %s, %v", text, time.Duration(l), err)
		}
	}
	for _, text := range []string{"", "d", "1.5d", "-1d", "0", "1", "36501d", "1d1h", "1e3d", "٣d", "9223372036854775807d"} {
		var l lifetime
		if err := l.Set(text); err == nil {
			t.Errorf("%q is taken for %s", text, time.Duration(l))
		}
	}
}
