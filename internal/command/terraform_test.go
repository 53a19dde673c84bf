package command

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// filesIn are the names of the files below a folder.
func filesIn(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(file string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			name, _ := filepath.Rel(dir, file)
			names = append(names, filepath.ToSlash(name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	return names
}

const kong = `_format_version: "3.0"
_konnect: {control_plane_name: shop}
services:
- name: orders
  host: h.internal
  tags: [team]
  routes:
  - {name: get, paths: [/orders]}
consumers:
- username: alice
  keyauth_credentials: [{key: sesame}]
`

// TestExport_terraform writes a folder: of a file of decK, of a database, and of
// several control planes.
func TestExport_terraform(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	source := filepath.Join(dir, "kong.yaml")
	if err := os.WriteFile(source, []byte(kong), 0o600); err != nil {
		t.Fatal(err)
	}
	database := planes(t, "shop", "other")
	if got := runProgram(t, nil, "import", "--database", database, source); got.code != exitFine {
		t.Fatal(got.stderr)
	}
	common := []string{".gitignore", ".konnect-export", "consumers.tf", "control_planes.tf", "keyauth_credentials.tf", "providers.tf", "routes.tf", "services.tf", "terraform.tfvars", "variables.tf", "versions.tf"}
	below := func(folder string, names ...string) (out []string) {
		for _, name := range names {
			out = append(out, folder+"/"+name)
		}
		return out
	}
	for _, tt := range []struct {
		name string
		args []string
		want []string
	}{
		{"deck", []string{"--from-deck", source}, common},
		{"database", []string{"--database", database, "--control-plane", "shop", "--import"}, append([]string{"imports.tf"}, common...)},
		{"tagged", []string{"--database", database, "--control-plane", "shop", "--filter", "tag=team"}, []string{".gitignore", ".konnect-export", "data.tf", "providers.tf", "services.tf", "versions.tf"}},
		{"kinds", []string{"--database", database, "--control-plane", "shop", "--filter", "kind=service", "--filter", "kind=konnect_gateway_consumer"}, []string{
			".gitignore", ".konnect-export", "consumers.tf", "data.tf", "providers.tf", "services.tf", "versions.tf",
		}},
		{"both", []string{"--database", database, "--control-plane", "shop", "--control-plane", "other", "--control-plane", "shop"}, slices.Concat(
			[]string{".konnect-export"}, below("other", ".gitignore", "control_planes.tf", "providers.tf", "versions.tf"),
			below("shop", slices.DeleteFunc(slices.Clone(common), func(name string) bool { return name == ".konnect-export" })...),
		)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			out := filepath.Join(dir, tt.name)
			args := append(append([]string{"export", "--format", "terraform"}, tt.args...), out)
			for range 2 { // the second one replaces the first
				got := runProgram(t, []string{"KONNECT_SERVER_URL="}, args...)
				if got.code != exitFine || got.stdout != "" || !strings.Contains(got.stderr, "resources in "+out+"; 0 not exported") {
					t.Fatalf("exit code %d: %s%s", got.code, got.stdout, got.stderr)
				}
			}
			want := slices.Sorted(slices.Values(tt.want))
			// A schema is on one of the control planes.
			got := slices.DeleteFunc(filesIn(t, out), func(name string) bool { return strings.Contains(name, "schema") })
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			for _, name := range got {
				if strings.Contains(readFile(t, filepath.Join(out, name)), "sesame") && filepath.Base(name) != "terraform.tfvars" {
					t.Errorf("%s has a secret", name)
				}
			}
		})
	}
}

// TestExport_terraformRefused leaves nothing behind.
func TestExport_terraformRefused(t *testing.T) {
	t.Parallel()
	dir, database := t.TempDir(), planes(t, "demo")
	out, mine := filepath.Join(dir, "out"), filepath.Join(dir, "mine")
	wrong := filepath.Join(dir, "kong.yaml")
	for name, text := range map[string]string{wrong: "_format_version: \"3.0\"\nservices: [{name: a}]\n", filepath.Join(mine, "main.tf"): "# mine\n"} {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	at := []string{"--database", database, "--control-plane", "demo"}
	for _, tt := range []struct {
		args []string
		code int
		says string
	}{
		{at, exitUsage, "give one DIR to write to"},
		{append(slices.Clone(at), out, out), exitUsage, "give one DIR to write to"},
		{append(slices.Clone(at), "--output", "x", out), exitUsage, "--output is for the formats of decK"},
		{append(slices.Clone(at), "--json", out), exitUsage, "--json is for the formats of decK"},
		{append(slices.Clone(at), "--select-tag", "x", out), exitUsage, "give --filter tag=NAME"},
		{append(slices.Clone(at), "--filter", "x", out), exitUsage, `"x" is no filter: wanted is tag=NAME or kind=KIND`},
		{append(slices.Clone(at), "--filter", "tag=", out), exitUsage, `"tag=" is no filter`},
		{append(slices.Clone(at), "--filter", "kind=cars", out), exitUsage, `"cars" is no kind of entity; there are: acls, `},
		{append(slices.Clone(at), "--from-deck", wrong, out), exitUsage, "keep one"},
		{[]string{"--from-deck", wrong, "--import", out}, exitUsage, "--import is for control planes"},
		{[]string{"--from-deck", wrong, "--control-plane", "a", "--control-plane", "b", out}, exitUsage, "reads one control plane"},
		{[]string{"--database", database, out}, exitUsage, "--control-plane is missing"},
		{[]string{"--database", database, "--control-plane", "", out}, exitUsage, "--control-plane is missing"},
		{[]string{"--control-plane", "demo", out}, exitUsage, "say where the control plane is"},
		{[]string{"--database", database, "--control-plane", "none", out}, exitFailed, `there is no control plane of the name "none"`},
		{[]string{"--from-deck", filepath.Join(dir, "none"), out}, exitFailed, "no such file"},
		{[]string{"--from-deck", wrong, out}, exitFailed, wrong + ":2: services[0].host: required field missing"},
		{append(slices.Clone(at), mine), exitFailed, "export replaces only what it wrote itself"},
		{append(slices.Clone(at), filepath.Join(dir, "no", "folder")), exitFailed, "no such file or directory"},
	} {
		got := runProgram(t, []string{"KONNECT_SERVER_URL=", "KONNECT_TOKEN="}, append([]string{"export", "--format", "terraform"}, tt.args...)...)
		if got.code != tt.code || !strings.Contains(got.stderr, tt.says) {
			t.Errorf("%q: exit code %d, want %d, %q:\n%s", tt.args, got.code, tt.code, tt.says, got.stderr)
		}
	}
	for _, args := range [][]string{{"--import"}, {"--filter", "tag=a"}, {"--from-deck", wrong}, {"--control-plane", "b"}} {
		if got := runProgram(t, nil, append(append([]string{"export"}, at...), args...)...); got.code != exitUsage || !strings.Contains(got.stderr, "--format terraform") {
			t.Errorf("%q: exit code %d: %s", args, got.code, got.stderr)
		}
	}
	if diff := cmp.Diff([]string{"kong.yaml", "mine/main.tf"}, filesIn(t, dir)); diff != "" {
		t.Error(diff)
	}
}
