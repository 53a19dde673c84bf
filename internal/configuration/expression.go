package configuration

import (
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/hcltext"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/tfvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// spot is a place in the configuration of an object.
type spot struct {
	*exporter

	object *object
	path   []string      // names of attributes and members, numbers of elements from 1 on
	secret *schema.Field // the field that is kept secret here or above
	member string        // of that field
	marked bool          // Terraform knows by the resource's schema that it is secret
}

// at is the spot below this one.
func (s spot) at(step string) spot {
	if s.secret != nil && s.member == "" {
		s.member = step
	}
	s.path = append(slices.Clip(s.path), step)
	return s
}

// within notes a field that is kept secret.
func (s spot) within(f *schema.Field) spot {
	if s.secret == nil && document.IsSecret(f) {
		s.secret = f
	}
	return s
}

// attribute writes the value of one.
func (s spot) attribute(a *attribute.Attribute, v tftypes.Value) string {
	s = s.within(a.Field)
	s.marked = s.marked || a.Sensitive
	switch a.Form {
	case attribute.FormObject:
		return hcltext.Object(s.members(a, v))
	case attribute.FormList, attribute.FormSet:
		elements := tfvalue.Elements(v)
		items := make([]string, len(elements))
		for i, e := range elements {
			items[i] = s.at(strconv.Itoa(i+1)).attribute(a.Elem, e)
		}
		return hcltext.List(items)
	case attribute.FormMap:
		entries := map[string]string{}
		for name, e := range tfvalue.Members(v) {
			entries[name] = s.at(name).attribute(a.Elem, e)
		}
		return hcltext.Object(hcltext.Sorted(entries))
	case attribute.FormDynamic:
		return s.value(s.dynamicField(a), tfvalue.ToGo(v))
	case attribute.FormString:
		if text, ok := tfvalue.ToGo(v).(string); ok {
			return s.text(a.Field, text)
		}
	}
	return hcltext.Value(v)
}

// members writes those of an object that have values: the plain ones first.
func (s spot) members(a *attribute.Attribute, v tftypes.Value) (out []hcltext.Entry) {
	held := tfvalue.Members(v)
	for _, nested := range []bool{false, true} {
		for _, c := range a.Children {
			if isNested(c) != nested || tfvalue.IsNull(held[c.Name]) || s.isLeftOut(c) {
				continue
			}
			if a.Field != nil && a.Field.Type == schema.Foreign {
				out = append(out, hcltext.Entry{Name: c.Name, Value: s.foreign(held[c.Name])})
				continue
			}
			out = append(out, hcltext.Entry{Name: c.Name, Value: s.at(c.Name).attribute(c, held[c.Name])})
		}
	}
	return out
}

func isNested(a *attribute.Attribute) bool {
	return a.Form == attribute.FormObject || a.Elem != nil && isNested(a.Elem)
}

// foreign writes the id in a foreign key.
func (s spot) foreign(v tftypes.Value) string {
	id, _ := tfvalue.ToGo(v).(string)
	if target := s.target(s.object, s.path[0], id); target != nil && target.place[target.own()] == id {
		return s.refer(target, target.own())
	}
	return s.text(nil, id)
}

// dynamicField is the field of the plugin's schema that a dynamic attribute
// stands for, or nil if the schema is not known.
func (s spot) dynamicField(a *attribute.Attribute) *schema.Field {
	p, err := s.session.Plugin(s.ctx, s.plane, text(s.object.doc["name"]))
	if err != nil || p == nil {
		return nil
	}
	return p.Schema.Field(a.Key)
}

// value writes decoded JSON.
func (s spot) value(f *schema.Field, v any) string {
	s = s.within(f)
	switch v := v.(type) {
	case map[string]any:
		entries := map[string]string{}
		for name, e := range v {
			below := s.at(name)
			if f == nil && s.secret == nil && document.LooksSecret(name) {
				below.secret = &schema.Field{Name: "secret", Type: schema.String, Encrypted: true}
			}
			entries[name] = below.value(f.Below(schema.Key(name)), e)
		}
		return hcltext.Object(hcltext.Sorted(entries))
	case []any:
		items := make([]string, len(v))
		for i, e := range v {
			items[i] = s.at(strconv.Itoa(i+1)).value(f.Below(schema.Each), e)
		}
		return hcltext.List(items)
	case string:
		return s.text(f, v)
	}
	return hcltext.JSON(v)
}

// text writes one: by what it refers to, as a variable if it is a secret, from a
// file if it is one, or as it is.
func (s spot) text(f *schema.Field, text string) string {
	if s.secret != nil && document.Discloses(s.secret, s.member, text) {
		return s.variable(text)
	}
	if expression := s.reference(s.object, s.path, text); expression != "" {
		return expression
	}
	if name := s.fileFor(text); name != "" {
		return s.fileExpression(name, text)
	}
	if decoded, err := jsonvalue.Object(text); err == nil && (f != nil && f.Type == schema.JSON || isEncoded(text)) {
		return hcltext.Call("jsonencode", s.value(nil, decoded))
	}
	return hcltext.Lines(text)
}

// isEncoded reports whether a text is what jsonencode makes of its value.
func isEncoded(text string) bool {
	v, err := stdlib.JSONDecode(cty.StringVal(text))
	if err != nil {
		return false
	}
	again, err := stdlib.JSONEncode(v)
	return err == nil && again.AsString() == text
}

// label is the place as a part of a name: without config, which is everywhere,
// and without the numbers of lists.
func (s spot) label() string {
	parts := slices.DeleteFunc(slices.Clone(s.path), func(step string) bool {
		_, err := strconv.Atoi(step)
		return err == nil || step == "config"
	})
	return strings.Join(parts, "_")
}
