package acceptance

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/resource"
)

// Default tags of the provider are on everything that it makes and on nothing
// else; they plan empty, show when they go, and come with an import.
func TestAccDefaultTags(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorld(t)
	stranger := w.Make(t, entity.Service, w.Scope(), acctest.Object{"host": "a.example", "tags": []any{"by-hand"}})
	provider := func(tags string) string {
		return "provider \"konnect\" {\n  embedded = { path = \"a\" }\n  default_tags = [" + tags + "]\n}\n"
	}
	resource := func(kind, body string) string {
		return fmt.Sprintf("resource \"konnect_gateway_%s\" \"a\" {\n  control_plane_id = %q\n  %s\n}\n", kind, w.ID, body)
	}
	hcl := "resource \"konnect_gateway_control_plane\" \"a\" {\n  name = \"other\"\n}\n" +
		resource("service", "host = \"a.example\"\n  tags = [\"own\", \"team\"]") +
		resource("route", "paths = [\"/a\"]") +
		resource("consumer", "username = \"a\"\n  tags = []") +
		resource("plugin_cors", "config = {}\n  tags = [\"own\"]") +
		resource("plugin", "name = \"key-auth\"\n  config = {}")
	tf := w.Terraform(t, map[string]string{"provider.tf": provider(`"team", "env"`), "main.tf": hcl})
	holds := func(want map[*entity.Type][]string) {
		t.Helper()
		for typ, tags := range want {
			for _, doc := range allOf(t, w, typ) {
				if doc["id"] == stranger["id"] {
					if fmt.Sprint(doc["tags"]) != "[by-hand]" {
						t.Errorf("the object of another tool has the tags %v", doc["tags"])
					}
					continue
				}
				var got []string
				list, _ := doc["tags"].([]any)
				for _, tag := range list {
					got = append(got, fmt.Sprint(tag))
				}
				slices.Sort(got)
				if !slices.Equal(got, tags) {
					t.Errorf("a %s has the tags %v, want %v", typ.Title, got, tags)
				}
			}
		}
	}
	settle(t, tf, w.ControlPlane)
	holds(map[*entity.Type][]string{entity.Service: {"env", "own", "team"}, entity.Route: {"env", "team"}, entity.Consumer: {"env", "team"}})

	for _, doc := range allOf(t, w, entity.Route) {
		w.Change(t, entity.Route, w.Scope(), fmt.Sprint(doc["id"]), acctest.Object{"tags": []any{"team"}})
	}
	if changes, exit := tf.Plan(t); exit != 2 || len(acctest.Changes(changes["konnect_gateway_route.a"].Before["tags_all"], changes["konnect_gateway_route.a"].After["tags_all"])) == 0 {
		t.Errorf("a default tag that is gone is no drift: %v", changes["konnect_gateway_route.a"])
	}
	settle(t, tf, w.ControlPlane)

	tf.Write(t, "provider.tf", provider(`"later"`))
	settle(t, tf, w.ControlPlane)
	holds(map[*entity.Type][]string{entity.Service: {"later", "own", "team"}, entity.Route: {"later"}, entity.Consumer: {"later"}})

	var imports strings.Builder
	for typ, address := range map[*entity.Type]string{entity.Route: "konnect_gateway_route.a", entity.Consumer: "konnect_gateway_consumer.a"} {
		for _, doc := range allOf(t, w, typ) {
			fmt.Fprintf(&imports, "import {\n  to = %s\n  id = jsonencode({ control_plane_id = %q, id = %q })\n}\n", address, w.ID, doc["id"])
		}
		if out, exit := tf.Run(t, "state", "rm", address); exit != 0 {
			t.Fatalf("%s", out)
		}
	}
	tf.Write(t, "imports.tf", imports.String())
	settle(t, tf, w.ControlPlane)

	tf.Write(t, "provider.tf", "provider \"konnect\" {\n  embedded = { path = \"a\" }\n  default_tags = [terraform_data.tag.output]\n}\nresource \"terraform_data\" \"tag\" {\n  input = \"fresh\"\n}\n")
	settle(t, tf, w.ControlPlane)
	holds(map[*entity.Type][]string{entity.Service: {"fresh", "own", "team"}, entity.Route: {"fresh"}})

	tf.Write(t, "provider.tf", strings.Replace(provider(""), "  default_tags = []\n", "", 1))
	settle(t, tf, w.ControlPlane)
	holds(map[*entity.Type][]string{entity.Service: {"own", "team"}, entity.Route: nil})

	tf.Write(t, "provider.tf", provider(`"fine", "not, fine"`))
	if got := tf.Validate(t); len(got) != 1 || !strings.Contains(got[0].Detail, `default_tags[1]: "not, fine" is no tag`) {
		t.Errorf("validate says %v", got)
	}
}

// allOf are the objects of a type.
func allOf(t *testing.T, w *acctest.World, typ *entity.Type) []map[string]any {
	t.Helper()
	list, err := w.Client.List(t.Context(), client.Ref{Type: typ, Parents: w.Scope()}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// Default tags are on every kind that has tags, with those of its own; nothing is
// left to do after that, also when they come, change and go, and what cannot
// change is left alone.
func TestAccDefaultTags_everywhere(t *testing.T) {
	t.Parallel()
	cp, tf := estate(t)
	provider := func(tags string) {
		tf.Write(t, "provider.tf", "provider \"konnect\" {\n  embedded = { path = \"a\" }\n  default_tags = ["+tags+"]\n}\n")
	}
	// fixed have the tags with which they were made.
	const fixed = "konnect_centralized_consumer_key"
	holds := func(want []string, unless string) {
		t.Helper()
		checked := map[string]bool{}
		for address, values := range attributes(t, tf) {
			kind, which, _ := strings.Cut(address, ".")
			typ := resource.All()[kind].Type
			if kind == unless || typ.Schema().Field("tags") == nil {
				continue
			}
			checked[kind] = true
			doc := cp.Get(t, typ, parents(typ, values), fmt.Sprint(values[typ.Address()]))
			var got []string
			list, _ := doc["tags"].([]any)
			for _, tag := range list {
				got = append(got, fmt.Sprint(tag))
			}
			all := append([]string{"estate", strings.Trim(strings.TrimPrefix(which, "all"), `[]"`)}, want...)
			slices.Sort(all)
			slices.Sort(got)
			if !slices.Equal(got, all) {
				t.Errorf("%s has the tags %v, want %v", address, got, all)
			}
		}
		for kind, r := range resource.All() {
			if r.Plugin == "" && r.Root().Named("tags_all") != nil && kind != unless && kind != "konnect_gateway_custom_plugin" && !checked[kind] {
				t.Errorf("%s is not tested", kind)
			}
		}
	}
	provider(`"team", "env"`)
	applied(t, tf)
	holds([]string{"team", "env"}, fixed)

	if out, exit := tf.Run(t, "apply", "-auto-approve", "-no-color", `-replace=konnect_centralized_consumer_key.all["first"]`, `-replace=konnect_centralized_consumer_key.all["second"]`); exit != 0 {
		t.Fatalf("%s", out)
	}
	applied(t, tf)
	holds([]string{"team", "env"}, "")

	provider(`"later"`)
	changes, _ := tf.Plan(t)
	for address, c := range changes {
		if strings.HasPrefix(address, fixed) && !slices.Equal(c.Actions, []string{"no-op"}) {
			t.Errorf("other default tags plan to %v %s: %v", c.Actions, address, acctest.Changes(c.Before, c.After))
		}
	}
	applied(t, tf)
	holds([]string{"later"}, fixed)

	provider("")
	applied(t, tf)
	holds(nil, fixed)
}
