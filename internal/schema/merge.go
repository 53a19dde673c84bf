package schema

// Merge lays a patch over a stored entity, as an update does: records merge
// field by field, everything else is replaced, and an explicit null replaces
// too. Neither argument is touched.
func (s *Schema) Merge(stored, patch map[string]any) map[string]any {
	chosen, _ := s.choose(stored)
	return mergeLevel(chosen, stored, patch)
}

func mergeLevel(s *Schema, stored, patch map[string]any) map[string]any {
	out := copyLevel(stored)
	for k, v := range patch {
		f := s.index[k]
		old, isMap := stored[k].(map[string]any)
		m, isPatch := v.(map[string]any)
		if f != nil && f.Type == Record && f.Record != nil && isMap && isPatch {
			out[k] = mergeLevel(f.Record, old, m)
			continue
		}
		out[k] = Copy(v)
	}
	return out
}

// CheckImmutable reports the fields of a patch that may not change and would.
func (s *Schema) CheckImmutable(stored, patch map[string]any) *Errors {
	var errs *Errors
	for _, f := range s.live {
		v, given := patch[f.Name]
		if !f.Immutable || !given || sameMembers(v, stored[f.Name]) {
			continue
		}
		errs = errs.set(f.Name, &Violation{
			Path: Path{Key(f.Name)}, Message: "immutable field cannot be updated", Rule: "immutable", Field: f,
		})
	}
	return errs
}

// sameMembers compares values, arrays without regard to order.
func sameMembers(a, b any) bool {
	x, isList := a.([]any)
	y, isOther := b.([]any)
	if !isList || !isOther || len(x) != len(y) {
		return Equal(a, b)
	}
	used := make([]bool, len(y))
	for _, e := range x {
		found := false
		for i := range y {
			if !used[i] && Equal(e, y[i]) {
				used[i], found = true, true
				break
			}
		}
		if !found {
			return false
		}
	}
	return true
}
