package attempt

import (
	"strings"
	"testing"

	"github.com/google/uuid"
)

func TestWorkspace(t *testing.T) {
	t.Parallel()
	const plane = "6b2e1f0a-9c51-4b8e-8a8b-0f4f6a1d2c3e"
	w := Workspace("shop/live")
	id := w.ID("services", plane)
	for name, tt := range map[string]struct {
		workspace Workspace
		id, typ   string
		parents   []string
		want      bool
	}{
		"its own":               {w, id, "services", []string{plane}, true},
		"in capitals":           {w, strings.ToUpper(id), "services", []string{strings.ToUpper(plane)}, true},
		"another workspace":     {"shop/stage", id, "services", []string{plane}, false},
		"no workspace":          {"", id, "services", []string{plane}, false},
		"another type":          {w, id, "routes", []string{plane}, false},
		"another control plane": {w, id, "services", []string{uuid.NewString()}, false},
		"no parents":            {w, id, "services", nil, false},
		"a random id":           {w, uuid.NewString(), "services", []string{plane}, false},
		"no id":                 {w, "orders", "services", []string{plane}, false},
		"nothing":               {w, "", "services", []string{plane}, false},
	} {
		if got := tt.workspace.Made(tt.id, tt.typ, tt.parents...); got != tt.want {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
	if again := w.ID("services", plane); again == id {
		t.Error("an object that is replaced keeps its id")
	}
	for _, w := range []Workspace{"", w} {
		if got, err := uuid.Parse(w.ID("services", plane)); err != nil || got.Version() != 4 || got.Variant() != uuid.RFC4122 {
			t.Errorf("%q makes %v, %v", w, got, err)
		}
	}
}

// Whatever an id looks like, another workspace has not made it.
func FuzzWorkspace(f *testing.F) {
	f.Add("a", "b", "services", "p")
	f.Fuzz(func(t *testing.T, a, b, typ, parent string) {
		id := Workspace(a).ID(typ, parent)
		if !Workspace(a).Made(id, typ, parent) && a != "" {
			t.Errorf("%q does not know its own %s", a, id)
		}
		if strings.TrimRight(a, "\x00") != strings.TrimRight(b, "\x00") && Workspace(b).Made(id, typ, parent) {
			t.Errorf("%q takes %s for its own, which is that of %q", b, id, a)
		}
	})
}
