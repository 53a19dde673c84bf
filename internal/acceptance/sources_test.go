package acceptance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/resource"
)

const ourProvider = "provider \"konnect\" {\n  embedded = { path = \"a\" }\n}\n"

// estate is a folder whose configuration makes two of every kind, applied.
func estate(t *testing.T) (*acctest.ControlPlane, *acctest.Terraform) {
	t.Helper()
	files := estateFiles(t)
	files["provider.tf"] = ourProvider
	cp := acctest.New(t)
	tf := cp.Terraform(t, files)
	applied(t, tf)
	return cp, tf
}

// estateFiles are the files of that configuration, without a provider block.
func estateFiles(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, pattern := range []string{"../server/testdata/pem/*", "testdata/estate/*"} {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			files[filepath.Base(path)] = string(text)
		}
	}
	return files
}

// look is a data source that looks for something, and what it must find.
type look struct {
	source, name string
	args         map[string]any
	want         []string // ids
}

func (l look) label() string { return l.source + "." + l.name }

// looks are all the ways to look for what the estate has of a kind.
func looks(source *resource.Source, held map[string]map[string]any) (out []look) {
	kind := strings.TrimSuffix(source.Name, "_list")
	address := source.Type.Address()
	first, second := held[kind+`.all["first"]`], held[kind+`.all["second"]`]
	where := map[string]any{}
	for _, owner := range source.Type.Owners() {
		where[owner.ParentAttribute()] = first[owner.ParentAttribute()]
	}
	ids := func(of ...map[string]any) (out []string) {
		for _, one := range of {
			out = append(out, fmt.Sprint(one[address]))
		}
		return out
	}
	add := func(name string, args map[string]any, want ...string) {
		all := maps.Clone(where)
		maps.Copy(all, args)
		out = append(out, look{source.Name, name, all, want})
	}
	if source.Name == kind {
		for _, a := range source.Schema().Block.Attributes {
			value := named(first, a.Name)
			if a.Type != nil && where[a.Name] == nil && (a.Required || a.Optional) && value != nil {
				add("by_"+a.Name, map[string]any{a.Name: value}, ids(first)...)
			}
		}
		return out
	}
	add("all", nil, ids(first, second)...)
	for _, a := range source.Schema().Block.Attributes {
		switch a.Name {
		case "name_contains":
			add("by_name", map[string]any{a.Name: known(source, second)}, ids(second)...)
			add("by_no_name", map[string]any{a.Name: "nobody"})
		case "tags":
			add("by_tag", map[string]any{a.Name: []string{"estate"}}, ids(first, second)...)
			add("by_tags", map[string]any{a.Name: []string{"second", "estate"}}, ids(second)...)
			add("by_no_tag", map[string]any{a.Name: []string{"second", "first"}})
		}
	}
	return out
}

// planeLooks are ways to look for control planes.
func planeLooks(held map[string]map[string]any) (out []look) {
	const one, many = "konnect_gateway_control_plane", "konnect_gateway_control_plane_list"
	id := func(address string) string { return fmt.Sprint(held["konnect_gateway_control_plane."+address]["id"]) }
	first, second := id(`all["first"]`), id(`all["second"]`)
	filter := func(by, operator, value string) map[string]any {
		return map[string]any{"filter": map[string]any{by: map[string]any{operator: value}}}
	}
	return []look{
		{one, "by_name", filter("name", "eq", "first-plane"), []string{first}},
		{one, "by_id", filter("id", "eq", second), []string{second}},
		{one, "by_labels", map[string]any{"filter_labels": "which:second,of:estate"}, []string{second}},
		{many, "all", map[string]any{"sort": "name"}, []string{first, second, id(`group["first"]`), id(`group["second"]`)}},
		{many, "by_ids", filter("id", "oeq", first+","+second), []string{first, second}},
		{many, "by_name", filter("name", "contains", "second"), []string{second, id(`group["second"]`)}},
		{many, "by_kind", filter("cluster_type", "eq", "CLUSTER_TYPE_CONTROL_PLANE_GROUP"), []string{id(`group["first"]`), id(`group["second"]`)}},
		{many, "by_label", map[string]any{"filter_labels": "of:estate"}, []string{first, second}},
		{many, "by_no_label", map[string]any{"filter_labels": "of:estate,which:third"}, nil},
	}
}

// known is by what people know an object.
func known(source *resource.Source, values map[string]any) any {
	for _, name := range source.Type.Names() {
		if v := named(values, name); v != nil && !source.Type.Schema().Field(name).Encrypted {
			return v
		}
	}
	return nil
}

// named is the value of an attribute of an object, or of the only one within it.
func named(values map[string]any, name string) any {
	if v := values[name]; v != nil {
		return v
	}
	for _, v := range values {
		if inner, ok := v.(map[string]any); ok && inner["config"] != nil {
			return inner[name]
		}
	}
	return nil
}

// Every data source finds what terraform has made, by each of its keys, and among
// many by each of its filters, on whatever page it is; what it shows is what was
// made.
func TestAccSources(t *testing.T) {
	t.Parallel()
	cp, tf := estate(t)
	pages := paged(cp)
	held := attributes(t, tf)
	all := planeLooks(held)
	tf.Write(t, "catalogue.tf", `
data "konnect_gateway_plugins" "free" {
  name_contains = "rate-limiting"
  tier          = "free"
}
data "konnect_gateway_plugin_schema" "bundled" {
  name = "cors"
}
data "konnect_gateway_plugin_schema" "uploaded" {
  name             = konnect_gateway_custom_plugin_schema.all["first"].name
  control_plane_id = local.plane
}
output "free" {
  value = data.konnect_gateway_plugins.free.names
}
output "customs" {
  value = [data.konnect_gateway_plugin_schema.bundled.custom, data.konnect_gateway_plugin_schema.uploaded.custom]
}
`)
	for name, source := range resource.Sources(resource.All()) {
		found := looks(source, held)
		if len(found) == 0 {
			t.Errorf("%s is not tested", name)
		}
		all = append(all, found...)
	}
	block, outputs := map[string]map[string]any{}, map[string]any{}
	for _, l := range all {
		if block[l.source] == nil {
			block[l.source] = map[string]any{}
		}
		block[l.source][l.name] = l.args
		outputs[l.source+"-"+l.name] = map[string]any{"value": "${data." + l.label() + "}", "sensitive": true}
	}
	text, err := json.MarshalIndent(map[string]any{"data": block, "output": outputs}, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	tf.Write(t, "looks.tf.json", string(text))
	applied(t, tf)
	if n := pages(); n < len(all) {
		t.Errorf("only %d pages were asked for", n)
	}
	held = attributes(t, tf)
	values := outputsOf(t, tf)
	if got := fmt.Sprint(values["free"], values["customs"]); got != "[rate-limiting] [false true]" {
		t.Errorf("the catalogue says %s", got)
	}
	for _, l := range all {
		shown, _ := values[l.source+"-"+l.name].(map[string]any)
		list, isList := shown["data"].([]any)
		if !isList {
			list = []any{shown}
		}
		typ := entity.ControlPlane
		if source := resource.Sources(resource.All())[l.source]; source != nil {
			typ = source.Type
		}
		var got []string
		for _, one := range list {
			values, _ := one.(map[string]any)
			id := fmt.Sprint(values[typ.Address()])
			got = append(got, id)
			for address, made := range held {
				if fmt.Sprint(made[typ.Address()]) == id && strings.HasPrefix(address, strings.TrimSuffix(l.source, "_list")+".") {
					differs(t, l, values, made)
				}
			}
		}
		slices.Sort(got)
		slices.Sort(l.want)
		if !slices.Equal(got, l.want) {
			t.Errorf("%s %v finds %v, want %v", l.label(), l.args, got, l.want)
		}
	}
}

// untold are attributes that the control plane tells whoever makes an object, and
// nobody else.
var untold = []string{"konnect_gateway_basic_auth.password", "konnect_centralized_consumer_key.updated_at"}

// differs complains of what a data source shows otherwise than it was made.
func differs(t *testing.T, l look, shown, made map[string]any) {
	t.Helper()
	for name, v := range shown {
		isUntold := slices.Contains(untold, strings.TrimSuffix(l.source, "_list")+"."+name)
		if want := made[name]; want != nil && !isUntold && !reflect.DeepEqual(v, want) {
			t.Errorf("%s shows %s = %v, want %v", l.label(), name, v, want)
		}
	}
}

// outputsOf are the outputs in the state.
func outputsOf(t *testing.T, tf *acctest.Terraform) map[string]any {
	t.Helper()
	text, exit := tf.Run(t, "output", "-json")
	var outputs map[string]struct {
		Value any `json:"value"`
	}
	if err := json.NewDecoder(bytes.NewReader(text)).Decode(&outputs); err != nil || exit != 0 {
		t.Fatalf("%v: %s", err, text)
	}
	out := map[string]any{}
	for name, o := range outputs {
		out[name] = o.Value
	}
	return out
}

// paged makes all pages of a control plane's lists have one element, and counts
// them.
func paged(cp *acctest.ControlPlane) (pages func() int) {
	var n atomic.Int32
	cp.Intercept(func(_ http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		query := r.URL.Query()
		for _, size := range []string{"size", "page[size]"} {
			if query.Has(size) {
				query.Set(size, "1")
				n.Add(1)
			}
		}
		r.URL.RawQuery = query.Encode()
		return false
	})
	return func() int { return int(n.Swap(0)) }
}

// Every list resource hands on what it finds page by page, and asks for no page
// more than its limit takes.
func TestAccLists_limit(t *testing.T) {
	t.Parallel()
	cp, tf := estate(t)
	held := attributes(t, tf)
	p := cp.Protocol(t)
	pages := paged(cp)
	for name, r := range resource.All() {
		if r.Plugin != "" {
			continue // as konnect_gateway_plugin, and there are fewer than two
		}
		where := scopeOf(r, held)
		count := func(whole bool, limit int64) (found, asked int) {
			t.Helper()
			if diags := p.Configure(t, acctest.Object{"embedded": acctest.Object{"path": "a"}}); len(diags) > 0 {
				t.Fatal(acctest.Text(diags))
			}
			pages()
			list, diags := p.List(t, name, where, whole, limit)
			if len(diags) > 0 {
				t.Errorf("%s: %s", name, acctest.Text(diags))
			}
			for _, one := range list {
				if (one.State.Type() != nil) != whole || one.Name == "" || len(one.Identity) == 0 {
					t.Errorf("%s: %+v", name, one)
				}
			}
			return len(list), pages()
		}
		all, most := count(false, 0)
		if all < 2 || most < 1 {
			t.Errorf("%s: %d objects in %d pages", name, all, most)
		}
		if found, asked := count(false, 1); found != 1 || asked >= most && r.Type != entity.DataPlaneCertificate { // that list has no pages
			t.Errorf("%s: a limit of 1 gives %d objects and costs %d pages of %d", name, found, asked, most)
		}
		if found, _ := count(true, int64(all+1)); found != all {
			t.Errorf("%s: %d objects, want %d", name, found, all)
		}
	}
}

// scopeOf are the arguments by which a list finds the first of what the estate has
// of a kind, and what is beside it.
func scopeOf(r *resource.Resource, held map[string]map[string]any) acctest.Object {
	kind := r.Name
	if r.Plugin != "" || kind == "konnect_gateway_custom_plugin" {
		kind = "konnect_gateway_plugin"
	}
	where := acctest.Object{}
	for _, owner := range r.Type.Owners() {
		where[owner.ParentAttribute()] = held[kind+`.all["first"]`][owner.ParentAttribute()]
	}
	return where
}

// toFill is what a plan says of kinds that no control plane shows whole.
var toFill = map[string]string{"konnect_gateway_config_store_secret": "value: required field missing. Give value, or value_wo together with value_wo_version."}

// What a query finds is adopted as Terraform does it: by the identity, with the
// configuration that is generated of what the import reads. The plan changes
// nothing, whatever the kind, but for what nobody can tell.
func TestAccLists_generated(t *testing.T) {
	t.Parallel()
	cp, tf := estate(t)
	held := attributes(t, tf)
	p := cp.Protocol(t)
	for name, r := range resource.All() {
		found, diags := p.List(t, name, scopeOf(r, held), true, 0)
		if len(diags) > 0 || len(found) == 0 && r.Plugin == "" {
			t.Errorf("%s: %d objects: %s", name, len(found), acctest.Text(diags))
		}
		for _, one := range found {
			state, diags := p.ImportIdentity(t, name, one.Identity)
			if len(diags) > 0 {
				t.Errorf("%s %s: %s", name, one.Name, acctest.Text(diags))
				continue
			}
			state, diags = p.Read(t, name, state)
			if len(diags) > 0 {
				t.Errorf("%s %s: %s", name, one.Name, acctest.Text(diags))
			}
			config := p.Generate(t, name, state)
			resp, plan := p.Plan(t, name, config, state)
			changed := acctest.Changes(acctest.Go(state), acctest.Go(plan))
			if want := toFill[name]; want != "" {
				if said := acctest.Text(resp.Diagnostics); !strings.Contains(said, want) {
					t.Errorf("%s %s: nothing says %q: %s", name, one.Name, want, said)
				}
			} else if hasErrors(resp.Diagnostics) || len(changed) > 0 || len(resp.RequiresReplace) > 0 {
				t.Errorf("%s %s: the plan changes %v: %s\nof %v", name, one.Name, changed, acctest.Text(resp.Diagnostics), config)
			}
		}
	}
}

func hasErrors(diags []*tfprotov6.Diagnostic) bool {
	return slices.ContainsFunc(diags, func(d *tfprotov6.Diagnostic) bool { return d.Severity == tfprotov6.DiagnosticSeverityError })
}
