package attribute

import (
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/provider/tfvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Locator finds the attribute for a path of the document. If the configuration
// does not hold that, it finds the nearest attribute above it: Terraform can only
// point at what is written.
type Locator struct {
	Root   *Attribute
	Config tftypes.Value
	Schema *schema.Schema // may be nil
}

// Locate returns the attribute, or nil when only the resource as a whole is
// there.
func (l Locator) Locate(path schema.Path) *tftypes.AttributePath {
	at, _ := l.follow(path)
	if len(at.Steps()) == 0 {
		return nil
	}
	return at
}

// Written returns the path with indexes, and the form of a secret, as in the configuration. Paths of a set's
// elements come without its duplicates.
func (l Locator) Written(path schema.Path) schema.Path {
	_, out := l.follow(path)
	return out
}

func (l Locator) follow(path schema.Path) (*tftypes.AttributePath, schema.Path) {
	at := tftypes.NewAttributePath()
	out := append(schema.Path(nil), path...)
	a, v := l.Root, l.Config
	var f *schema.Field // of v
	for i, step := range path {
		next, nextValue, nextPath := l.step(a, v, f, step, at)
		if nextPath == nil {
			break
		}
		if index, ok := nextPath.LastStep().(tftypes.ElementKeyInt); ok {
			out[i] = schema.At(int(index))
		}
		if next != nil && next.WriteOnly {
			out[i] = schema.Key(next.Name)
		}
		a, v, at = next, nextValue, nextPath
		if i == 0 && l.Schema != nil {
			f = l.Schema.Field(step.Name)
		} else {
			f = f.Below(step)
		}
	}
	return at, out
}

// Holds reports whether the configuration holds a value, known or not, at the
// dotted path.
func (l Locator) Holds(path schema.Path) bool {
	at := l.Locate(path)
	return at != nil && len(at.Steps()) == len(path)
}

// step goes one level down. A nil path means that there is nothing below.
func (l Locator) step(a *Attribute, v tftypes.Value, f *schema.Field, step schema.Step, at *tftypes.AttributePath) (*Attribute, tftypes.Value, *tftypes.AttributePath) {
	if tfvalue.IsNull(v) || !v.IsKnown() {
		return nil, v, nil
	}
	if a != nil && a.Form == FormObject {
		return l.intoObject(a, v, step, at)
	}
	var elem *Attribute
	if a != nil {
		elem = a.Elem
	}
	switch t := v.Type(); {
	case t.Is(tftypes.Object{}), t.Is(tftypes.Map{}):
		e, ok := tfvalue.Members(v)[step.Name]
		if ok && !tfvalue.IsNull(e) {
			return elem, e, at.WithElementKeyString(step.Name)
		}
	case t.Is(tftypes.List{}), t.Is(tftypes.Tuple{}):
		list := tfvalue.Elements(v)
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

func (l Locator) intoObject(a *Attribute, v tftypes.Value, step schema.Step, at *tftypes.AttributePath) (*Attribute, tftypes.Value, *tftypes.AttributePath) {
	for _, c := range a.Children {
		if c.OfKind {
			if part := tfvalue.Members(v)[c.Name]; !tfvalue.IsNull(part) {
				return l.intoObject(c, part, step, at.WithAttributeName(c.Name))
			}
			continue
		}
		if c.Key != step.Name || c.Key == "" {
			continue
		}
		if c.Source != "" {
			c = a.Named(c.Source)
			return nil, tftypes.Value{}, at.WithAttributeName(c.Name)
		}
		e := tfvalue.Members(v)[c.Name]
		if c.Writable() && !tfvalue.IsNull(e) {
			return c, e, at.WithAttributeName(c.Name)
		}
	}
	return nil, v, nil
}

// dropsDuplicates reports whether a list is a set to the schema.
func dropsDuplicates(a *Attribute, f *schema.Field) bool {
	if a != nil && a.Field != nil {
		return a.Field.Type == schema.Set
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
	if tfvalue.Members(list[i]) != nil || tfvalue.Elements(list[i]) != nil {
		return false // only scalars are dropped
	}
	v := tfvalue.ToGo(list[i])
	for _, e := range list[:i] {
		if schema.Equal(tfvalue.ToGo(e), v) {
			return true
		}
	}
	return false
}
