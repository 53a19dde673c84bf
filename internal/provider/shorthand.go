package provider

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Old names of fields are translated by the schema, and no document keeps
// them. A configuration may: then state holds the value under the old name, and
// nothing under the new one.

// outdated warns of the old names that a document uses.
func outdated(loc locator, s *schema.Schema, doc map[string]any) (out diagnostics) {
	walkOutdated(s, doc, nil, func(path schema.Path, advice string) {
		out = append(out, warning(loc.locate(path), "Old name", loc.written(path).String()+": "+advice))
	})
	return out
}

func walkOutdated(s *schema.Schema, doc map[string]any, at schema.Path, found func(schema.Path, string)) {
	for _, k := range slices.Sorted(maps.Keys(doc)) {
		path := append(at[:len(at):len(at)], schema.Key(k))
		f := s.Field(k)
		switch old := s.Shorthand(k); {
		case f != nil && f.Deprecation != nil:
			found(path, "it is on its way out. "+replacement(f, at))
		case f != nil:
			walkOutdatedIn(f, doc[k], path, found)
		case old != nil:
			found(path, successor(old, at))
		}
	}
}

func walkOutdatedIn(f *schema.Field, v any, at schema.Path, found func(schema.Path, string)) {
	switch v := v.(type) {
	case map[string]any:
		if f.Record != nil {
			walkOutdated(f.Record, v, at, found)
			return
		}
		for _, k := range slices.Sorted(maps.Keys(v)) {
			if f.Values != nil {
				walkOutdatedIn(f.Values, v[k], append(at[:len(at):len(at)], schema.Key(k)), found)
			}
		}
	case []any:
		for i, e := range v {
			if f.Elements != nil {
				walkOutdatedIn(f.Elements, e, append(at[:len(at):len(at)], schema.At(i)), found)
			}
		}
	}
}

// replacement says what to write in place of a field that is deprecated.
func replacement(f *schema.Field, at schema.Path) string {
	names := successorNames(f, at)
	if len(names) == 0 {
		return "Nothing takes its place."
	}
	return "Use " + strings.Join(names, " and ") + " instead."
}

// successor says what takes the place of an old field of the record at a path.
func successor(f *schema.Field, at schema.Path) string {
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

// successors are the paths that take the value of an old field. Where its
// definition does not name them, its translation shows.
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

// withoutTranslated takes out of an answer what it holds because of old names
// in the prior state, as long as the value is still theirs.
func (a *attribute) withoutTranslated(ctx context.Context, prior map[string]tftypes.Value, answer map[string]any) map[string]any {
	for _, c := range a.children {
		if c.shorthand == nil || isNull(prior[c.name]) || c.shorthand.Func == nil {
			continue
		}
		result, err := c.shorthand.Func.Call(ctx, c.toGo(prior[c.name]))
		if err != nil || len(result) == 0 {
			continue
		}
		if table, ok := result[0].(map[string]any); ok {
			answer = document.Subtract(answer, table)
		}
	}
	return answer
}
