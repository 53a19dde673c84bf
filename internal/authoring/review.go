package authoring

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/lua/luapattern"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// review reports rules of a plugin schema's definition that the metaschema
// accepts and that do not do what they seem to. parent is the plugins entity;
// the plugin's own checks may name its fields too.
func review(def schema.Def, parent *schema.Schema, say func(path schema.Path, message, hint string)) {
	r := reviewer{parent: parent, say: say}
	if def["check"] != nil {
		r.at(schema.Key("check"), func() {
			r.warn("Kong never calls the check function of a plugin schema", "use entity_checks with a custom_entity_check")
		})
	}
	if len(listOf(def["shorthand_fields"])) > 0 {
		r.at(schema.Key("shorthand_fields"), func() {
			r.warn("Kong does not read shorthand fields beside fields", "move them into the config record")
		})
	}
	r.level(def, true)
}

type reviewer struct {
	parent *schema.Schema
	path   schema.Path
	say    func(path schema.Path, message, hint string)
}

// below judges what a path leads to from here. at is one step.
func (r *reviewer) below(path schema.Path, look func()) {
	here := r.path
	r.path = here.Join(path...)
	look()
	r.path = here
}

func (r *reviewer) at(s schema.Step, look func()) { r.below(schema.Path{s}, look) }

func (r *reviewer) warn(message, hint string) { r.say(r.path, message, hint) }

// listOf views a part of a definition as a list.
func listOf(v any) []any {
	list, _ := v.([]any)
	return list
}

// textsOf are the texts of a list.
func textsOf(v any) (texts []string) {
	for _, e := range listOf(v) {
		if text, ok := e.(string); ok {
			texts = append(texts, text)
		}
	}
	return texts
}

func listed(values []any) string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = fmt.Sprint(v)
	}
	return strings.Join(texts, ", ")
}

func numberOf(v any) (float64, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	f, err := n.Float64()
	return f, err == nil
}

// level looks at a field list and the checks beside it.
func (r *reviewer) level(def schema.Def, top bool) {
	seen := map[string]bool{}
	for i, item := range listOf(def["fields"]) {
		entry, _ := item.(map[string]any)
		for name, fdef := range entry { // which is one
			m, isDef := fdef.(map[string]any)
			if !isDef {
				continue
			}
			r.below(schema.Path{schema.Key("fields"), schema.At(i), schema.Key(name)}, func() {
				if seen[name] {
					r.warn(fmt.Sprintf("the field '%s' is defined twice: the first definition gives the default, the last one validates", name), "keep one of them")
				}
				seen[name] = true
				r.topField(m, name, top)
				r.field(m)
			})
		}
	}
	r.checks(def, top)
}

func (r *reviewer) topField(def schema.Def, name string, top bool) {
	if top && def["type"] == "foreign" && def["required"] == true {
		r.warn(fmt.Sprintf("required does not make '%s' mandatory: only an explicit null is refused", name), "check the scope in the plugin's handler")
	}
}

func (r *reviewer) field(def schema.Def) {
	typ, _ := def["type"].(string)
	r.rules(def, typ)
	for _, inner := range []string{"elements", "keys", "values"} {
		m, ok := def[inner].(map[string]any)
		if !ok {
			continue
		}
		r.at(schema.Key(inner), func() {
			if _, ok := m["default"]; ok {
				r.warn("a default of "+inner+" is never filled in", "give the default on the field itself")
			}
			r.field(m)
		})
	}
	if typ == "record" {
		r.level(def, false)
	} else if def["entity_checks"] != nil {
		r.at(schema.Key("entity_checks"), func() {
			r.warn("only records run entity_checks, this field is of type "+typ, "move them to the record")
		})
	}
}

// fitting says for which types a rule works at all; Kong's metaschema does not
// check that, and the rule fails with an error when it runs.
var fitting = map[string]string{
	"gt": "number integer", "len_min": "string array set map record", "len_max": "string array set map record",
	"not_match": "string", "starts_with": "string", "match_all": "string", "match_none": "string", "match_any": "string",
}

func (r *reviewer) rules(def schema.Def, typ string) {
	for _, name := range slices.Sorted(maps.Keys(fitting)) {
		if def[name] != nil && !strings.Contains(" "+fitting[name]+" ", " "+typ+" ") {
			r.at(schema.Key(name), func() {
				r.warn(fmt.Sprintf("%s fails with an error on every value of type %s", name, typ), "use it on: "+fitting[name])
			})
		}
	}
	r.patterns(def)
	r.impossible(def)
}

// patterns reports Lua patterns that fail at their first use.
func (r *reviewer) patterns(def schema.Def) {
	for _, name := range []string{"match", "not_match"} {
		if p, ok := def[name].(string); ok {
			r.at(schema.Key(name), func() { r.pattern(p) })
		}
	}
	for _, name := range []string{"match_all", "match_none"} {
		list := listOf(def[name])
		for i, item := range list {
			m, _ := item.(map[string]any)
			if p, ok := m["pattern"].(string); ok {
				r.at(schema.Key(name), func() { r.at(schema.At(i), func() { r.pattern(p) }) })
			}
		}
	}
	m, _ := def["match_any"].(map[string]any)
	for i, p := range textsOf(m["patterns"]) {
		r.at(schema.Key("match_any"), func() { r.at(schema.At(i), func() { r.pattern(p) }) })
	}
}

func (r *reviewer) pattern(p string) {
	if _, err := luapattern.Compile(p); err != nil {
		r.warn(err.Error(), "these are Lua patterns, not regular expressions; is_regex is the rule for those")
		return
	}
	if strings.Contains(p, "|") && strings.Contains(p, "(") || strings.Contains(p, `\d`) || strings.Contains(p, `\w`) {
		r.warn(fmt.Sprintf("%q looks like a regular expression, but Lua patterns have neither alternation nor \\d", p), "write %d, %w, and match_any for alternatives")
	}
}

// impossible reports rules that no value satisfies.
func (r *reviewer) impossible(def schema.Def) {
	between := listOf(def["between"])
	if len(between) == 2 {
		lo, ok1 := numberOf(between[0])
		hi, ok2 := numberOf(between[1])
		if ok1 && ok2 && lo > hi {
			r.at(schema.Key("between"), func() { r.warn("no value lies between these bounds", "put the lower bound first") })
		}
	}
	least, ok1 := numberOf(def["len_min"])
	most, ok2 := numberOf(def["len_max"])
	if ok1 && ok2 && least > most {
		r.at(schema.Key("len_min"), func() { r.warn("no value satisfies both len_min and len_max", "len_min must not exceed len_max") })
	}
}

// checks looks at the entity checks of a level.
func (r *reviewer) checks(def schema.Def, top bool) {
	list := listOf(def["entity_checks"])
	for i, item := range list {
		m, _ := item.(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(m)) {
			r.at(schema.Key("entity_checks"), func() {
				r.at(schema.At(i), func() { r.at(schema.Key(name), func() { r.check(def, name, m[name], top) }) })
			})
		}
	}
}

func (r *reviewer) check(def schema.Def, name string, arg any, top bool) {
	m, isRecord := arg.(map[string]any)
	if !isRecord {
		for i, f := range textsOf(arg) {
			r.at(schema.At(i), func() { r.named(def, f, top) })
		}
		return
	}
	for _, part := range []string{"if_field", "then_field"} {
		if f, ok := m[part].(string); ok {
			r.at(schema.Key(part), func() { r.named(def, f, top) })
		}
	}
	for _, part := range []string{"field_sources", "then_at_least_one_of", "else_then_at_least_one_of", "set1", "set2"} {
		for i, f := range textsOf(m[part]) {
			r.at(schema.Key(part), func() { r.at(schema.At(i), func() { r.named(def, f, top) }) })
		}
	}
	r.complete(name, m)
	r.reachable(def, m)
	r.holdsForNull(def, m)
}

// neededBy lists the arguments that Kong's engine needs when a check runs.
var neededBy = map[string][]string{
	"conditional":                 {"if_field", "if_match", "then_field", "then_match"},
	"conditional_at_least_one_of": {"if_field", "if_match", "then_at_least_one_of"},
	"custom_entity_check":         {"field_sources", "fn"},
	"mutually_exclusive_sets":     {"set1", "set2"},
}

func (r *reviewer) complete(name string, m map[string]any) {
	for _, part := range neededBy[name] {
		if m[part] == nil {
			r.warn(fmt.Sprintf("without %s the check fails with an error whenever it runs", part), "add "+part)
		}
	}
}

// named reports a field of a check that does not exist.
func (r *reviewer) named(def schema.Def, name string, top bool) {
	path := schema.Dotted(name)
	if declares(def, path) || top && r.parentHas(path) || belowMap(def, path) {
		return
	}
	hint := "checks beside fields name fields from the plugin's root: config." + name
	inConfig := top && declares(def, schema.Dotted("config."+name))
	rest, prefixed := strings.CutPrefix(name, "config.")
	switch {
	case inConfig:
	case prefixed && !top && declares(def, schema.Dotted(rest)):
		hint = "checks inside a record name its fields relative to it: " + rest
	default:
		hint = "name a field that this level declares"
	}
	r.warn(fmt.Sprintf("no field is called '%s' here, so the check never sees a value", name), hint)
}

func declares(def schema.Def, path schema.Path) bool { return schema.DefinitionAt(def, path) != nil }

func (r *reviewer) parentHas(path schema.Path) bool {
	name := path[0].Name
	return r.parent != nil && r.parent.Field(name) != nil && (len(path) == 1 || name != "config")
}

// belowMap reports whether a name leads into a map, whose keys are not
// declared.
func belowMap(def schema.Def, path schema.Path) bool {
	for i := 1; i < len(path); i++ {
		if f := schema.DefinitionAt(def, path[:i]); f != nil && f["type"] == "map" {
			return true
		}
	}
	return false
}

// holdsForNull reports a condition that holds if its field is not set, which
// few authors expect: null passes every rule but eq, ne and required.
func (r *reviewer) holdsForNull(def schema.Def, m map[string]any) {
	name, _ := m["if_field"].(string)
	match, ok := m["if_match"].(map[string]any)
	f := schema.DefinitionAt(def, schema.Dotted(name))
	if !ok || f == nil || f["required"] == true || f["default"] != nil {
		return
	}
	layered := schema.Def{}
	for _, part := range []map[string]any{f, match} {
		for _, rule := range []string{"eq", "ne", "required"} {
			if v, ok := part[rule]; ok {
				layered[rule] = v
			}
		}
	}
	_, equals := layered["eq"] // whether with null, which is asked for, or with another value
	ne, differs := layered["ne"]
	if equals || differs && ne == nil || layered["required"] == true {
		return
	}
	hint := "add required = true to if_match, or give the field a default"
	if len(match) == 0 {
		hint = "to compare with null write eq = ngx.null; eq = nil is nothing in Lua"
	}
	r.at(schema.Key("if_match"), func() {
		r.warn(fmt.Sprintf("this holds when '%s' is not set, too", name), hint)
	})
}

// reachable reports a condition that no value of its field can fulfil.
func (r *reviewer) reachable(def schema.Def, m map[string]any) {
	name, _ := m["if_field"].(string)
	match, _ := m["if_match"].(map[string]any)
	f := schema.DefinitionAt(def, schema.Dotted(name))
	allowed := listOf(f["one_of"])
	if f == nil || len(allowed) == 0 {
		return
	}
	wanted := listOf(match["one_of"])
	if eq, ok := match["eq"]; ok && eq != nil {
		wanted = []any{eq}
	}
	for _, w := range wanted {
		if slices.ContainsFunc(allowed, func(v any) bool { return schema.Equal(v, w) }) {
			return
		}
	}
	if len(wanted) > 0 {
		r.at(schema.Key("if_match"), func() {
			r.warn(fmt.Sprintf("'%s' is never one of: %s, so the check never applies", name, listed(wanted)), "the field allows: "+listed(allowed))
		})
	}
}
