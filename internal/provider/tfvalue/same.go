package tfvalue

import (
	"math/big"
	"reflect"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Types as values of their interface: else each comparison would convert them anew.
var stringType, boolType tftypes.Type = tftypes.String, tftypes.Bool

// Same reports whether two values are equal, as their method Equal does. That
// one keeps the path of each part, which is most of what it costs, and a plan
// in which nothing changes compares everything.
func Same(a, b tftypes.Value) bool {
	var c comparison
	return c.same(a, b)
}

// SameMembers is [Same] for the members of objects.
func SameMembers(a, b map[string]tftypes.Value) bool {
	var c comparison
	return c.sameMembers(a, b)
}

// comparison has room for what values hold, so that nothing is allocated for each.
type comparison struct{ one, two *scalars }

type scalars struct {
	text   string
	truth  bool
	number big.Float
}

func (c *comparison) same(a, b tftypes.Value) bool {
	switch {
	case a.Type() == nil || b.Type() == nil:
		return a.Type() == nil && b.Type() == nil
	case a.IsNull() || b.IsNull():
		return a.IsNull() && b.IsNull() && a.Type().Equal(b.Type())
	case !a.IsKnown() || !b.IsKnown():
		return !a.IsKnown() && !b.IsKnown() && a.Type().Equal(b.Type())
	}
	switch t := a.Type().(type) {
	case tftypes.Object:
		_, ok := b.Type().(tftypes.Object)
		return ok && c.sameMembers(Members(a), Members(b))
	case tftypes.Map:
		_, ok := b.Type().(tftypes.Map)
		return ok && c.sameMembers(Members(a), Members(b)) && (len(Members(a)) > 0 || t.Equal(b.Type()))
	case tftypes.List:
		_, ok := b.Type().(tftypes.List)
		return ok && c.sameElements(Elements(a), Elements(b)) && (len(Elements(a)) > 0 || t.Equal(b.Type()))
	case tftypes.Tuple:
		_, ok := b.Type().(tftypes.Tuple)
		return ok && c.sameElements(Elements(a), Elements(b))
	case tftypes.Set:
		return t.Equal(b.Type()) && c.sameElements(Elements(a), Elements(b)) || a.Equal(b) // in any order
	}
	return a.Type().Equal(b.Type()) && c.sameScalar(a, b)
}

func (c *comparison) sameScalar(a, b tftypes.Value) bool {
	if c.one == nil {
		c.one, c.two = new(scalars), new(scalars)
	}
	x, y := c.one, c.two
	switch t := a.Type(); {
	case t.Is(stringType):
		return a.As(&x.text) == nil && b.As(&y.text) == nil && x.text == y.text
	case t.Is(boolType):
		return a.As(&x.truth) == nil && b.As(&y.truth) == nil && x.truth == y.truth
	}
	return a.As(&x.number) == nil && b.As(&y.number) == nil && x.number.Cmp(&y.number) == 0
}

func (c *comparison) sameMembers(a, b map[string]tftypes.Value) bool {
	if len(a) != len(b) {
		return false
	}
	if isOne(a, b) {
		return true
	}
	for name, v := range a {
		if w, ok := b[name]; !ok || !c.same(v, w) {
			return false
		}
	}
	return true
}

// isOne reports whether two maps are one: what stays has the parts that it had.
func isOne(a, b map[string]tftypes.Value) bool {
	return reflect.ValueOf(a).UnsafePointer() == reflect.ValueOf(b).UnsafePointer()
}

func (c *comparison) sameElements(a, b []tftypes.Value) bool {
	if len(a) != len(b) {
		return false
	}
	if len(a) > 0 && &a[0] == &b[0] {
		return true
	}
	for i := range a {
		if !c.same(a[i], b[i]) {
			return false
		}
	}
	return true
}
