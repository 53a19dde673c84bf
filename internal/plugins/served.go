package plugins

import (
	"fmt"
	"slices"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Served compiles the definition of a plugin as a control plane serves it, in
// place of data of ours. It is no fault that the control plane is newer: what it
// cannot show, or what nobody here knows, does not judge.
func Served(name string, def schema.Def, parent *schema.Schema, refs func(entity string) *schema.Schema) (*Plugin, error) {
	own, _ := schema.Copy(def).(map[string]any)
	if _, ok := own["fields"].([]any); !ok {
		return nil, fmt.Errorf("the schema of plugin %q has no list of fields", name)
	}
	own["name"] = name
	tame(own)
	return build(own, parent, refs)
}

// servedLists are attributes that hold a list. Kong writes an empty one as {}.
var servedLists = []string{
	"fields", "shorthand_fields", "entity_checks", "one_of", "not_one_of", "between", "match_all", "match_any", "match_none",
	"mutually_exclusive_subsets",
}

// tame takes out of a definition what does not judge, in it and below.
func tame(def schema.Def) {
	for key, v := range def {
		switch inner, isTable := v.(map[string]any); {
		case v == nil || isTable && len(inner) == 0 && slices.Contains(servedLists, key):
			delete(def, key)
		case key == "custom_validator" || key == "fn" || key == "check" || key == "transformations":
			if !resolves(v) {
				delete(def, key)
			}
		case key == "default":
			tameDefault(def, inner)
		case isTable:
			tame(inner)
		default:
			list, _ := v.([]any)
			for _, e := range list {
				tame(record(e))
			}
		}
	}
	tameChecks(def)
	tameShorthands(def)
}

// resolves reports whether a value is the name of a function of ours.
func resolves(v any) bool {
	name, _ := record(v)["function"].(string)
	_, err := functionNamed(name)
	return err == nil
}

// tameDefault takes out a default that is made by code, and reads {} as a list
// where that is meant.
func tameDefault(def schema.Def, v map[string]any) {
	switch _, made := v["function"]; {
	case v == nil:
	case made && len(v) == 1 && !resolves(v):
		delete(def, "default")
	case len(v) == 0 && (def["type"] == "array" || def["type"] == "set"):
		def["default"] = []any{}
	}
}

// tameChecks takes out the checks whose code is not known.
func tameChecks(def schema.Def) {
	if list, ok := def["entity_checks"].([]any); ok {
		def["entity_checks"] = slices.DeleteFunc(list, func(c any) bool {
			custom, isCustom := record(c)["custom_entity_check"]
			return isCustom && record(custom)["fn"] == nil || len(record(c)) == 0
		})
	}
}

// tameShorthands makes a field of an old name whose meaning only code tells: the
// control plane takes it.
func tameShorthands(def schema.Def) {
	list, _ := def["shorthand_fields"].([]any)
	fields, ok := def["fields"].([]any)
	if !ok || len(list) == 0 {
		return
	}
	def["shorthand_fields"] = slices.DeleteFunc(list, func(item any) bool {
		for _, own := range record(item) {
			own := record(own)
			delete(own, "func")
			if own != nil && !replaces(own) {
				fields = append(fields, item)
				return true
			}
		}
		return false
	})
	def["fields"] = fields
}

// replaces reports whether an old name says what takes its place.
func replaces(def schema.Def) bool {
	return shorthandNamed("", def) != nil
}

// AsServed returns a bundled plugin with the defaults that a control plane serves
// for it, which may be another version's; the plugin itself where they are the
// same. Fields that only one of the two has stay as they are.
func (p *Plugin) AsServed(served schema.Def, parent *schema.Schema, refs func(entity string) *schema.Schema) (*Plugin, error) {
	f, err := readBundled(p.Origin())
	if err != nil {
		return nil, err
	}
	if err := f.serve(); err != nil {
		return nil, err
	}
	own, _ := schema.Copy(served).(map[string]any)
	tame(own)
	adopted := map[string]any{}
	if adopt(schema.Def{"fields": f.Fields}, own, "", adopted); len(adopted) == 0 {
		return p, nil
	}
	out, err := build(schema.Def{"name": p.Name, "fields": f.Fields, "entity_checks": f.EntityChecks}, parent, refs)
	if err != nil {
		return nil, err
	}
	out.Source, out.Info, out.Adopted = p.Source, p.Info, adopted
	return out, nil
}

// adopt takes over the defaults of another definition where both define the same
// field with a default, and notes them by their place. Without a default of ours
// the attribute of a resource cannot have one.
func adopt(def, other schema.Def, place string, adopted map[string]any) {
	own, v := def["default"], other["default"]
	if own != nil && v != nil && def["type"] == other["type"] && !isFunction(own) && !schema.Equal(own, v) {
		def["default"], adopted[place] = v, v
	}
	fields, _ := def["fields"].([]any)
	others, _ := other["fields"].([]any)
	for _, item := range fields {
		for name := range record(item) {
			if same := fieldNamed(others, name); same != nil {
				adopt(record(record(item)[name]), same, join(place, name), adopted)
			}
		}
	}
}

// fieldNamed is a definition in a list of fields, or nil.
func fieldNamed(fields []any, name string) schema.Def {
	for _, item := range fields {
		if def := record(record(item)[name]); def != nil {
			return def
		}
	}
	return nil
}

func isFunction(v any) bool {
	_, named := record(v)["function"]
	return named
}
