package command

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/controlplane"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// planes is a file with empty control planes of these names.
func planes(t *testing.T, names ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "konnect.db")
	plane, err := controlplane.Open(t.Context(), controlplane.Options{Database: path})
	if err != nil {
		t.Fatal(err)
	}
	c, err := client.New(client.Options{Transport: client.HandlerTransport(plane)})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if _, err := c.Create(t.Context(), client.Ref{Type: entity.ControlPlane}, map[string]any{"name": name}); err != nil {
			t.Fatal(err)
		}
	}
	doc, err := c.List(t.Context(), client.Ref{Type: entity.ControlPlane}, nil)
	if err != nil {
		t.Fatal(err)
	}
	schema := client.Ref{Type: entity.PluginSchema, Parents: []string{doc[0]["id"].(string)}}
	const lua = `return { name = "greeter", fields = { { config = { type = "record", fields = { { greeting = { type = "string", required = true } } } } } } }`
	if _, err := c.Create(t.Context(), schema, map[string]any{"lua_schema": lua}); err != nil {
		t.Fatal(err)
	}
	if err := plane.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

const declarative = `_format_version: "3.0"
services:
- name: a
  host: ${{ env "DECK_HOST" }}
  routes:
  - {name: r, paths: [/r]}
plugins:
- name: greeter
  config: {greeting: hello}
`

// TestDeck_moves imports into a file and exports from it, and into another
// through a server with a token.
func TestDeck_moves(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	source := filepath.Join(dir, "kong.yaml")
	if err := os.WriteFile(source, []byte(declarative), 0o600); err != nil {
		t.Fatal(err)
	}
	env := []string{"DECK_HOST=h.internal", "KONNECT_SERVER_URL=", "KONNECT_TOKEN=kpat_deck"}
	database := planes(t, "demo")
	exported := filepath.Join(dir, "exported.yaml")
	for _, tt := range []struct {
		args         []string
		stdout, says string
	}{
		{[]string{"import", "--database", database, "--control-plane", "demo", "--dry-run", source}, "create service a\ncreate route r\ncreate plugin greeter\n", "3 to create, 0 to update, 0 as they are\n"},
		{[]string{"import", "--database", database, "--control-plane", "demo", source}, "", "3 created, 0 updated, 0 as they were\n"},
		{[]string{"import", "--database", database, "--control-plane", "demo", source}, "", "0 created, 0 updated, 3 as they were\n"},
		{[]string{"export", "--database", database, "--control-plane", "demo", "--konnect", "--output", exported}, "", "Not exported: custom plugin schema greeter; upload it before this file is used\n"},
	} {
		got := runProgram(t, env, tt.args...)
		if got.code != exitFine || got.stdout != tt.stdout || got.stderr != tt.says {
			t.Fatalf("%q: exit code %d:\n%s%s", tt.args, got.code, got.stdout, got.stderr)
		}
	}
	if info, err := os.Stat(exported); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	s := startServe(t, []string{tokenVariable + "=kpat_deck"}, "--database", planes(t, "demo"))
	at := []string{"--server-url", "http://" + s.address}
	if got := runProgram(t, env, append(append([]string{"import"}, at...), exported)...); got.code != exitFine {
		t.Fatalf("to the name in the file: %s", got.stderr)
	}
	again := runProgram(t, env, append(append([]string{"export"}, at...), "--control-plane", "demo", "--konnect")...)
	if diff := cmp.Diff(readFile(t, exported), again.stdout); diff != "" {
		t.Errorf("%s%s", again.stderr, diff)
	}
	if got := runProgram(t, append(env, "KONNECT_TOKEN=other"), append(append([]string{"export"}, at...), "--control-plane", "demo")...); got.code != exitFailed || !strings.Contains(got.stderr, "KONNECT_TOKEN") {
		t.Errorf("with a wrong token: %d %s", got.code, got.stderr)
	}
}

// TestDeck_sync deletes what the file lacks, after it has shown so and got
// consent.
func TestDeck_sync(t *testing.T) {
	t.Parallel()
	dir, database := t.TempDir(), planes(t, "demo")
	source := filepath.Join(dir, "kong.yaml")
	write := func(text string) {
		if err := os.WriteFile(source, []byte("_format_version: \"3.0\"\n"+text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	command := func(args ...string) []string {
		return append(append([]string{"import", "--database", database, "--control-plane", "demo"}, args...), source)
	}
	write("services: [{name: a, host: h}, {name: b, host: h}]\n")
	if got := runProgram(t, nil, command("--select-tag", "team")...); got.code != exitFine {
		t.Fatal(got.stderr)
	}
	write("services: [{name: a, host: i}, {name: c, host: h}]\n")
	const shown = "update service a\ncreate service c\ndelete service b\n1 to create, 1 to update, 1 to delete, 0 as they are\n"
	for _, tt := range []struct {
		args           []string
		code           int
		stdout, stderr string
	}{
		{[]string{"--sync", "--select-tag", "team", "--dry-run"}, exitFine, "update service a\ncreate service c\ndelete service b\n", "1 to create, 1 to update, 1 to delete, 0 as they are\n"},
		{[]string{"--sync", "--select-tag", "team"}, exitFailed, "", shown + "terraform-provider-konnect import: nothing was done: nobody can be asked here; give --yes if that is what you want\n"},
		{[]string{"--sync", "--select-tag", "team", "--yes"}, exitFine, "", shown + "1 created, 1 updated, 1 deleted, 0 as they were\n"},
		{[]string{"--sync", "--select-tag", "team"}, exitFine, "", "0 created, 0 updated, 0 deleted, 2 as they were\n"},
	} {
		got := runProgram(t, nil, command(tt.args...)...)
		if got.code != tt.code || got.stdout != tt.stdout || got.stderr != tt.stderr {
			t.Errorf("%q: exit code %d\n%s%s", tt.args, got.code, got.stdout, got.stderr)
		}
	}
}

func TestDeck_refused(t *testing.T) {
	t.Parallel()
	dir, database := t.TempDir(), planes(t, "demo", "other")
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	const head = "_format_version: \"3.0\"\n"
	good := write("good.yaml", head)
	named := write("named.yaml", head+"_konnect: {control_plane_name: other}\n")
	wrong := write("wrong.yaml", head+"services:\n- {name: a}\n- {host: h, port: 99999}\nplugins:\n- {name: greeter, config: {greeting: 5}}\n")
	syntax := write("syntax.yaml", head+"services: [\n")
	at := func(command string, args ...string) []string {
		return append([]string{command, "--database", database}, args...)
	}
	for _, tt := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"export", "--control-plane", "demo"}, exitUsage, "say where the control plane is"},
		{[]string{"export", "--database", database}, exitUsage, "--control-plane is missing"},
		{at("export", "--control-plane", "demo", "--server-url", "http://h"), exitUsage, "two places"},
		{at("export", "--control-plane", "demo", "--format", "toml"), exitUsage, "give deck, dbless or terraform"},
		{at("export", "--control-plane", "demo", "--format", "dbless", "--konnect"), exitUsage, "--konnect is for decK"},
		{at("export", "--control-plane", "demo", "file"), exitUsage, "--output names the file"},
		{at("export", "--control-plane", "none"), exitFailed, `there is no control plane of the name "none"`},
		{at("export", "--control-plane", "9524ec7d-36d9-465d-a8c5-83a3c9390458"), exitFailed, "9524ec7d"},
		{at("export", "--control-plane", "demo", "--output", filepath.Join(dir, "no", "file")), exitFailed, "no such file or directory"},
		{[]string{"export", "--database", filepath.Join(dir, "none.db"), "--control-plane", "demo"}, exitFailed, "there is no such file"},
		{[]string{"export", "--server-url", "h", "--control-plane", "demo"}, exitFailed, "no scheme"},
		{at("import"), exitUsage, "give one FILE"},
		{at("import", "--yes", good), exitUsage, "--yes is for --sync"},
		{at("import", "--select-tag", "", good), exitUsage, "a tag has at least one character"},
		{at("import", good, good), exitUsage, "give one FILE"},
		{at("import", good), exitFailed, "--control-plane is missing, and the file names none"},
		{at("import", "--control-plane", "demo", named), exitFailed, `for the control plane "other", not "demo"`},
		{at("import", "--control-plane", "demo", filepath.Join(dir, "none")), exitFailed, "no such file"},
		{at("import", "--control-plane", "demo", wrong), exitFailed, wrong + ":3: services[0].host: required field missing\n" +
			wrong + ":4: services[1].port: value should be between 0 and 65535\n" + wrong + ":6: plugins[0].config.greeting: expected a string\n"},
		{at("import", "--control-plane", "demo", syntax), exitFailed, syntax + ":2: "},
	} {
		got := runProgram(t, []string{"KONNECT_SERVER_URL=", "KONNECT_TOKEN="}, tt.args...)
		if got.code != tt.code || !strings.Contains(got.stderr, tt.says) {
			t.Errorf("%q: exit code %d, want %d, %q:\n%s", tt.args, got.code, tt.code, tt.says, got.stderr)
		}
	}
	if got := runProgram(t, nil, at("export", "--control-plane", "demo")...); got.stdout != "# Not exported: custom plugin schema greeter; upload it before this file is used\n"+head && got.stdout != head {
		t.Errorf("something was written: %s", got.stdout)
	}
}

func TestDeck_help(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"export": "keys and certificates in plain text", "import": "All of it is judged before"} {
		if got := runProgram(t, nil, name, "-h"); got.code != exitFine || !strings.Contains(got.stderr, want) {
			t.Errorf("%s: exit code %d: %s", name, got.code, got.stderr)
		}
	}
}
