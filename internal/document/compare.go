package document

import (
	"encoding/json"
	"fmt"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Comparison says whether two values mean the same to an entity, however they
// are written: numbers by value, sets in any order, null like nothing at all,
// and an empty collection like none.
type Comparison struct {
	loose bool // see equalNumbers
}

var (
	// Exactly is for values that both sides hold as they are.
	Exactly = Comparison{}
	// AsStored is for values that a server may keep as 64-bit floats.
	AsStored = Comparison{loose: true}
)

// Same compares two values of a field; f may be nil.
func (c Comparison) Same(f *schema.Field, a, b any) bool {
	if IsEmpty(a) || IsEmpty(b) {
		return IsEmpty(a) && IsEmpty(b)
	}
	switch a := a.(type) {
	case map[string]any:
		b, ok := b.(map[string]any)
		return ok && c.sameMembers(f, a, b)
	case []any:
		b, ok := b.([]any)
		if ok && f != nil && f.Type == schema.Set {
			return c.sameSet(f.Elements, a, b)
		}
		if !ok || len(a) != len(b) {
			return false
		}
		for i := range a {
			if !c.Same(f.Below(schema.Each), a[i], b[i]) {
				return false
			}
		}
		return true
	}
	return c.sameScalar(a, b)
}

func (c Comparison) sameMembers(f *schema.Field, a, b map[string]any) bool {
	for k, v := range a {
		if !c.Same(f.Below(schema.Key(k)), v, b[k]) {
			return false
		}
	}
	for k, v := range b {
		if _, ok := a[k]; !ok && !IsEmpty(v) {
			return false
		}
	}
	return true
}

// sameSet compares lists whose order and repetitions carry no meaning.
func (c Comparison) sameSet(f *schema.Field, a, b []any) bool {
	return c.within(f, a, b) && c.within(f, b, a)
}

// within reports whether every element of a is in b.
func (c Comparison) within(f *schema.Field, a, b []any) bool {
	for _, x := range a {
		if c.Index(f, b, x) < 0 {
			return false
		}
	}
	return true
}

// Index returns where a list holds a value, or -1.
func (c Comparison) Index(f *schema.Field, list []any, v any) int {
	for i, e := range list {
		if c.Same(f, e, v) {
			return i
		}
	}
	return -1
}

func (c Comparison) sameScalar(a, b any) bool {
	x, okX := asNumber(a)
	y, okY := asNumber(b)
	if okX && okY {
		return equalNumbers(x, y, c.loose)
	}
	return schema.Equal(a, b)
}

func asNumber(v any) (json.Number, bool) {
	switch v := v.(type) {
	case json.Number:
		return v, true
	case int, int64, float64:
		return json.Number(fmt.Sprint(v)), true
	}
	return "", false
}
