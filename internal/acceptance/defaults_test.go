package acceptance

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// asPublished rewrites a state file as the published provider would have left it,
// with what change makes of each configuration, and returns the ids.
func asPublished(t *testing.T, file string, change func(config map[string]any)) (ids []string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text = []byte(strings.ReplaceAll(string(text), "registry.terraform.io/hashicorp/konnect", "registry.terraform.io/kong/konnect"))
	var state map[string]any
	if err := json.Unmarshal(text, &state); err != nil {
		t.Fatal(err)
	}
	for _, r := range state["resources"].([]any) {
		instance := r.(map[string]any)["instances"].([]any)[0].(map[string]any)
		attributes := instance["attributes"].(map[string]any)
		delete(instance, "private")
		change(attributes["config"].(map[string]any))
		ids = append(ids, fmt.Sprint(attributes["id"]))
	}
	if text, err = json.Marshal(state); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return ids
}

// State of the published provider, moved here by terraform itself, plans empty
// with the defaults of other versions in it. From the first apply on, drift is
// seen.
func TestAccDefaults_replaceProvider(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorld(t)
	tf := w.Terraform(t, map[string]string{"main.tf": pluginBlock("konnect_gateway_plugin_http_log", "a", w.ID, `config = { http_endpoint = "https://a.example" }`) +
		pluginBlock("konnect_gateway_plugin_tcp_log", "a", w.ID, `config = {
  host = "a.example"
  port = 1
}`)})
	settle(t, tf, w.ControlPlane)
	ids := asPublished(t, tf.File("terraform.tfstate"), func(config map[string]any) { config["ssl_verify"] = true })
	turn := func(to bool) {
		for _, id := range ids {
			config, _ := w.Get(t, entity.Plugin, w.Scope(), id)["config"].(map[string]any)
			config["ssl_verify"] = to
			w.Change(t, entity.Plugin, w.Scope(), id, acctest.Object{"config": config})
		}
	}
	turn(true)
	if out, exit := tf.Run(t, "state", "replace-provider", "-auto-approve", "kong/konnect", "hashicorp/konnect"); exit != 0 {
		t.Fatalf("%s", out)
	}
	if out, exit := tf.Run(t, "plan", "-detailed-exitcode", "-no-color"); exit != 0 || strings.Contains(string(out), "Warning") {
		t.Fatalf("%s", out)
	}
	settle(t, tf, w.ControlPlane)
	turn(false)
	if plan, exit := tf.Plan(t); exit != 2 || len(plan) != len(ids) {
		t.Errorf("exit code %d: drift is not seen: %v", exit, plan)
	}
	settle(t, tf, w.ControlPlane)
}
