package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/dataplane"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// merger updates the data of one plugin to an answer.
//
// An answer of a newer gateway leaves marks in the history: what came and went,
// and which defaults, values and other rules changed. An answer of the same
// version corrects the data, without marks.
type merger struct {
	doc     table
	version string // of the answer
	before  string // of the data
	konnect bool   // the answer is Konnect's, with its own defaults
	changes []string
}

// merge merges an answer and returns one line for each change, which begins
// with its place.
func merge(doc, answer table, version string, konnect bool) ([]string, error) {
	theirs, err := translate(answer)
	if err != nil {
		return nil, err
	}
	m := merger{doc: doc, version: version, konnect: konnect}
	m.before, _ = doc["version"].(string)
	if m.before == "" {
		m.add(theirs)
	} else {
		if old, err := dataplane.ParseVersion(m.before); err != nil {
			return nil, err
		} else if now, err := dataplane.ParseVersion(version); err != nil {
			return nil, err
		} else if now.Before(old) {
			return nil, fmt.Errorf("the data are of %s already; an answer of %s would take back what is known", m.before, version)
		}
		m.definition(doc, theirs, "")
		m.partials(answer["supported_partials"])
	}
	if asTable(doc["info"])["last"] == nil { // what is gone stays as it last was
		doc["version"] = version
	}
	return m.changes, nil
}

// newDocument is the document of a plugin whose schema is not known yet.
func newDocument(name string) table { return table{"name": name, "info": table{}} }

// add merges the schema of a new plugin.
func (m *merger) add(theirs table) {
	info := asTable(m.doc["info"])
	info["since"], info["global"] = m.version, true
	scopes := []any{}
	for _, scope := range plugins.Scopes {
		if def := fieldNamed(theirs["fields"], scope); def == nil || def["reference"] == nil {
			scopes = append(scopes, scope)
		}
	}
	info["scopes"] = scopes
	for key, v := range theirs {
		m.doc[key] = v
	}
	m.note("", "a new plugin, of whose info little is known")
}

func (m *merger) note(path, format string, args ...any) {
	m.changes = append(m.changes, at(path)+": "+fmt.Sprintf(format, args...))
}

// mark changes the history of a place, unless the answer only corrects data.
func (m *merger) mark(path string, change func(h table)) {
	if m.version == m.before {
		return
	}
	history := tableAt(m.doc, "history")
	change(tableAt(history, path))
}

// tableAt returns the table of that name, and makes one where there is none.
func tableAt(in table, key string) table {
	t, ok := in[key].(table)
	if !ok {
		t = table{}
		in[key] = t
	}
	return t
}

func appendTo(h table, key string, v table) {
	list, _ := h[key].([]any)
	h[key] = append(list, v)
}

// definition merges a definition that may have others inside.
func (m *merger) definition(ours, theirs table, path string) {
	m.attributes(ours, theirs, path)
	for _, key := range []string{"keys", "values", "elements"} {
		m.nested(ours, theirs, key, path+steps[key])
	}
	m.fields(ours, theirs, path)
	m.variants(ours, theirs, path)
	m.checks(ours, theirs, path)
}

// structure are attributes that are compared part by part.
var structure = []string{"fields", "shorthand_fields", "keys", "values", "elements", "subschemas", "entity_checks"}

// unserved are attributes that no source serves.
var unserved = []string{
	"name", "version", "info", "history", "konnect", "custom_validator", "maps_to", "func", "required_unknown", "default_generated",
}

func (m *merger) attributes(ours, theirs table, path string) {
	if ours["type"] != theirs["type"] && ours["custom_validator"] != nil {
		delete(ours, "custom_validator")
		m.note(path, "its validator goes with its type")
	}
	if ours["required_unknown"] == true && theirs["required_unknown"] == nil && path != "" {
		delete(ours, "required_unknown")
		m.note(path, "it is known whether it is required")
	}
	both := table{}
	for _, def := range []table{ours, theirs} {
		for key := range def {
			both[key] = true
		}
	}
	for _, key := range sortedKeys(both) {
		if slices.Contains(structure, key) || slices.Contains(unserved, key) {
			continue
		}
		from, to := said(ours, key), said(theirs, key)
		if to == nil && (key == "err" || key == "auto" && ours["default_generated"] != nil) {
			continue
		}
		if to = withMessages(from, to); key == "default" && m.konnect {
			m.konnectDefault(path, from, to)
		} else if !same(key, from, to) {
			m.attribute(ours, key, from, to, path)
		}
	}
}

// said is the value of an attribute, or nil if that is the same as no
// attribute.
func said(def table, key string) any {
	v, ok := def[key]
	switch {
	case ok && v == nil && key == "eq":
		return mustBeNull
	case v == false && key != "default" && key != "eq" && key != "ne" && key != "contains":
		return nil
	}
	return v
}

// mustBeNull tells {"eq": null} from a field that may be anything.
var mustBeNull = table{"null": true}

func same(key string, a, b any) bool {
	if key == "one_of" || key == "not_one_of" {
		x, y := asList(a), asList(b)
		return len(x) == len(y) && len(lacking(x, y)) == 0
	}
	return (a == nil) == (b == nil) && (a == nil || schema.Equal(a, b))
}

// attribute merges one attribute that differs.
func (m *merger) attribute(ours table, key string, from, to any, path string) {
	m.note(path, "%s was %s, is %s", key, shown(from), shown(to))
	added, removed := lacking(asList(to), asList(from)), lacking(asList(from), asList(to))
	m.mark(path, func(h table) {
		switch {
		case key == "default":
			appendTo(h, "default_changes", table{"since": m.version, "from": from, "to": to})
		case key == "one_of" && from != nil && to != nil:
			appendTo(h, "enum_changes", table{"since": m.version, "added": added, "removed": removed})
		default:
			appendTo(h, "rule_changes", table{"since": m.version, "rule": key, "from": from, "to": to})
		}
	})
	switch {
	case to == nil:
		delete(ours, key)
	case schema.Equal(to, mustBeNull):
		ours[key] = nil
	default:
		ours[key] = to
	}
}

// konnectDefault keeps Konnect's default beside the gateway's.
func (m *merger) konnectDefault(path string, gateways, konnects any) {
	defaults := asTable(asTable(m.doc["konnect"])["defaults"])
	known, differs := defaults[path]
	switch {
	case same("default", gateways, konnects) && differs:
		m.note(path, "Konnect's default is the gateway's now, not %s", shown(known))
		delete(defaults, path)
	case !same("default", gateways, konnects) && !(differs && same("default", known, konnects)):
		m.note(path, "Konnect's default is %s, not %s", shown(konnects), shown(gateways))
		tableAt(tableAt(m.doc, "konnect"), "defaults")[path] = konnects
	}
}

func (m *merger) nested(ours, theirs table, key, path string) {
	own, other := asTable(ours[key]), asTable(theirs[key])
	switch {
	case own == nil && other == nil:
	case other == nil:
		delete(ours, key)
		m.note(path, "is gone")
	case own == nil:
		ours[key] = other
		m.note(path, "is new")
	default:
		m.definition(own, other, path)
	}
}

// fields merges two lists of fields. Ours keep their order; a new field comes
// after the one before it in the answer.
func (m *merger) fields(ours, theirs table, path string) {
	before, now := namesOf(ours), namesOf(theirs)
	for _, key := range []string{"fields", "shorthand_fields"} {
		if path == "" && theirs[key] == nil {
			continue // left out of the answer
		}
		list, next := slices.Clone(asList(ours[key])), 0
		for _, item := range asList(theirs[key]) {
			name, def, _ := entry(item)
			if i := indexOf(list, name); i >= 0 {
				_, own, _ := entry(list[i])
				m.definition(own, def, join(path, name))
				next = i + 1
				continue
			}
			list = slices.Insert(list, next, item)
			next++
			if was := before[name]; len(was) == 0 || key == "shorthand_fields" {
				m.came(join(path, name), len(was) > 0)
			}
		}
		list = slices.DeleteFunc(list, func(item any) bool {
			name, _, _ := entry(item)
			if len(now[name]) == 0 {
				m.went(join(path, name))
			}
			return !slices.Contains(now[name], key)
		})
		if len(list) > 0 || ours[key] != nil {
			ours[key] = list
		}
	}
}

// came marks a new field, or one that is still there as a shorthand.
func (m *merger) came(path string, asShorthand bool) {
	if asShorthand {
		m.note(path, "is a shorthand field now")
		m.mark(path, func(h table) { h["shorthand_since"] = m.version })
		return
	}
	m.note(path, "is new")
	m.mark(path, func(h table) {
		delete(h, "until")
		h["since"] = m.version
	})
}

// went marks a field that is gone, and forgets the places inside it.
func (m *merger) went(path string) {
	m.note(path, "is gone")
	history := asTable(m.doc["history"])
	for place := range history {
		if inside(place, path) || place == path && m.version == m.before {
			delete(history, place)
		}
	}
	m.mark(path, func(h table) { h["until"] = m.before })
}

// inside reports whether a path is at or below another.
func inside(place, path string) bool {
	rest, ok := strings.CutPrefix(place, path)
	return ok && rest != "" && strings.ContainsRune(".[{(", rune(rest[0]))
}

func (m *merger) variants(ours, theirs table, path string) {
	own, other := asTable(ours["subschemas"]), asTable(theirs["subschemas"])
	for _, name := range sortedKeys(other) {
		here := path + "(" + name + ")"
		if def, ok := own[name].(table); ok {
			m.definition(def, asTable(other[name]), here)
			continue
		}
		tableAt(ours, "subschemas")[name] = other[name]
		m.came(here, false)
	}
	for _, name := range sortedKeys(own) {
		if other[name] == nil {
			delete(own, name)
			m.went(path + "(" + name + ")")
		}
	}
}

// checks merges entity checks. It keeps unjudged ones: a source need not serve
// them.
func (m *merger) checks(ours, theirs table, path string) {
	if path == "" && theirs["entity_checks"] == nil {
		return // left out of the answer
	}
	own, other := asList(ours["entity_checks"]), asList(theirs["entity_checks"])
	added, removed := []any{}, []any{}
	list := slices.DeleteFunc(slices.Clone(own), func(c any) bool {
		gone := !hasCheck(other, c) && asTable(c)["unjudged"] == nil
		if gone {
			removed = append(removed, c)
		}
		return gone
	})
	for _, c := range other {
		if !hasCheck(list, c) {
			list, added = append(list, c), append(added, c)
		}
	}
	if len(added)+len(removed) == 0 {
		return
	}
	for _, c := range added {
		m.note(path, "new entity check %s", oneLine(c))
	}
	for _, c := range removed {
		m.note(path, "entity check %s is gone", oneLine(c))
	}
	m.mark(path, func(h table) {
		appendTo(h, "rule_changes", table{"since": m.version, "rule": "entity_checks", "from": removed, "to": added})
	})
	ours["entity_checks"] = list
}

func hasCheck(list []any, check any) bool {
	return slices.ContainsFunc(list, func(c any) bool { return ruleOf(c) == ruleOf(check) })
}

// ruleOf is a check without our additions: code, marks and messages.
func ruleOf(check any) string {
	bare := without(asTable(check), "unjudged")
	for kind, args := range bare {
		if args, ok := args.(table); ok {
			bare[kind] = without(args, "fn", "then_err", "else_then_err")
		}
	}
	return oneLine(bare)
}

func (m *merger) partials(served any) {
	if served, ok := served.(table); ok {
		info := tableAt(m.doc, "info")
		if known := asTable(info["partials"]); !schema.Equal(known, served) {
			m.note("info.partials", "was %s, is %s", shown(info["partials"]), shown(served))
			info["partials"] = served
		}
	}
}

// withMessages adds the messages of our patterns to the same patterns of an
// answer, which has none.
func withMessages(ours, theirs any) any {
	list, ok := theirs.([]any)
	if !ok {
		return theirs
	}
	messages := table{}
	for _, item := range asList(ours) {
		if pattern, ok := asTable(item)["pattern"].(string); ok {
			messages[pattern] = asTable(item)["err"]
		}
	}
	out := slices.Clone(list)
	for i, item := range out {
		rule := asTable(item)
		pattern, _ := rule["pattern"].(string)
		if err := messages[pattern]; err != nil && rule["err"] == nil {
			rule = without(rule)
			rule["err"] = err
			out[i] = rule
		}
	}
	return out
}

// namesOf returns the names of the fields of a record, by the list that has
// them.
func namesOf(def table) map[string][]string {
	names := map[string][]string{}
	for _, key := range []string{"fields", "shorthand_fields"} {
		for _, item := range asList(def[key]) {
			name, _, _ := entry(item)
			names[name] = append(names[name], key)
		}
	}
	return names
}

func indexOf(list []any, field string) int {
	return slices.IndexFunc(list, func(item any) bool {
		name, _, _ := entry(item)
		return name == field
	})
}

func fieldNamed(list any, field string) table {
	fields := asList(list)
	if i := indexOf(fields, field); i >= 0 {
		_, def, _ := entry(fields[i])
		return def
	}
	return nil
}

func asList(v any) []any {
	list, _ := v.([]any)
	return list
}

// lacking are the values of a list that are not in another one.
func lacking(list, other []any) []any {
	out := []any{}
	for _, v := range list {
		if !slices.ContainsFunc(other, func(o any) bool { return schema.Equal(v, o) }) {
			out = append(out, v)
		}
	}
	return out
}

func shown(v any) string {
	if v == nil {
		return "not set"
	}
	if schema.Equal(v, mustBeNull) {
		return "null"
	}
	return oneLine(v)
}
