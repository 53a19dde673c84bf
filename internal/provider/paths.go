package provider

import (
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// locator finds the attribute for a path of the document. Where the
// configuration does not hold it, the nearest attribute that it does hold
// stands in, since Terraform can only point at what is written.
type locator struct {
	root   *attribute
	config tftypes.Value
	schema *schema.Schema // may be nil
}

// locate returns the attribute, or nil when only the resource as a whole is
// there.
func (l locator) locate(path schema.Path) *tftypes.AttributePath {
	at, _ := l.follow(path)
	if len(at.Steps()) == 0 {
		return nil
	}
	return at
}

// written is the path with indexes as in the configuration: a rule counts the
// elements of a set after duplicates were dropped.
func (l locator) written(path schema.Path) schema.Path {
	_, out := l.follow(path)
	return out
}

func (l locator) follow(path schema.Path) (*tftypes.AttributePath, schema.Path) {
	at := tftypes.NewAttributePath()
	out := append(schema.Path(nil), path...)
	a, v := l.root, l.config
	var f *schema.Field // of v
	for i, step := range path {
		next, nextValue, nextPath := l.step(a, v, f, step, at)
		if nextPath == nil {
			break
		}
		if index, ok := nextPath.LastStep().(tftypes.ElementKeyInt); ok {
			out[i] = schema.At(int(index))
		}
		a, v, at = next, nextValue, nextPath
		if i == 0 && l.schema != nil {
			f = l.schema.Field(step.Name)
		} else {
			f = fieldAt(f, step)
		}
	}
	return at, out
}

// holds reports whether the configuration holds a value, known or not, at the
// dotted path.
func (l locator) holds(path schema.Path) bool {
	at := l.locate(path)
	return at != nil && len(at.Steps()) == len(path)
}

func fieldAt(f *schema.Field, step schema.Step) *schema.Field {
	if step.Name == "" {
		return document.ElementOf(f)
	}
	return document.MemberOf(f, step.Name)
}

// step goes one level down. A nil path means that there is nothing below.
func (l locator) step(a *attribute, v tftypes.Value, f *schema.Field, step schema.Step, at *tftypes.AttributePath) (*attribute, tftypes.Value, *tftypes.AttributePath) {
	if isNull(v) || !v.IsKnown() {
		return nil, v, nil
	}
	if a != nil && a.form == formObject {
		return l.intoObject(a, v, step, at)
	}
	var elem *attribute
	if a != nil {
		elem = a.elem
	}
	switch t := v.Type(); {
	case t.Is(tftypes.Object{}), t.Is(tftypes.Map{}):
		e, ok := members(v)[step.Name]
		if ok && !isNull(e) {
			return elem, e, at.WithElementKeyString(step.Name)
		}
	case t.Is(tftypes.List{}), t.Is(tftypes.Tuple{}):
		list := elements(v)
		i := step.Index
		if dropsDuplicates(a, f) {
			i = original(list, i)
		}
		if step.Name == "" && i < len(list) {
			return elem, list[i], at.WithElementKeyInt(i)
		}
	}
	return nil, v, nil
}

func (l locator) intoObject(a *attribute, v tftypes.Value, step schema.Step, at *tftypes.AttributePath) (*attribute, tftypes.Value, *tftypes.AttributePath) {
	for _, c := range a.children {
		if a.kind != "" {
			if part := members(v)[c.name]; !isNull(part) {
				return l.intoObject(c, part, step, at.WithAttributeName(c.name))
			}
			continue
		}
		if c.key != step.Name || c.key == "" {
			continue
		}
		if c.source != "" {
			c = a.named(c.source)
			return nil, tftypes.Value{}, at.WithAttributeName(c.name)
		}
		e := members(v)[c.name]
		if c.writable() && !isNull(e) {
			return c, e, at.WithAttributeName(c.name)
		}
	}
	return nil, v, nil
}

// dropsDuplicates reports whether a list is a set to the schema.
func dropsDuplicates(a *attribute, f *schema.Field) bool {
	if a != nil && a.field != nil {
		return a.field.Type == schema.Set
	}
	return f != nil && f.Type == schema.Set
}

// original returns the index, in the list as written, of an element of the
// list without duplicates.
func original(list []tftypes.Value, index int) int {
	seen := 0
	for i := range list {
		if isRepeated(list, i) {
			continue
		}
		if seen == index {
			return i
		}
		seen++
	}
	return index
}

func isRepeated(list []tftypes.Value, i int) bool {
	if members(list[i]) != nil || elements(list[i]) != nil {
		return false // only scalars are dropped
	}
	v := fromDynamic(list[i])
	for _, e := range list[:i] {
		if schema.Equal(fromDynamic(e), v) {
			return true
		}
	}
	return false
}
