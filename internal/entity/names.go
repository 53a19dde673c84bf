package entity

import "slices"

// Names are the fields by which people know an entity, the best first: what may
// address it in place of its ID, what is unique about it, and what it can be looked
// for by. A certificate has none.
func (t *Type) Names() (names []string) {
	add := func(fields ...string) {
		for _, f := range fields {
			if f != "" && f != t.ID && !slices.Contains(names, f) && !slices.Contains(t.Internal, f) && !t.refers(f) {
				names = append(names, f)
			}
		}
	}
	add(t.Key)
	for _, u := range t.Unique {
		if len(u.Fields) == 1 {
			add(u.Fields...)
		}
	}
	add(t.NameFilter)
	add(t.EqualFilters...)
	for _, u := range t.Unique {
		add(u.Fields...)
	}
	for _, f := range []string{"name", "title"} {
		if len(names) == 0 && t.Schema().Field(f) != nil {
			add(f)
		}
	}
	return names
}

func (t *Type) refers(field string) bool {
	return slices.ContainsFunc(t.References, func(r Reference) bool { return r.Field == field })
}
