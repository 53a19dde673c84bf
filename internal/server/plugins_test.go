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

// What clients send null for is what they leave out: the defaults count, of
// records too that must be there.
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
