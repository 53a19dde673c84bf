package acceptance

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"sync"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// meetFirst lets changes of objects wait until a request for a new one of their
// kind, or to delete what they refer to, was refused: whoever gives something up
// comes last.
func meetFirst(cp *acctest.ControlPlane, kinds ...string) {
	var known sync.Map
	refused, refuse := map[string]chan struct{}{}, map[string]func(){}
	for _, k := range kinds {
		met := make(chan struct{})
		refused[k], refuse[k] = met, sync.OnceFunc(func() { close(met) })
	}
	cp.Intercept(func(w http.ResponseWriter, r *http.Request, next http.Handler) bool {
		kind := path.Base(path.Dir(r.URL.Path))
		if r.Method == http.MethodDelete && kind == "services" {
			kind = "routes" // which wait for that
		}
		_, there := known.Load(r.URL.Path)
		switch {
		case refused[kind] == nil:
			return false
		case r.Method == http.MethodGet:
			known.Store(r.URL.Path, true)
			return false
		case r.Method == http.MethodPut && there:
			select {
			case <-refused[kind]:
			case <-r.Context().Done():
			}
			return false
		}
		answer := httptest.NewRecorder()
		next.ServeHTTP(answer, r)
		if answer.Code == http.StatusBadRequest {
			refuse[kind]()
		}
		for k, v := range answer.Header() {
			w.Header()[k] = v
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
		return true
	})
}

// What one resource gives up, another of the same apply gets, whoever comes
// first.
func TestAccHandover(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorld(t)
	resource := func(kind, label, body string) string {
		return fmt.Sprintf("resource \"konnect_gateway_%s\" %q {\n  control_plane_id = %q\n%s\n}\n", kind, label, w.ID, body)
	}
	frame := resource("service", "s", `host = "a.example"`) + resource("route", "r", `paths = ["/r"]`)
	before := frame +
		resource("plugin_cors", "a", "route = { id = konnect_gateway_route.r.id }\nconfig = {}") +
		resource("plugin", "i", "name = \"acl\"\ninstance_name = \"i\"\nconfig = { allow = [\"a\"] }") +
		resource("service", "a", "name = \"one\"\nhost = \"a.example\"") +
		resource("route", "a", "name = \"one\"\npaths = [\"/a\"]") +
		resource("consumer", "a", "username = \"one\"\ncustom_id = \"c\"") +
		resource("consumer_group", "a", `name = "one"`)
	after := frame +
		resource("plugin_cors", "a", "service = { id = konnect_gateway_service.s.id }\nconfig = {}") +
		resource("plugin_cors", "b", "route = { id = konnect_gateway_route.r.id }\nconfig = { max_age = 5 }") +
		resource("plugin", "j", "name = \"key-auth\"\ninstance_name = \"i\"\nconfig = {}") + // the other one goes
		resource("service", "a", "name = \"two\"\nhost = \"a.example\"") +
		resource("service", "b", "name = \"one\"\nhost = \"b.example\"") +
		resource("route", "a", "name = \"two\"\npaths = [\"/a\"]") +
		resource("route", "b", "name = \"one\"\npaths = [\"/b\"]") +
		resource("consumer", "a", "username = \"two\"") +
		resource("consumer", "b", "username = \"one\"") +
		resource("consumer", "c", "custom_id = \"c\"") +
		resource("consumer_group", "a", `name = "two"`) +
		resource("consumer_group", "b", `name = "one"`)
	tf := w.Terraform(t, map[string]string{"main.tf": before})
	settle(t, tf, w.ControlPlane)
	meetFirst(w.ControlPlane, "plugins", "services", "routes", "consumers", "consumer_groups")
	tf.Write(t, "main.tf", after)
	settle(t, tf, w.ControlPlane)
}

// A true exchange has no first step: both are named, nothing changes, and the
// way out is said.
func TestAccHandover_exchange(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorld(t)
	hcl := func(one, two string) string {
		return fmt.Sprintf(`resource "konnect_gateway_service" "one" {
  control_plane_id = %[1]q
  name = %[2]q
  host = "one.example"
}
resource "konnect_gateway_service" "two" {
  control_plane_id = %[1]q
  name = %[3]q
  host = "two.example"
}
`, w.ID, one, two)
	}
	tf := w.Terraform(t, map[string]string{"main.tf": hcl("one", "two")})
	settle(t, tf, w.ControlPlane)
	tf.Write(t, "main.tf", hcl("two", "one"))
	out, exit := tf.Run(t, "apply", "-auto-approve", "-no-color")
	said := strings.Join(strings.Fields(strings.ReplaceAll(string(out), "│", " ")), " ")
	for _, want := range []string{`konnect_gateway_service with name = "one"`, `konnect_gateway_service with name = "two"`, "That takes two applies", "exchange their name"} {
		if exit != 1 || !strings.Contains(said, want) {
			t.Errorf("exit code %d, want %q in %s", exit, want, out)
		}
	}
	tf.Write(t, "main.tf", hcl("two", "three"))
	settle(t, tf, w.ControlPlane)
	tf.Write(t, "main.tf", hcl("two", "one"))
	settle(t, tf, w.ControlPlane)
}

// A service goes after the route that turns away from it. Where Terraform wants
// the service to go first, the route is named.
func TestAccHandover_referrer(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorld(t)
	other := w.Make(t, entity.Service, w.Scope(), acctest.Object{"host": "other.example"})["id"]
	service := func(label, more string) string {
		return fmt.Sprintf("resource \"konnect_gateway_service\" %q {\n  control_plane_id = %q\n  host = \"a.example\"\n%s\n}\n", label, w.ID, more)
	}
	route := func(id any) string {
		return fmt.Sprintf("resource \"konnect_gateway_route\" \"a\" {\n  control_plane_id = %q\n  name = \"the-route\"\n  paths = [\"/a\"]\n  service = { id = %s }\n}\n", w.ID, id)
	}
	tf := w.Terraform(t, map[string]string{"main.tf": service("old", fmt.Sprintf("id = %q", acctest.SomeID))})
	settle(t, tf, w.ControlPlane)
	tf.Write(t, "route.tf", route(fmt.Sprintf("%q", acctest.SomeID)))
	settle(t, tf, w.ControlPlane)
	meetFirst(w.ControlPlane, "routes")
	tf.Write(t, "main.tf", service("new", ""))
	tf.Write(t, "route.tf", route(fmt.Sprintf("%q", other)))
	settle(t, tf, w.ControlPlane)
	w.Intercept(nil)

	names := func(args ...string) {
		t.Helper()
		out, exit := tf.Run(t, append([]string{"apply", "-auto-approve", "-no-color"}, args...)...)
		said := strings.Join(strings.Fields(strings.ReplaceAll(string(out), "│", " ")), " ")
		if exit != 1 || !strings.Contains(said, `cannot be deleted while the gateway route "the-route" (ID `) || !strings.Contains(said, "create_before_destroy = true") {
			t.Errorf("exit code %d: %s", exit, out)
		}
	}
	tf.Write(t, "route.tf", route("konnect_gateway_service.new.id"))
	settle(t, tf, w.ControlPlane)
	names("-replace=konnect_gateway_service.new")
	tf.Write(t, "main.tf", service("newer", ""))
	tf.Write(t, "route.tf", route("konnect_gateway_service.newer.id"))
	names()

	tf.Write(t, "main.tf", service("new", "lifecycle {\n    create_before_destroy = true\n  }"))
	tf.Write(t, "route.tf", route("konnect_gateway_service.new.id"))
	settle(t, tf, w.ControlPlane)
	tf.Write(t, "main.tf", service("newer", ""))
	tf.Write(t, "route.tf", route("konnect_gateway_service.newer.id"))
	settle(t, tf, w.ControlPlane)
}

// terraform test hands over in one run what another run gave away, whether it has one
// process for all runs, as newer versions do, or several.
func TestAccHandover_runs(t *testing.T) {
	t.Parallel()
	tf := acctest.Installed(t, map[string]string{
		"main.tf": requirements + `
variable "names" {
  type = map(string)
}
resource "konnect_gateway_control_plane" "a" {
  name = "shop"
}
resource "konnect_gateway_service" "a" {
  for_each         = var.names
  control_plane_id = konnect_gateway_control_plane.a.id
  name             = each.value
  host             = "${each.key}.example"
}
output "ids" {
  value = { for k, s in konnect_gateway_service.a : k => s.id }
}
`,
		"tests/names.tftest.hcl": `
provider "konnect" {
  embedded = { path = "test.db" }
}
run "first" {
  variables {
    names = { a = "x", b = "y" }
  }
}
run "handed_over" {
  variables {
    names = { a = "z", b = "x" }
  }
  assert {
    condition     = output.ids == run.first.ids
    error_message = "They are others."
  }
}
run "once_more" {
  variables {
    names = { a = "x", b = "y" }
  }
  assert {
    condition     = output.ids == run.first.ids
    error_message = "They are others."
  }
}
run "fewer" {
  variables {
    names = { c = "x" }
  }
}
`,
	})
	succeeds(t, tf, "test")
}
