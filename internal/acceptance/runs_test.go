package acceptance

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// run is a command that a team runs, after which the control plane holds what
// the state says and, unless something is left to do, the next plan is empty.
type run struct {
	name  string
	args  []string
	files map[string]string // written before
	lacks []string          // addresses that the state does not have in the end
	left  bool              // something is left to do
}

// shelf is a service, its route and a plugin, and a consumer that stands alone.
func shelf(cp, host, lifecycle string) string {
	key := fmt.Sprintf("  control_plane_id = %q\n", cp)
	return "resource \"konnect_gateway_service\" \"a\" {\n" + key + "  host = \"" + host + "\"\n" + lifecycle + "}\n" +
		"resource \"konnect_gateway_route\" \"a\" {\n" + key + "  paths = [\"/a\"]\n  service = { id = konnect_gateway_service.a.id }\n}\n" +
		"resource \"konnect_gateway_plugin_cors\" \"a\" {\n" + key + "  service = { id = konnect_gateway_service.a.id }\n  config = {}\n}\n" +
		"resource \"konnect_gateway_consumer\" \"a\" {\n" + key + "  username = \"" + host + "\"\n}\n"
}

// The ways in which terraform can be told to do only a part, or to do it again.
func TestAccRuns(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorld(t)
	served := httptest.NewServer(w)
	t.Cleanup(served.Close)
	const first = "lifecycle {\n    create_before_destroy = true\n  }\n"
	tf := acctest.Installed(t, map[string]string{"provider.tf": servedBy(served.URL)})
	for _, r := range []run{
		{name: "a target", args: []string{"apply", "-target=konnect_gateway_route.a"}, files: map[string]string{"main.tf": shelf(w.ID, "a", first)},
			lacks: []string{"konnect_gateway_consumer.a", "konnect_gateway_plugin_cors.a"}, left: true},
		{name: "the rest", args: []string{"apply"}},
		{name: "replaced in place", args: []string{"apply", "-replace=konnect_gateway_consumer.a"}},
		{name: "replaced before it goes", args: []string{"apply", "-replace=konnect_gateway_service.a"}},
		{name: "tainted", args: []string{"taint", "konnect_gateway_plugin_cors.a"}, left: true},
		{name: "no longer tainted", args: []string{"apply", "-refresh=false"}},
		{name: "changed without a look", args: []string{"apply", "-refresh=false"}, files: map[string]string{"main.tf": shelf(w.ID, "b", first)}},
		{name: "a look only", args: []string{"apply", "-refresh-only"}},
		{name: "everything goes", args: []string{"destroy", "-refresh=false"}, left: true},
	} {
		for name, text := range r.files {
			tf.Write(t, name, text)
		}
		args := r.args
		if args[0] != "taint" {
			args = append(args, "-auto-approve", "-input=false", "-no-color")
		}
		if out, exit := tf.Run(t, args...); exit != 0 {
			t.Fatalf("%s: %s", r.name, out)
		}
		single(t, tf, w.ControlPlane)
		held := attributes(t, tf)
		for _, address := range r.lacks {
			if held[address] != nil {
				t.Errorf("%s: %s is there", r.name, address)
			}
		}
		if _, exit := tf.Plan(t); (exit == 2) != r.left {
			t.Errorf("%s: the exit code of a plan is %d", r.name, exit)
		}
	}
	if left, err := w.Client.List(t.Context(), client.Ref{Type: entity.Service, Parents: w.Scope()}, nil); err != nil || len(left) > 0 {
		t.Errorf("%d services are left (%v)", len(left), err)
	}
}

// A plan is applied in another folder by another process, which has nothing but
// the plan and the state. What the plan could not check for want of a control
// plane is said once.
func TestAccRuns_elsewhere(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorld(t)
	served := httptest.NewServer(w)
	t.Cleanup(served.Close)
	later := fmt.Sprintf("resource \"terraform_data\" \"address\" {\n  input = %q\n}\nprovider \"konnect\" {\n  server_url = terraform_data.address.output\n}\n", served.URL)
	const unknown = "The control plane is not known yet"
	for name, tt := range map[string]struct {
		provider string
		want     int
	}{"an address": {servedBy(served.URL), 0}, "an address to come": {later, 1}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			username := strings.ReplaceAll(name, " ", "-")
			here := acctest.Installed(t, map[string]string{"provider.tf": tt.provider, "main.tf": shelf(w.ID, username, "")})
			said := slices.DeleteFunc(diagnosed(t, here, "plan", "-out=plan"), func(d acctest.Diagnostic) bool { return d.Summary != unknown })
			if len(said) != tt.want {
				t.Errorf("the plan says: %+v", said)
			}
			for _, host := range []string{username, username + "-b"} {
				here.Write(t, "main.tf", shelf(w.ID, host, ""))
				if out, exit := here.Run(t, "plan", "-out=plan", "-input=false"); exit != 0 {
					t.Fatalf("%s", out)
				}
				there := here.Elsewhere(t, nil)
				carry(t, here, there, "plan", "terraform.tfstate")
				if out, exit := there.Run(t, "apply", "-input=false", "-no-color", "plan"); exit != 0 || strings.Contains(string(out), unknown) {
					t.Fatalf("exit code %d: %s", exit, out)
				}
				carry(t, there, here, "terraform.tfstate")
				if changes, exit := here.Plan(t); exit != 0 {
					t.Errorf("a second plan: %v", changes)
				}
			}
		})
	}
}

// carry copies files, where they are, from one folder to another.
func carry(t *testing.T, from, to *acctest.Terraform, names ...string) {
	t.Helper()
	for _, name := range names {
		text, err := os.ReadFile(from.File(name))
		if os.IsNotExist(err) {
			continue
		}
		if err == nil {
			err = os.WriteFile(filepath.Clean(to.File(name)), text, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// Whoever interrupts an apply waits for what is under way; the next apply makes
// the rest. Two workspaces keep to themselves on one control plane.
func TestAccRuns_interrupted(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorld(t)
	served := httptest.NewServer(w)
	t.Cleanup(served.Close)
	tf := acctest.Installed(t, map[string]string{"provider.tf": servedBy(served.URL), "main.tf": shelf(w.ID, "${terraform.workspace}", "")})
	apply := tf.Command("apply", "-auto-approve", "-no-color", "-input=false")
	interrupt := sync.OnceFunc(func() { _ = apply.Process.Signal(os.Interrupt) })
	w.Intercept(func(_ http.ResponseWriter, r *http.Request, next http.Handler) bool {
		if r.Method == http.MethodGet {
			return false
		}
		next.ServeHTTP(httptest.NewRecorder(), r)
		interrupt()
		<-r.Context().Done() // the provider hangs up
		return true
	})
	if out, err := apply.CombinedOutput(); err == nil || !strings.Contains(string(out), "Interrupt received") {
		t.Fatalf("%v: %s", err, out)
	}
	w.Intercept(nil)
	settle(t, tf, w.ControlPlane)
	single(t, tf, w.ControlPlane)
	for _, args := range [][]string{{"workspace", "new", "other"}, {"apply", "-auto-approve"}, {"destroy", "-auto-approve"}, {"workspace", "select", "default"}} {
		if out, exit := tf.Run(t, args...); exit != 0 {
			t.Fatalf("%v: %s", args, out)
		}
	}
	single(t, tf, w.ControlPlane)
	settle(t, tf, w.ControlPlane)
}
