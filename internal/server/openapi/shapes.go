package openapi

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/wire"
)

// Shape makes a JSON Schema; it may add named parts to the description.
type Shape func(d *parts) map[string]any

// Members are shapes by name: of an object's members, of parameters.
type Members = map[string]Shape

// Anything is any value.
func Anything(*parts) map[string]any { return map[string]any{} }

// The plain shapes.
var (
	Text      = typed("string")
	Integer   = typed("integer")
	Boolean   = typed("boolean")
	AnyObject = typed("object")
)

func typed(name string) Shape {
	return func(*parts) map[string]any { return map[string]any{"type": name} }
}

// Nullable is a shape that null has too.
func Nullable(s Shape) Shape {
	return func(d *parts) map[string]any {
		out := maps.Clone(s(d))
		if _, named := out["$ref"]; named {
			out = map[string]any{"allOf": []any{out}}
		}
		out["nullable"] = true
		return out
	}
}

// ListOf is a list of values of one shape.
func ListOf(element Shape) Shape {
	return func(d *parts) map[string]any {
		return map[string]any{"type": "array", "items": element(d)}
	}
}

// MapOf is an object whose members have any names and one shape.
func MapOf(value Shape) Shape {
	return func(d *parts) map[string]any {
		return map[string]any{"type": "object", "additionalProperties": value(d)}
	}
}

// Whole has these members, all of them, and no others.
func Whole(all Members) Shape { return Object(all, slices.Collect(maps.Keys(all))...) }

// Object has these members and no others.
func Object(members Members, required ...string) Shape {
	return func(d *parts) map[string]any {
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
func named(name string, s Shape) Shape {
	return func(d *parts) map[string]any {
		if _, there := d.schemas[name]; !there {
			d.schemas[name] = nil // in the making
			d.schemas[name] = s(d)
		}
		return map[string]any{"$ref": "#/components/schemas/" + name}
	}
}

// either is any of some shapes.
func either(shapes ...Shape) Shape {
	return func(d *parts) map[string]any {
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

// WithFlags is a shape with flags besides that requests may set.
func WithFlags(s Shape, flags []string) Shape {
	if len(flags) == 0 {
		return s
	}
	return func(d *parts) map[string]any {
		ref, _ := s(d)["$ref"].(string)
		schema, _ := d.schemas[ref[strings.LastIndexByte(ref, '/')+1:]].(map[string]any)
		properties, _ := schema["properties"].(map[string]any)
		for _, name := range flags {
			properties[name] = Boolean(d)
		}
		return map[string]any{"$ref": ref}
	}
}

// RequestOf is what creates one of a type.
func RequestOf(t *entity.Type) Shape {
	if t == entity.Route {
		return either(bodyOf(t, ""), bodyOf(entity.RouteExpression, "Expression"))
	}
	return bodyOf(t, "")
}

func bodyOf(t *entity.Type, kind string) Shape {
	return named(kind+componentName(t)+"Request", func(*parts) map[string]any {
		hidden := slices.Clone(t.Internal)
		if t.Family == entity.Platform {
			hidden = append(hidden, t.Computed...)
		}
		return recordShape(t.Schema(), view{hidden: hidden, request: true})
	})
}

// PatchOf is what changes one of a type: nothing of it is required, and null
// takes a field back.
func PatchOf(t *entity.Type) Shape {
	return named(componentName(t)+"Patch", func(*parts) map[string]any {
		out := recordShape(t.Schema(), view{hidden: slices.Concat(t.Internal, t.Computed, t.Immutable), request: true, patch: true})
		delete(out, "required")
		return out
	})
}

// AnswerOf is what answers show of one of a type.
func AnswerOf(t *entity.Type) Shape {
	return named(componentName(t), func(d *parts) map[string]any {
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
var extraMembers = map[*entity.Type]Members{
	entity.Plugin:   {"config": AnyObject},
	entity.Partial:  {"config": AnyObject},
	entity.RealmKey: {"secret": Text},
	entity.Vault:    {"config": AnyObject},
}

// view is how a record appears: in requests or in answers.
type view struct {
	hidden  []string // fields that are not there
	shown   []string // fields that are there even as null
	request bool
	patch   bool
	nested  bool
	// filled is the record as the server completes it, for the defaults of its
	// fields; nil leaves them out.
	filled map[string]any
}

// below is what the server fills into the record that a field holds.
func (v view) below(f *schema.Field) map[string]any {
	if v.filled == nil || f.Record == nil {
		return nil
	}
	if filled, ok := v.filled[f.Name].(map[string]any); ok {
		return filled
	}
	return completed(f.Record)
}

// completed is a record as the server completes it if nothing is given.
func completed(s *schema.Schema) map[string]any {
	filled, errs := s.Complete(context.Background(), map[string]any{}, schema.Insert, schema.Auto{})
	if errs != nil {
		return map[string]any{}
	}
	return wire.Compact(filled)
}

// JSONSchema describes what creates one of a type, with the value of each field
// that the server fills in as its default.
func JSONSchema(t *entity.Type) map[string]any {
	filled := completed(t.Schema())
	out := recordShape(t.Schema(), view{hidden: t.Internal, request: true, filled: filled})
	if t == entity.Route {
		addMissing(out, recordShape(entity.RouteExpression.Schema(), view{request: true}))
	}
	if t == entity.Vault {
		out["allOf"] = vaultBranches()
	}
	return out
}

// addMissing adds the fields of another form of a type. Of the defaults only
// those of the first form count.
func addMissing(out, other map[string]any) {
	properties, _ := out["properties"].(map[string]any)
	more, _ := other["properties"].(map[string]any)
	for name, field := range more {
		if _, has := properties[name]; !has {
			properties[name] = field
		}
	}
}

// vaultBranches say for each kind of vault that its config is an object. The
// server stores it as it is sent, so it has no defaults.
func vaultBranches() []any {
	var branches []any
	for _, name := range entity.VaultNames {
		branches = append(branches, map[string]any{
			"if": map[string]any{"required": []any{"name"}, "properties": map[string]any{"name": map[string]any{"const": name}}},
			"then": map[string]any{"properties": map[string]any{
				"config": map[string]any{"type": "object", "properties": map[string]any{}},
			}},
		})
	}
	return branches
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
		if standard := v.filled[f.Name]; standard != nil && !f.Auto {
			properties[f.Name].(map[string]any)["default"] = standard
		}
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
	out := typeShape(f, view{request: v.request, nested: true, filled: v.below(f)})
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

// limits adds the bounds of a field that JSON Schema has too.
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

// NumberPage is a page by number.
func NumberPage(element Shape) Shape {
	page := Whole(Members{"number": Integer, "size": Integer, "total": Integer})
	return Whole(Members{"data": ListOf(element), "meta": Whole(Members{"page": page})})
}

// CursorPage is a page by cursor.
func CursorPage(element Shape) Shape {
	return Whole(Members{"data": ListOf(element), "meta": Whole(Members{"page": cursors()})})
}

// PlainCursorPage is a page by cursor whose meta holds nothing else.
func PlainCursorPage(element Shape) Shape {
	return Whole(Members{"data": ListOf(element), "meta": cursors()})
}

// cursors are what pages by cursor say of the pages beside them.
func cursors() Shape {
	return Object(Members{
		"size": Integer, "next": Nullable(Text), "previous": Nullable(Text), "total": Integer,
	}, "size", "next")
}

// OffsetPage is a page of core entities.
func OffsetPage(element Shape) Shape {
	return Object(Members{
		"data": ListOf(element), "next": Text, "offset": Text,
	}, "data")
}

// OffsetParameters are those that a list of core entities takes.
func OffsetParameters(t *entity.Type) Members {
	parameters := Members{"size": Integer, "offset": Text, "tags": Text, "sort_by": Text, "sort_desc": Text}
	if t.NameFilter != "" {
		parameters["filter[name][eq]"], parameters["filter[name][contains]"] = Text, Text
	}
	for _, field := range t.EqualFilters {
		parameters[field] = Text
	}
	return parameters
}

// Enveloped is an answer of the older dialect: the entity in an envelope.
func Enveloped(t *entity.Type) Shape { return Whole(Members{t.Envelope: AnswerOf(t)}) }

// ItemsPage is a list of the older dialect.
func ItemsPage(t *entity.Type) Shape {
	return Whole(Members{
		"items": ListOf(AnswerOf(t)),
		"page":  Object(Members{"total_count": Integer, "next": Text}, "total_count"),
	})
}
