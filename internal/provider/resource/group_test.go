package resource

import "testing"

// Every type has a heading in the documentation, and only types have one.
func TestResource_Group(t *testing.T) {
	t.Parallel()
	for name, r := range All() {
		if group := r.Group(); group == "" || group == "Plugins: " {
			t.Errorf("%s is in no group", name)
		}
	}
	for name, group := range groupOf {
		if All()[name] == nil {
			t.Errorf("%s: there is no %s", group, name)
		}
	}
}
