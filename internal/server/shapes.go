package server

import (
	"maps"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// shape is a JSON Schema in the making: it may add named parts to the
// description that it is for.
type shape func(d *description) map[string]any

func anything(*description) map[string]any { return map[string]any{} }

func typed(name string) shape {
	return func(*description) map[string]any { return map[string]any{"type": name} }
}

// maybe is a shape that null has too.
func maybe(s shape) shape {
	return func(d *description) map[string]any {
		out := maps.Clone(s(d))
		if _, named := out["$ref"]; named {
			out = map[string]any{"allOf": []any{out}}
		}
		out["nullable"] = true
		return out
	}
}

func listOf(element shape) shape {
	return func(d *description) map[string]any {
		return map[string]any{"type": "array", "items": element(d)}
	}
}

// object has these members and no others.
func object(members map[string]shape, required ...string) shape {
	return func(d *description) map[string]any {
		properties := map[string]any{}
		for name, s := range members {
			properties[name] = s(d)
		}
		out := map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
		if len(required) > 0 {
			out["required"] = slices.Sorted(slices.Values(required))
		}
		return out
	}
}

// named puts a shape among the named ones, once.
func named(name string, s shape) shape {
	return func(d *description) map[string]any {
		if _, there := d.schemas[name]; !there {
			d.schemas[name] = nil // in the making
			d.schemas[name] = s(d)
		}
		return map[string]any{"$ref": "#/components/schemas/" + name}
	}
}

// either is any of some shapes.
func either(shapes ...shape) shape {
	return func(d *description) map[string]any {
		choices := make([]any, len(shapes))
		for i, s := range shapes {
			choices[i] = s(d)
		}
		return map[string]any{"anyOf": choices}
	}
}

// componentName is the name of a type as descriptions write it.
func componentName(t *entity.Type) string {
	var b strings.Builder
	for word := range strings.SplitSeq(t.Singular, "_") {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}

// flagged is a shape with flags besides that requests may set.
func flagged(s shape, flags []string) shape {
	if len(flags) == 0 {
		return s
	}
	members := map[string]shape{}
	for _, name := range flags {
		members[name] = typed("boolean")
	}
	return func(d *description) map[string]any {
		ref, _ := s(d)["$ref"].(string)
		schema, _ := d.schemas[ref[strings.LastIndexByte(ref, '/')+1:]].(map[string]any)
		properties, _ := schema["properties"].(map[string]any)
		for name, member := range members {
			properties[name] = member(d)
		}
		return map[string]any{"$ref": ref}
	}
}

// requestOf is what creates one of a type.
func requestOf(t *entity.Type) shape {
	if t == entity.Route {
		return either(bodyOf(t, ""), bodyOf(entity.RouteExpression, "Expression"))
	}
	return bodyOf(t, "")
}

func bodyOf(t *entity.Type, kind string) shape {
	return named(kind+componentName(t)+"Request", func(*description) map[string]any {
		hidden := slices.Clone(t.Internal)
		if t.Family == entity.Platform {
			hidden = append(hidden, t.Computed...)
		}
		return recordShape(t.Schema(), view{hidden: hidden, request: true})
	})
}

// patchOf is what changes one of a type: nothing of it is required, and null
// takes a field back.
func patchOf(t *entity.Type) shape {
	return named(componentName(t)+"Patch", func(*description) map[string]any {
		out := recordShape(t.Schema(), view{hidden: slices.Concat(t.Internal, t.Computed, t.Immutable), request: true, patch: true})
		delete(out, "required")
		return out
	})
}

// answerOf is what answers show of one of a type.
func answerOf(t *entity.Type) shape {
	return named(componentName(t), func(d *description) map[string]any {
		v := view{hidden: slices.Concat(t.Internal, t.WriteOnly), shown: t.Nullable}
		if t == entity.Route {
			return map[string]any{"anyOf": []any{recordShape(t.ReplySchema(), v), recordShape(entity.RouteExpression.ReplySchema(), v)}}
		}
		out := recordShape(t.ReplySchema(), v)
		if more := extraMembers[t]; more != nil {
			properties := out["properties"].(map[string]any)
			for name, s := range more {
				properties[name] = s(d)
			}
		}
		return out
	})
}

// extraMembers are what answers show of some types that their schemas do not
// say, or say otherwise.
var extraMembers = map[*entity.Type]map[string]shape{
	entity.Plugin:   {"config": typed("object")},
	entity.Partial:  {"config": typed("object")},
	entity.RealmKey: {"secret": typed("string")},
	entity.Vault:    {"config": typed("object")},
}

// view is the side from which a record is described.
type view struct {
	hidden  []string // fields that are not there
	shown   []string // fields that are there even as null
	request bool
	patch   bool
	nested  bool
}

// recordShape describes an object by its schema.
func recordShape(s *schema.Schema, v view) map[string]any {
	properties := map[string]any{}
	var required []any
	fields := s.Fields
	if v.request {
		fields = slices.Concat(fields, s.ShorthandFields)
	}
	for _, f := range fields {
		if slices.Contains(v.hidden, f.Name) {
			continue
		}
		properties[f.Name] = fieldShape(f, v)
		switch {
		case v.request && f.Required && !f.HasDefault && !f.Auto, slices.Contains(v.shown, f.Name):
			required = append(required, f.Name)
		case !v.request && !v.nested && (f.Required || f.Name == "id"):
			required = append(required, f.Name)
		}
	}
	out := map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		out["required"] = required
	}
	return out
}

// fieldShape describes a value by its field.
func fieldShape(f *schema.Field, v view) map[string]any {
	out := typeShape(f, view{request: v.request, nested: true})
	if f.Name != "" && f.Description != "" {
		out["description"] = f.Description
	}
	if v.request || v.nested || slices.Contains(v.shown, f.Name) {
		if !f.Required || v.patch {
			out["nullable"] = true
		}
	}
	if choices, ok := f.Def["one_of"].([]any); ok {
		out["enum"] = choices
		if out["nullable"] == true {
			out["enum"] = append(slices.Clone(choices), nil)
		}
	}
	if v.request {
		limits(f, out)
	}
	return out
}

func typeShape(f *schema.Field, v view) map[string]any {
	switch f.Type {
	case schema.Array, schema.Set:
		return map[string]any{"type": "array", "items": elementShape(f.Elements, v)}
	case schema.Map:
		return map[string]any{"type": "object", "additionalProperties": elementShape(f.Values, v)}
	case schema.Record:
		if f.Record == nil || f.Abstract {
			return map[string]any{"type": "object"}
		}
		return recordShape(f.Record, v)
	case schema.Foreign:
		id := map[string]any{"id": map[string]any{"type": "string"}}
		return map[string]any{"type": "object", "properties": id, "required": []any{"id"}}
	case schema.Boolean:
		return map[string]any{"type": "boolean"}
	case schema.Integer:
		return map[string]any{"type": "integer"}
	case schema.NumberType:
		return map[string]any{"type": "number"}
	case schema.String:
		return map[string]any{"type": "string"}
	}
	return map[string]any{}
}

func elementShape(f *schema.Field, v view) map[string]any {
	if f == nil {
		return map[string]any{}
	}
	return fieldShape(f, view{request: v.request})
}

// limits states the bounds of a field that JSON Schema can state too.
func limits(f *schema.Field, out map[string]any) {
	if bounds, ok := f.Def["between"].([]any); ok && len(bounds) == 2 {
		out["minimum"], out["maximum"] = bounds[0], bounds[1]
	}
	least, most := "minLength", "maxLength"
	switch f.Type {
	case schema.Array, schema.Set:
		least, most = "minItems", "maxItems"
	case schema.Map:
		least, most = "minProperties", "maxProperties"
	}
	if n, ok := f.Def["len_min"]; ok {
		out[least] = n
	}
	if n, ok := f.Def["len_max"]; ok {
		out[most] = n
	}
	if f.Def["uuid"] == true {
		out["format"] = "uuid"
	}
}

// numbered is a page by number.
func numbered(element shape) shape {
	return object(map[string]shape{
		"data": listOf(element),
		"meta": object(map[string]shape{"page": object(map[string]shape{
			"number": typed("integer"), "size": typed("integer"), "total": typed("integer"),
		}, "number", "size", "total")}, "page"),
	}, "data", "meta")
}

// cursor is what pages by cursor say of the pages beside them.
func cursorShape() shape {
	return object(map[string]shape{
		"size": typed("integer"), "next": maybe(typed("string")), "previous": maybe(typed("string")), "total": typed("integer"),
	}, "size", "next")
}

// shape is that of a page.
func (p pageStyle) shape(element shape) shape {
	switch p {
	case numberPages:
		return numbered(element)
	case cursorPages:
		return object(map[string]shape{"data": listOf(element), "meta": object(map[string]shape{"page": cursorShape()}, "page")}, "data", "meta")
	}
	return object(map[string]shape{"data": listOf(element), "meta": cursorShape()}, "data", "meta")
}

// offsetPage is a page of core entities.
func offsetPage(element shape) shape {
	return object(map[string]shape{
		"data": listOf(element), "next": typed("string"), "offset": typed("string"),
	}, "data")
}

// listParameters are those that a list takes.
func (c *platform) listParameters() []queryParameter {
	parameters := []queryParameter{{"page[size]", typed("integer")}}
	if c.pages == numberPages {
		parameters = append(parameters, queryParameter{"page[number]", typed("integer")}, queryParameter{"sort", typed("string")})
	} else {
		parameters = append(parameters, queryParameter{"page[after]", typed("string")}, queryParameter{"page[before]", typed("string")})
	}
	for _, field := range slices.Sorted(maps.Keys(c.filters)) {
		if operators := c.filters[field]; operators == nil {
			parameters = append(parameters, queryParameter{field, typed("string")})
		}
		for _, operator := range c.filters[field] {
			parameters = append(parameters, queryParameter{"filter[" + field + "][" + operator + "]", typed("string")})
		}
	}
	return parameters
}

// coreParameters are those that a list of core entities takes.
func coreParameters(t *entity.Type) []queryParameter {
	parameters := []queryParameter{{"size", typed("integer")}, {"offset", typed("string")}, {"tags", typed("string")}}
	if t.NameFilter != "" {
		parameters = append(parameters, queryParameter{"filter[name][eq]", typed("string")}, queryParameter{"filter[name][contains]", typed("string")})
	}
	for _, field := range t.EqualFilters {
		parameters = append(parameters, queryParameter{field, typed("string")})
	}
	return parameters
}

// wrapped is an answer of the older dialect: the entity in an envelope.
func wrapped(t *entity.Type) shape {
	return object(map[string]shape{t.Envelope: answerOf(t)}, t.Envelope)
}

// countedItems is a list of the older dialect.
func countedItems(t *entity.Type) shape {
	return object(map[string]shape{
		"items": listOf(answerOf(t)),
		"page":  object(map[string]shape{"total_count": typed("integer"), "next": typed("string")}, "total_count"),
	}, "items", "page")
}
