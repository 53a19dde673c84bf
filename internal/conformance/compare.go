package conformance

import (
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// compare says in a word how the recorded answer and ours differ, or nothing.
func compare(v *Vector, a answer) string {
	if want := v.accepts(); a.OK != want {
		return "verdict"
	}
	switch {
	case v.Kind == ExampleKind || v.Kind == InvalidKind:
		return ""
	case v.OK:
		return compareAccepted(v, a)
	case v.Raised != nil || v.Timeout:
		return "" // there it failed by an error, for which there is no form
	case v.Stage != a.Stage:
		return "stage"
	}
	return compareRefused(v, a)
}

func (v *Vector) accepts() bool {
	switch v.Kind {
	case ExampleKind:
		return true
	case InvalidKind:
		return false
	}
	return v.OK
}

func compareAccepted(v *Vector, a answer) string {
	if v.Kind == SchemaKind {
		if v.Name != a.Name {
			return "name"
		}
		return ""
	}
	ours := make(map[string]any, len(a.Processed))
	for k, e := range a.Processed {
		switch k {
		case "id", "created_at", "updated_at":
		default:
			ours[k] = e
		}
	}
	theirs := schema.Copy(v.Processed)
	for _, path := range v.Auto {
		if !forget(ours, path) {
			return "automatic value"
		}
		forget(theirs, path)
	}
	if !sameProcessed(theirs, ours, v.Plugin) {
		return "processed entity"
	}
	return ""
}

// sameProcessed compares entities. If a table came in as [], the reference's JSON
// encoder prints it as [] even when the engine has put members into it. Our
// members are not compared there.
func sameProcessed(theirs, ours, in any) bool {
	if list, ok := theirs.([]any); ok && len(list) == 0 {
		if given, ok := in.([]any); ok && len(given) == 0 {
			_, isMap := ours.(map[string]any)
			return isMap || schema.Equal(theirs, ours)
		}
	}
	switch theirs := theirs.(type) {
	case map[string]any:
		m, _ := ours.(map[string]any)
		given, _ := in.(map[string]any)
		if len(theirs) == 0 || len(m) != len(theirs) {
			return schema.Equal(theirs, ours)
		}
		for k, want := range theirs {
			got, ok := m[k]
			if !ok || !sameProcessed(want, got, given[k]) {
				return false
			}
		}
		return true
	case []any:
		list, _ := ours.([]any)
		given, _ := in.([]any)
		if len(theirs) == 0 || len(list) != len(theirs) {
			return schema.Equal(theirs, ours)
		}
		for i := range theirs {
			var in any
			if i < len(given) {
				in = given[i]
			}
			if !sameProcessed(theirs[i], list[i], in) {
				return false
			}
		}
		return true
	}
	return schema.Equal(theirs, ours)
}

// forget replaces a random value or a time at a dotted path by null. It reports
// whether there was one.
func forget(value any, path string) bool {
	key, rest, deeper := strings.Cut(path, ".")
	m, _ := value.(map[string]any)
	if deeper {
		return forget(m[key], rest)
	}
	if m[key] == nil {
		return false
	}
	m[key] = nil
	return true
}

// compareRefused compares the error tree, or the text if there is none. Texts
// from stages before the definition is read come from Lua itself.
func compareRefused(v *Vector, a answer) string {
	switch v.Stage {
	case "compile", "run", "type":
		return ""
	}
	wants := v.ErrAny
	if len(wants) == 0 {
		wants = []any{v.Err}
	}
	for _, want := range wants {
		if text, ok := want.(string); ok {
			if a.Text == text || strings.HasSuffix(a.Text, ": "+text) {
				return ""
			}
			continue
		}
		if (trees{anyOrder: len(v.ErrAny) > 0}).same(want, a.Tree) {
			return ""
		}
	}
	return "error tree"
}

// below are messages that end in a text of a loader or a library for keys. Only
// the engine's own part of them is compared.
var below = []string{
	"Error parsing function: ", "error parsing pre-function: ", "error parsing post-function: ",
	"invalid key: ", "invalid certificate: ", "could not load private key", "is not in supported format, error:",
	"(PCRE returned: ", "failed entity check: custom_entity_check",
}

// trees compares error trees. If several were recorded, the engine walked a
// hash table; lists in messages may be in any order.
type trees struct{ anyOrder bool }

func (t trees) same(want, got any) bool {
	switch want := want.(type) {
	case map[string]any:
		if len(want) == 0 {
			return schema.Equal(want, got)
		}
		g, ok := got.(map[string]any)
		if !ok || len(g) != len(want) {
			return false
		}
		for k, w := range want {
			if e, ok := g[k]; !ok || !t.same(w, e) {
				return false
			}
		}
		return true
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(want) {
			return len(want) == 0 && schema.Equal(want, got)
		}
		for i, w := range want {
			if !t.same(w, g[i]) {
				return false
			}
		}
		return true
	case string:
		want = strings.ReplaceAll(want, ": <address>", "") // what the recording has in the place of addresses, which we do not show
		g, ok := got.(string)
		return ok && (g == want || sameMessage(want, g) || t.anyOrder && sameList(want, g))
	}
	return schema.Equal(want, got)
}

func sameMessage(want, got string) bool {
	for _, own := range below {
		if at := strings.Index(want, own); at >= 0 {
			return strings.HasPrefix(got, want[:at+len(own)])
		}
	}
	return false
}

// sameList compares messages that end in a list; its order does not matter.
func sameList(want, got string) bool {
	text, list, _ := strings.Cut(want, ": ")
	other, items, found := strings.Cut(got, ": ")
	return found && text == other && slices.Equal(sorted(list), sorted(items))
}

func sorted(list string) []string { return slices.Sorted(slices.Values(strings.Split(list, ", "))) }
