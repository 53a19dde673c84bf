package acceptance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/resource"
)

// mocked is a configuration of everything that is no plugin's own resource, in
// which each refers to others.
const mocked = requirements + `
resource "konnect_gateway_control_plane" "a" {
  name = "shop"
}
resource "konnect_gateway_service" "a" {
  control_plane_id = konnect_gateway_control_plane.a.id
  name             = "shop"
  host             = "a.example"
}
resource "konnect_gateway_route" "a" {
  control_plane_id = konnect_gateway_control_plane.a.id
  paths            = ["/a"]
  service          = { id = konnect_gateway_service.a.id }
}
resource "konnect_gateway_consumer" "a" {
  control_plane_id = konnect_gateway_control_plane.a.id
  username         = "a"
}
resource "konnect_gateway_consumer_group" "a" {
  control_plane_id = konnect_gateway_control_plane.a.id
  name             = "a"
}
resource "konnect_gateway_consumer_group_member" "a" {
  control_plane_id  = konnect_gateway_control_plane.a.id
  consumer_id       = konnect_gateway_consumer.a.id
  consumer_group_id = konnect_gateway_consumer_group.a.id
}
resource "konnect_gateway_custom_plugin_schema" "a" {
  control_plane_id = konnect_gateway_control_plane.a.id
  lua_schema       = file("schema.lua")
}
resource "konnect_gateway_plugin" "a" {
  control_plane_id = konnect_gateway_control_plane.a.id
  name             = "rate-limiting"
  consumer         = { id = konnect_gateway_consumer.a.id }
  route            = { id = konnect_gateway_route.a.id }
  config           = provider::konnect::plugin_config("rate-limiting", { minute = 5 })
}
resource "konnect_gateway_custom_plugin" "a" {
  control_plane_id = konnect_gateway_control_plane.a.id
  name             = "key-auth"
  service          = { id = konnect_gateway_service.a.id }
  config           = {}
}
resource "konnect_gateway_plugin_rate_limiting" "a" {
  control_plane_id = konnect_gateway_control_plane.a.id
  consumer_group   = { id = konnect_gateway_consumer_group.a.id }
  config           = { minute = 5 }
}
resource "konnect_gateway_cloned_plugin" "a" {
  control_plane_id = konnect_gateway_control_plane.a.id
  name             = "audit-log"
  ref              = "http-log"
  priority         = 5
}
data "konnect_gateway_control_plane" "a" {
  filter = { name = { eq = konnect_gateway_control_plane.a.name } }
}
data "konnect_gateway_control_plane_list" "a" {
}
data "konnect_gateway_plugins" "a" {
}
data "konnect_gateway_plugin_schema" "a" {
  name = "acl"
}
resource "konnect_gateway_plugin_cors" "found" {
  control_plane_id = data.konnect_gateway_control_plane.a.id
  config           = {}
}
output "defaults" {
  value = provider::konnect::plugin_defaults("rate-limiting", { minute = 5 }).policy
}
output "faults" {
  value = length(provider::konnect::validate_plugin("rate-limiting", { minut = 5 }))
}
output "schema_name" {
  value = provider::konnect::plugin_schema_name(file("schema.lua"))
}
`

const mocking = `
mock_provider "konnect" {
  mock_resource "konnect_gateway_consumer" {
    defaults = { id = "consumer-1" }
  }
}
override_resource {
  target = konnect_gateway_service.a
  values = { id = "service-1" }
}
override_data {
  target = data.konnect_gateway_control_plane.a
  values = { id = "plane-1" }
}
run "plan" {
  command = plan
}
run "apply" {
  assert {
    condition     = konnect_gateway_route.a.service.id == "service-1" && konnect_gateway_plugin.a.consumer.id == "consumer-1"
    error_message = "no reference to what is mocked"
  }
  assert {
    condition     = konnect_gateway_plugin_cors.found.control_plane_id == "plane-1"
    error_message = "no reference to data that is mocked"
  }
  assert {
    condition     = output.defaults != "" && output.faults > 0
    error_message = "functions say ${output.defaults}, ${output.faults}"
  }
}
`

// Configurations are tested by terraform test with a mocked provider, which makes
// up ids that are none, for every resource, data source and function.
func TestAccMock(t *testing.T) {
	t.Parallel()
	cp := acctest.New(t)
	set := plugins.Bundled(entity.Plugin.Schema(), entity.Schemas)
	resources, count := writtenOut(t, set, set.Names(), map[string]string{"minimal": "${konnect_gateway_control_plane.a.id}"})
	every, err := json.MarshalIndent(map[string]any{"resource": resources}, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	tf := cp.Terraform(t, map[string]string{"main.tf": mocked, "schema.lua": acctest.SomeSource, "every.tf.json": string(every), "mock.tftest.hcl": mocking})
	out, exit := tf.Run(t, "test", "-no-color")
	if exit != 0 || !bytes.Contains(out, []byte("Success! 2 passed, 0 failed.")) {
		t.Errorf("%d resources: exit code %d: %s", count, exit, out[max(0, bytes.Index(out, []byte("Error:"))):])
	}
	if asked := cp.Requests(); len(asked) > 0 {
		t.Errorf("mocks asked the control plane: %v", asked)
	}
}

// overriding gives every resource of the estate an id of its own, and every data
// source a value; the run insists on them.
func overriding(t *testing.T, files map[string]string) (data, test string) {
	t.Helper()
	var overrides, asserts, sources strings.Builder
	override := func(what, target, name, value string) {
		fmt.Fprintf(&overrides, "override_%s {\n  target = %s\n  values = { %s = %s }\n}\n", what, target, name, value)
		fmt.Fprintf(&asserts, "  assert {\n    condition     = %s.%s == %s\n    error_message = %q\n  }\n", target, name, value, target)
	}
	for kind, r := range resource.All() {
		if id := r.Root().Named("id"); r.Plugin == "" && id != nil && id.IsComputed() && strings.Contains(files["main.tf"], strconv.Quote(kind)) {
			override("resource", kind+`.all["first"]`, "id", strconv.Quote(kind+"-1"))
		}
	}
	schemas, err := acctest.Offline(t).Server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range schemas.DataSourceSchemas {
		fmt.Fprintf(&sources, "data %q \"a\" {\n", name)
		made := ""
		for _, a := range s.Block.Attributes {
			switch isText := a.Type != nil && a.Type.Is(tftypes.String); {
			case isText && (a.Required || a.Name == "id" && a.Optional):
				fmt.Fprintf(&sources, "  %s = konnect_gateway_service.all[\"first\"].id\n", a.Name)
			case a.Required:
				t.Errorf("%s: what is %s?", name, a.Name)
			case isText && a.Computed && !a.Optional:
				made = a.Name
			}
		}
		sources.WriteString("}\n")
		if made != "" {
			override("data", "data."+name+".a", made, strconv.Quote(name+"-1"))
		} else {
			fmt.Fprintf(&asserts, "  assert {\n    condition     = can(data.%s.a)\n    error_message = %q\n  }\n", name, name)
		}
	}
	return sources.String(), "mock_provider \"konnect\" {}\n" + overrides.String() + "run \"all\" {\n" + asserts.String() + "}\n"
}

// Every kind of object and every data source is mocked and overridden by terraform
// test, without a control plane.
func TestAccMock_everything(t *testing.T) {
	t.Parallel()
	cp := acctest.New(t)
	files := estateFiles(t)
	files["sources.tf"], files["mock.tftest.hcl"] = overriding(t, files)
	tf := cp.Terraform(t, files)
	if out, exit := tf.Run(t, "test", "-no-color"); exit != 0 || !bytes.Contains(out, []byte("Success! 1 passed, 0 failed.")) {
		t.Errorf("exit code %d: %s", exit, out)
	}
	if asked := cp.Requests(); len(asked) > 0 {
		t.Errorf("mocks asked the control plane: %v", asked)
	}
}
