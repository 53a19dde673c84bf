package state_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/provider/state"
)

// Private state that is no mark, or a broken one, is none.
func TestDecodeMark(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", " ", "null", "true", "1", `"x"`, "[]", "{}", "{", "}", "\x00", "\xff\xfe", "{\"format\":", `{"format":1}`, `{"format":null}`,
		`{"format":"konnect-defaults-2","defaults":{"a":1}}`, `{"defaults":{"a":1}}`, `{".frameworkPrivate":"e30="}`,
		`{"format":"konnect-defaults-1"} x`, `{"format":"konnect-defaults-1","defaults":1}`, `{"format":"konnect-defaults-1","defaults":"x"}`,
		`{"format":"konnect-defaults-1","defaults":[1]}`, `{"format":"konnect-defaults-1","found":true}`,
		`{"format":"konnect-defaults-1","defaults":` + strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5001),
	} {
		if m, ok := state.DecodeMark([]byte(text)); ok || m.All() != nil {
			t.Errorf("%.60q is a mark: %v", text, m)
		}
	}
	for _, text := range []string{
		`{"format":"konnect-defaults-1"}`, `{"format":"konnect-defaults-1","open":true}`,
		`{"defaults":{"config":{"a":5,"b":["x"],"c":{"d":false}}},"format":"konnect-defaults-1","found":{"config":{"c":{"e":"f"}}}}`,
	} {
		m, ok := state.DecodeMark([]byte(text))
		if !ok || string(m.Encode()) != text {
			t.Errorf("%s: %v, %s", text, ok, m.Encode())
		}
	}
}

func TestMark_All(t *testing.T) {
	t.Parallel()
	type object = map[string]any
	m := state.Mark{Defaults: object{"a": true, "c": object{"d": "e", "x": object{}}}, Found: object{"b": false, "c": object{"f": "g"}}}
	if diff := cmp.Diff(object{"a": true, "b": false, "c": object{"d": "e", "f": "g", "x": object{}}}, m.All()); diff != "" {
		t.Error(diff)
	}
	if len(m.Defaults["c"].(object)) != 2 {
		t.Error("it changes its parts")
	}
}

// A mark that was read is written and read again as it is.
func FuzzDecodeMark(f *testing.F) {
	f.Add([]byte(`{"format":"konnect-defaults-1","defaults":{"config":{"a":5e3,"b":null}},"found":{}}`))
	f.Add([]byte(`{"format":"konnect-defaults-1","defaults":[],"open":1}`))
	f.Add([]byte(`{".k":"e30="}`))
	f.Fuzz(func(t *testing.T, private []byte) {
		m, ok := state.DecodeMark(private)
		if !ok {
			return
		}
		text := m.Encode()
		again, ok := state.DecodeMark(text)
		if !ok || !bytes.Equal(again.Encode(), text) {
			t.Errorf("%q becomes %q", private, text)
		}
	})
}
