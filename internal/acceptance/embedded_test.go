package acceptance

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
)

// A plan leaves no file behind. Where a state refers to a file that is gone, it
// says so, and where it looked; newcomers are told nothing.
func TestAccEmbedded_noFile(t *testing.T) {
	t.Parallel()
	tf := acctest.Embedded(t, nil)
	file := tf.File("konnect.db")
	tf.Write(t, "main.tf", fmt.Sprintf(`provider "konnect" {
  embedded = { path = %q }
}
resource "konnect_gateway_control_plane" "a" {
  name = "one"
}
resource "konnect_gateway_service" "a" {
  control_plane_id = konnect_gateway_control_plane.a.id
  name = "one"
  host = "a.example"
}
data "konnect_gateway_control_plane_list" "a" {
}
`, file))
	none := func() {
		t.Helper()
		found, _ := os.ReadDir(tf.File("."))
		for _, f := range found {
			if strings.HasPrefix(f.Name(), "konnect.db") {
				t.Errorf("%s was made", f.Name())
			}
		}
	}
	run := func(want int, args ...string) string {
		t.Helper()
		out, exit := tf.Run(t, append(args, "-no-color")...)
		if exit != want {
			t.Fatalf("%v: exit code %d: %s", args, exit, out)
		}
		return strings.Join(strings.Fields(string(bytes.ReplaceAll(out, []byte("│"), nil))), " ")
	}
	quiet := func(said string) {
		t.Helper()
		if strings.Contains(said, "Warning:") || strings.Contains(said, "did not exist") {
			t.Errorf("it says %s", said)
		}
	}
	run(0, "validate")
	quiet(run(2, "plan", "-detailed-exitcode"))
	none()
	quiet(run(0, "apply", "-auto-approve"))
	quiet(run(0, "plan", "-detailed-exitcode"))
	if _, err := os.Stat(file); err != nil {
		t.Fatal(err)
	}

	for _, name := range []string{"konnect.db", "konnect.db-wal", "konnect.db-shm"} {
		_ = os.Remove(tf.File(name)) // the last two may be gone
	}
	for _, args := range [][]string{{"plan", "-detailed-exitcode"}, {"plan", "-detailed-exitcode", "-refresh-only"}} {
		said := run(2, args...)
		if n := strings.Count(said, "did not exist when this run began: "+file); n != 1 {
			t.Errorf("%v: it is said %d times: %s", args, n, said)
		}
		none()
	}
	if said := run(0, "apply", "-auto-approve"); !strings.Contains(said, file) || !strings.Contains(said, "2 added") {
		t.Errorf("the apply says %s", said)
	}
	quiet(run(0, "plan", "-detailed-exitcode"))
}

const kong = `_format_version: "3.0"
_konnect: {control_plane_name: shop}
services:
- name: orders
  host: orders.internal
`

// atOrders is a configuration beside what that file holds.
const atOrders = `
data "konnect_gateway_control_plane" "shop" {
  filter = { name = { eq = "shop" } }
}
data "konnect_gateway_service" "orders" {
  control_plane_id = data.konnect_gateway_control_plane.shop.id
  name             = "orders"
}
resource "konnect_gateway_route" "a" {
  control_plane_id = data.konnect_gateway_control_plane.shop.id
  service          = { id = data.konnect_gateway_service.orders.id }
  paths            = ["/orders"]
}
`

// What is loaded is the same whenever Terraform starts the provider: what a plan
// has found is there for the apply. In memory nothing else stays, and that is said;
// in a file all of it does, and nothing is loaded again.
func TestAccEmbedded_load(t *testing.T) {
	t.Parallel()
	tf := acctest.Embedded(t, map[string]string{"kong.yaml": kong, "main.tf": atOrders})
	load := func(path string) {
		t.Helper()
		tf.Write(t, "provider.tf", fmt.Sprintf("provider \"konnect\" {\n  embedded = { %s load = %q }\n}\n", path, tf.File("kong.yaml")))
	}
	run := func(want int, args ...string) string {
		t.Helper()
		out, exit := tf.Run(t, append(args, "-no-color")...)
		if exit != want {
			t.Fatalf("%v: exit code %d: %s", args, exit, out)
		}
		return strings.Join(strings.Fields(string(out)), " ")
	}
	const keepsNothing = "The embedded control plane keeps nothing"
	load("")
	if said := run(0, "apply", "-auto-approve"); strings.Contains(said, keepsNothing) {
		t.Error(said)
	}
	if said := run(2, "plan", "-detailed-exitcode"); strings.Count(said, keepsNothing) != 1 || !strings.Contains(said, "1 to add, 0 to change") {
		t.Error(said)
	}
	if said := run(0, "destroy", "-auto-approve"); !strings.Contains(said, "0 destroyed") {
		t.Error(said)
	}

	load(fmt.Sprintf("path = %q,", tf.File("konnect.db")))
	for _, wanted := range []int{2, 0} {
		run(wanted, "plan", "-detailed-exitcode")
		run(0, "apply", "-auto-approve")
		tf.Write(t, "kong.yaml", "nobody reads this any more: [")
	}
	if said := run(0, "destroy", "-auto-approve"); !strings.Contains(said, "1 destroyed") {
		t.Error(said)
	}
}

// What is wrong with the embedded control plane is said at its attribute: by
// validate what the block alone tells, by plan what is wrong in the file.
func TestAccEmbedded_wrong(t *testing.T) {
	t.Parallel()
	for embedded, c := range map[string]struct {
		kong, validate, plan string
	}{
		`{}`:                      {kong, "embedded has no path", ""},
		`{ path = "" }`:           {kong, "embedded.path has no path", ""},
		`{ load = " " }`:          {kong, "embedded.load is empty", ""},
		`{ path = "no/a.db" }`:    {kong, "", "the folder of"},
		`{ load = "none.yaml" }`:  {kong, "", "none.yaml: there is no such file"},
		`{ load = "kong.yaml" }`:  {kong + "  prot: http\n", "", `kong.yaml:6: services[0].prot: unknown field; did you mean "port"?`},
		`{ load = "kong.yaml"  }`: {kong + "  port: high\n  retries: -1\n", "", "kong.yaml:6: services[0].port: expected an integer"},
	} {
		t.Run(embedded, func(t *testing.T) {
			t.Parallel()
			tf := acctest.Embedded(t, map[string]string{"kong.yaml": c.kong})
			embedded := strings.ReplaceAll(embedded, "kong.yaml", tf.File("kong.yaml"))
			tf.Write(t, "main.tf", "provider \"konnect\" {\n  embedded = "+embedded+"\n}\ndata \"konnect_gateway_control_plane_list\" \"a\" {\n}\n")
			found := tf.Validate(t)
			if c.plan != "" {
				if len(found) > 0 {
					t.Fatalf("validate says %v", found)
				}
				found = planned(t, tf)
			}
			want := c.validate + c.plan
			if len(found) != 1 || !strings.Contains(found[0].Detail, want) {
				t.Fatalf("got %v, want %q", found, want)
			}
			if at := found[0]; at.Range == nil || at.Range.Start.Line != 2 || at.Snippet == nil || !strings.Contains(at.Snippet.Code, "embedded") {
				t.Errorf("it stands at %+v, %+v", at.Range, at.Snippet)
			}
		})
	}
}
