package acceptance

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/resource"
)

// life is a resource that a test takes from its creation to its end.
type life struct {
	address string // konnect_gateway_service.a
	body    string // of its block
	changed string // the body after a change; "" for none
	replace bool   // the change makes another object
	drift   acctest.Object
	// unread are attributes that the server never shows: an import leaves them
	// null, and the plan after it sets them.
	unread bool
}

func (l life) resource() string { name, _, _ := strings.Cut(l.address, "."); return name }

func (l life) block(body string) string {
	_, name, _ := strings.Cut(l.address, ".")
	return fmt.Sprintf("resource %q %q {\n%s\n}\n", l.resource(), name, body)
}

// live creates all resources in one plan, changes them, changes them behind
// Terraform's back, imports and destroys them. A plan after each apply is empty.
func live(t *testing.T, before string, rows []life) {
	t.Helper()
	cp := acctest.New(t)
	first, second := before, before
	for _, l := range rows {
		first += l.block(l.body)
		if l.changed == "" {
			l.changed = l.body
		}
		second += l.block(l.changed)
	}
	const provider = "provider \"konnect\" {\n  embedded = { path = \"a\" }\n}\n"
	tf := cp.Terraform(t, map[string]string{"main.tf": provider + first})
	applied(t, tf)

	tf.Write(t, "main.tf", provider+second)
	changes, _ := tf.Plan(t)
	for _, l := range rows {
		want := "update"
		switch {
		case l.changed == "":
			want = "no-op"
		case l.replace:
			want = "delete create"
		}
		if got := strings.Join(changes[l.address].Actions, " "); got != want {
			t.Errorf("the change plans to %s %s, want %s", got, l.address, want)
		}
	}
	applied(t, tf)

	held := attributes(t, tf)
	drifted := map[string]bool{}
	for _, l := range rows {
		if l.drift != nil {
			typ := resource.All()[l.resource()].Type
			cp.Change(t, typ, parents(typ, held[l.address]), fmt.Sprint(held[l.address][typ.ID]), l.drift)
			drifted[l.address] = true
		}
	}
	changes, _ = tf.Plan(t)
	for address, c := range changes {
		if !slices.Equal(c.Actions, []string{"no-op"}) && !drifted[address] {
			t.Errorf("a change behind the back of others plans to %v %s: %v -> %v", c.Actions, address, c.Before, c.After)
		}
		if drifted[address] && !slices.Equal(c.Actions, []string{"update"}) {
			t.Errorf("drift of %s plans to %v", address, c.Actions)
		}
	}
	applied(t, tf)

	again := cp.Terraform(t, map[string]string{"main.tf": provider + second, "import.tf": imports(t, held)})
	changes, _ = again.Plan(t)
	for _, l := range rows {
		if c := changes[l.address]; !l.unread && !slices.Equal(c.Actions, []string{"no-op"}) {
			t.Errorf("an import of %s plans to %v: %v", l.address, c.Actions, acctest.Changes(c.Before, c.After))
		}
	}

	if out, exit := tf.Run(t, "destroy", "-auto-approve", "-no-color"); exit != 0 {
		t.Fatalf("destroy: %s", out)
	}
	for _, typ := range []*entity.Type{entity.ControlPlane, entity.Realm} {
		if left, err := cp.Client.List(context.Background(), client.Ref{Type: typ}, nil); err != nil || len(left) > 0 {
			t.Errorf("%d of %s are left (%v)", len(left), typ.Name, err)
		}
	}
}

// applied applies the configuration; the plan after it does nothing.
func applied(t *testing.T, tf *acctest.Terraform) {
	t.Helper()
	if out, exit := tf.Run(t, "apply", "-auto-approve", "-no-color"); exit != 0 {
		t.Fatalf("apply: %s", out)
	}
	changes, exit := tf.Plan(t)
	for address, c := range changes {
		if exit != 0 && !slices.Equal(c.Actions, []string{"no-op"}) {
			t.Errorf("after an apply a plan is to %v %s: %v", c.Actions, address, acctest.Changes(c.Before, c.After))
		}
	}
}

// attributes are those of all managed resources in the state, by address.
func attributes(t *testing.T, tf *acctest.Terraform) map[string]map[string]any {
	t.Helper()
	text, exit := tf.Run(t, "show", "-json")
	var state struct {
		Values struct {
			Root struct {
				Resources []struct {
					Address string         `json:"address"`
					Values  map[string]any `json:"values"`
				} `json:"resources"`
			} `json:"root_module"`
		} `json:"values"`
	}
	if err := json.Unmarshal(text, &state); err != nil || exit != 0 {
		t.Fatalf("%v: %s", err, text)
	}
	out := map[string]map[string]any{}
	for _, r := range state.Values.Root.Resources {
		out[r.Address] = r.Values
	}
	return out
}

// parents are the ids of what an object belongs to, from the root down.
func parents(typ *entity.Type, values map[string]any) (ids []string) {
	for p := typ.Parent; p != nil; p = p.Parent {
		ids = append([]string{fmt.Sprint(values[p.Singular+"_id"])}, ids...)
	}
	return ids
}

// imports are import blocks, with ids of the form that the examples show.
func imports(t *testing.T, held map[string]map[string]any) string {
	t.Helper()
	var out strings.Builder
	for address, values := range held {
		name, _, _ := strings.Cut(address, ".")
		text, err := os.ReadFile(filepath.Join("../../examples/resources", name, "import.sh"))
		if err != nil {
			t.Fatal(err)
		}
		_, shown, _ := strings.Cut(string(text), " '")
		id := fmt.Sprint(values["id"])
		if strings.HasPrefix(shown, "{") {
			keys := map[string]any{}
			if err := json.Unmarshal([]byte(strings.TrimSuffix(strings.TrimSpace(shown), "'")), &keys); err != nil {
				t.Fatal(err)
			}
			for k := range keys {
				keys[k] = values[k]
			}
			object, err := json.Marshal(keys)
			if err != nil {
				t.Fatal(err)
			}
			id = string(object)
		}
		fmt.Fprintf(&out, "import {\n  to = %s\n  id = %q\n}\n", address, id)
	}
	return out.String()
}

const shop = "resource \"konnect_gateway_control_plane\" \"shop\" {\n  name = \"shop\"\n}\n"

// inShop is a body in that control plane.
func inShop(lines ...string) string {
	return "  control_plane_id = konnect_gateway_control_plane.shop.id\n  " + strings.Join(lines, "\n  ")
}

// A clone and an instance of it, made in one plan.
func TestAccClonedPlugin(t *testing.T) {
	t.Parallel()
	live(t, shop, []life{
		{
			address: "konnect_gateway_cloned_plugin.two",
			body:    inShop(`name = "acl-two"`, `ref = "acl"`, `priority = 900`),
			changed: inShop(`name = "acl-two"`, `ref = "acl"`, `priority = 900`, `tags = ["a"]`),
			drift:   acctest.Object{"tags": []any{"b"}},
		},
		{
			address: "konnect_gateway_plugin.two",
			body:    inShop(`name = konnect_gateway_cloned_plugin.two.name`, `config = { allow = ["a"] }`),
			changed: inShop(`name = konnect_gateway_cloned_plugin.two.name`, `config = { allow = ["b"] }`),
			drift:   acctest.Object{"config": acctest.Object{"allow": []any{"c"}}},
		},
		{
			address: "konnect_gateway_cloned_plugin.renamed",
			body:    inShop(`name = "log"`, `ref = "http-log"`),
			changed: inShop(`name = "audit-log"`, `ref = "http-log"`),
			replace: true,
		},
		{
			address: "konnect_gateway_plugin.renamed",
			body:    inShop(`name = konnect_gateway_cloned_plugin.renamed.name`, `config = { http_endpoint = "https://a.example" }`),
			changed: inShop(`name = konnect_gateway_cloned_plugin.renamed.name`, `config = { http_endpoint = "https://a.example" }`),
			replace: true,
		},
	})
}
