package acceptance

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
)

// An apply ends well only if the data planes run what it wrote: where they do
// not, the data source says which, and a check block says it without failing.
func TestAccSync(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorld(t)
	const hcl = `provider "konnect" {
  embedded = { path = "a" }
}
resource "konnect_gateway_service" "orders" {
  control_plane_id = "%[1]s"
  name             = "orders"
  host             = "%[2]s"
}
data "konnect_gateway_sync" "shop" {
  control_plane_id = "%[1]s"
  timeout          = "0s"
  depends_on       = [konnect_gateway_service.orders]
}
output "running" {
  value = [for n in data.konnect_gateway_sync.shop.nodes : n.config_hash == data.konnect_gateway_sync.shop.expected_hash]
}
`
	tf := w.Terraform(t, map[string]string{"main.tf": fmt.Sprintf(hcl, w.ID, "a.example")})
	run := func(want int, args ...string) string {
		t.Helper()
		out, exit := tf.Run(t, append(args, "-no-color")...)
		if exit != want {
			t.Fatalf("%v: exit code %d: %s", args, exit, out)
		}
		return strings.Join(strings.Fields(strings.ReplaceAll(string(out), "│", "")), " ")
	}
	says := func(said, want string) {
		t.Helper()
		if !strings.Contains(said, want) {
			t.Errorf("nothing says %q: %s", want, said)
		}
	}
	w.Intercept(acctest.Nodes(time.Now(), acctest.Node{Hostname: "a"}, acctest.Node{Hostname: "b"}))
	says(run(0, "apply", "-auto-approve"), "running = [ true, true, ]")
	run(0, "plan", "-detailed-exitcode")

	tf.Write(t, "main.tf", fmt.Sprintf(hcl, w.ID, "b.example"))
	w.Intercept(acctest.Nodes(time.Now(), acctest.Node{Hostname: "a"}, acctest.Node{Hostname: "b", Version: "3.11.0.3", Takes: acctest.Never, Before: "old"}))
	const behind = "Not up to date: 1 of 2 connected data planes."
	said := run(1, "apply", "-auto-approve")
	says(said, "konnect_gateway_service.orders: Modifications complete")
	says(said, behind)
	says(said, "- b (version 3.11.0.3) runs old; last heard ")
	says(run(1, "plan"), behind)

	tf.Write(t, "main.tf", fmt.Sprintf(`provider "konnect" {
  embedded = { path = "a" }
}
check "data_planes" {
  data "konnect_gateway_sync" "shop" {
    control_plane_id = %q
    timeout          = "0s"
  }
  assert {
    condition     = length(data.konnect_gateway_sync.shop.nodes) == 2
    error_message = "There should be two data planes."
  }
}
`, w.ID))
	says(run(0, "apply", "-auto-approve"), "Warning: Data planes are not up to date")
	tf.Write(t, "main.tf", "data \"konnect_gateway_sync\" \"a\" {\n  control_plane_id = \"a\"\n  timeout = \"soon\"\n  minimum_nodes = -1\n}\n")
	for _, d := range tf.Validate(t) {
		if d.Snippet == nil || !strings.Contains(d.Snippet.Code, strings.TrimPrefix(d.Summary, "Invalid ")) {
			t.Errorf("%s: %s is not shown where it is", d.Summary, d.Detail)
		}
	}
	if n := len(tf.Validate(t)); n != 2 {
		t.Errorf("%d faults", n)
	}
}
