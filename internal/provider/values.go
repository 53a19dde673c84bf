package provider

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// document returns the part of an object that its entity's document holds:
// what a configuration may set, under the document's names, with null
// attributes left out and unknown ones as [schema.Unknown].
func (a *attribute) document(v tftypes.Value) map[string]any {
	fields := members(v)
	if a.kind != "" {
		return a.kindDocument(fields)
	}
	out := make(map[string]any, len(fields))
	for _, c := range a.children {
		if c.key == "" || !c.writable() {
			continue
		}
		if value := c.toGo(fields[c.name]); value != nil {
			out[c.key] = value
		}
	}
	return out
}

// kindDocument is document for a record of several kinds: the part of the kind
// that is given.
func (a *attribute) kindDocument(fields map[string]tftypes.Value) map[string]any {
	for _, c := range a.children {
		if v, ok := fields[c.name]; ok && !isNull(v) {
			out := c.document(v)
			out[a.kind] = c.key
			return out
		}
	}
	return map[string]any{}
}

// hasUnknownKind reports whether a kind's part, or which it is, is not known
// yet.
func (a *attribute) hasUnknownKind(v tftypes.Value) bool {
	for _, part := range members(v) {
		if a.kind != "" && !part.IsKnown() {
			return true
		}
	}
	return false
}

// toGo returns a value of the attribute in the form of decoded JSON.
func (a *attribute) toGo(v tftypes.Value) any {
	switch {
	case v.Type() == nil || v.IsNull():
		return nil
	case !v.IsKnown():
		return schema.Unknown
	}
	switch a.form {
	case formObject:
		if a.hasUnknownKind(v) {
			return schema.Unknown
		}
		return a.document(v)
	case formList, formSet:
		list := elements(v)
		out := make([]any, len(list))
		for i, e := range list {
			out[i] = a.elem.toGo(e)
		}
		return out
	case formMap:
		fields := members(v)
		out := make(map[string]any, len(fields))
		for k, e := range fields {
			if value := a.elem.toGo(e); value != nil {
				out[k] = value
			}
		}
		return out
	}
	out := fromDynamic(v)
	text, ok := out.(string)
	switch {
	case ok && a.aliases[text] != "":
		return a.aliases[text]
	case ok && a.field != nil && a.form == formString:
		return a.fromText(text)
	}
	return out
}

// fromText returns what a text stands for where the document holds something
// else: a number, or any JSON. Other texts stay for the schema to judge.
func (a *attribute) fromText(text string) any {
	if a.field.Type != schema.JSON {
		return document.CoerceScalar(a.field.Type, text)
	}
	if v, ok := document.DecodeJSON(text); ok {
		return v
	}
	return text
}

// fromDynamic returns any value in the form of decoded JSON. Objects and maps
// lose their null entries: a null and nothing mean the same in HCL.
func fromDynamic(v tftypes.Value) any {
	switch {
	case v.Type() == nil || v.IsNull():
		return nil
	case !v.IsKnown():
		return schema.Unknown
	}
	switch t := v.Type(); {
	case t.Is(tftypes.String):
		var s string
		_ = v.As(&s)
		return s
	case t.Is(tftypes.Bool):
		var b bool
		_ = v.As(&b)
		return b
	case t.Is(tftypes.Number):
		f := new(big.Float)
		_ = v.As(f)
		return document.Decimal(f)
	case t.Is(tftypes.Object{}), t.Is(tftypes.Map{}):
		fields := members(v)
		out := make(map[string]any, len(fields))
		for k, e := range fields {
			if value := fromDynamic(e); value != nil {
				out[k] = value
			}
		}
		return out
	default:
		list := elements(v)
		out := make([]any, len(list))
		for i, e := range list {
			out[i] = fromDynamic(e)
		}
		return out
	}
}

// toDynamic is the reverse of fromDynamic. It builds objects and tuples only:
// their types say nothing that could change between plan and apply.
func toDynamic(v any) tftypes.Value {
	switch v := v.(type) {
	case nil:
		return tftypes.NewValue(tftypes.DynamicPseudoType, nil)
	case string:
		return tftypes.NewValue(tftypes.String, v)
	case bool:
		return tftypes.NewValue(tftypes.Bool, v)
	case map[string]any:
		fields := make(map[string]tftypes.Value, len(v))
		for k, e := range v {
			fields[k] = toDynamic(e)
		}
		return object(fields)
	case []any:
		list := make([]tftypes.Value, len(v))
		for i, e := range v {
			list[i] = toDynamic(e)
		}
		return tuple(list)
	}
	if schema.IsUnknown(v) {
		return tftypes.NewValue(tftypes.DynamicPseudoType, tftypes.UnknownValue)
	}
	if f, ok := document.ParseNumber(fmt.Sprint(v)); ok {
		return tftypes.NewValue(tftypes.Number, f)
	}
	return tftypes.NewValue(tftypes.String, fmt.Sprint(v)) // a number of no use
}

func object(fields map[string]tftypes.Value) tftypes.Value {
	types := make(map[string]tftypes.Type, len(fields))
	for k, e := range fields {
		types[k] = e.Type()
	}
	return tftypes.NewValue(tftypes.Object{AttributeTypes: types}, fields)
}

func tuple(list []tftypes.Value) tftypes.Value {
	types := make([]tftypes.Type, len(list))
	for i, e := range list {
		types[i] = e.Type()
	}
	return tftypes.NewValue(tftypes.Tuple{ElementTypes: types}, list)
}

// toTerraform returns a value of the attribute's type. Values of an odd type
// are converted as HCL would convert them, since servers differ in whether a
// port is a number or a text; what cannot be converted is an error.
func (a *attribute) toTerraform(v any) (tftypes.Value, error) {
	switch {
	case v == nil:
		return tftypes.NewValue(a.typ, nil), nil
	case schema.IsUnknown(v):
		return tftypes.NewValue(a.typ, tftypes.UnknownValue), nil
	}
	switch a.form {
	case formDynamic:
		return toDynamic(v), nil
	case formString:
		return a.text(v)
	case formNumber:
		if f, ok := document.ParseNumber(fmt.Sprint(v)); ok {
			return tftypes.NewValue(tftypes.Number, f), nil
		}
	case formBool:
		switch v {
		case true, "true":
			return tftypes.NewValue(tftypes.Bool, true), nil
		case false, "false":
			return tftypes.NewValue(tftypes.Bool, false), nil
		}
	case formList, formSet:
		if list, ok := document.AsList(v); ok {
			return a.list(list)
		}
	case formMap:
		if m, ok := document.AsMap(v); ok {
			return a.mapping(m)
		}
	case formObject:
		if m, ok := document.AsMap(v); ok {
			return a.object(m)
		}
	}
	return tftypes.Value{}, fmt.Errorf("expected %s, got %s", a.form, kindOf(v))
}

func (a *attribute) text(v any) (tftypes.Value, error) {
	if a.field != nil && a.field.Type == schema.JSON {
		text, err := json.Marshal(v)
		return tftypes.NewValue(tftypes.String, string(text)), err
	}
	switch v := v.(type) {
	case string:
		return tftypes.NewValue(tftypes.String, v), nil
	case json.Number:
		return tftypes.NewValue(tftypes.String, string(v)), nil
	case bool:
		return tftypes.NewValue(tftypes.String, strconv.FormatBool(v)), nil
	}
	return tftypes.Value{}, fmt.Errorf("expected %s, got %s", a.form, kindOf(v))
}

func (a *attribute) list(in []any) (tftypes.Value, error) {
	out := make([]tftypes.Value, len(in))
	var errs []error
	for i, e := range in {
		var err error
		out[i], err = a.elem.toTerraform(e)
		errs = append(errs, within("["+strconv.Itoa(i)+"]", err))
	}
	if err := errors.Join(errs...); err != nil {
		return tftypes.Value{}, err
	}
	return tftypes.NewValue(a.typ, out), nil
}

func (a *attribute) mapping(in map[string]any) (tftypes.Value, error) {
	out := make(map[string]tftypes.Value, len(in))
	var errs []error
	for _, k := range slices.Sorted(maps.Keys(in)) {
		var err error
		out[k], err = a.elem.toTerraform(in[k])
		errs = append(errs, within(k, err))
	}
	if err := errors.Join(errs...); err != nil {
		return tftypes.Value{}, err
	}
	return tftypes.NewValue(a.typ, out), nil
}

func (a *attribute) object(in map[string]any) (tftypes.Value, error) {
	in = a.fields(in)
	out := make(map[string]tftypes.Value, len(a.children))
	var errs []error
	for _, c := range a.children {
		var err error
		out[c.name], err = c.toTerraform(in[c.key])
		errs = append(errs, within(c.key, err))
	}
	if err := errors.Join(errs...); err != nil {
		return tftypes.Value{}, err
	}
	return tftypes.NewValue(a.typ, out), nil
}

func within(step string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", step, err)
}

// members returns the entries of an object or map, nil for any other value.
func members(v tftypes.Value) map[string]tftypes.Value {
	if v.Type() == nil || !v.IsKnown() || v.IsNull() {
		return nil
	}
	var out map[string]tftypes.Value
	if err := v.As(&out); err != nil {
		return nil
	}
	return out
}

// elements returns the elements of a list, set or tuple, nil for any other
// value.
func elements(v tftypes.Value) []tftypes.Value {
	if v.Type() == nil || !v.IsKnown() || v.IsNull() {
		return nil
	}
	var out []tftypes.Value
	if err := v.As(&out); err != nil {
		return nil
	}
	return out
}

// isNull reports whether a value is null or not there at all.
func isNull(v tftypes.Value) bool { return v.Type() == nil || v.IsNull() }

// hasUnknown reports whether any part of a value is unknown.
func hasUnknown(v tftypes.Value) bool { return v.Type() != nil && !v.IsFullyKnown() }

func (f form) String() string {
	return [...]string{"a string", "a number", "true or false", "any value", "a list", "a set", "a map", "an object"}[f]
}

func kindOf(v any) string {
	switch v.(type) {
	case string:
		return "a string"
	case bool:
		return "true or false"
	case []any:
		return "a list"
	case map[string]any:
		return "an object"
	default:
		return "a number"
	}
}
