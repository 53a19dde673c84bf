package sample

import (
	"context"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/finding"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// InKonnect returns a configuration in which values that Konnect refuses are
// replaced by values within its limits. It adds a Redis where one is missing
// then. Schemas do not state such limits.
func InKonnect(ctx context.Context, p *plugins.Plugin, config map[string]any) map[string]any {
	doc := map[string]any{"config": schema.Copy(config)}
	for range len(p.Info.Limits) + 2 {
		filled, errs := p.Schema.ProcessAutoFields(ctx, map[string]any{"name": p.Name, "config": doc["config"]}, schema.Insert, schema.Auto{})
		if errs != nil {
			break
		}
		changed := false
		for _, f := range plugins.Judge(plugins.Case{Plugin: p, Name: p.Name, Written: doc, Completed: filled}) {
			if f.Severity == finding.Error && len(f.Path) > 1 {
				changed = true
				place(doc, f.Path, acceptable(p, f.Path))
			}
		}
		if !changed {
			break
		}
	}
	out, _ := doc["config"].(map[string]any)
	return out
}

// acceptable is a value that Konnect takes at a place.
func acceptable(p *plugins.Plugin, at schema.Path) any {
	limit, limited := p.Info.Limits[strings.TrimPrefix(at.String(), "config.")]
	switch {
	case !limited:
		return "redis.example"
	case limit.MustBe != "":
		return "https://idp.example/keys"
	case len(limit.Allowed) > 0:
		return limit.Allowed[0]
	}
	return "redis"
}

// place sets a value, making the records on the way.
func place(doc map[string]any, at schema.Path, v any) {
	for _, s := range at[:len(at)-1] {
		inner, ok := doc[s.Name].(map[string]any)
		if !ok {
			inner = map[string]any{}
			doc[s.Name] = inner
		}
		doc = inner
	}
	doc[at[len(at)-1].Name] = v
}
