package provider_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

const cloned = "konnect_gateway_cloned_plugin"

func TestClonedPlugin_validate(t *testing.T) {
	t.Parallel()
	p := acctest.Offline(t)
	for name, c := range map[string]struct {
		config object
		want   []string
	}{
		"fine":                {in(object{"name": "acl-two", "ref": "acl"}), nil},
		"unknown":             {in(object{"name": acctest.Unknown, "ref": acctest.Unknown, "priority": acctest.Unknown}), nil},
		"no ref":              {in(object{"name": "acl-two"}), []string{"ERROR [] Invalid cloned plugin: ref: required field missing"}},
		"not to be cloned":    {in(object{"name": "cors-two", "ref": "cors"}), []string{"ERROR [ref] Invalid cloned plugin: ref: expected one of: acl, datakit"}},
		"no plugin":           {in(object{"name": "x", "ref": "alc"}), []string{"ERROR [ref]"}},
		"a fraction":          {in(object{"name": "x", "ref": "acl", "priority": 1.5}), []string{"ERROR [priority]"}},
		"an odd name":         {in(object{"name": "a b", "ref": "acl"}), []string{"ERROR [name] Invalid cloned plugin: name: must be at most 128"}},
		"the name of another": {in(object{"name": "cors", "ref": "acl"}), []string{`ERROR [name] Invalid cloned plugin: name: a bundled plugin has the name "cors". Choose another name, such as "my-cors"`}},
		"its own name":        {in(object{"name": "acl", "ref": "acl"}), []string{`ERROR [name]`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			says(t, p.Validate(t, cloned, c.config), c.want...)
		})
	}
}

// An instance of a clone is judged as one of its source, whether the clone is in
// the configuration or on the control plane.
func TestClonedPlugin_instance(t *testing.T) {
	t.Parallel()
	held := newWorld(t)
	held.Make(t, entity.ClonedPlugin, held.Scope(), object{"name": "acl-two", "ref": "acl"})
	fresh := newWorld(t)
	fresh.p.Plan(t, cloned, fresh.in(object{"name": "acl-two", "ref": "acl"}), tftypes.Value{})
	for where, w := range map[string]*world{"held": held, "in the configuration": fresh} {
		for name, c := range map[string]struct {
			config object
			want   []string
		}{
			"fine":        {object{"config": object{"allow": list("a")}}, nil},
			"both lists":  {object{"config": object{"allow": list("a"), "deny": list("b")}}, []string{"ERROR [config.allow] Invalid gateway plugin: exactly one of these fields"}},
			"unknown key": {object{"config": object{"allow": list("a"), "minute": 1}}, []string{"ERROR [config.minute] Invalid gateway plugin: config.minute: unknown field"}},
			"a consumer":  {object{"config": object{"allow": list("a")}, "consumer": object{"id": acctest.SomeID}}, []string{`ERROR [consumer] Invalid gateway plugin: consumer: the plugin "acl-two" cannot be limited to a consumer`}},
			"a protocol":  {object{"config": object{"allow": list("a")}, "protocols": list("tcp")}, []string{`ERROR [protocols[0]]`}},
			"before it":   {object{"config": object{"allow": list("a")}, "ordering": object{"before": object{"access": list("acl")}}}, nil},
			"before itself": {object{"config": object{"allow": list("a")}, "ordering": object{"before": object{"access": list("acl-two")}}},
				[]string{`WARNING [ordering] Questionable gateway plugin: ordering.before.access[0]: the plugin "acl-two" cannot run before or after itself`}},
		} {
			t.Run(where+"/"+name, func(t *testing.T) {
				t.Parallel()
				config := w.in(c.config)
				config["name"], config["service"] = "acl-two", object{"id": acctest.Unknown}
				says(t, w.p.Validate(t, plugin, config), c.want...)
			})
		}
	}
}

// Data planes before 3.15 get neither clones nor their instances.
func TestClonedPlugin_versions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.p.Configure(t, object{"embedded": object{"path": "a"}, "minimum_data_plane_version": "3.14"})
	says(t, w.p.Validate(t, cloned, w.in(object{"name": "two", "ref": "acl"})),
		"WARNING [ref] Questionable cloned plugin: ref: data planes before version 3.15 do not get this at all, because of it, and none of its instances; the data planes may be of version 3.14")
	says(t, w.p.Validate(t, plugin, w.in(object{"name": "two", "config": object{"allow": list("a")}})),
		`WARNING [name] Questionable gateway plugin: name: the plugin "two" is there from version 3.15 on`)
}

// A clone with a priority of its own runs where that says, not where its source does.
func TestClonedPlugin_priority(t *testing.T) {
	t.Parallel()
	held, fresh := newWorld(t), newWorld(t)
	held.Make(t, entity.ClonedPlugin, held.Scope(), object{"name": "early", "ref": "acl", "priority": 1999})
	fresh.p.Plan(t, cloned, fresh.in(object{"name": "early", "ref": "acl", "priority": 1999}), tftypes.Value{})
	for where, w := range map[string]*world{"held": held, "in the configuration": fresh} {
		got := acctest.Text(w.p.Validate(t, plugin, w.in(object{"name": "early", "config": object{"allow": list("a")}, "condition": "consumer.username == 'a'"})))
		if !strings.Contains(got, "(its priority is 1999)") {
			t.Errorf("%s: %s", where, got)
		}
	}
}

// A clone is as available as its source.
func TestClonedPlugin_deployment(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	serverless := w.MakePlane(t, object{"cluster_type": "CLUSTER_TYPE_SERVERLESS"})
	resp, _ := w.p.Plan(t, cloned, object{"control_plane_id": serverless, "name": "two", "ref": "file-log"}, tftypes.Value{})
	says(t, resp.Diagnostics, `ERROR [name] Invalid cloned plugin: name: the plugin "two" is not available in Konnect on serverless control planes`)
}

func TestClonedPlugin_replaced(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	state := w.create(t, cloned, w.in(object{"name": "two", "ref": "acl", "priority": 5}))
	for name, c := range map[string]struct {
		config   object
		replaces []string
		want     []string
	}{
		"nothing":  {object{"name": "two", "ref": "acl", "priority": 5}, nil, nil},
		"tags":     {object{"name": "two", "ref": "acl", "priority": 5, "tags": list("a")}, nil, nil},
		"name":     {object{"name": "three", "ref": "acl", "priority": 5}, []string{"name"}, nil},
		"both":     {object{"name": "three", "ref": "opa", "priority": 5}, []string{"name", "ref"}, nil},
		"ref":      {object{"name": "two", "ref": "opa", "priority": 5}, []string{"ref"}, []string{`WARNING [ref] The clone is replaced: ref: it cannot change`}},
		"priority": {object{"name": "two", "ref": "acl"}, []string{"priority"}, []string{`WARNING [priority] The clone is replaced`}},
	} {
		t.Run(name, func(t *testing.T) {
			resp, _ := w.p.Plan(t, cloned, w.in(c.config), state)
			says(t, resp.Diagnostics, c.want...)
			var got []string
			for _, p := range resp.RequiresReplace {
				got = append(got, acctest.Path(p))
			}
			if fmt.Sprint(got) != fmt.Sprint(c.replaces) {
				t.Errorf("replaces %v, want %v", got, c.replaces)
			}
		})
	}
}

// A control plane takes five clones of one plugin, and so does a configuration.
func TestClonedPlugin_five(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range entity.MaxClones {
		says(t, w.p.Validate(t, cloned, w.in(object{"name": fmt.Sprintf("acl-%d", i), "ref": "acl"})))
	}
	says(t, w.p.Validate(t, cloned, w.in(object{"name": "opa-two", "ref": "opa"})))
	says(t, w.p.Validate(t, cloned, w.in(object{"name": "acl-six", "ref": "acl"})), "ERROR [ref] Too many clones: ref: this configuration has more than 5 clones of \"acl\"")
}

// A control plane names its clones among the plugins that it has.
func TestClonedPlugin_available(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Make(t, entity.ClonedPlugin, w.Scope(), object{"name": "acl-two", "ref": "acl"})
	var answer map[string]any
	if err := w.Client.Do(t.Context(), "GET", "/v2/control-planes/"+w.ID+"/core-entities/v1/available-plugins", nil, &answer); err != nil {
		t.Fatal(err)
	}
	if names, _ := answer["names"].([]any); !slices.Contains(names, any("acl-two")) || !slices.Contains(names, any("acl")) {
		t.Errorf("got %v", answer)
	}
}
