package acceptance

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/resource"
)

// reads counts the requests that a plan makes, those for control planes apart.
func reads(cp *acctest.ControlPlane) (planes, others int) {
	for _, r := range cp.Requests() {
		if strings.Contains(r, "/core-entities/") {
			others++
		} else {
			planes++
		}
	}
	return planes, others
}

// A unique value that something else has already is told of by the plan, with
// the block that imports what has it; few questions find that out.
func TestAccExisting(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorld(t)
	type existing struct {
		typ       *entity.Type
		doc       acctest.Object
		body      string
		attribute string
	}
	hcl, want := strings.Builder{}, map[string]string{}
	blocks := map[string]string{}
	for label, e := range map[string]existing{
		"service":   {entity.Service, acctest.Object{"name": "one", "host": "a.example"}, `host = "b.example"`, "name"},
		"route":     {entity.Route, acctest.Object{"name": "one", "paths": []any{"/a"}}, `paths = ["/b"]`, "name"},
		"username":  {entity.Consumer, acctest.Object{"username": "one"}, `custom_id = "three"`, "username"},
		"custom_id": {entity.Consumer, acctest.Object{"custom_id": "two"}, `username = "two"`, "custom_id"},
		"group":     {entity.ConsumerGroup, acctest.Object{"name": "one"}, `tags = ["a"]`, "name"},
		"plane":     {entity.ControlPlane, acctest.Object{"name": "one"}, `description = "b"`, "name"},
	} {
		scope, key, where := w.Scope(), fmt.Sprintf("control_plane_id = %q", w.ID), "The control plane holds"
		if e.typ == entity.ControlPlane {
			scope, key, where = nil, "", "There is"
		}
		id := w.Make(t, e.typ, scope, e.doc)["id"]
		fmt.Fprintf(&hcl, "resource %q %q {\n  %s\n  %s = %q\n  %s\n}\n", e.typ.Resource, label, key, e.attribute, e.doc[e.attribute], e.body)
		address := e.typ.Resource + "." + label
		want[address] = fmt.Sprintf("warning: %s the %s with %s %q already (ID %v)", where, e.typ.Title, e.attribute, e.doc[e.attribute], id)
		blocks[address] = fmt.Sprintf("import {\n    to = %s.<name>\n", e.typ.Resource)
	}
	hcl.WriteString("resource \"konnect_gateway_service\" \"below\" {\n  control_plane_id = konnect_gateway_control_plane.plane.id\n  name = \"one\"\n  host = \"a\"\n}\n")
	tf := w.Terraform(t, map[string]string{"main.tf": hcl.String()})
	got := planned(t, tf)
	told(t, got, want)
	for _, d := range got {
		if block := blocks[d.Address]; !strings.Contains(d.Detail, block) {
			t.Errorf("%s: no %q in %s", d.Address, block, d.Detail)
		}
	}
	if w.Writes() > 0 {
		t.Error("a plan wrote")
	}

	many := fmt.Sprintf("resource \"konnect_gateway_service\" \"many\" {\n  count = 30\n  control_plane_id = %q\n  name = \"many-${count.index}\"\n  host = \"a\"\n}\n", w.ID)
	tf.Write(t, "main.tf", many)
	w.Requests()
	told(t, planned(t, tf), nil)
	if planes, others := reads(w.ControlPlane); planes > 1 || others > 3 {
		t.Errorf("%d and %d requests for 30 services", planes, others)
	}
	settle(t, tf, w.ControlPlane)
	tf.Write(t, "main.tf", strings.ReplaceAll(many, "many-", "more-")) // all are updates
	w.Requests()
	told(t, planned(t, tf), nil)
	if planes, others := reads(w.ControlPlane); planes > 0 || others > 30 {
		t.Errorf("%d and %d requests beyond one for each service", planes, others)
	}
}

// An id to which the control plane has nothing dies at plan, at its attribute:
// in addresses and in references, on creation and where it is new. Each is asked
// for once, and what this configuration makes or manages is not.
func TestAccNowhere(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorld(t)
	group := w.Make(t, entity.ConsumerGroup, w.Scope(), acctest.Object{"name": "group"})["id"]
	consumer := w.Make(t, entity.Consumer, w.Scope(), acctest.Object{"username": "one"})["id"]
	elsewhere := w.MakePlane(t, acctest.Object{})
	const nobody = acctest.SomeID
	resource := func(kind, label string, plane any, body string) string {
		return fmt.Sprintf("resource \"konnect_gateway_%s\" %q {\n  control_plane_id = %q\n%s\n}\n", kind, label, plane, body)
	}
	ref := func(kind string, id any) string { return fmt.Sprintf("  %s = { id = %q }\n", kind, id) }
	ids := func(group, consumer any) string {
		return fmt.Sprintf("  consumer_group_id = %q\n  consumer_id = %q", group, consumer)
	}
	fine := resource("consumer_group_member", "fine", w.ID, ids(group, consumer)) +
		resource("plugin_cors", "fine", w.ID, "config = {}") +
		resource("service", "chosen", w.ID, "  id = \"5c1a2b0e-3a1b-4c57-a7c6-0f9a3a9a4c11\"\n  host = \"a\"") +
		resource("route", "chosen", w.ID, "  paths = [\"/a\"]\n  service = { id = konnect_gateway_service.chosen.id }")
	var wrong strings.Builder
	for i := range 5 {
		wrong.WriteString(resource("service", fmt.Sprintf("plane_%d", i), nobody, `  host = "a"`))
	}
	wrong.WriteString(resource("plugin", "plane", nobody, "  name = \"acl\"\n  config = { allow = [\"a\"] }") +
		resource("route", "service", w.ID, "  paths = [\"/b\"]\n"+ref("service", nobody)) +
		resource("plugin_acl", "route", w.ID, "  config = { allow = [\"a\"] }\n"+ref("route", nobody)) +
		resource("plugin_acl", "elsewhere", elsewhere, "  config = { allow = [\"a\"] }\n"+ref("service", "5c1a2b0e-3a1b-4c57-a7c6-0f9a3a9a4c12")) +
		resource("plugin_rate_limiting", "group", w.ID, "  config = { minute = 5 }\n"+ref("consumer_group", nobody)) +
		resource("plugin_rate_limiting", "partial", w.ID, "  config = { minute = 5 }\n  partials = [{ id = \""+nobody+"\" }]") +
		resource("consumer_group_member", "group", w.ID, ids(nobody, consumer)) +
		resource("consumer_group_member", "consumer", w.ID, ids(group, nobody)))
	tf := w.Terraform(t, map[string]string{"main.tf": fine})
	settle(t, tf, w.ControlPlane)
	tf.Write(t, "wrong.tf", wrong.String())
	w.Requests()
	want := map[string]string{
		"konnect_gateway_plugin.plane":                   "error: control_plane_id: there is no control plane with the ID " + nobody,
		"konnect_gateway_route.service":                  "error: service.id: the control plane has no gateway service with the ID " + nobody,
		"konnect_gateway_plugin_acl.route":               "error: route.id: the control plane has no gateway route with the ID " + nobody,
		"konnect_gateway_plugin_acl.elsewhere":           "error: service.id: the control plane has no gateway service with the ID ",
		"konnect_gateway_plugin_rate_limiting.group":     "error: consumer_group.id: the control plane has no consumer group with the ID " + nobody,
		"konnect_gateway_plugin_rate_limiting.partial":   "error: partials[0].id: the control plane has no partial with the ID " + nobody,
		"konnect_gateway_consumer_group_member.group":    "error: consumer_group_id: the control plane has no consumer group with the ID " + nobody,
		"konnect_gateway_consumer_group_member.consumer": "error: consumer_id: the control plane has no consumer with the ID " + nobody,
	}
	for i := range 5 {
		want[fmt.Sprintf("konnect_gateway_service.plane_%d", i)] = want["konnect_gateway_plugin.plane"]
	}
	told(t, planned(t, tf), want)
	asked := map[string]int{}
	for _, r := range w.Requests() {
		asked[r]++
	}
	for r, n := range asked {
		// Partials are asked for by validation as well, which here has the session of the command before.
		if n > 1 && strings.Contains(r, nobody) && !strings.Contains(r, "partials") {
			t.Errorf("%s was asked %d times", r, n)
		}
	}

	tf.Write(t, "wrong.tf", "")
	tf.Write(t, "main.tf", strings.Replace(fine, "konnect_gateway_service.chosen.id", `"`+nobody+`"`, 1)) // an update
	told(t, planned(t, tf), map[string]string{"konnect_gateway_route.chosen": want["konnect_gateway_route.service"]})
}

// A null in an answer is no value: the default counts, whoever put it there.
// Neither what is left out nor what spells the default out is drift, and there is
// nothing to write; another value is replaced by null, and shows.
func TestAccNullOverDefault(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorld(t)
	var hcl strings.Builder
	for label, body := range map[string]string{"left_out": "", "default": `prefix = "kong"`, "other": `prefix = "mine"`} {
		svc := w.Make(t, entity.Service, w.Scope(), acctest.Object{"host": "a.example"})["id"]
		other := w.Make(t, entity.Service, w.Scope(), acctest.Object{"host": "a.example"})["id"]
		fmt.Fprintf(&hcl, "resource \"konnect_gateway_plugin_datadog\" %q {\n  control_plane_id = %q\n  service = { id = %q }\n  config = { %s }\n}\n", label, w.ID, svc, body)
		fmt.Fprintf(&hcl, "resource \"konnect_gateway_plugin\" %q {\n  control_plane_id = %q\n  name = \"datadog\"\n  service = { id = %q }\n  config = { %s }\n}\n", label, w.ID, other, body)
	}
	tf := w.Terraform(t, map[string]string{"main.tf": hcl.String()})
	settle(t, tf, w.ControlPlane)
	w.Amend(func(_ string, doc map[string]any) {
		if config, ok := doc["config"].(map[string]any); ok && doc["name"] == "datadog" {
			config["prefix"], config["port"], config["retry_count"] = nil, nil, nil
			if queue, ok := config["queue"].(map[string]any); ok {
				queue["max_batch_size"] = nil
			}
		}
	})
	changes, _ := tf.Plan(t)
	for address, c := range changes {
		want := "no-op"
		if strings.HasSuffix(address, ".other") {
			want = "update"
		}
		if got := strings.Join(c.Actions, "/"); got != want {
			t.Errorf("%s: the plan is to %s: %v, want %s", address, got, acctest.Changes(c.Before, c.After), want)
		}
	}
}

// takesTwo are kinds of which a control plane takes a second one that says the
// same, so that nothing is in the way of it.
var takesTwo = map[string]string{
	"konnect_centralized_consumer_key":              "the control plane makes another secret",
	"konnect_gateway_certificate":                   "a certificate may be there twice",
	"konnect_gateway_config_store":                  "nothing about a store is unique",
	"konnect_gateway_consumer_group_member":         "who is in a group already is in it",
	"konnect_gateway_control_plane_membership":      "the members are then those of the configuration",
	"konnect_gateway_data_plane_client_certificate": "a certificate may be there twice",
	"konnect_realm":                                 "nothing about a realm is unique",
}

// importBlock is the one that a diagnostic shows: what it imports, and as what.
func importBlock(t *testing.T, text string) (resource, id string) {
	t.Helper()
	block := regexp.MustCompile(`(?s)import \{\n.*?\n *\}`).FindString(text)
	file, diags := hclsyntax.ParseConfig([]byte(strings.Replace(block, "<name>", "one", 1)), "import.tf", hcl.InitialPos)
	if diags.HasErrors() || block == "" {
		return "", ""
	}
	attributes, diags := file.Body.(*hclsyntax.Body).Blocks[0].Body.JustAttributes()
	to, _ := hcl.AbsTraversalForExpr(attributes["to"].Expr)
	value, more := attributes["id"].Expr.Value(&hcl.EvalContext{Functions: map[string]function.Function{"jsonencode": stdlib.JSONEncodeFunc}})
	if diags.HasErrors() || more.HasErrors() {
		t.Fatalf("%v %v: %s", diags, more, block)
	}
	return to.RootName(), value.AsString()
}

// Whatever the kind, a plan that would make what is there already says so, with a
// block that takes it over: imported so, the same configuration changes nothing.
// Of what nothing is in the way, the control plane takes a second one.
func TestAccExisting_everyKind(t *testing.T) {
	t.Parallel()
	cp, tf := estate(t)
	held := attributes(t, tf)
	finder := cp.Protocol(t)
	paged(cp) // so that what is looked for is on another page than the first
	for name, r := range resource.All() {
		if r.Plugin != "" || name == "konnect_gateway_custom_plugin" {
			continue // as konnect_gateway_plugin
		}
		found, diags := finder.List(t, name, scopeOf(r, held), true, 0)
		if len(found) == 0 || len(diags) > 0 {
			t.Errorf("%s: %s", name, acctest.Text(diags))
			continue
		}
		last := found[len(found)-1]
		config := finder.Generate(t, name, last.State)
		if toFill[name] != "" {
			config["value"] = "hush-hush"
		}
		p := cp.Protocol(t) // which has not read it yet
		resp, _ := p.Plan(t, name, config, tftypes.Value{})
		said := acctest.Text(resp.Diagnostics)
		to, id := importBlock(t, said)
		if takesTwo[name] != "" {
			if _, diags := p.Apply(t, name, config, tftypes.Value{}); to != "" || len(diags) > 0 {
				t.Errorf("%s: the control plane takes no second one, since %s: %s", name, takesTwo[name], acctest.Text(diags))
			}
			continue
		}
		if to != name || hasErrors(resp.Diagnostics) {
			t.Errorf("%s %s: nothing says that it is there: %s", name, last.Name, said)
			continue
		}
		state, diags := p.Import(t, name, id)
		if len(diags) > 0 {
			t.Errorf("%s %s: %s", name, id, acctest.Text(diags))
			continue
		}
		state, _ = p.Read(t, name, state)
		resp, plan := p.Plan(t, name, config, state)
		changed := slices.DeleteFunc(acctest.Changes(acctest.Go(state), acctest.Go(plan)), func(at string) bool {
			return toFill[name] != "" && (at == "value" || at == "updated_at") // which nobody can compare
		})
		if len(changed) > 0 || len(resp.RequiresReplace) > 0 || hasErrors(resp.Diagnostics) {
			t.Errorf("%s %s: the plan changes %v: %s", name, id, changed, acctest.Text(resp.Diagnostics))
		}
	}
}

// A credential that another consumer has is found as well, and the block leads to
// that consumer.
func TestAccExisting_otherConsumer(t *testing.T) {
	t.Parallel()
	cp, tf := estate(t)
	held := attributes(t, tf)
	finder := cp.Protocol(t)
	second := held[`konnect_gateway_consumer.all["second"]`]["id"]
	for name, secret := range map[string]string{
		"konnect_gateway_basic_auth": "password", "konnect_gateway_hmac_auth": "secret", "konnect_gateway_jwt": "secret", "konnect_gateway_key_auth": "key",
	} {
		found, diags := finder.List(t, name, scopeOf(resource.All()[name], held), true, 0)
		if len(found) == 0 || len(diags) > 0 {
			t.Errorf("%s: %s", name, acctest.Text(diags))
			continue
		}
		config := finder.Generate(t, name, found[0].State)
		first := config["consumer_id"]
		config["consumer_id"] = second
		p := cp.Protocol(t)
		resp, _ := p.Plan(t, name, config, tftypes.Value{})
		cp.Requests()
		p.Plan(t, name, config, tftypes.Value{})
		if again := cp.Requests(); len(again) > 0 {
			t.Errorf("%s: a second plan asks %v", name, again)
		}
		_, refused := p.Apply(t, name, config, tftypes.Value{})
		said, finally := acctest.Text(resp.Diagnostics), acctest.Text(refused)
		to, id := importBlock(t, said)
		if to != name || hasErrors(resp.Diagnostics) || strings.Contains(said+finally, fmt.Sprint(config[secret])) ||
			!strings.Contains(said, fmt.Sprintf("It belongs to the consumer %v", first)) {
			t.Errorf("%s: nothing says that it is there, or more than that: %s", name, said)
			continue
		}
		if _, again := importBlock(t, finally); again != id {
			t.Errorf("%s: the apply does not show the block of the plan: %s", name, finally)
		}
		state, diags := p.Import(t, name, id)
		if len(diags) > 0 {
			t.Errorf("%s %s: %s", name, id, acctest.Text(diags))
			continue
		}
		if got, _ := acctest.Go(state).(acctest.Object); got["consumer_id"] != first {
			t.Errorf("%s: the block leads to the consumer %v, want %v", name, got["consumer_id"], first)
		}
	}
}

// What is addressed by a name is told apart by all of its address: managing a secret
// of one store says nothing of the same key in another one.
func TestAccExisting_address(t *testing.T) {
	t.Parallel()
	const name = "konnect_gateway_config_store_secret"
	w := acctest.NewWorld(t)
	p := w.Protocol(t)
	config := func(store, key string) acctest.Object {
		return acctest.Object{"control_plane_id": w.ID, "config_store_id": store, "key": key, "value": "hush-hush"}
	}
	var stores []string
	for _, store := range []string{"one", "two"} {
		id, _ := w.Make(t, entity.ConfigStore, w.Scope(), acctest.Object{"name": store})["id"].(string)
		w.Make(t, entity.ConfigStoreSecret, append(w.Scope(), id), acctest.Object{"key": "token", "value": "hush-hush"})
		stores = append(stores, id)
	}
	state, diags := p.Import(t, name, fmt.Sprintf(`{"control_plane_id": %q, "config_store_id": %q, "key": "token"}`, w.ID, stores[0]))
	if len(diags) > 0 {
		t.Fatal(acctest.Text(diags))
	}
	_, _ = p.Read(t, name, state)
	for _, c := range []struct{ store, key, want string }{
		{stores[0], "token", ""},
		{stores[1], "token", `The control plane holds the config store secret with key "token" already`},
		{stores[1], "fresh", ""},
	} {
		resp, _ := p.Plan(t, name, config(c.store, c.key), tftypes.Value{})
		if said := acctest.Text(resp.Diagnostics); !strings.Contains(said, c.want) || c.want == "" && said != "" {
			t.Errorf("%s in %s: %q, want %q", c.key, c.store, said, c.want)
		}
	}
}
