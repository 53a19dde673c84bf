package conformance

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/lua/luaschema"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// answer is the engine's answer to a vector.
type answer struct {
	OK        bool
	Stage     string
	Name      string
	Processed map[string]any
	Tree      any    // the error tree
	Text      string // a failure outside the tree
	Raised    bool
}

// judge answers vectors. It is safe for use by several goroutines.
type judge struct {
	parent  *schema.Schema
	bundled *schema.Schema // the plugins entity under the folder's schemas
	catalog *schema.Schema // under the plugins that the project bundles
	custom  sync.Map       // schema text -> func() (*schema.Schema, error)
	unknown []string       // functions that the folder's schemas name and nobody knows
	faults  []string       // why some of those schemas are of no use
}

func newJudge(definitions []map[string]any) *judge {
	j := &judge{parent: entity.OpenSourcePlugin()}
	var list []*plugins.Plugin
	for _, def := range definitions {
		j.forget(def)
		p, err := plugins.New(def, j.parent, entity.Schemas)
		if err != nil {
			j.faults = append(j.faults, err.Error())
			continue
		}
		list = append(list, p)
	}
	j.bundled = plugins.NewSet(j.parent, list...).Schema()
	j.catalog = plugins.Bundled(entity.Plugin.Schema(), entity.Schemas).Schema()
	return j
}

// forget removes unknown functions from a definition, so that the rest can be
// judged.
func (j *judge) forget(v any) {
	switch v := v.(type) {
	case map[string]any:
		for key, e := range v {
			if name := functionOf(e); name != "" && key != "func" && !plugins.Known(name) {
				j.unknown = append(j.unknown, name)
				delete(v, key)
				continue
			}
			if list, ok := e.([]any); ok && key == "entity_checks" {
				v[key] = slices.DeleteFunc(list, j.unknownCheck)
			}
			j.forget(e)
		}
	case []any:
		for _, e := range v {
			j.forget(e)
		}
	}
}

func (j *judge) unknownCheck(check any) bool {
	m, _ := check.(map[string]any)
	custom, _ := m["custom_entity_check"].(map[string]any)
	name := functionOf(custom["fn"])
	if name == "" || plugins.Known(name) {
		return false
	}
	j.unknown = append(j.unknown, name)
	return true
}

// functionOf returns the name in {"function": "<name>"}, or "".
func functionOf(v any) string {
	m, _ := v.(map[string]any)
	name, _ := m["function"].(string)
	return name
}

func (j *judge) answer(ctx context.Context, v *Vector) answer {
	switch v.Kind {
	case SchemaKind:
		return j.load(ctx, *v.Lua)
	case CustomKind:
		s, err := j.customSchema(ctx, *v.Lua)
		if err != nil {
			return answer{Stage: "schema", Text: err.Error()}
		}
		return process(ctx, s, v.Plugin)
	case BundledKind:
		return process(ctx, j.bundled, v.Plugin)
	default:
		return process(ctx, j.catalog, map[string]any{"name": v.Plugin, "config": v.Config})
	}
}

func (j *judge) load(ctx context.Context, source string) answer {
	p, err := luaschema.Load(ctx, source, j.parent, entity.Schemas)
	if err == nil {
		return answer{OK: true, Name: p.Name}
	}
	a := answer{Text: err.Error()}
	if e, ok := errors.AsType[*luaschema.Error](err); ok {
		a.Stage, a.Text = string(e.Stage), e.Message
		if e.Errors != nil {
			a.Tree, a.Raised = e.Errors.Tree(), e.Errors.Raised()
		}
	}
	return a
}

// customSchema loads each distinct text once: many vectors share one.
func (j *judge) customSchema(ctx context.Context, source string) (*schema.Schema, error) {
	load, _ := j.custom.LoadOrStore(source, sync.OnceValues(func() (*schema.Schema, error) {
		p, err := luaschema.Load(ctx, source, j.parent, entity.Schemas)
		if err != nil {
			return nil, err
		}
		own := plugins.Custom(p)
		return plugins.NewSet(j.parent, own).Schema(), nil
	}))
	return load.(func() (*schema.Schema, error))()
}

func process(ctx context.Context, s *schema.Schema, plugin any) answer {
	given, ok := plugin.(map[string]any)
	if !ok {
		return answer{Stage: "validate", Text: fmt.Sprintf("the plugin is no record but %T", plugin)}
	}
	complete, errs := s.ProcessAutoFields(ctx, given, schema.Insert, schema.Auto{})
	if errs != nil {
		return answer{Stage: "defaults", Tree: errs.Tree(), Raised: errs.Raised()}
	}
	if errs := s.Validate(ctx, complete, schema.Insert); errs != nil {
		return answer{Stage: "validate", Tree: errs.Tree(), Raised: errs.Raised()}
	}
	return answer{OK: true, Processed: complete}
}
