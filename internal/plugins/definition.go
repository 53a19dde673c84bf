package plugins

import (
	"fmt"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// New compiles a definition in the form of decoded JSON, in which functions
// stand as {"function": "<name>"}, and specialises parent with it. The
// definition stays as it is.
func New(def schema.Def, parent *schema.Schema, refs func(entity string) *schema.Schema) (*Plugin, error) {
	own, _ := schema.Copy(def).(map[string]any)
	return build(own, parent, refs)
}

// build is New, but changes the definition.
func build(def schema.Def, parent *schema.Schema, refs func(entity string) *schema.Schema) (*Plugin, error) {
	name, _ := def["name"].(string)
	fail := func(err error) (*Plugin, error) { return nil, fmt.Errorf("plugin %q: %w", name, err) }
	r := resolver{plugin: name}
	if err := r.definition(def, ""); err != nil {
		return fail(err)
	}
	own, err := schema.Compile(def, refs)
	if err != nil {
		return fail(err)
	}
	full, err := parent.Specialize(own)
	if err != nil {
		return fail(err)
	}
	return &Plugin{Name: name, Schema: full, Def: def, Unjudged: r.unjudged}, nil
}

// resolver puts functions into a definition in place of their names.
type resolver struct {
	plugin   string
	unjudged []string // names of the checks left out
}

// definition resolves a definition that may have fields of its own: a schema
// or a field. path is where it stands.
func (r *resolver) definition(def schema.Def, path string) error {
	for key, v := range def {
		var err error
		switch v := v.(type) {
		case []any:
			err = r.list(def, key, v, path)
		case map[string]any:
			err = r.table(def, key, v, path)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *resolver) list(def schema.Def, key string, list []any, path string) (err error) {
	switch key {
	case "fields":
		return r.fields(list, path, r.definition)
	case "shorthand_fields":
		return r.fields(list, path, r.shorthand)
	case "entity_checks":
		def[key], err = r.checks(list, path)
	default:
		def[key], err = r.value(list)
	}
	return err
}

func (r *resolver) table(def schema.Def, key string, v map[string]any, path string) (err error) {
	switch key {
	case "elements", "keys", "values":
		return r.definition(v, join(path, key))
	case "subschemas":
		for name := range v {
			sub, _ := v[name].(map[string]any)
			if err := r.definition(sub, path); err != nil {
				return err
			}
		}
	default:
		def[key], err = r.value(v)
	}
	return err
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func (r *resolver) fields(list []any, path string, resolve func(schema.Def, string) error) error {
	for i, item := range list {
		entry, ok := item.(map[string]any)
		if !ok || len(entry) != 1 {
			return fmt.Errorf("%s: field %d is not one name with one definition", path, i+1)
		}
		for name, v := range entry {
			def, ok := v.(map[string]any)
			if !ok {
				return fmt.Errorf("%s: the definition is not a table", join(path, name))
			}
			if err := resolve(def, join(path, name)); err != nil {
				return err
			}
		}
	}
	return nil
}

// shorthand resolves a shorthand field. Unless its function is one of ours, it
// moves the value to where its replacement says.
func (r *resolver) shorthand(def schema.Def, path string) error {
	name := r.plugin + ":" + path + ".func"
	if named, ok := record(def["func"])["function"].(string); ok {
		name = named
	}
	delete(def, "func")
	if to, ok := mapsTo(name); ok {
		def["maps_to"] = to
	}
	fn := shorthandNamed(name, def)
	if fn == nil {
		return fmt.Errorf("%s: nothing says what takes the place of the shorthand field", path)
	}
	reverse(name, def)
	if err := r.definition(def, path); err != nil {
		return err
	}
	def["func"] = fn
	return nil
}

// checks resolves entity checks and leaves out those whose rule is unknown.
func (r *resolver) checks(list []any, path string) ([]any, error) {
	out := list[:0]
	for _, item := range list {
		if record(item)["unjudged"] == true {
			r.unjudged = append(r.unjudged, r.plugin+":"+join(path, checkName(record(item))))
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

// checkName names an entity check by its kind and the fields that it looks at.
func checkName(check map[string]any) string {
	for kind, args := range check {
		if kind != "unjudged" {
			return kind + "(" + strings.Join(texts(record(args)["field_sources"]), ",") + ")"
		}
	}
	return ""
}

// value resolves functions anywhere else: validators, checks, defaults.
func (r *resolver) value(v any) (any, error) {
	switch v := v.(type) {
	case map[string]any:
		if name, ok := v["function"].(string); ok && len(v) == 1 {
			return functionNamed(name)
		}
		for k, e := range v {
			var err error
			if v[k], err = r.value(e); err != nil {
				return nil, err
			}
		}
	case []any:
		for i, e := range v {
			var err error
			if v[i], err = r.value(e); err != nil {
				return nil, err
			}
		}
	}
	return v, nil
}
