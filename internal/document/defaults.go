package document

import (
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// LeftOut returns the defaults that a document relies on: the values that
// completing it filled in, without those that a server makes. They are nested as
// in the document; lists and maps are values of their own. What is not known yet
// is taken from before.
func LeftOut(s *schema.Schema, written, filled, before map[string]any) map[string]any {
	return leftOut(s, nil, written, filled, before)
}

// leftOut is LeftOut for a record with a default of its own.
func leftOut(s *schema.Schema, table, written, filled, before map[string]any) map[string]any {
	var out map[string]any
	for name, v := range filled {
		f := s.Field(name)
		if f == nil || f.Auto || v == nil {
			continue
		}
		def := f.Default
		if def == nil {
			def = table[name]
		}
		given, is := written[name]
		switch in, isRecord := v.(map[string]any); {
		case schema.IsUnknown(v):
			v = before[name]
		case f.Record != nil && isRecord:
			of, _ := def.(map[string]any)
			below := leftOut(f.Record, of, mapOf(given), in, mapOf(before[name]))
			if v = nil; below != nil {
				v = below
			}
		case is && given != nil, !Exactly.Same(f, def, v): // written, if need be under an old name
			v = nil
		}
		if v != nil {
			if out == nil {
				out = make(map[string]any)
			}
			out[name] = v
		}
	}
	return out
}

func mapOf(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}

// OtherDefaults returns those of the given defaults that the schema does not have
// itself, nested like them, or nil. Such as cannot be values of their field are
// none.
func OtherDefaults(s *schema.Schema, defaults map[string]any) map[string]any {
	var out map[string]any
	for name, v := range defaults {
		f := s.Field(name)
		if f == nil || f.Auto {
			continue
		}
		if within, ok := v.(map[string]any); ok && f.Record != nil {
			v = nil
			if below := OtherDefaults(f.Record, within); below != nil {
				v = below
			}
		} else if sameDefault(f, v) || !fits(f, v) {
			v = nil
		}
		if v != nil {
			if out == nil {
				out = make(map[string]any)
			}
			out[name] = v
		}
	}
	return out
}

// sameDefault reports whether a value is the default of a field, to the order of
// lists.
func sameDefault(f *schema.Field, v any) bool {
	if text, ok := v.(string); ok {
		return f.Default == text
	}
	return (f.Default == nil) == (v == nil) && IsEmpty(f.Default) == IsEmpty(v) && Exactly.Same(f, f.Default, v)
}

// fits reports whether a field may have a value by its type alone.
func fits(f *schema.Field, v any) bool {
	switch v.(type) {
	case bool:
		return f.Type == schema.Boolean || f.Type == schema.JSON
	case string:
		return f.Type == schema.String || f.Type == schema.JSON || f.Referenceable
	case map[string]any:
		return f.Type == schema.Map || f.Type == schema.JSON
	case []any:
		return f.Type == schema.Array || f.Type == schema.Set || f.Type == schema.JSON
	}
	n, number := asNumber(v)
	_, err := n.Float64()
	return number && err == nil && (f.Type == schema.Integer || f.Type == schema.NumberType || f.Type == schema.JSON)
}

// Alike reports whether a stored value may be what a client once made of a
// default: the same in another order, with other space around it, or, for a list
// or a map, nothing.
func Alike(f *schema.Field, def, v any) bool {
	switch v := v.(type) {
	case string:
		text, ok := def.(string)
		return ok && strings.TrimSpace(text) == strings.TrimSpace(v)
	case []any:
		list, ok := def.([]any)
		return len(v) == 0 || ok && AsStored.SameMembers(f, list, v)
	case map[string]any:
		return len(v) == 0 || AsStored.Same(f, def, v)
	}
	return AsStored.Same(f, def, v)
}

// SameMembers reports whether two lists hold the same, in whatever order.
func (c Comparison) SameMembers(f *schema.Field, a, b []any) bool {
	return len(a) == len(b) && c.sameSet(f.Below(schema.Each), a, b)
}

// Difference is a place where two documents differ.
type Difference struct {
	Path     schema.Path
	Field    *schema.Field // may be nil
	Old, New any
}

// Differences returns where two documents differ, in order; lists and maps
// differ as wholes.
func Differences(s *schema.Schema, old, next map[string]any) []Difference {
	return differences(s, nil, old, next)
}

func differences(s *schema.Schema, at schema.Path, old, next map[string]any) (out []Difference) {
	for _, f := range s.Fields {
		a, b := old[f.Name], next[f.Name]
		path := append(slices.Clip(at), schema.Key(f.Name))
		before, okA := a.(map[string]any)
		after, okB := b.(map[string]any)
		switch {
		case f.Record != nil && okA && okB:
			out = append(out, differences(f.Record, path, before, after)...)
		case schema.IsUnknown(a) || schema.IsUnknown(b):
		case !Exactly.Same(f, a, b) || IsEmpty(a) != IsEmpty(b):
			out = append(out, Difference{path, f, a, b})
		}
	}
	return out
}
