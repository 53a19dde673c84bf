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
