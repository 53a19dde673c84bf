package command

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// fenced are the blocks of code in a guide.
var fenced = regexp.MustCompile("(?s)```(\\w+)\n(.*?)```\n")

// workshop is a folder in which the program and terraform, which knows it, run
// as people run them.
type workshop struct {
	folder  string
	bin     string // of the programs that it has
	env     []string
	address string // of the server that runs
	// before are lines of a shell that run before a run of a page: what its reader
	// does in between.
	before map[int]string
}

func newWorkshop(t *testing.T) *workshop {
	t.Helper()
	w := &workshop{folder: t.TempDir(), bin: t.TempDir()}
	bin := w.bin
	write := func(path, text string, mode os.FileMode) string {
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	write(filepath.Join(bin, "terraform-provider-konnect"), fmt.Sprintf("#!/bin/sh\n%s=program exec %q \"$@\"\n", role, os.Args[0]), 0o700)
	config := write(filepath.Join(bin, "dev.tfrc"), fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"openkonnect/konnect\" = %q\n  }\n  direct {}\n}\n", bin), 0o600)
	w.env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"), "TF_CLI_CONFIG_FILE="+config, "TF_IN_AUTOMATION=1", "KONNECT_SERVER_URL=", "KONNECT_TOKEN=", "KONNECT_SPAT=", "KONNECT_EMBEDDED=")
	return w
}

func (w *workshop) write(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join(w.folder, name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
		t.Fatal(err)
	}
}

// run runs lines of a shell, of which none may fail.
func (w *workshop) run(t *testing.T, lines string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "sh", "-ec", lines)
	cmd.Dir, cmd.Env = w.folder, w.env
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", lines, err, out)
	}
	return string(out)
}

// follow does what a guide says, block by block: what is to be run is run, a
// server goes on until the test ends, and anything else is written into the
// files, in their order. It returns what each run printed.
func (w *workshop) follow(t *testing.T, guide string, files ...string) (said []string) {
	t.Helper()
	return w.followPage(t, "../../templates/guides/"+guide+".md.tmpl", files...)
}

// followPage is follow for a page that is no guide.
func (w *workshop) followPage(t *testing.T, page string, files ...string) (said []string) {
	t.Helper()
	text := readFile(t, page)
	for _, block := range fenced.FindAllStringSubmatch(text, -1) {
		content := strings.ReplaceAll(block[2], guideAddress, cmp.Or(w.address, guideAddress))
		switch {
		case block[1] == "shell" && strings.HasPrefix(content, "terraform-provider-konnect serve "):
			w.serve(t, content)
		case block[1] == "shell":
			w.run(t, w.before[len(said)])
			said = append(said, w.run(t, content))
		case len(files) == 0:
			t.Fatalf("a block of %s is not tried:\n%s", block[1], content)
		default:
			w.write(t, files[0], content)
			files = files[1:]
		}
	}
	if len(files) > 0 {
		t.Errorf("there is no block for %v", files)
	}
	return said
}

// guideAddress is where servers listen in guides; in tests many do so at once,
// on ports of their own.
const guideAddress = "127.0.0.1:8787"

var listensAt = regexp.MustCompile(`msg=listening address=(\S+)`)

func (w *workshop) serve(t *testing.T, line string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "sh", "-ec", "exec "+strings.Replace(line, guideAddress, "127.0.0.1:0", 1))
	cmd.Dir, cmd.Env = w.folder, w.env
	stderr, err := cmd.StderrPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	log := bufio.NewScanner(stderr)
	for w.address == "" && log.Scan() {
		if m := listensAt.FindStringSubmatch(log.Text()); m != nil {
			w.address = m[1]
		}
	}
	if w.address == "" {
		t.Fatalf("%s: it does not listen", line)
	}
	read := make(chan struct{})
	go func() { // a log that nobody reads would stop the server
		defer close(read)
		for log.Scan() {
		}
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-read
		_ = cmd.Wait()
	})
}

// says insists on texts in what the runs of a guide printed, one each.
func says(t *testing.T, said []string, want ...string) {
	t.Helper()
	if len(said) != len(want) {
		t.Fatalf("%d runs, want %d", len(said), len(want))
	}
	for i := range want {
		if !strings.Contains(plain(said[i]), plain(want[i])) {
			t.Errorf("no %q in run %d:\n%s", want[i], i, said[i])
		}
	}
}

// plain is what a terminal shows, without colours, frames and line breaks.
func plain(text string) string {
	return strings.Join(strings.Fields(decoration.ReplaceAllString(text, "")), " ")
}

var decoration = regexp.MustCompile(`\x1b\[[0-9;]*m|│`)

// TestGuide_beside follows the guide to the letter, and then has each side take
// away what it keeps.
func TestGuide_beside(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	said := w.follow(t, "terraform-beside-deck", "main.tf", "orders.yaml")
	says(t, said, "3 added", "5 created, 0 updated, 0 deleted", "No changes", "0 created, 0 updated, 0 deleted, 5 as they were")
	w.write(t, "orders.yaml", "_format_version: \"3.0\"\n_konnect: {control_plane_name: shop}\n_info: {select_tags: [orders]}\n")
	if out := w.run(t, "terraform-provider-konnect import --database konnect.db --sync --yes orders.yaml"); !strings.Contains(out, "4 deleted") {
		t.Error(out)
	}
	if out := w.run(t, "terraform plan -detailed-exitcode"); !strings.Contains(plain(out), "No changes") {
		t.Error(out)
	}
}

// TestGuide_secrets follows the guide and looks where its secrets went.
func TestGuide_secrets(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	said := w.follow(t, "secrets", "main.tf")
	says(t, said, "7 added", "redis-4711\nalice-4712\n{vault://team/redis-password}\n", "no secret is in the log")
	for _, run := range []int{0, 2} {
		for _, secret := range []string{"4711", "4712", "vault://"} {
			if strings.Contains(said[run], secret) {
				t.Errorf("run %d prints %s", run, secret)
			}
		}
	}
	for _, hidden := range []string{"password", "key", "value"} {
		if !regexp.MustCompile(`(?m)^ *` + hidden + ` += \(sensitive value\)$`).MatchString(said[0]) {
			t.Errorf("terraform show does not show %s as sensitive:\n%s", hidden, said[0])
		}
	}
	out := w.run(t, "terraform-provider-konnect export --database konnect.db --control-plane shop")
	for secret, exported := range map[string]bool{"redis-4711": false, "alice-4712": true, "{vault://team/redis-password}": true} {
		if strings.Contains(out, secret) != exported {
			t.Errorf("the export has %s: %v, want %v:\n%s", secret, !exported, exported, out)
		}
	}
}

// TestGuide_moving follows the guide with a state that the published provider
// could have left, there and back.
func TestGuide_moving(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	w.env = append(w.env, "KONNECT_EMBEDDED=konnect.db")
	w.write(t, "versions.tf", "terraform {\n  required_providers {\n    konnect = {\n      source = \"openkonnect/konnect\"\n    }\n  }\n}\n")
	w.write(t, "main.tf", `resource "konnect_gateway_control_plane" "shop" {
  name = "shop"
}
resource "konnect_gateway_service" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  name             = "orders"
  host             = "orders.internal"
}
resource "konnect_gateway_route" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  paths            = ["/orders"]
  service          = { id = konnect_gateway_service.orders.id }
}
resource "konnect_gateway_plugin_cors" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  config           = { max_age = 5 }
}
`)
	w.run(t, `terraform apply -auto-approve
sed -i 's|terraform.io/openkonnect/konnect|terraform.io/kong/konnect|; s|"private": "[^"]*"|"private": "e30="|' terraform.tfstate`)
	said := w.follow(t, "moving-from-kong-konnect", "versions.tf")
	says(t, said, "", "Successfully replaced provider for 4 resources", "Your infrastructure matches the configuration.", "Successfully replaced provider for 4 resources")
	if held := w.run(t, "terraform state pull"); strings.Contains(held, "openkonnect") || strings.Count(held, "terraform.io/kong/konnect") != 4 {
		t.Errorf("the way back: %s", held)
	}
	if before := w.run(t, "cat before.tfstate"); !strings.Contains(before, "terraform.io/kong/konnect") {
		t.Errorf("the copy is not of the state before: %s", before)
	}
}

func TestGuide_tokens(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	said := w.follow(t, "tokens", "main.tf")
	says(t, said, "2 added", "reviews   read", "1 to change", "403 Forbidden: the token may only read.", "the token from KONNECT_TOKEN was refused")
	for _, run := range []int{3, 4} {
		if !strings.HasSuffix(said[run], "refused\n") {
			t.Errorf("run %d succeeds:\n%s", run, said[run])
		}
	}
	secrets := regexp.MustCompile(`okat_\w+`)
	if out := strings.Join(said, ""); secrets.MatchString(out) {
		t.Errorf("a token is printed:\n%s", out)
	}
}

func TestGuide_serving(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	cert, key := keyPair(t, "konnect")
	for name, text := range map[string][]byte{"tls.crt": cert, "tls.key": key, "ca.crt": cert} {
		w.write(t, name, string(text))
	}
	says(t, w.follow(t, "serving", "main.tf"), "", "1 added", "", "pipeline  write")
}

// TestGuide_looking follows the guide and looks.
func TestGuide_looking(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	says(t, w.follow(t, "looking", "main.tf"), "3 added")
	plane := regexp.MustCompile(`href="(/ui/planes/[^"]*)">shop<`).FindStringSubmatch(w.look(t, "/ui/"))
	if plane == nil {
		t.Fatal("the control plane is not there")
	}
	for _, want := range []string{"orders", "http://orders.internal", "rate-limiting"} {
		if page := w.look(t, plane[1]); !strings.Contains(page, want) {
			t.Errorf("no %s in\n%s", want, page)
		}
	}
}

// look returns a page of the server that runs.
func (w *workshop) look(t *testing.T, path string) string {
	t.Helper()
	response, err := http.Get("http://" + w.address + path)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	page, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatal(response.Status, err)
	}
	return string(page)
}

func TestGuide_ci(t *testing.T) {
	t.Parallel()
	says(t, newWorkshop(t).follow(t, "ci", "main.tf"), "0 errors", "", "3 added", "No changes")
}

func TestGuide_hcpTerraform(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	said := w.follow(t, "hcp-terraform", "platform/main.tf", "orders/main.tf")
	says(t, said, "2 added")
	for _, want := range []string{"1 added", "No changes"} {
		if !strings.Contains(plain(said[0]), want) {
			t.Errorf("no %q in\n%s", want, said[0])
		}
	}
}

func TestGuide_dataPlanes(t *testing.T) {
	t.Parallel()
	said := newWorkshop(t).follow(t, "data-planes", "main.tf", "sync.tf")
	says(t, said, `name: the plugin "ace" is there from version 3.12 on`, "tls_verify: it is false", "data_planes = tolist([])", "Connected data planes: 0, of at least 1 that are wanted.")
	if strings.Contains(plain(said[1]), `"ace" is there from`) {
		t.Errorf("a newer data plane is warned of, too:\n%s", said[1])
	}
}

// TestGuide_customPlugins uploads a schema, and changes it after the comparison.
func TestGuide_customPlugins(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	w.env = append(w.env, "KONNECT_EMBEDDED=konnect.db")
	w.furnish(t, "custom-plugin", func(path, text string) string {
		if strings.HasSuffix(path, ".tf") {
			return ""
		}
		return text
	})
	w.run(t, "mkdir -p kong/plugins && cp -r plugins/1.0/greeter kong/plugins/")
	w.write(t, "plane.tf", "terraform {\n  required_providers {\n    konnect = {\n      source = \"openkonnect/konnect\"\n    }\n  }\n}\n"+
		"resource \"konnect_gateway_control_plane\" \"shop\" {\n  name = \"shop\"\n}\n")
	w.before = map[int]string{2: "cp plugins/1.1/greeter/schema.lua kong/plugins/greeter/"} // what somebody writes
	said := w.follow(t, "custom-plugins", "greeter.tf")
	says(t, said, "plugin 'greeter' is fine", "3 added", "production.yaml: stays as it is compatible: 1 changes, the short path will do", "config.language: optional string without a default was added. Prescribed: short path")
}

// TestGuide_backup moves a database, and a control plane of it.
func TestGuide_backup(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	w.write(t, "shop.yaml", "_format_version: \"3.0\"\nservices:\n- name: orders\n  host: orders.internal\n")
	const plane = "resource \"konnect_gateway_control_plane\" \"shop\" {\n  name = \"shop\"\n}\n"
	for _, database := range []string{"konnect.db", "other.db"} {
		folder := strings.TrimSuffix(database, ".db")
		w.write(t, folder+"/main.tf", "terraform {\n  required_providers {\n    konnect = {\n      source = \"openkonnect/konnect\"\n    }\n  }\n}\n"+plane)
		w.run(t, "KONNECT_EMBEDDED=../"+database+" terraform -chdir="+folder+" apply -auto-approve")
	}
	w.run(t, "terraform-provider-konnect import --database konnect.db --control-plane shop shop.yaml")
	said := w.follow(t, "backup-and-move")
	says(t, said, "", "", "0 to create, 0 to update, 1 as they are")
	if !strings.Contains(said[2], "1 created") {
		t.Errorf("the import made nothing: %s", said[2])
	}
}

// TestGuide_embedded goes from a file to a server of the same file.
func TestGuide_embedded(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	said := w.follow(t, "embedded", "provider.tf", "main.tf", "kong.yaml", "loaded.tf", "provider.tf")
	says(t, said, "2 added", `services = tolist([ "bills", ])`, `"name":"shop"`, `"name":"shop"`, "No changes")
	if page := w.run(t, "curl -s -L -H 'Accept: text/html' http://"+w.address+"/ui/"); !strings.Contains(page, "<html") {
		t.Errorf("there is no page: %s", page)
	}
}

// TestGuide_findingMistakes makes the guide's mistakes, with a jq of our own: that
// of the machine may be missing.
func TestGuide_findingMistakes(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	tool, err := exec.CommandContext(t.Context(), "go", "tool", "-modfile=../../.ci/tools/go.mod", "-n", "gojq").Output()
	if err == nil {
		err = os.Symlink(strings.TrimSpace(string(tool)), filepath.Join(w.bin, "jq"))
	}
	if err != nil {
		t.Fatal(err)
	}
	said := w.follow(t, "finding-mistakes-early", "main.tf", "plugins.yaml", "plugins.tf", "rules.jq", "checks.tf", "more.tf")
	says(t, said,
		"config.limit_bye: there is no such attribute, and Terraform drops it without a word. Did you mean limit_by? 1 errors, 0 warnings exit code 1",
		`config.limit_bye: unknown field. Did you mean "limit_by"?`,
		"request-size-limiting in plugins.yaml: config.size_unit: expected one of: megabytes, kilobytes, bytes",
		`konnect_gateway_plugin.orders["key-auth"]: the service gets to see the keys konnect_gateway_plugin_rate_limiting.orders: every data plane counts for itself konnect_gateway_service.orders: requests reach the service without TLS refused`,
		"Requests reach orders without TLS.",
		`the control plane has no plugin "greeter". A plugin of your own needs its schema on the control plane:`,
		"No changes")
	for run, also := range map[int]string{2: "cors in plugins.yaml: config.max_ago: unknown field", 4: "Apply complete!", 5: "Duplicate gateway service"} {
		if !strings.Contains(plain(said[run]), also) {
			t.Errorf("no %q in run %d:\n%s", also, run, said[run])
		}
	}
}

// TestGuide_controlPlaneGroups brings the members into conflict, and out of it.
func TestGuide_controlPlaneGroups(t *testing.T) {
	t.Parallel()
	said := newWorkshop(t).follow(t, "control-plane-groups", "main.tf", "lost.tf", "bills.tf")
	says(t, said, "5 added", "is a control plane group, which is read-only: it takes no entities and no plugins of its own, but shows its data planes those of its members. Use a member instead",
		"another gateway plugin with the same name is in the control plane", "the group is in conflict", "1 destroyed", "No changes", `"state":"OK"`)
	for run, conflict := range []bool{false, false, true, false, true, false, false} {
		if strings.Contains(said[run], "Members in conflict") != conflict {
			t.Errorf("run %d tells of a conflict: %v, want %v:\n%s", run, !conflict, conflict, said[run])
		}
	}
}

// TestGuide_testing runs the tests of the guide, each provider in a process of its
// own, and again over the file that they leave.
func TestGuide_testing(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	said := w.follow(t, "testing", "main.tf", "tests/kong.yaml", "tests/memory.tftest.hcl", "tests/change.tftest.hcl", "checks.tf", "tests/mocked.tftest.hcl")
	says(t, said, "6 passed, 0 failed.")
	if out := w.run(t, "terraform test"); !strings.Contains(out, "6 passed, 0 failed.") {
		t.Error(out)
	}
	if out := w.run(t, "terraform-provider-konnect export --database tests/change.db --control-plane shop"); strings.Contains(out, "orders") || !strings.Contains(out, "bills") {
		t.Errorf("the file is left with:\n%s", out)
	}
}

// TestGuide_takingOver follows the guide. In the exported folder, Terraform
// takes over everything and changes nothing.
func TestGuide_takingOver(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	said := w.follow(t, "taking-over", "main.tf", "kong.yaml", "import.tf")
	says(t, said, "1 added", "3 created", "1 imported, 0 added, 0 changed, 0 destroyed", "No changes", "services.tf", "4 to import, 0 to add, 0 to change, 0 to destroy")
	if !strings.Contains(said[2], "1 to import, 0 to add, 0 to change, 0 to destroy") {
		t.Error(said[2])
	}
}
