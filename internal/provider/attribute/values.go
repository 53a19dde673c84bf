package attribute

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/tfvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/wording"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Document returns the part of an object that its entity's document holds:
// what a configuration may set, under the document's names, with null
// attributes left out and unknown ones as [schema.Unknown].
func (a *Attribute) Document(v tftypes.Value) map[string]any {
	fields := tfvalue.Members(v)
	if a.kind != "" {
		return a.kindDocument(fields)
	}
	out := make(map[string]any, len(fields))
	for _, c := range a.Children {
		if c.Key == "" || !c.Writable() {
			continue
		}
		if value := c.ToGo(fields[c.Name]); value != nil {
			out[c.Key] = value
		}
	}
	return out
}

// kindDocument is document for a record of several kinds: the part of the kind
// that is given.
func (a *Attribute) kindDocument(fields map[string]tftypes.Value) map[string]any {
	for _, c := range a.Children {
		if v, ok := fields[c.Name]; ok && c.OfKind && !tfvalue.IsNull(v) {
			out := c.Document(v)
			out[a.kind] = c.Key
			return out
		}
	}
	return map[string]any{}
}

// hasUnknownKind reports whether the kind of a record, or the part of a kind,
// is not known yet.
func (a *Attribute) hasUnknownKind(v tftypes.Value) bool {
	fields := tfvalue.Members(v)
	return slices.ContainsFunc(a.Children, func(c *Attribute) bool {
		part, ok := fields[c.Name]
		return c.OfKind && ok && !part.IsKnown()
	})
}

// ToGo returns a value of the attribute in the form of decoded JSON.
func (a *Attribute) ToGo(v tftypes.Value) any {
	switch {
	case v.Type() == nil || v.IsNull():
		return nil
	case !v.IsKnown():
		return schema.Unknown
	}
	switch a.Form {
	case FormObject:
		if a.hasUnknownKind(v) {
			return schema.Unknown
		}
		return a.Document(v)
	case FormList, FormSet:
		list := tfvalue.Elements(v)
		out := make([]any, len(list))
		for i, e := range list {
			out[i] = a.Elem.ToGo(e)
		}
		return out
	case FormMap:
		fields := tfvalue.Members(v)
		out := make(map[string]any, len(fields))
		for k, e := range fields {
			if value := a.Elem.ToGo(e); value != nil {
				out[k] = value
			}
		}
		return out
	}
	out := tfvalue.ToGo(v)
	text, ok := out.(string)
	switch {
	case ok && a.aliases[text] != "":
		return a.aliases[text]
	case ok && a.Field != nil && a.Form == FormString:
		return a.fromText(text)
	}
	return out
}

// fromText turns a text into what the document holds: a number, or any JSON. The
// schema judges other texts.
func (a *Attribute) fromText(text string) any {
	if a.Field.Type != schema.JSON {
		return document.CoerceScalar(a.Field.Type, text)
	}
	if v, ok := document.DecodeJSON(text); ok {
		return v
	}
	return text
}

// FromGo returns a value of the attribute's type. Values of another type are
// converted as HCL would do it: for some servers a port is a number, for others a
// text. What cannot be converted is an error.
func (a *Attribute) FromGo(v any) (tftypes.Value, error) {
	switch {
	case v == nil:
		return tftypes.NewValue(a.Type, nil), nil
	case schema.IsUnknown(v):
		return tftypes.NewValue(a.Type, tftypes.UnknownValue), nil
	}
	switch a.Form {
	case FormDynamic:
		return tfvalue.FromGo(v), nil
	case FormString:
		return a.textValue(v)
	case FormNumber:
		if f, ok := document.ParseNumber(fmt.Sprint(v)); ok {
			return tftypes.NewValue(tftypes.Number, f), nil
		}
	case FormBool:
		switch v {
		case true, "true":
			return tftypes.NewValue(tftypes.Bool, true), nil
		case false, "false":
			return tftypes.NewValue(tftypes.Bool, false), nil
		}
	case FormList, FormSet:
		if list, ok := schema.AsList(v); ok {
			return a.listValue(list)
		}
	case FormMap:
		if m, ok := document.AsMap(v); ok {
			return a.mapValue(m)
		}
	case FormObject:
		if m, ok := document.AsMap(v); ok {
			return a.objectValue(m)
		}
	}
	return tftypes.Value{}, fmt.Errorf("expected %s, got %s", a.Form, wording.Kind(v))
}

func (a *Attribute) textValue(v any) (tftypes.Value, error) {
	if a.Field != nil && a.Field.Type == schema.JSON {
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
	return tftypes.Value{}, fmt.Errorf("expected %s, got %s", a.Form, wording.Kind(v))
}

func (a *Attribute) listValue(in []any) (tftypes.Value, error) {
	out := make([]tftypes.Value, len(in))
	var errs []error
	for i, e := range in {
		var err error
		out[i], err = a.Elem.FromGo(e)
		errs = append(errs, ErrorAt("["+strconv.Itoa(i)+"]", err))
	}
	if err := errors.Join(errs...); err != nil {
		return tftypes.Value{}, err
	}
	return tftypes.NewValue(a.Type, out), nil
}

func (a *Attribute) mapValue(in map[string]any) (tftypes.Value, error) {
	out := make(map[string]tftypes.Value, len(in))
	var errs []error
	for _, k := range slices.Sorted(maps.Keys(in)) {
		var err error
		out[k], err = a.Elem.FromGo(in[k])
		errs = append(errs, ErrorAt(k, err))
	}
	if err := errors.Join(errs...); err != nil {
		return tftypes.Value{}, err
	}
	return tftypes.NewValue(a.Type, out), nil
}

func (a *Attribute) objectValue(in map[string]any) (tftypes.Value, error) {
	in = a.Fields(in)
	out := make(map[string]tftypes.Value, len(a.Children))
	var errs []error
	for _, c := range a.Children {
		var err error
		if out[c.Name] = tftypes.NewValue(c.Type, nil); c.WriteOnly {
			continue
		}
		out[c.Name], err = c.FromGo(in[c.Key])
		errs = append(errs, ErrorAt(c.Key, err))
	}
	if err := errors.Join(errs...); err != nil {
		return tftypes.Value{}, err
	}
	return tftypes.NewValue(a.Type, out), nil
}

// ErrorAt says at which step of a document an error, which may be nil, was met.
func ErrorAt(step string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", step, err)
}

// String names the form, for messages.
func (f Form) String() string {
	return [...]string{"a string", "a number", "true or false", "any value", "a list", "a set", "a map", "an object"}[f-1]
}
