package gateway

import (
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/dao"
)

// former are the deprecated fields of a plugin's schema.
type former struct {
	names formerNames
	text  *dao.Former // those in the configuration, if they can be shown as text
}

// formerOf returns the deprecated fields of a plugin's schema. Those of bundled
// plugins are looked for once; other schemas come and go.
func (s *Gateway) formerOf(p definition) former {
	bundled := p.field == ""
	if bundled {
		if known, ok := s.former.Load(p.Plugin); ok {
			return known.(former) //nolint:forcetypeassert // nothing else is stored there
		}
	}
	f := former{names: formerNames{}}
	f.names.collect(p.Schema, map[*schema.Schema]bool{})
	if bundled {
		if text := (&dao.Former{}); len(f.names) > 0 && addTexts(text, p.Schema, nil) {
			f.text = text
		}
		s.former.Store(p.Plugin, f)
	}
	return f
}

// formerText returns the deprecated fields of a plugin with that name, in quotes as JSON
// has it, as text, or nil if there are none. ok is false for one that is not bundled, and
// if its fields are not just other names for values.
func (s *Gateway) formerText(quoted string) (_ *dao.Former, ok bool) {
	p, bundled := s.bundled.Lookup(strings.Trim(quoted, `"`))
	if !bundled {
		return nil, false
	}
	f := s.formerOf(definition{Plugin: p})
	return f.text, f.text != nil || len(f.names) == 0
}

// formerNames are the names of deprecated fields, wherever in a schema they are.
type formerNames map[string]bool

func (n formerNames) collect(sc *schema.Schema, seen map[*schema.Schema]bool) {
	if sc == nil || seen[sc] {
		return
	}
	seen[sc] = true
	for _, f := range sc.ShorthandFields {
		if f.Deprecation != nil {
			n[f.Name] = true
		}
	}
	for _, f := range sc.Fields {
		for ; f != nil; f = elementOf(f) {
			n.collect(f.Record, seen)
		}
	}
	_, variants := sc.Variants()
	for _, variant := range variants {
		n.collect(variant, seen)
	}
}

// elementOf is the definition of what a list or map holds, or nil.
func elementOf(f *schema.Field) *schema.Field {
	if f.Elements != nil {
		return f.Elements
	}
	return f.Values
}

// in reports whether a value has a member with one of the names, at any depth.
func (n formerNames) in(v any) bool {
	if len(n) == 0 {
		return false
	}
	switch v := v.(type) {
	case map[string]any:
		for name, e := range v {
			if n[name] || n.in(e) {
				return true
			}
		}
	case []any:
		for _, e := range v {
			if n.in(e) {
				return true
			}
		}
	}
	return false
}

// addTexts adds the older names of a level and of the records below.
func addTexts(to *dao.Former, level *schema.Schema, path []string) bool {
	if _, variants := level.Variants(); variants != nil {
		return false
	}
	for _, f := range level.ShorthandFields {
		replacements := f.Replacements()
		if len(replacements) == 0 || level.Field(f.Name) != nil {
			continue // as in [schema.Schema.WithFormer]
		}
		var members [][]string
		made := false
		for _, r := range replacements {
			made = made || r.Reverse != nil
			members = append(members, namesOf(r.Path))
		}
		to.Add(path, f.Name, members, made)
	}
	for _, f := range level.Fields {
		if f.Record != nil && !addTexts(to, f.Record, append(slices.Clip(path), f.Name)) {
			return false
		}
		if inner := elementOf(f); inner != nil && hasFormer(inner) {
			return false
		}
	}
	return true
}

func hasFormer(f *schema.Field) bool {
	names := formerNames{}
	for ; f != nil; f = elementOf(f) {
		names.collect(f.Record, map[*schema.Schema]bool{})
	}
	return len(names) > 0
}

func namesOf(path schema.Path) []string {
	names := make([]string, len(path))
	for i, step := range path {
		names[i] = step.Name
	}
	return names
}
