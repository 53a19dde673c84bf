package acceptance

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider"
)

const requirements = `
terraform {
  required_providers {
    konnect = { source = "openkonnect/konnect" }
  }
}
provider "konnect" {
  embedded = { path = "konnect.db" }
}
`

// Functions and data sources in the hands of terraform: unknown values pass
// through, defaults are there at plan, and the second plan is empty.
func TestAccFunctions(t *testing.T) {
	t.Parallel()
	tf := acctest.New(t).Terraform(t, map[string]string{"schema.lua": acctest.SomeSource, "main.tf": requirements + `
resource "konnect_gateway_control_plane" "shop" {
  name = "shop"
}
resource "terraform_data" "host" {
  input = "r.example"
}
resource "konnect_gateway_plugin" "limit" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  name             = "rate-limiting"
  config = provider::konnect::plugin_config("rate-limiting", {
    minute = 5
    policy = "redis"
    redis  = { host = terraform_data.host.output, ssl_verify = true }
  })
}
check "plugins" {
  assert {
    condition     = length(local.faults) == 1 && local.faults[0].path == "config.polcy" && strcontains(local.faults[0].hint, "policy")
    error_message = jsonencode(local.faults)
  }
}
locals {
  faults   = provider::konnect::validate_plugin("rate-limiting", { minute = 5, polcy = "x" })
  defaults = provider::konnect::plugin_defaults("rate-limiting", { minute = 5, redis = { host = terraform_data.host.output } })
}
data "konnect_gateway_plugins" "free" {
  tier          = "free"
  name_contains = "rate-limiting"
}
data "konnect_gateway_plugin_schema" "cors" {
  name = "cors"
}
data "konnect_gateway_control_plane" "shop" {
  filter = { name = { eq = konnect_gateway_control_plane.shop.name } }
}
output "all" {
  value = {
    host    = local.defaults.redis.host
    names   = data.konnect_gateway_plugins.free.names
    fields  = [for f in data.konnect_gateway_plugin_schema.cors.fields : f.path if f.path == "config.max_age"]
    plane   = data.konnect_gateway_control_plane.shop.id == konnect_gateway_control_plane.shop.id
    port    = local.defaults.redis.port
    mine    = provider::konnect::plugin_schema_name(file("schema.lua"))
    nothing = provider::konnect::plugin_config("cors", null)
  }
}
`})
	if out, exit := tf.Run(t, "apply", "-auto-approve", "-no-color"); exit != 0 || strings.Contains(string(out), "Warning") {
		t.Fatalf("%s", out)
	}
	out, _ := tf.Run(t, "output", "-json", "all")
	want := `{"fields":["config.max_age"],"host":"r.example","mine":"mine","names":["rate-limiting"],"nothing":null,"plane":true,"port":6379}`
	if got := strings.TrimSpace(string(out)); got != want && !sameJSON(t, got, want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if out, exit := tf.Run(t, "plan", "-detailed-exitcode", "-no-color"); exit != 0 {
		t.Errorf("a second plan is not empty: %s", out)
	}
}

func sameJSON(t *testing.T, a, b string) bool {
	t.Helper()
	var x, y any
	if json.Unmarshal([]byte(a), &x) != nil || json.Unmarshal([]byte(b), &y) != nil {
		return false
	}
	one, _ := json.Marshal(x)
	two, _ := json.Marshal(y)
	return string(one) == string(two)
}

var oneFullStop = regexp.MustCompile(`[^.]\.$`)

// terraform validate shows what a function refuses at the line of the call, as one
// sentence.
func TestAccFunctions_wrong(t *testing.T) {
	t.Parallel()
	lines := []struct{ text, want string }{
		{`  a = provider::konnect::plugin_config("rate-limiting", { minute = 5, polcy = "x" })`, `config.polcy: unknown field. Did you mean "policy"?`},
		{`  b = provider::konnect::plugin_config("rate-limitting", {})`, `Did you mean "rate-limiting"?`},
		{`  c = provider::konnect::plugin_config("key-auth", { identity_realms = [{ scop = "cp" }] })`, "config.identity_realms[0].scop"},
		{`  d = provider::konnect::plugin_defaults("rate-limiting", {})`, "at least one of these fields"},
		{`  e = provider::konnect::plugin_schema_name("return {\n name = = 1 }")`, "schema.lua:2:"},
		{`  g = provider::konnect::plugin_config("rate-limiting", { polcy = "x", redis = { port = 99999 } })`, `- config.redis.port: value should be between 0 and 65535.`},
		{`  f = provider::konnect::plugin_config("rate-limiting", { minute = terraform_data.x.id, polcy = "x" })`, "config.polcy"},
	}
	text := requirements + "resource \"terraform_data\" \"x\" {}\nlocals {\n"
	first := strings.Count(text, "\n") + 1
	for _, l := range lines {
		text += l.text + "\n"
	}
	found := map[int]string{}
	for _, d := range acctest.New(t).Terraform(t, map[string]string{"main.tf": text + "}\n"}).Validate(t) {
		if d.Range != nil {
			found[d.Range.Start.Line] = d.Detail
			if !oneFullStop.MatchString(d.Detail) {
				t.Errorf("does not end in one full stop: %q", d.Detail)
			}
		}
	}
	for i, l := range lines {
		if !strings.Contains(strings.Join(strings.Fields(found[first+i]), " "), l.want) {
			t.Errorf("%s\ngot %q, want %q", l.text, found[first+i], l.want)
		}
	}
	if len(found) != len(lines) {
		t.Errorf("%d faults are found, want %d", len(found), len(lines))
	}
}

// Functions and data sources are shown with an example each, and there are no
// examples of what does not exist.
func TestExamples_functionsAndDataSources(t *testing.T) {
	t.Parallel()
	served, err := provider.New("test", nil)().GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	const root = "../../examples"
	count := 0
	check := func(folder, file, name string) {
		count++
		text, err := os.ReadFile(filepath.Join(root, folder, name, file))
		if err != nil || !strings.Contains(string(text), name) {
			t.Errorf("%s/%s/%s: %v", folder, name, file, err)
		}
	}
	for name := range served.Functions {
		check("functions", "function.tf", name)
	}
	for name := range served.DataSourceSchemas {
		check("data-sources", "data-source.tf", name)
	}
	shown, err := filepath.Glob(filepath.Join(root, "*s", "*", "*.tf"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range shown {
		if base := filepath.Base(file); base == "function.tf" || base == "data-source.tf" {
			count--
		}
	}
	if count != 0 {
		t.Errorf("%d examples are missing or too many", count)
	}
}
