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
