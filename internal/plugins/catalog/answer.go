package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// kept are the attributes of Kong's schema language that go into the data as
// they are served.
var kept = []string{
	"type", "reference", "required", "default", "one_of", "between", "gt", "eq", "ne", "not_one_of",
	"len_eq", "len_min", "len_max", "match", "match_any", "match_all", "match_none", "not_match", "starts_with",
	"contains", "is_regex", "uuid", "timestamp", "mutually_exclusive_subsets", "err", "abstract",
	"encrypted", "referenceable", "auto", "unique", "deprecation", "json_schema", "translate_backwards",
	"subschema_key", "subschemas", "required_unknown",
}

// dropped are attributes that tell a reader of the data nothing, or are
// somebody else's words, and marks that our own served data have.
var dropped = []string{
	"description", "examples", "nullable", "legacy", "immutable", "unique_across_ws", "schema", "on_delete",
	"subschema_override_parent", "maps_to", "default_generated",
}

// lists are attributes that hold a list; Kong may write an empty one as {}.
var lists = []string{
	"fields", "shorthand_fields", "entity_checks", "one_of", "not_one_of", "between", "match_all", "match_none",
	"mutually_exclusive_subsets", "translate_backwards",
}

// translate brings the answer of a source into the form of a data file. An
// unknown name in it is an error: a maintainer has to decide what it means.
func translate(answer table) (table, error) {
	if _, ok := answer["fields"].([]any); !ok {
		return nil, errors.New("the answer has no list of fields")
	}
	return definition(without(answer, "name", "supported_partials"), "")
}

func definition(def table, path string) (table, error) {
	out := make(table, len(def))
	for key, v := range def {
		if m, isTable := v.(table); isTable && len(m) == 0 && (slices.Contains(lists, key) || key == "default" && holdsList(def)) {
			v = []any{}
		}
		var err error
		switch key {
		case "fields", "shorthand_fields":
			out[key], err = fields(v, path)
		case "elements", "keys", "values":
			out[key], err = nested(v, path+steps[key])
		case "subschemas", "subschema_definitions":
			out["subschemas"], err = variants(v, path)
		case "entity_checks":
			out[key], err = checks(v, path)
		case "deprecation":
			out[key] = without(asTable(v), "message")
		default:
			if slices.Contains(kept, key) {
				out[key] = v
			} else if !slices.Contains(dropped, key) {
				err = fmt.Errorf("%s: unknown attribute %q", at(path), key)
			}
		}
		if err != nil {
			return nil, err
		}
	}
	if out["referenceable"] == true && !slices.Contains([]any{nil, "string", "array", "set", "map"}, out["type"]) {
		out["referenceable"] = "any" // a vault reference may stand in its place
	}
	return out, nil
}

func holdsList(def table) bool { return def["type"] == "array" || def["type"] == "set" }

// steps are how a path continues inside a definition.
var steps = map[string]string{"elements": "[]", "values": "{}", "keys": "{key}"}

// at names a place for people.
func at(path string) string {
	if path == "" {
		return "the plugin"
	}
	return path
}

func nested(v any, path string) (table, error) {
	def, ok := v.(table)
	if !ok {
		return nil, fmt.Errorf("%s: not a definition", path)
	}
	return definition(def, path)
}

func fields(v any, path string) ([]any, error) {
	list, ok := v.([]any)
	if !ok {
		return nil, fmt.Errorf("%s: not a list of fields", at(path))
	}
	out := make([]any, len(list))
	for i, item := range list {
		name, def, ok := entry(item)
		if !ok {
			return nil, fmt.Errorf("%s: field %d is not one name with one definition", at(path), i+1)
		}
		own, err := definition(def, join(path, name))
		if err != nil {
			return nil, err
		}
		out[i] = table{name: own}
	}
	return out, nil
}

// variants are the kinds of a record. Each is a record, so its type is left
// out.
func variants(v any, path string) (table, error) {
	defs, _ := v.(table)
	out := make(table, len(defs))
	for name, def := range defs {
		own, err := nested(def, path+"("+name+")")
		if err != nil {
			return nil, err
		}
		out[name] = without(own, "type")
	}
	return out, nil
}

// checks keeps entity checks. Sources do not serve what a check in code does,
// so such a check is unjudged until a maintainer knows.
func checks(v any, path string) ([]any, error) {
	list, _ := v.([]any)
	out := []any{}
	for _, item := range list {
		c, ok := item.(table)
		if !ok || len(c) == 0 {
			return nil, fmt.Errorf("%s: an entity check is not a table", at(path))
		}
		if c["custom_entity_check"] != nil {
			c = table{"custom_entity_check": without(asTable(c["custom_entity_check"]), "pass_errors_to_checker"), "unjudged": true}
		}
		out = append(out, c)
	}
	return out, nil
}

// entry is the name and the definition of an item of a list of fields.
func entry(item any) (string, table, bool) {
	m, _ := item.(table)
	for name, v := range m {
		def, ok := v.(table)
		return name, def, ok && len(m) == 1
	}
	return "", nil, false
}

func asTable(v any) table {
	t, _ := v.(table)
	return t
}

// texts are the strings of a list.
func texts(v any) []string {
	list, _ := v.([]any)
	out := []string{}
	for _, e := range list {
		if s, ok := e.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func without(t table, keys ...string) table {
	out := maps.Clone(t)
	for _, k := range keys {
		delete(out, k)
	}
	return out
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
