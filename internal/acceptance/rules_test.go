package acceptance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// planned reads the diagnostics that terraform plan shows.
func planned(t *testing.T, tf *acctest.Terraform, args ...string) []acctest.Diagnostic {
	t.Helper()
	return diagnosed(t, tf, append([]string{"plan"}, args...)...)
}

// diagnosed reads the diagnostics that a terraform command shows.
func diagnosed(t *testing.T, tf *acctest.Terraform, args ...string) (out []acctest.Diagnostic) {
	t.Helper()
	output, _ := tf.Run(t, append(args, "-json", "-input=false")...)
	for _, line := range bytes.Split(output, []byte("\n")) {
		var message struct {
			Type       string             `json:"type"`
			Diagnostic acctest.Diagnostic `json:"diagnostic"`
		}
		if json.Unmarshal(line, &message) == nil && message.Type == "diagnostic" {
			out = append(out, message.Diagnostic)
		}
	}
	return out
}

// told insists on what Terraform tells about each resource, and on no more.
func told(t *testing.T, got []acctest.Diagnostic, want map[string]string) {
	t.Helper()
	for address, text := range want {
		if !slices.ContainsFunc(got, func(d acctest.Diagnostic) bool {
			return d.Address == address && strings.HasPrefix(d.Severity+": "+d.Detail, text)
		}) {
			t.Errorf("%s: nothing says %q", address, text)
		}
	}
	for _, d := range got {
		if _, ok := want[d.Address]; !ok || t.Failed() {
			t.Logf("%s: %s: %s: %s", d.Address, d.Severity, d.Summary, d.Detail)
		}
		if _, ok := want[d.Address]; !ok {
			t.Errorf("%s is complained of", d.Address)
		}
	}
}

// Konnect's rules as Terraform shows them: one configuration with a fault of
// every kind, among resources that have none.
func TestAccRules(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorld(t)
	serverless := w.MakePlane(t, acctest.Object{"cluster_type": "CLUSTER_TYPE_SERVERLESS"})
	parent := w.MakePlane(t, acctest.Object{"cluster_type": "CLUSTER_TYPE_CONTROL_PLANE_GROUP"})
	held := w.Make(t, entity.Plugin, w.Scope(), acctest.Object{"name": "cors", "config": acctest.Object{}})
	svc := w.Make(t, entity.Service, w.Scope(), acctest.Object{"host": "a.example"})
	other := w.Make(t, entity.Service, w.Scope(), acctest.Object{"host": "b.example"})
	placed := w.Placed(t, "konnect-managed-plugin",
		acctest.Object{"name": "acl", "config": acctest.Object{"allow": []any{"a"}}, "service": acctest.Object{"id": svc["id"]}},
		acctest.Object{"name": "acl", "config": acctest.Object{"allow": []any{"a"}}, "service": acctest.Object{"id": other["id"]}})

	var hcl strings.Builder
	fmt.Fprintf(&hcl, "provider \"konnect\" {\n  embedded                   = { path = \"a\" }\n  minimum_data_plane_version = \"3.12\"\n}\n")
	add := func(name, plane, plugin, rest string) {
		fmt.Fprintf(&hcl, "resource \"konnect_gateway_plugin\" %q {\n  control_plane_id = %q\n  name = %q\n  %s\n}\n", name, plane, plugin, rest)
	}
	limits := func(rest string) string { return "config = { minute = 5, " + rest + " }" }
	add("fine", w.ID, "key-auth", "config = { hide_credentials = true }")
	add("elsewhere", serverless, "key-auth", "config = { hide_credentials = true }")
	add("on_service", w.ID, "key-auth", fmt.Sprintf("config = { hide_credentials = true }\n  service = { id = %q }", svc["id"]))
	add("serverless", serverless, "prometheus", "config = {}")
	add("redis", serverless, "rate-limiting", limits(`policy = "redis", redis = { host = "a" }`))
	add("group", parent, "key-auth", "config = { hide_credentials = true }")
	add("held", w.ID, "cors", "config = {}")
	add("newer", w.ID, "ai-lakera-guard", `config = { api_key = "a" }`)
	add("alone", w.ID, "rate-limiting", limits(""))
	add("managed", w.ID, "acl", fmt.Sprintf("config = { allow = [\"b\"] }\n  service = { id = %q }\n  tags = [\"konnect-managed-plugin\"]", svc["id"]))
	fmt.Fprintf(&hcl, "import {\n  to = konnect_gateway_plugin.managed\n  id = jsonencode({ control_plane_id = %q, id = %q })\n}\n", w.ID, placed[0])
	fmt.Fprintf(&hcl, "resource \"konnect_gateway_plugin_acl\" \"collides\" {\n  control_plane_id = %q\n  config = { deny = [\"c\"] }\n  service = { id = %q }\n}\n", w.ID, other["id"])
	tf := w.Terraform(t, map[string]string{"main.tf": hcl.String()})
	told(t, planned(t, tf), map[string]string{
		"konnect_gateway_plugin_acl.collides": fmt.Sprintf(`error: The control plane holds the plugin "acl" for service %v already (ID %s). Konnect itself placed it`, other["id"], placed[1]),
		"konnect_gateway_plugin.serverless":   `error: name: the plugin "prometheus" is not available in Konnect on serverless control planes`,
		"konnect_gateway_plugin.redis":        `error: config.policy: "redis" is not supported in Konnect on serverless control planes`,
		"konnect_gateway_plugin.group":        "error: control_plane_id: ",
		"konnect_gateway_plugin.held":         fmt.Sprintf("warning: The control plane holds the plugin \"cors\" without a scope (global) already (ID %v)", held["id"]),
		"konnect_gateway_plugin.newer":        `warning: name: the plugin "ai-lakera-guard" is there from version 3.13 on`,
		"konnect_gateway_plugin.alone":        `warning: config.policy: left out, it is "local"`,
		"konnect_gateway_plugin.managed":      "error: The gateway plugin " + placed[0] + " cannot be changed",
	})
	if n := w.Writes(); n > 0 {
		t.Errorf("a plan wrote %d times", n)
	}
}

// Duplicates are found in a plan, and only there: not where a resource is
// replaced, moved to another address, or gives up its place; nor by the
// validation that goes before the plan.
func TestAccDuplicates(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorld(t)
	block := func(name, rest string) string {
		return fmt.Sprintf("resource \"konnect_gateway_plugin\" %q {\n  control_plane_id = %q\n  name = \"key-auth\"\n  config = {}\n  %s\n}\n", name, w.ID, rest)
	}
	config := "provider \"konnect\" {\n  embedded = { path = \"a\" }\n}\n"
	tf := w.Terraform(t, map[string]string{"main.tf": config + block("a", `instance_name = "one"`)})
	if out, exit := tf.Run(t, "apply", "-auto-approve", "-input=false"); exit != 0 {
		t.Fatalf("%s", out)
	}
	for range 2 {
		told(t, planned(t, tf), nil)
	}
	told(t, planned(t, tf, "-replace=konnect_gateway_plugin.a"), nil)

	tf.Write(t, "main.tf", config+block("b", `instance_name = "one"`)+"moved {\n  from = konnect_gateway_plugin.a\n  to = konnect_gateway_plugin.b\n}\n")
	told(t, planned(t, tf), nil)

	consumer := w.Make(t, entity.Consumer, w.Scope(), acctest.Object{"username": "a"})["id"]
	made := fmt.Sprintf("resource \"konnect_gateway_key_auth\" \"made\" {\n  count = 2\n  control_plane_id = %q\n  consumer_id = %q\n}\n", w.ID, consumer)
	tf.Write(t, "main.tf", config+block("a", `instance_name = "one"`)+made)
	told(t, planned(t, tf), nil)

	tf.Write(t, "main.tf", config+block("a", `instance_name = "one"`)+block("b", ""))
	got := slices.DeleteFunc(planned(t, tf), func(d acctest.Diagnostic) bool {
		return d.Severity == "warning" // that it exists already, if b is visited before a
	})
	if len(got) != 1 || got[0].Severity != "error" || !strings.Contains(got[0].Detail, `the plugin "key-auth" without a scope (global) in control plane `+w.ID) {
		t.Errorf("two for one place: %+v", got)
	}
}
