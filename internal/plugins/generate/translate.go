package main

import (
	"fmt"
	"slices"
)

// kept are the attributes that go into the data as they are: those of Kong's
// schema language, and the catalog's marks about versions and origin.
var kept = []string{
	"type", "reference", "required", "default", "one_of", "between", "gt", "gte", "lte", "eq", "ne", "not_one_of",
	"len_eq", "len_min", "len_max", "match", "match_any", "match_all", "match_none", "not_match", "starts_with",
	"contains", "is_regex", "uuid", "timestamp", "mutually_exclusive_subsets", "err", "abstract",
	"encrypted", "referenceable", "auto", "unique", "deprecation", "json_schema", "maps_to",
	"since", "since_patch", "removed_in", "changed", "required_unknown", "default_generated",
}

// dropped are attributes that say nothing to a reader of the data.
var dropped = []string{"nullable", "derived_from"}

// translator brings a definition of the catalog into our form.
type translator struct{ plugin string }

func (t translator) definition(def table, path string) (table, error) {
	if own, ok := replaced[t.plugin+":"+path]; ok {
		return own, nil
	}
	out := make(table, len(def))
	for key, v := range def {
		var err error
		switch key {
		case "fields", "shorthand_fields":
			out[key], err = t.fields(v, path)
		case "elements", "keys", "values":
			out[key], err = t.nested(v, path+"."+key)
		case "entity_checks":
			out[key] = t.checks(v, path)
		case "subschema_key":
			out[key] = v
		case "subschema_definitions":
			out["subschemas"], err = t.subschemas(v, path)
		case "subschema_override_parent":
			// the only meaning that subschemas of a record have here
		default:
			if slices.Contains(kept, key) {
				out[key] = v
			} else if !slices.Contains(dropped, key) {
				err = fmt.Errorf("%s: unknown attribute %q", path, key)
			}
		}
		if err != nil {
			return nil, err
		}
	}
	return out, t.settle(out, path)
}

// settle decides what the catalog leaves open.
func (t translator) settle(def table, path string) error {
	switch def["type"] {
	case "string":
		if def["default_generated"] != nil {
			def["auto"] = true
		}
	case "json":
		if def["json_schema"] == nil {
			def["json_schema"] = table{"inline": anything} // its rules are lost
		}
	case "foreign":
		if def["reference"] == nil {
			reference, ok := references[t.plugin+":"+path]
			if !ok {
				return fmt.Errorf("%s: a foreign field without a reference", path)
			}
			def["reference"] = reference
		}
	case "record":
		if required := def["required_unknown"]; required == true && def["required"] == nil {
			// Not required is the careful reading: a record that nobody gave is
			// null, rather than a set of defaults with required fields missing.
			def["required"] = requiredRecords[t.plugin+":"+path]
		}
	case nil, "array", "set", "map":
		return nil
	}
	if def["referenceable"] == true && def["type"] != "string" {
		def["referenceable"] = "any" // a vault reference may stand for it
	}
	return nil
}

// anything is a JSON schema that refuses nothing.
var anything = table{"type": []any{"array", "boolean", "null", "number", "object", "string"}}

// references are targets that the catalog's source does not tell.
var references = map[string]string{"http-log:config.client_certificate": "certificates"}

// requiredRecords are records of unknown requirement that the published
// provider asks for.
var requiredRecords = map[string]bool{
	"ai-custom-guardrail:config.request":  true,
	"ai-custom-guardrail:config.response": true,
}

func (t translator) nested(v any, path string) (table, error) {
	def, ok := v.(table)
	if !ok {
		return nil, fmt.Errorf("%s: not a definition", path)
	}
	return t.definition(def, path)
}

func (t translator) fields(v any, path string) ([]any, error) {
	list, _ := v.([]any)
	out := make([]any, len(list))
	for i, item := range list {
		name, def, ok := entry(item)
		if !ok {
			return nil, fmt.Errorf("%s: field %d is not one name with one definition", path, i+1)
		}
		translated, err := t.definition(def, join(path, name))
		if err != nil {
			return nil, err
		}
		out[i] = table{name: translated}
	}
	return out, nil
}

func (t translator) subschemas(v any, path string) (table, error) {
	defs, _ := v.(table)
	out := make(table, len(defs))
	for name, def := range defs {
		translated, err := t.nested(without(def.(table), "type"), path)
		if err != nil {
			return nil, err
		}
		out[name] = translated
	}
	return out, nil
}

// checks keeps entity checks; a rule in code gets the name of its function.
// Two checks with the same sources differ in their code only: one name serves.
// What only a gateway can judge is left out.
func (t translator) checks(v any, path string) []any {
	list, _ := v.([]any)
	out := []any{}
	var names []string
	for _, item := range list {
		c, _ := item.(table)
		if c = amend(t.plugin, without(c, "since")); c == nil {
			continue
		}
		custom, ok := c["custom_entity_check"].(table)
		if !ok {
			out = append(out, c)
			continue
		}
		name := checkName(t.plugin, path, custom)
		if slices.Contains(names, name) || slices.Contains(onGatewaysOnly, name) {
			continue
		}
		names = append(names, name)
		custom = without(custom, "pass_errors_to_checker")
		custom["fn"] = table{"function": name}
		out = append(out, table{"custom_entity_check": custom})
	}
	return out
}

func entry(item any) (string, table, bool) {
	m, _ := item.(table)
	for name, v := range m {
		def, ok := v.(table)
		return name, def, ok && len(m) == 1
	}
	return "", nil, false
}

func without(t table, keys ...string) table {
	out := make(table, len(t))
	for k, v := range t {
		if !slices.Contains(keys, k) {
			out[k] = v
		}
	}
	return out
}
