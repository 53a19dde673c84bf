package schema

import (
	"context"
	"fmt"
	"sort"
	"strconv"
	"strings"
	"sync"
)

// CheckDefinition judges a plugin schema's definition by Kong's metaschema. It
// returns nil when the definition is good, otherwise Kong's tree; the leaves
// carry the full path inside the definition, which Kong's tree often lacks.
//
// There are two passes, as in Kong. The first is the metaschema itself, which is
// written in the language that it describes. The second looks across the
// attributes of a field. It knows fields by their bare names only, and replaces
// what the first pass said under the same name.
func CheckDefinition(ctx context.Context, def any) *Errors {
	m, ok := def.(map[string]any)
	if !ok {
		return (*Errors)(nil).addEntity(&Violation{Message: "expected a definition table", Rule: "type"})
	}
	r := newRun(ctx, Insert)
	meta := metaschema()
	errs := r.level(meta.plugin, m, true)
	if incomplete := r.topLevel(m, errs); incomplete != nil {
		return incomplete
	}
	c := crossCheck{run: r, errs: errs}
	c.fieldList(m["fields"])
	c.transformations(m)
	return c.errs
}

// topLevel reports missing top-level keys, which keeps the second pass from
// running.
func (r *run) topLevel(m map[string]any, errs *Errors) *Errors {
	missing := false
	for _, key := range []string{"name", "fields"} {
		if _, present := m[key]; !present {
			missing = true
			r.path = append(r.path, Key(key))
			errs = errs.set(key, r.violation(nil, "required", "field required for entity check"))
			r.pop()
		}
	}
	if missing {
		return errs
	}
	return nil
}

// typeOrder lists the types the way Kong's messages do.
var typeOrder = []any{"set", "json", "map", "record", "number", "integer", "array", "function", "string", "boolean", "foreign"}

var shorthandTypes = []any{"set", "json", "map", "number", "integer", "array", "string", "boolean"}

// checkOrder lists the entity checks the way Kong's messages do.
var checkOrder = []string{
	"conditional_at_least_one_of", "conditional", "only_one_of", "distinct", "at_least_one_of",
	"mutually_required", "mutually_exclusive_sets", "custom_entity_check", "mutually_exclusive",
}

type metaschemas struct {
	plugin *Schema
}

// metaschema compiles the metaschema once. Its definitions refer to each other,
// so the fields that close a circle are made first and filled in later.
var metaschema = sync.OnceValue(func() metaschemas {
	field := &Field{Type: Record}
	shorthand := &Field{Type: Record}
	match := &Field{Type: Record}
	checks := &Field{Type: Array}

	text, number, integer, boolean := Def{"type": "string"}, Def{"type": "number"}, Def{"type": "integer"}, Def{"type": "boolean"}
	anything := Def{"type": "any"}
	function := Def{"type": "function"}
	list := func(elements any) Def { return Def{"type": "array", "elements": elements} }
	named := func(f *Field) Def {
		return list(Def{"type": "map", "len_eq": 1, "keys": text, "values": f})
	}
	patterns := list(record(Def{"pattern": Def{"type": "string", "required": true}, "err": text}))

	validators := Def{
		"between": Def{"type": "array", "elements": number, "len_eq": 2},
		"eq":      anything, "ne": anything, "gt": number,
		"len_eq": integer, "len_min": integer, "len_max": integer,
		"match": text, "not_match": text, "starts_with": text,
		"match_all": patterns, "match_none": patterns,
		"match_any": record(Def{"patterns": Def{"type": "array", "elements": text, "required": true}, "err": text}),
		"one_of":    list(anything), "not_one_of": list(anything), "contains": anything,
		"is_regex": boolean, "timestamp": boolean, "uuid": boolean,
		"custom_validator":           function,
		"mutually_exclusive_subsets": list(list(text)),
	}
	deprecation := record(Def{
		"message": Def{"type": "string", "required": true}, "removal_in_version": Def{"type": "string", "required": true},
		"old_default": anything,
		"replaced_with": list(record(Def{
			"path":                     Def{"type": "array", "elements": text, "required": true, "len_min": 1},
			"reverse_mapping_function": function,
		})),
	})
	document := Def{"type": "any", "custom_validator": &Function{Name: "json_schema", Check: checkDocument}}
	jsonSchema := record(Def{
		"namespace": Def{"type": "string", "one_of": []any{"proxy-wasm-filters"}}, "parent_subschema_key": text,
		"optional": boolean, "inline": document, "default": document,
	})
	jsonSchema["entity_checks"] = []any{
		Def{"at_least_one_of": []any{"inline", "namespace", "parent_subschema_key"}},
		Def{"mutually_required": []any{"namespace", "parent_subschema_key"}},
		Def{"mutually_exclusive_sets": Def{"set1": []any{"inline"}, "set2": []any{"namespace", "parent_subschema_key", "optional"}}},
	}

	attributes := merge(validators, Def{
		"type":     Def{"type": "string", "one_of": typeOrder, "required": true},
		"required": boolean, "default": selfDef, "elements": field, "keys": field, "values": field,
		"fields": named(field), "json_schema": jsonSchema, "reference": text,
		"on_delete":   Def{"type": "string", "one_of": []any{"restrict", "cascade", "null"}},
		"description": Def{"type": "string", "len_min": 10, "len_max": 500}, "examples": list(anything),
		"auto": boolean, "unique": boolean, "unique_across_ws": boolean, "abstract": boolean, "immutable": boolean,
		"generate_admin_api": boolean, "err": text, "encrypted": boolean, "referenceable": boolean, "transient": boolean,
		"deprecation": deprecation, "entity_checks": checks, "shorthand_fields": named(shorthand),
	})
	matching := merge(validators, Def{"required": boolean, "elements": field, "keys": field, "values": field})
	fillMetaField(field, attributes)
	fillMetaField(match, matching)
	fillMetaField(shorthand, merge(attributes, Def{
		"type":                Def{"type": "string", "one_of": shorthandTypes, "required": true},
		"func":                Def{"type": "function", "required": true},
		"translate_backwards": list(text),
	}))
	fillChecks(checks, match)

	plugin := record(Def{
		"name": Def{"type": "string", "required": true}, "fields": Def{"type": "array", "required": true, "elements": named(field)["elements"]},
		"entity_checks": checks, "shorthand_fields": named(shorthand), "check": function,
		"transformations": list(transformationDef(text, list, function)),
	})
	compiled, err := compiler{sparse: true}.schema(plugin, false)
	if err != nil {
		panic("metaschema: " + err.Error())
	}
	return metaschemas{plugin: compiled}
})

// selfDef marks the attribute that is judged by the definition it stands in.
var selfDef = Def{"type": "self"}

// record makes a record definition of attributes, in a stable order. Records
// of the metaschema are optional, unlike those of plugins.
func record(attributes Def) Def {
	names := sortedKeys(attributes)
	fields := make([]any, len(names))
	for i, n := range names {
		fields[i] = Def{n: attributes[n]}
	}
	return Def{"type": "record", "required": false, "fields": fields}
}

func merge(defs ...Def) Def {
	out := Def{}
	for _, d := range defs {
		for k, v := range d {
			out[k] = v
		}
	}
	return out
}

// fillMetaField compiles the attributes of a field definition into f.
func fillMetaField(f *Field, attributes Def) {
	c := compiler{sparse: true}
	compiled, err := c.field(record(attributes), false)
	if err != nil {
		panic("metaschema: " + err.Error())
	}
	*f = *compiled
	for _, attr := range f.Record.Fields {
		attr.self = attr.Def["type"] == "self"
	}
	// Only the entries of a field list have this check, not elements, keys and
	// values; those never declare unique_across_ws in practice.
	check, err := c.entityChecks(f.Record, []any{Def{"conditional": Def{
		"if_field": "unique_across_ws", "if_match": Def{"eq": true},
		"then_field": "unique", "then_match": Def{"eq": true, "required": true},
	}}})
	if err != nil {
		panic("metaschema: " + err.Error())
	}
	if f.Record.index["unique_across_ws"] != nil {
		f.Record.checks = check
	}
}

func fillChecks(checks, match *Field) {
	text := Def{"type": "string"}
	paths := Def{"type": "array", "elements": text}
	def := record(Def{
		"at_least_one_of": paths, "only_one_of": paths, "distinct": paths,
		"mutually_required": paths, "mutually_exclusive": paths,
		"conditional": record(Def{"if_field": text, "if_match": match, "then_field": text, "then_match": match, "then_err": text}),
		"conditional_at_least_one_of": record(Def{
			"if_field": text, "if_match": match, "then_at_least_one_of": paths, "then_err": text,
			"else_match": match, "else_then_at_least_one_of": paths, "else_then_err": text,
		}),
		"custom_entity_check": record(Def{
			"field_sources": paths, "fn": Def{"type": "function"},
			"run_with_missing_fields": Def{"type": "boolean"}, "run_with_invalid_fields": Def{"type": "boolean"},
		}),
		"mutually_exclusive_sets": record(Def{"set1": paths, "set2": paths}),
	})
	order := make([]any, len(checkOrder))
	for i, n := range checkOrder {
		order[i] = n
	}
	def["entity_checks"] = []any{Def{"only_one_of": order}}
	compiled, err := compiler{sparse: true}.field(Def{"type": "array", "elements": def}, false)
	if err != nil {
		panic("metaschema: " + err.Error())
	}
	*checks = *compiled
}

func transformationDef(text Def, list func(any) Def, function Def) Def {
	def := record(Def{"input": list(text), "needs": list(text), "on_write": function, "on_read": function})
	def["entity_checks"] = []any{Def{"at_least_one_of": []any{"on_write", "on_read"}}}
	return def
}

// selfDefault judges a default by the definition that it stands in.
func (r *run) selfDefault(attr *Field, definition map[string]any, v any) node {
	f, err := compiler{}.field(definition, false)
	if err == nil {
		n := r.attempt(f, v)
		if n == nil {
			return nil
		}
		raised := false
		eachLeaf(n, func(v *Violation) { raised = raised || v.Rule == "raised" })
		if !raised {
			return n
		}
	}
	return r.violation(attr, "default", "error in schema prevents from validating this field")
}

// attempt judges a value; if something raises, it does not record that.
func (r *run) attempt(f *Field, v any) node {
	before := r.raised
	defer func() { r.raised = before }()
	return r.field(f, v, f.Required)
}

// crossCheck is the second pass.
type crossCheck struct {
	run  *run
	errs *Errors
}

func (c *crossCheck) fault(key, message string) {
	c.errs = c.errs.set(key, c.run.violation(nil, "definition", message))
}

// fieldList checks a field list. If a list holds something other than one-entry
// tables, the name in the report is "fields" at any depth.
func (c *crossCheck) fieldList(v any) {
	list, ok := v.([]any)
	if !ok {
		if v != nil && !isTable(v) {
			c.at(Key("fields"), func() { c.fault("fields", "each entry in fields must be a sub-table") })
		}
		return
	}
	for i, item := range list {
		entry, ok := asEntry(item)
		c.run.path = append(c.run.path, Key("fields"), At(i))
		switch {
		case !ok:
			c.fault("fields", "each entry in fields must be a sub-table")
		case len(entry) == 0:
			c.fault("fields", "field entry table is empty")
			ok = false
		default:
			c.entry(entry)
		}
		c.run.path = c.run.path[:len(c.run.path)-2]
		if !ok {
			return
		}
	}
}

// asEntry views an item of a field list as a table; an array has positions
// for names.
func asEntry(item any) (map[string]any, bool) {
	switch item := item.(type) {
	case map[string]any:
		return item, true
	case []any:
		return positional(item), true
	}
	return nil, false
}

func (c *crossCheck) at(s Step, do func()) {
	c.run.path = append(c.run.path, s)
	do()
	c.run.pop()
}

func (c *crossCheck) entry(entry map[string]any) {
	key := sortedKeys(entry)[0]
	name := key
	if n, ok := Position(key); ok {
		name = strconv.Itoa(n)
	}
	c.at(Key(name), func() {
		if def, ok := entry[key].(map[string]any); ok {
			c.field(name, def)
		} else if list, ok := entry[key].([]any); ok && len(list) == 0 {
			c.field(name, Def{})
		} else {
			c.fault(name, fmt.Sprintf("'%s' must be a table", name))
		}
	})
}

// onlyFor lists the types that may have an attribute.
var onlyFor = func() map[string]map[string]bool {
	out := map[string]map[string]bool{}
	for attr, types := range map[string]string{
		"json_schema": "json",
		"unique":      "string number integer foreign", "unique_across_ws": "string number integer foreign",
		"abstract":  "string number integer record array set map",
		"transient": "string number integer array set boolean",
		"between":   "integer number", "len_eq": "array set string map", "match": "string",
		"one_of": "string number integer", "contains": "array set", "is_regex": "string",
		"timestamp": "number integer", "uuid": "string",
	} {
		out[attr] = map[string]bool{}
		for _, t := range strings.Fields(types) {
			out[attr][t] = true
		}
	}
	return out
}()

var mustDeclare = map[string][]string{
	"array": {"elements"}, "set": {"elements"}, "map": {"keys", "values"}, "record": {"fields"}, "json": {"json_schema"},
}

// field checks one definition. It reports every fault under the name of the
// entry that holds the definition.
func (c *crossCheck) field(name string, def Def) {
	typ, ok := def["type"].(string)
	if !ok {
		if def["type"] == nil {
			c.fault(name, "missing type declaration")
		}
		return
	}
	for _, attr := range mustDeclare[typ] {
		if def[attr] == nil && !(typ == "record" && def["abstract"] == true) {
			c.fault(name, fmt.Sprintf("field of type '%s' must declare '%s'", typ, attr))
		}
	}
	attrs := make([]string, 0, len(onlyFor))
	for attr, types := range onlyFor {
		if def[attr] != nil && !types[typ] {
			attrs = append(attrs, attr)
		}
	}
	sort.Strings(attrs)
	for _, attr := range attrs {
		c.at(Key(attr), func() {
			c.fault(name, fmt.Sprintf("field of type '%s' cannot have attribute '%s'", typ, attr))
		})
	}
	c.nested(name, def)
}

func (c *crossCheck) nested(name string, def Def) {
	for _, attr := range []string{"elements", "keys", "values"} {
		switch inner := def[attr].(type) {
		case nil:
		case map[string]any:
			c.at(Key(attr), func() { c.field(name, inner) })
		default:
			c.at(Key(attr), func() { c.fault(name, fmt.Sprintf("'%s' must be a table", attr)) })
		}
	}
	c.fieldList(def["fields"])
	c.parentKeys(def["fields"])
}

// parentKeys checks that json fields depend on text fields beside them.
func (c *crossCheck) parentKeys(v any) {
	list, _ := v.([]any)
	types := map[string]any{}
	for _, item := range list {
		if name, def, ok := fieldEntry(item); ok {
			m, _ := def.(map[string]any)
			types[name] = m["type"]
		}
	}
	for i, item := range list {
		name, def, _ := fieldEntry(item)
		m, _ := def.(map[string]any)
		js, _ := m["json_schema"].(map[string]any)
		key, ok := js["parent_subschema_key"].(string)
		if !ok {
			continue
		}
		message := ""
		if typ, declared := types[key]; !declared {
			message = "value must be a field name of the parent schema"
		} else if typ != "string" {
			message = "value must be a string field of the parent schema"
		}
		if message != "" {
			c.parentKey(name, i, message)
		}
	}
}

func (c *crossCheck) parentKey(name string, i int, message string) {
	steps := Path{Key("fields"), At(i), Key(name), Key("json_schema"), Key("parent_subschema_key")}
	c.run.path = append(c.run.path, steps...)
	v := c.run.violation(nil, "definition", message)
	c.run.path = c.run.path[:len(c.run.path)-len(steps)]
	c.errs, _ = (c.errs.without(name)).setPath(Path{Key(name), Key("json_schema"), Key("parent_subschema_key")}, v)
}

// without deletes the faults at a key of this level.
func (e *Errors) without(key string) *Errors {
	if e != nil {
		delete(e.fields, key)
	}
	return e
}

// transformations checks that the fields which they name exist.
func (c *crossCheck) transformations(m map[string]any) {
	list, _ := m["transformations"].([]any)
	for i, item := range list {
		t, _ := item.(map[string]any)
		for _, part := range []string{"input", "needs"} {
			for j, name := range stringsOf(t[part]) {
				if DefinitionAt(m, Dotted(name)) == nil {
					c.transformation(i, j, part, name)
				}
			}
		}
	}
}

func (c *crossCheck) transformation(i, j int, part, name string) {
	steps := Path{Key("transformations"), At(i), Key(part), At(j)}
	c.run.path = append(c.run.path, steps...)
	v := c.run.violation(nil, "definition", "invalid field name: "+name)
	c.run.path = c.run.path[:0]
	var top, byPart *Errors
	if c.errs != nil {
		top, _ = c.errs.fields["transformations"].(*Errors)
	}
	if top != nil {
		byPart, _ = top.fields[part].(*Errors)
	}
	var row *Errors
	if byPart != nil {
		row, _ = byPart.items[i+1].(*Errors)
	}
	row = row.setItem(j+1, v)
	c.errs = c.errs.set("transformations", top.set(part, byPart.setItem(i+1, row)))
}
