package wording

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Outdated finds the old names that a document uses, in the order of the keys,
// and says what to write instead. The path is that of the document.
func Outdated(s *schema.Schema, doc map[string]any, found func(path schema.Path, advice string)) {
	s.Walk(doc, func(c *schema.Cursor) bool {
		switch f := c.Field; {
		case f == nil:
			return false
		case f.Func != nil:
			found(c.Path.Join(), Successor(f, c.Path[:len(c.Path)-1]))
			return false
		case f.Deprecation != nil:
			found(c.Path.Join(), "it is on its way out. "+Replacement(f, c.Path[:len(c.Path)-1]))
			return false
		}
		return true
	})
}

// Replacement says what to write in place of a field that is deprecated.
func Replacement(f *schema.Field, at schema.Path) string {
	names := successorNames(f, at)
	if len(names) == 0 {
		return "Nothing takes its place."
	}
	return "Use " + strings.Join(names, " and ") + " instead."
}

// Successor says what takes the place of an old field of the record at a path.
func Successor(f *schema.Field, at schema.Path) string {
	names := successorNames(f, at)
	if len(names) == 0 {
		return "It has no meaning any more: leave it out."
	}
	return "It is the old name of " + strings.Join(names, " and ") + ", where its value goes: write that instead."
}

func successorNames(f *schema.Field, at schema.Path) (names []string) {
	for _, path := range successors(f) {
		names = append(names, "`"+at.Join(path...).String()+"`")
	}
	return names
}

// successors are the paths that take the value of an old field: those that its
// definition names, or else those that its translation sets.
func successors(f *schema.Field) []schema.Path {
	var out []schema.Path
	if f.Deprecation != nil {
		for _, r := range f.Deprecation.ReplacedWith {
			out = append(out, r.Path)
		}
	}
	if len(out) > 0 || f.Func == nil {
		return out
	}
	result, err := f.Func.Call(context.Background(), nil)
	if err != nil || len(result) == 0 {
		return nil
	}
	table, _ := result[0].(map[string]any)
	return leaves(table, nil)
}

func leaves(table map[string]any, at schema.Path) (out []schema.Path) {
	for _, k := range slices.Sorted(maps.Keys(table)) {
		path := at.Join(schema.Key(k))
		if sub, ok := table[k].(map[string]any); ok && len(sub) > 0 {
			out = append(out, leaves(sub, path)...)
		} else {
			out = append(out, path)
		}
	}
	return out
}
