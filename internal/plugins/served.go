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
