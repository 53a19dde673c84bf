package acceptance

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
)

// reported is a configuration with which people had trouble elsewhere. It is
// applied, and a plan after that is empty and has written nothing; so it is
// after each of the further steps. Its name begins with the entry of the list
// of problems which users of other tools reported.
type reported struct {
	plugin string // bundled: for its own resource
	custom bool   // for the resource that takes any plugin instead
	// body is written in the block; {service} and the like are ids of what is
	// on the control plane beforehand.
	body     string
	before   string // blocks before it
	uploaded bool   // its schema is on the control plane beforehand

	auto   []string                 // what only the server knows, besides ids and times
	answer func(doc map[string]any) // changes what the control plane says
	tamper acctest.Object           // changes of config behind Terraform's back
	drift  []string                 // what a plan then changes, besides updated_at
	next   string                   // another body
	change []string                 // what a plan then changes
	stored acctest.Object           // a part of what is there in the end
}

func (r reported) resource() string {
	if r.custom {
		return custom
	}
	return acctest.TypedName(r.plugin)
}

func (r reported) block(label, plane, body string, ids *strings.Replacer) string {
	if r.custom && !strings.HasPrefix(body, "name =") {
		body = fmt.Sprintf("name = %q\n%s", r.plugin, body)
	}
	return ids.Replace(fmt.Sprintf("%s\nresource %q %q {\ncontrol_plane_id = %q\n%s\n}\n", r.before, r.resource(), label, plane, body))
}

// trial is a row on its way.
type trial struct {
	reported

	label, plane string
	ids          *strings.Replacer
}

// madeByServer reports whether nobody but the server can give a value.
func (r trial) madeByServer(path string) bool {
	return slices.Contains([]string{"created_at", "id", "updated_at"}, path) || strings.HasPrefix(path, "partials[")
}

func (r trial) address() string { return r.resource() + "." + r.label }

type reports map[string]reported

// begin makes a control plane for each row.
func (rs reports) begin(t *testing.T, cp *acctest.ControlPlane) []trial {
	t.Helper()
	var out []trial
	for _, name := range slices.Sorted(maps.Keys(rs)) {
		plane, _ := cp.Make(t, entity.ControlPlane, nil, acctest.Object{"name": name})["id"].(string)
		in := []string{plane}
		id := func(typ *entity.Type, doc acctest.Object) string {
			made, _ := cp.Make(t, typ, in, doc)["id"].(string)
			return made
		}
		if rs[name].uploaded {
			id(entity.PluginSchema, acctest.Object{"lua_schema": acctest.SomeSource})
		}
		service := id(entity.Service, acctest.Object{"host": "a.example"})
		ids := []string{"{plane}", plane, "{service}", service}
		for _, e := range []struct {
			name string
			typ  *entity.Type
			doc  acctest.Object
		}{
			{"{route}", entity.Route, acctest.Object{"paths": []any{"/a"}, "service": acctest.Object{"id": service}}},
			{"{consumer}", entity.Consumer, acctest.Object{"username": "a"}},
			{"{group}", entity.ConsumerGroup, acctest.Object{"name": "a"}},
			{"{redis-ee}", entity.Partial, acctest.Object{"name": "ee", "type": "redis-ee", "config": acctest.Object{"host": "ee.example"}}},
			{"{other-ee}", entity.Partial, acctest.Object{"name": "other", "type": "redis-ee", "config": acctest.Object{"host": "other.example"}}},
			{"{vectordb}", entity.Partial, acctest.Object{"name": "vectors", "type": "vectordb", "config": acctest.Object{
				"strategy": "redis", "dimensions": 3, "distance_metric": "cosine", "redis": acctest.Object{"host": "v.example"},
			}}},
		} {
			if r := rs[name]; strings.Contains(r.before+r.body+r.next, e.name) {
				ids = append(ids, e.name, id(e.typ, e.doc))
			}
		}
		out = append(out, trial{
			reported: rs[name], plane: plane, ids: strings.NewReplacer(ids...),
			label: strings.NewReplacer(" ", "_", ",", "", "-", "_", "'", "").Replace(strings.ToLower(name)),
		})
	}
	return out
}

func TestAccReported(t *testing.T) {
	t.Parallel()
	cp := acctest.New(t)
	trials := settledReports.begin(t, cp)
	cp.Amend(func(path string, doc map[string]any) {
		for _, r := range trials {
			if config, _ := doc["config"].(map[string]any); r.answer != nil && config != nil && strings.Contains(path, r.plane) {
				r.answer(doc)
			}
		}
	})
	tf := cp.Terraform(t, nil)
	write := func(body func(trial) string) {
		t.Helper()
		var hcl strings.Builder
		for _, r := range trials {
			hcl.WriteString(r.block(r.label, r.plane, body(r), r.ids))
		}
		tf.Write(t, "main.tf", hcl.String())
	}
	first := func(r trial) string { return r.body }
	last := func(r trial) string {
		if r.next != "" {
			return r.next
		}
		return r.body
	}

	bundled := plugins.Bundled(entity.Plugin.Schema(), entity.Schemas)
	write(first)
	created, _ := tf.Plan(t)
	for _, r := range trials {
		left := acctest.Unknowns(created[r.address()].After)
		if p, ok := bundled.Lookup(r.plugin); ok {
			left = acctest.Unexpected(p, left)
		}
		left = slices.DeleteFunc(left, func(path string) bool { return r.madeByServer(path) })
		if !slices.Equal(left, r.auto) {
			t.Errorf("%s: a plan to create leaves unknown %v, want %v", r.label, left, r.auto)
		}
	}
	settle(t, tf, cp, "plan")
	for _, r := range trials {
		if r.tamper == nil {
			continue
		}
		in := []string{r.plane}
		doc := cp.Find(t, entity.Plugin, in, "name", r.plugin)
		cp.Change(t, entity.Plugin, in, fmt.Sprint(doc["id"]), acctest.Object{"config": merged(doc["config"].(map[string]any), r.tamper)})
	}
	insist(t, tf, trials, func(r trial) []string { return r.drift })
	settle(t, tf, cp, "plan")
	write(last)
	insist(t, tf, trials, func(r trial) []string { return r.change })
	settle(t, tf, cp, "plan")
	for _, r := range trials {
		if r.stored == nil {
			continue
		}
		if lack := acctest.Lacks(cp.Find(t, entity.Plugin, []string{r.plane}, "name", r.plugin), r.stored); len(lack) > 0 {
			t.Errorf("%s: what is stored differs at %v", r.label, lack)
		}
	}
	if out, exit := tf.Run(t, "apply", "-destroy", "-auto-approve", "-no-color"); exit != 0 {
		t.Fatalf("%s", out)
	}
}

// merged is a document with some changes, which may be nested.
func merged(doc, changes map[string]any) map[string]any {
	out := maps.Clone(doc)
	for k, v := range changes {
		below, nested := v.(acctest.Object)
		held, _ := out[k].(map[string]any)
		if nested && held != nil {
			v = merged(held, below)
		}
		out[k] = v
	}
	return out
}

// settle applies, or carries out the plan of a file, and insists that a plan
// after that is empty and that it took no write to find out.
func settle(t *testing.T, tf *acctest.Terraform, cp *acctest.ControlPlane, plan ...string) {
	t.Helper()
	if out, exit := tf.Run(t, append([]string{"apply", "-auto-approve", "-no-color", "-input=false"}, plan...)...); exit != 0 {
		t.Fatalf("%s", out[max(0, bytes.Index(out, []byte("\nError:"))):])
	}
	writes := cp.Writes()
	if after, exit := tf.Plan(t); exit != 0 {
		for address, c := range after {
			if changed := acctest.Changes(c.Before, c.After); len(changed) > 0 {
				t.Errorf("%s: a second plan changes %v", address, changed)
			}
		}
	}
	if cp.Writes() != writes {
		t.Error("a plan wrote")
	}
}

// insist plans, and insists on what that changes of each row, in place.
func insist(t *testing.T, tf *acctest.Terraform, trials []trial, want func(trial) []string) {
	t.Helper()
	plan, _ := tf.Plan(t)
	for _, r := range trials {
		c := plan[r.address()]
		changed := slices.DeleteFunc(acctest.Changes(c.Before, c.After), func(path string) bool {
			return path == "updated_at" || strings.HasPrefix(path, "effective_config")
		})
		if !slices.Equal(changed, want(r)) {
			t.Errorf("%s: the plan changes %v, want %v", r.label, changed, want(r))
		}
		if len(c.Actions) != 1 || slices.Contains(c.Actions, "delete") {
			t.Errorf("%s: the plan is to %v", r.label, c.Actions)
		}
	}
}
