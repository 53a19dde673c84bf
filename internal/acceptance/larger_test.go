package acceptance

import (
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
)

// storage is the provider block of an example that leaves it to the environment.
const storage = "provider \"konnect\" {\n  embedded = { path = \"konnect.db\" }\n}\n"

// edit is a text in a file of an example that a test has otherwise.
type edit struct{ file, old, now string }

// larger makes a folder with one of the larger examples, as it is but for an edit,
// and a provider that terraform starts itself.
func larger(t *testing.T, name string, edits ...edit) *acctest.Terraform {
	t.Helper()
	files := map[string]string{"provider.tf": storage}
	example := os.DirFS("../../examples/" + name)
	err := fs.WalkDir(example, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(example, path)
		files[path] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range edits {
		changed := strings.ReplaceAll(files[e.file], e.old, e.now)
		if changed == files[e.file] {
			t.Fatalf("%s has no %q", e.file, e.old)
		}
		files[e.file] = changed
	}
	tf := acctest.Installed(t, files)
	succeeds(t, tf, "get")
	return tf
}

// succeeds runs a terraform command that must not fail, and returns what it
// printed as one line.
func succeeds(t *testing.T, tf *acctest.Terraform, args ...string) string {
	t.Helper()
	out, exit := tf.Run(t, append(args, "-no-color")...)
	if exit != 0 {
		t.Fatalf("terraform %s: exit code %d\n%s", args, exit, out)
	}
	return flat(out)
}

// fails runs a terraform command that must fail and say why; " | " is between texts of
// which one will do.
func fails(t *testing.T, tf *acctest.Terraform, why string, args ...string) {
	t.Helper()
	out, exit := tf.Run(t, append(args, "-no-color")...)
	text := flat(out)
	if exit == 0 || !slices.ContainsFunc(strings.Split(why, " | "), func(why string) bool { return strings.Contains(text, why) }) {
		t.Errorf("terraform %s: exit code %d, want a failure that says %q\n%s", args, exit, why, out)
	}
}

// flat is what terraform printed without frames and line breaks.
func flat(out []byte) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(string(out), "│", "")), " ")
}

// lives applies an example, plans it once more, which must do nothing, and
// destroys it.
func lives(t *testing.T, tf *acctest.Terraform) {
	t.Helper()
	succeeds(t, tf, "apply", "-auto-approve")
	succeeds(t, tf, "plan", "-detailed-exitcode")
	succeeds(t, tf, "destroy", "-auto-approve")
}

func TestAccExample_platform(t *testing.T) {
	t.Parallel()
	tf := larger(t, "platform")
	if out := succeeds(t, tf, "test"); !strings.Contains(out, "4 passed, 0 failed.") {
		t.Error(out)
	}
	lives(t, tf)
}

// The platform's tests, and the provider, find what is broken in it.
func TestAccExample_platformBroken(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		edit
		test, want string
	}{
		"a default":        {edit{"platform/main.tf", "hide_credentials = true", "hide_credentials = false"}, "platform", "A default of the platform is another one."},
		"a default's unit": {edit{"platform/main.tf", "allowed_payload_size = var", "size_unit = \"bytes\", allowed_payload_size = var"}, "platform", "The limit has another unit."},
		// a newer Terraform does not tell a test's provider where its walks begin: the apply finds it then
		"two of one name": {edit{"main.tf", "bills = { host", "orders = { host"}, "platform", "Duplicate gateway service | A gateway service with this name exists already"},
		"a tier":          {edit{"main.tf", `carrier   = "silver"`, `carrier   = "bronze"`}, "platform", "The platform has these tiers: gold, silver."},
		"a wrong value":   {edit{"main.tf", "port = 8080", "port = 80800"}, "platform", "port: value should be between 0 and 65535."},
		"no tags":         {edit{"team/main.tf", "port = each.value.port\n  tags = [var.team]", "port = each.value.port"}, "team", "Something is not tagged with the team's name."},
		"no tier":         {edit{"team/main.tf", "contains(keys(var.platform.tiers), each.value)", "each.value != null"}, "team", "no_such_tier"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fails(t, larger(t, "platform", c.edit), c.want, "test", "-filter=tests/"+c.test+".tftest.hcl")
		})
	}
}

func TestAccExample_controlPlaneGroup(t *testing.T) {
	t.Parallel()
	tf := larger(t, "control-plane-group")
	if out := succeeds(t, tf, "test"); !strings.Contains(out, "3 passed, 0 failed.") {
		t.Error(out)
	}
	lives(t, tf)
}

// What the members of a group must not have in common is told after the apply that
// brings it, and what a group does not take is refused.
func TestAccExample_controlPlaneGroupConflicts(t *testing.T) {
	t.Parallel()
	tf := larger(t, "control-plane-group")
	succeeds(t, tf, "apply", "-auto-approve")
	for _, c := range []struct{ block, want string }{
		{"", ""},
		{`resource "konnect_gateway_plugin_correlation_id" "more" {
  control_plane_id = konnect_gateway_control_plane.team["orders"].id
  config           = {}
}`, "another gateway plugin with the same name is in the control plane"},
		{`resource "konnect_gateway_service" "more" {
  control_plane_id = konnect_gateway_control_plane.team["orders"].id
  name             = "bills"
  host             = "elsewhere.internal"
}`, "another gateway service with the same name is in the control plane"},
		{`resource "konnect_gateway_plugin_correlation_id" "more" {
  control_plane_id = konnect_gateway_control_plane.team["orders"].id
  service          = { id = konnect_gateway_service.api["orders/orders"].id }
  config           = {}
}`, ""},
	} {
		tf.Write(t, "more.tf", c.block)
		succeeds(t, tf, "apply", "-auto-approve")
		out := succeeds(t, tf, "plan", "-detailed-exitcode")
		if conflict := strings.Contains(out, "Members in conflict"); conflict != (c.want != "") || !strings.Contains(out, c.want) {
			t.Errorf("with %q, want %q:\n%s", c.block, c.want, out)
		}
	}
	for _, c := range []struct{ block, want string }{
		{`resource "konnect_gateway_service" "more" {
  control_plane_id = konnect_gateway_control_plane.all.id
  host             = "orders.internal"
}`, `"all" (`},
		{`resource "konnect_gateway_control_plane_membership" "more" {
  id      = konnect_gateway_control_plane.all.id
  members = [{ id = konnect_gateway_control_plane.all.id }]
}`, "members[0].id: it is the group itself."},
	} {
		tf.Write(t, "more.tf", c.block)
		fails(t, tf, c.want, "plan")
	}
	tf.Write(t, "more.tf", "")
	succeeds(t, tf, "destroy", "-auto-approve")
}

func TestAccExample_customPlugin(t *testing.T) {
	t.Parallel()
	tf := larger(t, "custom-plugin")
	if out := succeeds(t, tf, "test"); !strings.Contains(out, "5 passed, 0 failed.") {
		t.Error(out)
	}
	lives(t, tf)
}

// The tests of the custom plugin find what is broken in it.
func TestAccExample_customPluginBroken(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		edit
		want string
	}{
		"a default":            {edit{"plugins/1.0/greeter/schema.lua", "X-Greeting", "X-Hello"}, "The plugin is greeter, or has another header."},
		"a release that grows": {edit{"plugins/1.1/greeter/schema.lua", `name = "greeter"`, `name = "greeter-v2"`}, "Instances were made anew"},
		"the same name":        {edit{"plugins/2.0/greeter-v2/schema.lua", `name = "greeter-v2"`, `name = "greeter"`}, "Instances of greeter are those of the old plugin."},
		"an instance":          {edit{"main.tf", "language = \"en\"", "language = \"english\""}, "config.language: length must be 2"},
		"a schema":             {edit{"plugins/2.0/greeter-v2/schema.lua", "len_min = 1", "len_mn = 1"}, "len_mn"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fails(t, larger(t, "custom-plugin", c.edit), c.want, "test")
		})
	}
}
