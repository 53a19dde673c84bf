package gateway

import "github.com/openkonnect/terraform-provider-konnect/internal/schema"

// formerNames are the names of the deprecated fields of a schema, wherever in it
// they are.
type formerNames map[string]bool

// formerOf returns the deprecated fields of a plugin's schema. Those of bundled
// plugins are looked for once; other schemas come and go.
func (s *Gateway) formerOf(p definition) formerNames {
	bundled := p.field == ""
	if bundled {
		if names, known := s.former.Load(p.Plugin); known {
			return names.(formerNames) //nolint:forcetypeassert // nothing else is stored there
		}
	}
	names := formerNames{}
	names.collect(p.Schema, map[*schema.Schema]bool{})
	if bundled {
		s.former.Store(p.Plugin, names)
	}
	return names
}

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
