package schema

import (
	"maps"
	"slices"
	"sync/atomic"
)

// WithDefaults returns the schema with other defaults for some fields, by name;
// those of a record's fields are by name within. Names that are no fields mean
// nothing. The schema itself stays as it is.
func (s *Schema) WithDefaults(defaults map[string]any) *Schema {
	out := *s
	out.Fields, out.live, out.fillsFine = slices.Clone(s.Fields), slices.Clone(s.live), make([]atomic.Int32, len(s.live))
	out.index = maps.Clone(s.index)
	for i, f := range s.live {
		v, given := defaults[f.Name]
		if !given {
			out.fillsFine[i].Store(s.fillsFine[i].Load())
			continue
		}
		own := f.withDefault(v)
		out.Fields[slices.Index(s.Fields, f)], out.live[i], out.index[f.Name] = own, own, own
	}
	if s.selector != nil {
		chosen := *s.selector
		chosen.lookup = func(name string) *Schema {
			if variant := s.selector.lookup(name); variant != nil {
				return variant.WithDefaults(defaults)
			}
			return nil
		}
		out.selector = &chosen
	}
	if s.root != nil {
		out.root = nil
		out.root = out.whole()
	}
	return &out
}

func (f *Field) withDefault(v any) *Field {
	out := *f
	within, ok := v.(map[string]any)
	if f.Record == nil || !ok {
		out.Default, out.HasDefault = v, true
		return &out
	}
	out.Record = f.Record.WithDefaults(within)
	if table, ok := f.Default.(map[string]any); ok {
		out.Default = overlaid(table, within)
	}
	return &out
}

// overlaid is a default of a record, with other values for what it has.
func overlaid(table, within map[string]any) map[string]any {
	out := maps.Clone(table)
	for k, v := range within {
		if _, there := table[k]; there {
			out[k] = v
		}
	}
	return out
}
