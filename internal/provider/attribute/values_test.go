package attribute

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Servers differ in the types of their values. Values that can be converted are
// converted.
func TestFromGo(t *testing.T) {
	t.Parallel()
	list := (&Attribute{Form: FormList, Elem: &Attribute{Form: FormString}}).Seal()
	object := (&Attribute{Form: FormObject, Children: []*Attribute{{Name: "n", Key: "n", Form: FormNumber, Mode: Optional}}}).Seal()
	for name, c := range map[string]struct {
		a    *Attribute
		in   any
		want any // an error's text where it begins with "expected" or a path
	}{
		"number as text":     {(&Attribute{Form: FormNumber}).Seal(), "6379", json.Number("6379")},
		"text as number":     {(&Attribute{Form: FormString}).Seal(), json.Number("6379"), "6379"},
		"truth as text":      {(&Attribute{Form: FormBool}).Seal(), "true", true},
		"text as truth":      {(&Attribute{Form: FormString}).Seal(), false, "false"},
		"empty object":       {list, map[string]any{}, []any{}},
		"unknown keys":       {object, map[string]any{"n": json.Number("1"), "x": "y"}, map[string]any{"n": json.Number("1")}},
		"null":               {list, nil, nil},
		"not a number":       {(&Attribute{Form: FormNumber}).Seal(), "x", "expected a number, got a string"},
		"not the truth":      {(&Attribute{Form: FormBool}).Seal(), json.Number("1"), "expected true or false, got a number"},
		"not a list":         {list, "x", "expected a list, got a string"},
		"not an element":     {list, []any{"a", []any{}}, "[1]: expected a string, got a list"},
		"not a member":       {object, map[string]any{"n": []any{"x"}}, "n: expected a number, got a list"},
		"not an object":      {object, "x", "expected an object, got a string"},
		"a list with things": {object, []any{"x"}, "expected an object, got a list"},
	} {
		got, err := c.a.FromGo(c.in)
		if err != nil {
			if err.Error() != c.want {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if diff := cmp.Diff(c.want, c.a.ToGo(got)); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
}
