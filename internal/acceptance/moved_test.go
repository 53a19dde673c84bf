package acceptance

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
)

// State of a provider for self-managed gateways, taken over by moved blocks: the
// plan moves everything and changes nothing.
func TestAccMoved(t *testing.T) {
	t.Parallel()
	for provider, types := range map[string]map[string]string{
		"kevholditch/kong": {
			"konnect_gateway_service": "kong_service", "konnect_gateway_route": "kong_route", "konnect_gateway_consumer": "kong_consumer",
			"konnect_gateway_key_auth": "kong_consumer_key_auth", "konnect_gateway_plugin": "kong_plugin", "konnect_gateway_plugin_cors": "kong_plugin",
		},
		"kong/kong-gateway": {
			"konnect_gateway_service": "kong-gateway_service", "konnect_gateway_route": "kong-gateway_route", "konnect_gateway_consumer": "kong-gateway_consumer",
			"konnect_gateway_key_auth": "kong-gateway_key_auth", "konnect_gateway_plugin": "kong-gateway_plugin_acl", "konnect_gateway_plugin_cors": "kong-gateway_plugin_cors",
		},
	} {
		t.Run(provider, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewWorld(t)
			resource := func(kind, body string) string {
				return fmt.Sprintf("resource \"konnect_gateway_%s\" \"new\" {\n  control_plane_id = %q\n%s\n}\n", kind, w.ID, body)
			}
			main := resource("service", "name = \"orders\"\nhost = \"a.example\"") +
				resource("route", "name = \"orders\"\npaths = [\"/orders\"]\nservice = { id = konnect_gateway_service.new.id }") +
				resource("consumer", `username = "alice"`) +
				resource("key_auth", "consumer_id = konnect_gateway_consumer.new.id\nkey = \"s3cret\"") +
				resource("plugin", "name = \"acl\"\nconfig = { allow = [\"a\"] }") +
				resource("plugin_cors", "route = { id = konnect_gateway_route.new.id }\nconfig = { max_age = 5 }")
			tf := w.Terraform(t, map[string]string{"main.tf": main})
			settle(t, tf, w.ControlPlane)
			from := asElsewhere(t, tf.File("terraform.tfstate"), provider, types)
			var moves strings.Builder
			for to, old := range from {
				fmt.Fprintf(&moves, "moved {\n  from = %s\n  to   = %s.new\n}\n", old, to)
			}
			tf.Write(t, "moved.tf", moves.String())
			plan, exit := tf.Plan(t)
			if exit == 1 || len(plan) != len(types) {
				t.Fatalf("exit code %d, %d of %d resources", exit, len(plan), len(types))
			}
			for address, c := range plan {
				if !slices.Equal(c.Actions, []string{"no-op"}) {
					t.Errorf("%s: %v %v", address, c.Actions, acctest.Changes(c.Before, c.After))
				}
			}
			settle(t, tf, w.ControlPlane)
		})
	}
}

// asElsewhere rewrites a state file as another provider would have left it: with
// its types, and of the attributes only what all of its versions have. It returns
// the old addresses by our types.
func asElsewhere(t *testing.T, file, provider string, types map[string]string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var state map[string]any
	if err := json.Unmarshal(text, &state); err != nil {
		t.Fatal(err)
	}
	old := map[string]string{}
	for _, one := range state["resources"].([]any) {
		r := one.(map[string]any)
		ours := fmt.Sprint(r["type"])
		instance := r["instances"].([]any)[0].(map[string]any)
		held := instance["attributes"].(map[string]any)
		attributes := map[string]any{"id": held["id"]}
		if parent, ok := held["consumer_id"]; ok {
			attributes["consumer_id"], attributes["id"] = parent, fmt.Sprintf("%s|%s", parent, held["id"])
		}
		if name, ok := held["name"]; ok {
			attributes["name"] = name
		}
		name := strings.TrimPrefix(ours, "konnect_gateway_")
		r["type"], r["name"], r["provider"] = types[ours], name, fmt.Sprintf("provider[%q]", "registry.terraform.io/"+provider)
		r["instances"] = []any{map[string]any{"schema_version": 0, "attributes": attributes}}
		old[ours] = types[ours] + "." + name
	}
	if text, err = json.Marshal(state); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return old
}
