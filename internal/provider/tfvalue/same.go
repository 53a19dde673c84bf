package tfvalue

import (
	"math/big"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Same reports whether two values are equal, as their method Equal does. That
// one keeps the path of each part, which is most of what it costs, and a plan
// in which nothing changes compares everything.
func Same(a, b tftypes.Value) bool {
	switch {
	case a.Type() == nil || b.Type() == nil:
		return a.Type() == nil && b.Type() == nil
	case a.IsNull() || b.IsNull():
		return a.IsNull() && b.IsNull() && a.Type().Equal(b.Type())
	case !a.IsKnown() || !b.IsKnown():
		return !a.IsKnown() && !b.IsKnown() && a.Type().Equal(b.Type())
	}
	for _, one := range []tftypes.Type{tftypes.String, tftypes.Bool, tftypes.Number} {
		if a.Type().Is(one) {
			return b.Type().Is(one) && sameScalar(a, b, one)
		}
	}
	switch t := a.Type(); {
	case t.Is(tftypes.Object{}):
		return b.Type().Is(tftypes.Object{}) && sameMembers(Members(a), Members(b))
	case t.Is(tftypes.Map{}) && len(Members(a)) > 0:
		return b.Type().Is(tftypes.Map{}) && sameMembers(Members(a), Members(b))
	case t.Is(tftypes.List{}) && len(Elements(a)) > 0:
		return b.Type().Is(tftypes.List{}) && sameElements(Elements(a), Elements(b))
	case t.Is(tftypes.Tuple{}):
		return b.Type().Is(tftypes.Tuple{}) && sameElements(Elements(a), Elements(b))
	}
	return a.Equal(b) // sets, and what has nothing in it but its type
}

func sameScalar(a, b tftypes.Value, t tftypes.Type) bool {
	switch {
	case t.Is(tftypes.String):
		var x, y string
		return a.As(&x) == nil && b.As(&y) == nil && x == y
	case t.Is(tftypes.Bool):
		var x, y bool
		return a.As(&x) == nil && b.As(&y) == nil && x == y
	}
	var x, y big.Float
	return a.As(&x) == nil && b.As(&y) == nil && x.Cmp(&y) == 0
}

func sameMembers(a, b map[string]tftypes.Value) bool {
	if len(a) != len(b) {
		return false
	}
	for name, v := range a {
		if w, ok := b[name]; !ok || !Same(v, w) {
			return false
		}
	}
	return true
}

func sameElements(a, b []tftypes.Value) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !Same(a[i], b[i]) {
			return false
		}
	}
	return true
}
