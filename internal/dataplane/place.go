package dataplane

import (
	"maps"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// place is one value of a document.
type place struct {
	path  schema.Path
	value any
}

// places returns the values at a path as the facts write it: [] is any element
// of a list, {} any value of a map, and (kind) follows elements of one type. As
// far as the path goes the way of another one, it takes the elements of that.
// Where a value is missing but could be, it is nil.
func places(doc map[string]any, path string, beside schema.Path) []place {
	out := []place{{value: doc}}
	for _, name := range strings.Split(path, ".") {
		name, kind, _ := strings.Cut(strings.TrimSuffix(name, ")"), "(")
		plain := strings.TrimRight(name, "[]{}")
		out = members(out, plain)
		for rest := name[len(plain):]; len(rest) > 1; rest = rest[2:] {
			out = elements(out, beside)
		}
		if kind != "" {
			out = slices.DeleteFunc(out, func(p place) bool { return schema.Dotted("type").Get(p.value) != kind })
		}
	}
	return out
}

func members(of []place, name string) (out []place) {
	for _, p := range of {
		if m, ok := p.value.(map[string]any); ok {
			out = append(out, place{p.path.Join(schema.Key(name)), m[name]})
		}
	}
	return out
}

func elements(of []place, beside schema.Path) (out []place) {
	for _, p := range of {
		switch v := p.value.(type) {
		case []any:
			for i, e := range v {
				out = append(out, place{p.path.Join(schema.At(i)), e})
			}
		case map[string]any:
			for _, k := range slices.Sorted(maps.Keys(v)) {
				out = append(out, place{p.path.Join(schema.Key(k)), v[k]})
			}
		}
	}
	return slices.DeleteFunc(out, func(p place) bool { return apart(p.path, beside) })
}

// apart reports whether two paths lead to different elements of the same list.
func apart(p, beside schema.Path) bool {
	last := len(p) - 1
	return len(beside) > last && slices.Equal(p[:last], beside[:last]) && p[last] != beside[last]
}

// scalars are the values in a list or map, or the value itself.
func scalars(p place) []place {
	switch p.value.(type) {
	case []any, map[string]any:
		return elements([]place{p}, nil)
	}
	return []place{p}
}

// anyOf reports whether a value is one of those in the facts.
func anyOf(facts []any, v any) bool {
	text, _ := v.(string)
	return slices.ContainsFunc(facts, func(f any) bool {
		if scheme, ok := f.(string); ok && strings.HasSuffix(scheme, "://") {
			return len(text) >= len(scheme) && strings.EqualFold(text[:len(scheme)], scheme)
		}
		return schema.Equal(f, v)
	})
}
