package acceptance

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// One of everything: created, planned again, changed in one place, imported,
// destroyed. Each apply of the test framework is followed by plans that must
// be empty.
func TestAccGateway_lifecycle(t *testing.T) {
	t.Parallel()
	cp := acctest.New(t)
	everything := []string{
		"konnect_gateway_consumer.alice", "konnect_gateway_consumer_group.gold", "konnect_gateway_consumer_group_member.alice",
		"konnect_gateway_control_plane.shop", "konnect_gateway_custom_plugin.greeter", "konnect_gateway_custom_plugin_schema.greeter",
		"konnect_gateway_plugin.limit", "konnect_gateway_route.orders", "konnect_gateway_service.orders",
	}
	steps := []resource.TestStep{
		{
			ConfigDirectory: config.TestStepDirectory(),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: append(actions(everything, plancheck.ResourceActionCreate),
				// The name stands in the Lua text, and with it the whole
				// configuration of the plugin is known.
				plancheck.ExpectKnownValue("konnect_gateway_custom_plugin.greeter", tfjsonpath.New("name"), knownvalue.StringExact("greeter")),
				plancheck.ExpectKnownValue("konnect_gateway_custom_plugin.greeter", tfjsonpath.New("effective_config").AtMapKey("status"), knownvalue.Int64Exact(200)),
				plancheck.ExpectUnknownValue("konnect_gateway_service.orders", tfjsonpath.New("id")),
			)},
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("konnect_gateway_plugin.limit", tfjsonpath.New("effective_config").AtMapKey("policy"), knownvalue.StringExact("local")),
				statecheck.ExpectKnownValue("konnect_gateway_plugin.limit", tfjsonpath.New("config"), knownvalue.ObjectExact(map[string]knownvalue.Check{"minute": knownvalue.Int64Exact(60)})),
			},
		},
		{
			// Only tags of the service change: nothing that refers to it does.
			ConfigDirectory: config.TestStepDirectory(),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: append(
				actions(without(everything, "konnect_gateway_service.orders", "konnect_gateway_control_plane.shop"), plancheck.ResourceActionNoop),
				plancheck.ExpectResourceAction("konnect_gateway_service.orders", plancheck.ResourceActionUpdate),
				plancheck.ExpectResourceAction("konnect_gateway_control_plane.shop", plancheck.ResourceActionUpdate),
				quiet("konnect_gateway_service.orders", "tags", "updated_at"),
				quiet("konnect_gateway_control_plane.shop", "description", "labels"),
			)},
		},
	}
	for _, address := range everything {
		steps = append(steps, importStep(address))
	}
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: cp.Providers(), Steps: steps, CheckDestroy: func(*terraform.State) error {
		left, err := cp.Client.List(context.Background(), client.Ref{Type: entity.ControlPlane}, nil)
		if err == nil && len(left) > 0 {
			err = fmt.Errorf("%d control planes are left", len(left))
		}
		return err
	}})
}

// importStep imports a resource under the ID that its documentation shows.
func importStep(address string) resource.TestStep {
	step := resource.TestStep{
		ResourceName: address, ImportState: true, ImportStateVerify: true,
		ImportStateIdFunc: func(s *terraform.State) (string, error) { return importID(s, address) },
	}
	switch {
	case strings.Contains(address, "control_plane"):
		// What the configuration leaves out is read from the server; a plan
		// after a real import is empty, see TestAccGateway_adopt.
		step.ImportStateVerifyIgnore = []string{"auth_type", "cloud_gateway", "cluster_type"}
	case strings.Contains(address, "member"):
		step.ImportStateVerifyIdentifierAttribute = "consumer_id"
	case strings.Contains(address, "schema"):
		step.ImportStateVerifyIdentifierAttribute = "name"
	}
	return step
}

func importID(s *terraform.State, address string) (string, error) {
	r := s.RootModule().Resources[address]
	if r == nil {
		return "", fmt.Errorf("%s is not in the state", address)
	}
	a := r.Primary.Attributes
	keys := map[string]string{"control_plane_id": a["control_plane_id"]}
	switch r.Type {
	case "konnect_gateway_control_plane":
		return a["id"], nil
	case upload:
		keys["name"] = a["name"]
	case "konnect_gateway_consumer_group_member":
		keys["consumer_id"], keys["consumer_group_id"] = a["consumer_id"], a["consumer_group_id"]
	default:
		keys["id"] = a["id"]
	}
	text, err := json.Marshal(keys)
	return string(text), err
}

func actions(addresses []string, action plancheck.ResourceActionType) (out []plancheck.PlanCheck) {
	for _, a := range addresses {
		out = append(out, plancheck.ExpectResourceAction(a, action))
	}
	return out
}

func without(list []string, some ...string) (out []string) {
	for _, e := range list {
		if !slices.Contains(some, e) {
			out = append(out, e)
		}
	}
	return out
}

// quietCheck insists that an update touches these top-level attributes only.
type quietCheck struct {
	address string
	want    []string
}

func quiet(address string, attributes ...string) plancheck.PlanCheck {
	return quietCheck{address, attributes}
}

// CheckPlan implements [plancheck.PlanCheck].
func (q quietCheck) CheckPlan(_ context.Context, req plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	for _, rc := range req.Plan.ResourceChanges {
		if rc.Address != q.address {
			continue
		}
		before, _ := rc.Change.Before.(map[string]any)
		after, _ := rc.Change.After.(map[string]any)
		unknown, _ := rc.Change.AfterUnknown.(map[string]any)
		var got []string
		for _, k := range slices.Sorted(maps.Keys(before)) {
			if fmt.Sprint(before[k]) != fmt.Sprint(after[k]) || unknown[k] == true {
				got = append(got, k)
			}
		}
		if !slices.Equal(got, q.want) {
			resp.Error = fmt.Errorf("the plan of %s changes %v, want %v", q.address, got, q.want)
		}
		return
	}
	resp.Error = fmt.Errorf("%s is not in the plan", q.address)
}

// What was made by hand is adopted by import blocks, without any change.
func TestAccGateway_adopt(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorld(t)
	scope := w.Scope()
	made := map[string]map[string]any{
		"service":  w.Make(t, entity.Service, scope, acctest.Object{"name": "hand", "host": "a.example", "tags": []any{"x"}}),
		"consumer": w.Make(t, entity.Consumer, scope, acctest.Object{"username": "hand"}),
		"group":    w.Make(t, entity.ConsumerGroup, scope, acctest.Object{"name": "hand"}),
		"plugin":   w.Make(t, entity.Plugin, scope, acctest.Object{"name": "rate-limiting", "config": acctest.Object{"minute": 5}}),
	}
	made["route"] = w.Make(t, entity.Route, scope, acctest.Object{"paths": []any{"/a"}, "service": acctest.Object{"id": made["service"]["id"]}})
	vars := config.Variables{"control_plane_id": config.StringVariable(w.ID)}
	for name, doc := range made {
		vars[name+"_id"] = config.StringVariable(doc["id"].(string))
	}
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: w.Providers(), Steps: []resource.TestStep{{
		ConfigDirectory: config.TestNameDirectory(),
		ConfigVariables: vars,
		ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
			actionsAre{
				"konnect_gateway_control_plane.hand": "no-op", "konnect_gateway_service.hand": "no-op", "konnect_gateway_route.hand": "no-op",
				"konnect_gateway_consumer.hand": "no-op", "konnect_gateway_consumer_group.hand": "no-op", "konnect_gateway_plugin.hand": "no-op",
			},
		}},
	}, {
		// What the import read beyond the configuration does no harm later.
		ConfigDirectory: config.TestNameDirectory(),
		ConfigVariables: withVariable(vars, "description", "adopted"),
		ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
			quiet("konnect_gateway_control_plane.hand", "description"),
		}},
	}}})
	if n := w.Writes(); n == 0 {
		t.Error("nothing was destroyed in the end")
	}
}

func withVariable(vars config.Variables, name, value string) config.Variables {
	out := maps.Clone(vars)
	out[name] = config.StringVariable(value)
	return out
}

// actionsAre insists on the action for every resource of a plan.
type actionsAre map[string]string

// CheckPlan implements [plancheck.PlanCheck].
func (a actionsAre) CheckPlan(_ context.Context, req plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	got := actionsAre{}
	for _, rc := range req.Plan.ResourceChanges {
		got[rc.Address] = fmt.Sprint(rc.Change.Actions[0])
		if len(rc.Change.Actions) > 1 {
			got[rc.Address] = "replace"
		}
	}
	if !maps.Equal(a, got) {
		resp.Error = fmt.Errorf("the plan does %v, want %v", got, a)
	}
}

// Changes behind Terraform's back, and whole objects taken away.
func TestAccGateway_behindTheBack(t *testing.T) {
	t.Parallel()
	cp := acctest.New(t)
	shop := func() []string { return []string{cp.ID(t, entity.ControlPlane, nil, "name", "shop")} }
	check := func(want actionsAre, more ...plancheck.PlanCheck) resource.ConfigPlanChecks {
		return resource.ConfigPlanChecks{PreApply: append(more, want)}
	}
	all := func(action string, but map[string]string) actionsAre {
		out := actionsAre{}
		for _, a := range []string{
			"konnect_gateway_consumer.alice", "konnect_gateway_consumer_group.gold", "konnect_gateway_consumer_group_member.alice",
			"konnect_gateway_control_plane.shop", "konnect_gateway_plugin.limit", "konnect_gateway_route.orders", "konnect_gateway_service.orders",
		} {
			out[a] = action
		}
		maps.Copy(out, but)
		return out
	}
	same := config.TestNameDirectory()
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: cp.Providers(), Steps: []resource.TestStep{
		{ConfigDirectory: same},
		{
			PreConfig: func() {
				id := cp.ID(t, entity.Plugin, shop(), "name", "rate-limiting")
				cp.Change(t, entity.Plugin, shop(), id, acctest.Object{"config": acctest.Object{"minute": 7, "error_code": 430}})
				cp.Change(t, entity.Service, shop(), "orders", acctest.Object{"retries": 9})
			},
			ConfigDirectory: same,
			ConfigPlanChecks: check(all("no-op", map[string]string{"konnect_gateway_plugin.limit": "update", "konnect_gateway_service.orders": "update"}),
				quiet("konnect_gateway_plugin.limit", "config", "effective_config", "updated_at"),
				quiet("konnect_gateway_service.orders", "retries", "updated_at")),
		},
		{
			PreConfig: func() {
				cp.Remove(t, entity.Consumer, shop(), cp.ID(t, entity.Consumer, shop(), "username", "alice"))
				cp.Remove(t, entity.Plugin, shop(), cp.ID(t, entity.Plugin, shop(), "name", "rate-limiting"))
			},
			ConfigDirectory: same,
			ConfigPlanChecks: check(all("no-op", map[string]string{
				"konnect_gateway_consumer.alice": "create", "konnect_gateway_consumer_group_member.alice": "create", "konnect_gateway_plugin.limit": "create",
			})),
		},
		{
			PreConfig:        func() { cp.Remove(t, entity.ControlPlane, nil, shop()[0]) },
			ConfigDirectory:  same,
			ConfigPlanChecks: check(all("create", nil)),
		},
	}})
}

// Values that are known after apply are judged then, and only then.
func TestAccPlugin_unknown(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorld(t)
	limit := func(n string) string {
		return fmt.Sprintf(`
resource "terraform_data" "limit" {
  input = %s
}

resource "konnect_gateway_plugin" "limit" {
  control_plane_id = %q
  name             = "rate-limiting"
  config = {
    minute = terraform_data.limit.output
    redis  = { port = 6379 }
  }
}
`, n, w.ID)
	}
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: w.Providers(), Steps: []resource.TestStep{
		{Config: limit("0"), ExpectError: regexp.MustCompile(`config\.minute: value must be greater than 0`)},
		{
			Config: limit("5"),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectUnknownValue("konnect_gateway_plugin.limit", tfjsonpath.New("config").AtMapKey("minute")),
				plancheck.ExpectKnownValue("konnect_gateway_plugin.limit", tfjsonpath.New("effective_config").AtMapKey("policy"), knownvalue.StringExact("local")),
			}},
		},
	}})
}

// terraform itself shows each fault on the line that causes it, many at once,
// without a control plane.
func TestAccValidate_places(t *testing.T) {
	t.Parallel()
	cp := acctest.New(t)
	rows := []struct{ block, line, detail string }{
		{`resource "konnect_gateway_service" "port" {
  control_plane_id = "x"
  host             = "a.example"
  port             = 99999
}`, "port             = 99999", "port: value should be between 0 and 65535"},
		{`resource "konnect_gateway_route" "path" {
  control_plane_id = "x"
  paths = [
    "/a",
    "b",
  ]
}`, `"b"`, "paths[1]: should start with: /"},
		{`resource "konnect_gateway_plugin" "unknown" {
  control_plane_id = "x"
  name             = "rate-limiting"
  config = {
    minute = 5
    redis = {
      hsot = "q"
    }
  }
}`, "redis = {", `config.redis.hsot: unknown field. Did you mean "host"?`},
		{`resource "konnect_gateway_plugin" "element" {
  control_plane_id = "x"
  name             = "ip-restriction"
  config = {
    allow = [
      "10.0.0.1",
      "10.0.0.300",
    ]
  }
}`, "allow = [", "config.allow[1]: "},
		{`resource "konnect_gateway_plugin" "missing" {
  control_plane_id = "x"
  name             = "rate-limiting"
  config = {
    minute = 5
    policy = "redis"
  }
}`, "config = {", "config.redis.host: required field missing (because of the value of config.policy)"},
		{`resource "konnect_gateway_plugin" "text" {
  control_plane_id = "x"
  name             = "rate-limiting"
  config           = jsonencode({ minute = 0 })
}`, "config           = jsonencode({ minute = 0 })", "config.minute: value must be greater than 0"},
		{`resource "konnect_gateway_consumer_group_member" "consumer" {
  control_plane_id  = "x"
  consumer_group_id = "y"
}`, `resource "konnect_gateway_consumer_group_member" "consumer" {`, "consumer_id: required"},
	}
	var hcl strings.Builder
	for _, r := range rows {
		hcl.WriteString(r.block + "\n\n")
	}
	got := cp.Terraform(t, map[string]string{"main.tf": hcl.String()}).Validate(t)
	if len(got) != len(rows) {
		t.Errorf("%d diagnostics, want %d", len(got), len(rows))
	}
	for _, r := range rows {
		if !slices.ContainsFunc(got, func(d acctest.Diagnostic) bool {
			return d.Snippet != nil && strings.Contains(firstLine(d.Snippet.Code), r.line) && strings.Contains(d.Detail, r.detail)
		}) {
			t.Errorf("nothing at %q says %q", r.line, r.detail)
		}
	}
	if t.Failed() {
		for _, d := range got {
			if d.Snippet != nil {
				t.Logf("%s: %s", d.Snippet.Code, d.Detail)
			}
		}
	}
	if w := cp.Requests(); len(w) > 0 {
		t.Errorf("validate sent requests: %v", w)
	}
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// The quickstart is what it claims to be: right, or wrong.
func TestAccQuickstart(t *testing.T) {
	t.Parallel()
	cp := acctest.New(t)
	read := func(pattern ...string) string {
		var out strings.Builder
		for _, p := range pattern {
			files, err := filepath.Glob(filepath.Join("../../examples", p))
			if err != nil || len(files) == 0 {
				t.Fatalf("%s: %v", p, err)
			}
			for _, f := range files {
				text, err := os.ReadFile(f)
				if err != nil {
					t.Fatal(err)
				}
				out.Write(text)
				out.WriteByte('\n')
			}
		}
		return out.String()
	}
	for name, c := range map[string]struct {
		files map[string]string
		wrong []string
	}{
		"quickstart": {map[string]string{"main.tf": read("quickstart/main.tf"), "schema.lua": read("quickstart/schema.lua")}, nil},
		"quickstart/wrong": {map[string]string{"main.tf": read("quickstart/wrong/main.tf")}, []string{
			"port: value should be between 0 and 65535", `config.polcy: unknown field. Did you mean "policy"?`, "config.redis.port: value should be between 0 and 65535",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := cp.Terraform(t, c.files).Validate(t)
			if len(got) != len(c.wrong) {
				t.Errorf("%d diagnostics: %+v", len(got), got)
			}
			for _, want := range c.wrong {
				if !slices.ContainsFunc(got, func(d acctest.Diagnostic) bool { return strings.Contains(d.Detail, want) }) {
					t.Errorf("nothing says %q", want)
				}
			}
		})
	}
}
