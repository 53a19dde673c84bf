package server_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins/sample"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
	"github.com/openkonnect/terraform-provider-konnect/internal/server"
)

// eachPlugin creates every bundled plugin in a control plane of its own: by
// what configured makes of its smallest configuration. It calls check with what
// the answer has for config.
func eachPlugin(t *testing.T, configured func(p *plugins.Plugin, minimal map[string]any) map[string]any,
	check func(t *testing.T, p *plugins.Plugin, minimal, answer map[string]any),
) {
	set := plugins.Bundled(entity.Plugin.Schema(), entity.Schemas)
	h := newServer(t, server.Options{})
	for _, name := range set.Names() {
		t.Run(name, func(t *testing.T) {
			p, err := set.Load(name)
			if err != nil {
				t.Fatal(err)
			}
			minimal, err := sample.Minimal(t.Context(), p)
			if err != nil {
				t.Fatal(err)
			}
			create := func(config map[string]any) map[string]any {
				body, err := json.Marshal(map[string]any{"name": name, "config": config})
				if err != nil {
					t.Fatal(err)
				}
				s := &session{handler: h, vars: map[string]string{}}
				s.run(t, row{Do: "POST /v2/control-planes", Body: []byte(`{"name":"` + name + `"}`), Status: 201, Save: map[string]string{"cp": "id"}})
				defer s.run(t, row{Do: "DELETE /v2/control-planes/{cp}", Status: 204})
				rec := s.send(t, "POST", s.expand("/v2/control-planes/{cp}/core-entities/plugins"), string(body))
				if rec.Code != 201 {
					t.Fatalf("%s: %d %s", body, rec.Code, rec.Body)
				}
				var answer struct{ Config map[string]any }
				if err := json.Unmarshal(rec.Body.Bytes(), &answer); err != nil {
					t.Fatal(err)
				}
				return answer.Config
			}
			plain := create(minimal)
			check(t, p, plain, create(configured(p, minimal)))
		})
	}
}

// A null of a client means the same as no value: the defaults count, also those
// of required records.
func TestServer_nullInConfig(t *testing.T) {
	t.Parallel()
	withNull := func(p *plugins.Plugin, minimal map[string]any) map[string]any {
		doc := p.Schema.Walk(map[string]any{"config": minimal}, func(c *schema.Cursor) bool {
			if c.Level == nil || len(c.Path) == 0 {
				return len(c.Path) == 0
			}
			given, _ := c.Value.(map[string]any)
			full := map[string]any{}
			for _, f := range c.Level.Fields {
				full[f.Name] = given[f.Name]
			}
			c.Replace(full)
			return true
		})
		config, _ := doc["config"].(map[string]any)
		return config
	}
	chosen := func(p *plugins.Plugin, config map[string]any) map[string]any {
		return p.Schema.Walk(map[string]any{"config": config}, func(c *schema.Cursor) bool {
			if c.Field != nil && c.Field.Auto {
				c.Delete() // by chance
			}
			return true
		})
	}
	eachPlugin(t, withNull, func(t *testing.T, p *plugins.Plugin, plain, answer map[string]any) {
		if diff := cmp.Diff(chosen(p, plain), chosen(p, answer)); diff != "" {
			t.Error(diff)
		}
	})
}

// Clients with types cannot read a list where a map or a record is empty, nor
// an object where a list is.
func TestServer_emptyMaps(t *testing.T) {
	t.Parallel()
	same := func(_ *plugins.Plugin, minimal map[string]any) map[string]any { return minimal }
	empty := func(p *plugins.Plugin, minimal map[string]any) map[string]any {
		config := map[string]any{}
		for _, f := range p.Schema.Field("config").Record.Fields {
			if v, given := minimal[f.Name]; given {
				config[f.Name] = v
			} else if f.Type == schema.Map && f.Def["len_min"] == nil {
				config[f.Name] = []any{}
			}
		}
		return config
	}
	for _, configured := range []func(*plugins.Plugin, map[string]any) map[string]any{same, empty} {
		eachPlugin(t, configured, func(t *testing.T, p *plugins.Plugin, _, answer map[string]any) {
			p.Schema.Walk(map[string]any{"config": answer}, func(c *schema.Cursor) bool {
				if c.Field == nil {
					return true
				}
				_, list := c.Value.([]any)
				_, object := c.Value.(map[string]any)
				switch c.Field.Type {
				case schema.Map, schema.Record:
					if list {
						t.Errorf("%s is a list", c.Path)
					}
				case schema.Array, schema.Set:
					if object {
						t.Errorf("%s is an object", c.Path)
					}
				case schema.JSON:
					return false
				}
				return true
			})
		})
	}
}

// The schemas that are served say so too.
func TestServer_emptyMapsInSchemas(t *testing.T) {
	t.Parallel()
	var look func(t *testing.T, at string, v any)
	look = func(t *testing.T, at string, v any) {
		switch v := v.(type) {
		case map[string]any:
			if _, list := v["default"].([]any); list && (v["type"] == "map" || v["type"] == "record") {
				t.Errorf("%s: the default of a %s is a list", at, v["type"])
			}
			for name, e := range v {
				look(t, at+"."+name, e)
			}
		case []any:
			for _, e := range v {
				look(t, at, e)
			}
		}
	}
	s := &session{handler: newServer(t, server.Options{}), vars: map[string]string{}}
	s.createControlPlane(t)
	set := plugins.Bundled(entity.Plugin.Schema(), entity.Schemas)
	for _, name := range set.Names() {
		var answer map[string]any
		rec := s.send(t, "GET", s.expand("{core}/schemas/plugins/"+name), "")
		if err := json.Unmarshal(rec.Body.Bytes(), &answer); err != nil || answer["fields"] == nil {
			t.Fatalf("%s: %d %v", name, rec.Code, err)
		}
		look(t, name, answer)
	}
}
