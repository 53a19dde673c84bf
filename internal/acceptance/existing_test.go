package acceptance

import (
	"fmt"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
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
