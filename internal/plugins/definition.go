package plugins

import (
	"fmt"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// New compiles a definition in the form of decoded JSON, in which functions
// stand as {"function": "<name>"}, and specialises parent with it.
func New(def schema.Def, parent *schema.Schema, refs func(entity string) *schema.Schema) (*Plugin, error) {
	name, _ := def["name"].(string)
	r := resolver{plugin: name}
	resolved, err := r.definition(def, "")
	if err != nil {
		return nil, fmt.Errorf("plugin %q: %w", name, err)
	}
	own, err := schema.Compile(resolved, refs)
	if err != nil {
		return nil, fmt.Errorf("plugin %q: %w", name, err)
	}
	full, err := parent.Specialize(own)
	if err != nil {
		return nil, fmt.Errorf("plugin %q: %w", name, err)
	}
	return &Plugin{Name: name, Schema: full, Def: resolved, Unjudged: r.unjudged}, nil
}

// resolver replaces the names of functions in a definition by the functions.
type resolver struct {
	plugin   string
	unjudged []string // names of the checks left out
}

// definition resolves a definition that may have fields of its own: a schema
// or a field. path is where it stands, for shorthand fields without a func.
func (r *resolver) definition(def schema.Def, path string) (schema.Def, error) {
	out := make(schema.Def, len(def))
	for key, v := range def {
		var err error
		switch list, isList := v.([]any); {
		case isList && key == "fields":
			out[key], err = r.fields(list, path, r.definition)
		case isList && key == "shorthand_fields":
			out[key], err = r.fields(list, path, r.shorthand)
		case isField(key, v):
			out[key], err = r.definition(v.(map[string]any), join(path, key))
		case key == "subschemas":
			out[key], err = r.subschemas(v, path)
		case isList && key == "entity_checks":
			out[key], err = r.checks(list)
		default:
			out[key], err = r.value(v)
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func isField(key string, v any) bool {
	_, ok := v.(map[string]any)
	return ok && (key == "elements" || key == "keys" || key == "values")
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func (r *resolver) fields(list []any, path string, resolve func(schema.Def, string) (schema.Def, error)) ([]any, error) {
	out := make([]any, len(list))
	for i, item := range list {
		entry, ok := item.(map[string]any)
		if !ok || len(entry) != 1 {
			return nil, fmt.Errorf("%s: field %d is not one name with one definition", path, i+1)
		}
		for name, v := range entry {
			def, ok := v.(map[string]any)
			if !ok {
				return nil, fmt.Errorf("%s: the definition is not a table", join(path, name))
			}
			resolved, err := resolve(def, join(path, name))
			if err != nil {
				return nil, err
			}
			out[i] = map[string]any{name: resolved}
		}
	}
	return out, nil
}

// shorthand resolves a shorthand field. Unless its function is one of ours, it
// moves the value to where its replacement says.
func (r *resolver) shorthand(def schema.Def, path string) (schema.Def, error) {
	own := make(schema.Def, len(def)+1)
	for k, v := range def {
		if k != "func" {
			own[k] = v
		}
	}
	out, err := r.definition(own, path)
	if err != nil {
		return nil, err
	}
	name := r.plugin + ":" + path + ".func"
	if named, ok := record(def["func"])["function"].(string); ok {
		name = named
	}
	fn := shorthandNamed(name, def)
	if fn == nil {
		return nil, fmt.Errorf("%s: nothing says what takes the place of the shorthand field", path)
	}
	out["func"] = fn
	return out, nil
}

func (r *resolver) subschemas(v any, path string) (any, error) {
	defs, ok := v.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("%s: subschemas are not a table", path)
	}
	out := make(map[string]any, len(defs))
	for name, v := range defs {
		def, _ := v.(map[string]any)
		resolved, err := r.definition(def, path)
		if err != nil {
			return nil, err
		}
		out[name] = resolved
	}
	return out, nil
}

// checks resolves entity checks and leaves out those whose rule is unknown.
func (r *resolver) checks(list []any) ([]any, error) {
	out := make([]any, 0, len(list))
	for _, item := range list {
		custom := record(record(item)["custom_entity_check"])
		if name, _ := record(custom["fn"])["function"].(string); isUnjudged(name) {
			r.unjudged = append(r.unjudged, name)
			continue
		}
		c, err := r.value(item)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// value resolves functions anywhere else: validators, checks, defaults.
func (r *resolver) value(v any) (any, error) {
	switch v := v.(type) {
	case map[string]any:
		if name, ok := v["function"].(string); ok && len(v) == 1 {
			return functionNamed(name)
		}
		out := make(map[string]any, len(v))
		for k, e := range v {
			var err error
			if out[k], err = r.value(e); err != nil {
				return nil, err
			}
		}
		return out, nil
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			var err error
			if out[i], err = r.value(e); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	return v, nil
}
