package acceptance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
)

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
	ids := asPublished(t, tf.File("terraform.tfstate"), func(attributes map[string]any) {
		attributes["config"].(map[string]any)["ssl_verify"] = true
	})
	turn := func(to bool) {
		for _, id := range ids {
			config, _ := w.Get(t, entity.Plugin, w.Scope(), id)["config"].(map[string]any)
			config["ssl_verify"] = to
			w.Change(t, entity.Plugin, w.Scope(), id, acctest.Object{"config": config})
		}
	}
	turn(true)
	replaced(t, tf)
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

// byHand are plugins with a value that is nowhere a default, for a field that
// their smallest configurations leave out.
var byHand = map[string]acctest.Object{
	"acl":                   {"hide_groups_header": true},
	"basic-auth":            {"realm": "hand"},
	"correlation-id":        {"header_name": "X-Hand"},
	"cors":                  {"preflight_continue": true},
	"http-log":              {"timeout": 7},
	"key-auth":              {"key_in_body": true},
	"proxy-cache":           {"cache_ttl": 7},
	"request-size-limiting": {"allowed_payload_size": 7},
	"tcp-log":               {"keepalive": 7},
	"udp-log":               {"timeout": 7},
}

// State of the published provider for every plugin, made under the defaults and in
// the order of other versions, plans empty as it comes and once its defaults are
// remembered. What somebody changes from then on is all that a plan shows.
func TestAccDefaults_everyPlugin(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorld(t)
	set := plugins.Bundled(entity.Plugin.Schema(), entity.Schemas)
	resources, count := writtenOut(t, set, set.Names(), map[string]string{"minimal": w.ID})
	main, err := json.Marshal(map[string]any{"resource": resources})
	if err != nil {
		t.Fatal(err)
	}
	tf := w.Terraform(t, map[string]string{"main.tf.json": string(main)})
	run := func(args ...string) {
		t.Helper()
		if out, exit := tf.Run(t, append(args, "-no-color")...); exit != 0 {
			t.Fatalf("terraform %v: exit code %d\n%s", args, exit, out)
		}
	}
	run("apply", "-auto-approve")
	usual := len(planned(t, tf)) // what the configurations themselves deserve
	held, err := w.Client.List(t.Context(), client.Ref{Type: entity.Plugin, Parents: w.Scope()}, nil)
	if err != nil {
		t.Fatal(err)
	}
	others := 0
	for _, doc := range held {
		p, err := set.Load(doc["name"].(string))
		if err != nil {
			t.Fatal(err)
		}
		if changed := acctest.Older(p, doc); len(changed) > 0 {
			w.Change(t, entity.Plugin, w.Scope(), doc["id"].(string), acctest.Object{"config": doc["config"]})
			others += len(changed)
		}
	}
	run("apply", "-refresh-only", "-auto-approve")
	asPublished(t, tf.File("terraform.tfstate"), func(map[string]any) {})
	replaced(t, tf)

	empty := func(when string) {
		t.Helper()
		out, exit := tf.Run(t, "plan", "-detailed-exitcode", "-json")
		if warnings := bytes.Count(out, []byte(`"type":"diagnostic"`)); exit != 0 || warnings != usual {
			t.Errorf("%s: exit code %d, %d warnings, want %d", when, exit, warnings, usual)
		}
	}
	empty("as it comes")
	run("apply", "-auto-approve")
	empty("remembered")

	want := map[string]string{}
	for name, hand := range byHand {
		doc := w.Find(t, entity.Plugin, w.Scope(), "name", name)
		config, _ := doc["config"].(map[string]any)
		for field, v := range hand {
			config[field] = v
			want[acctest.TypedName(name)+".minimal"] = fmt.Sprint([]string{"config." + field, "updated_at"})
		}
		w.Change(t, entity.Plugin, w.Scope(), doc["id"].(string), acctest.Object{"config": config})
	}
	plan, _ := tf.Plan(t)
	got := map[string]string{}
	for address, c := range plan {
		if !slices.Equal(c.Actions, []string{"no-op"}) {
			got[address] = fmt.Sprint(acctest.Changes(c.Before, c.After))
		}
	}
	if !maps.Equal(got, want) {
		t.Errorf("the plan changes %v\nwant %v", got, want)
	}
	t.Logf("%d plugins with %d values of other versions, %d warnings", count, others, usual)
}
