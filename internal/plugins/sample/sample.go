// Package sample makes configurations of plugins from their schemas: the
// smallest valid one, one that gives every field, and ones that break a single
// rule each. Tests of every package that deals with all plugins use them.
//
// Values come from a search: the types of the fields give a first guess, the
// schema judges it, and the search changes the fields that it reports until it
// reports none. The package knows nothing but plugins and schemas.
package sample

import (
	"context"
	"fmt"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Minimal returns the smallest valid configuration that it finds.
func Minimal(ctx context.Context, p *plugins.Plugin) (map[string]any, error) {
	return newSearch(ctx, p, false).find()
}

// Rich returns a valid configuration that gives as many fields as may stand
// together, and values other than the defaults where there is a choice.
func Rich(ctx context.Context, p *plugins.Plugin) (map[string]any, error) {
	return newSearch(ctx, p, true).find()
}

// Violations completes and judges a plugin of that configuration.
func Violations(ctx context.Context, p *plugins.Plugin, config map[string]any) []*schema.Violation {
	in := map[string]any{"name": p.Name, "config": config}
	complete, errs := p.Schema.ProcessAutoFields(ctx, in, schema.Insert, schema.Auto{})
	if errs != nil {
		return errs.Violations()
	}
	return p.Schema.Validate(ctx, complete, schema.Insert).Violations()
}

// search is the way from a first guess to a valid configuration.
type search struct {
	ctx    context.Context
	plugin *plugins.Plugin
	rich   bool
	config map[string]any
	tries  map[string]int // by place: how many values have been refused
}

func newSearch(ctx context.Context, p *plugins.Plugin, rich bool) *search {
	return &search{ctx: ctx, plugin: p, rich: rich, tries: make(map[string]int)}
}

// steps bounds a search; the longest ones take a few dozen.
const steps = 400

func (s *search) find() (map[string]any, error) {
	config := s.plugin.Schema.Field("config")
	s.config, _ = s.value(config, 0, 0).(map[string]any)
	var faults []*schema.Violation
	for range steps {
		if faults = Violations(s.ctx, s.plugin, s.config); len(faults) == 0 {
			return s.config, nil
		}
		s.mend(pick(faults))
	}
	return nil, fmt.Errorf("%s: no valid configuration found; what is left to say of %v: %v", s.plugin.Name, s.config, faults)
}

// pick prefers a fault of a single field: its repair often repairs faults of
// several fields.
func pick(faults []*schema.Violation) *schema.Violation {
	for _, v := range faults {
		if !v.Entity {
			return v
		}
	}
	return faults[0]
}

func (s *search) mend(v *schema.Violation) {
	place := v.Path.String() + " " + strings.Join(v.Fields, " ")
	s.tries[place]++
	try := s.tries[place]
	if v.Entity {
		s.mendTogether(v, try)
		return
	}
	if len(v.Path) < 2 || v.Field == nil || v.Field.Type == schema.Record && v.Rule == "custom_validator" {
		s.mendNamed(v, try)
		return
	}
	switch {
	case v.Rule == "unknown_field" || v.Message == "value must be null":
		remove(s.config, v.Path[1:])
	case v.Rule == "eq":
		v.Path[1:].Set(s.config, v.Field.Def["eq"])
	case v.Rule == "required":
		v.Path[1:].Set(s.config, s.value(s.broken(v), try-1, 0))
	case try > 2*len(texts):
		remove(s.config, v.Path[1:])
	default:
		v.Path[1:].Set(s.config, s.value(s.broken(v), try, 0))
	}
}

// mendTogether changes fields that a check names together: it gives all of
// them, or removes all but one.
func (s *search) mendTogether(v *schema.Violation, try int) {
	give := func(name string) {
		path := under(v.Path, name)
		if f := s.field(path); f != nil && !isSet(path[1:].Get(s.config)) {
			path[1:].Set(s.config, s.value(f, try-1, 0))
		}
	}
	take := func(name string) { remove(s.config, under(v.Path, name)[1:]) }
	if s.field(under(v.Path, v.Fields[0])) == nil {
		// A field of one variant of the record: another variant may do.
		v.Path[1:].Set(s.config, s.value(s.field(v.Path), try, 0))
		return
	}
	switch v.Rule {
	case "at_least_one_of":
		give(v.Fields[(try-1)%len(v.Fields)])
	case "mutually_required":
		for _, name := range v.Fields {
			if s.rich || try == 1 {
				give(name)
			} else {
				take(name)
			}
		}
	case "only_one_of", "mutually_exclusive", "mutually_exclusive_sets":
		for i, name := range v.Fields {
			if i != (try-1)%len(v.Fields) {
				take(name)
			}
		}
		give(v.Fields[(try-1)%len(v.Fields)])
	case "conditional_at_least_one_of":
		give(v.Fields[1+(try-1)%(len(v.Fields)-1)])
	default:
		for i, name := range v.Fields {
			path := under(v.Path, name)
			if f := s.field(path); f != nil && (i+try)%2 == 0 {
				path[1:].Set(s.config, s.value(f, try, 0))
			}
		}
	}
}

// mendNamed changes the fields that a message about their record names.
func (s *search) mendNamed(v *schema.Violation, try int) {
	f := s.field(v.Path)
	if f == nil || f.Record == nil {
		return
	}
	var named []*schema.Field
	for _, field := range f.Record.Fields {
		if strings.Contains(v.Message, field.Name) {
			named = append(named, field)
		}
	}
	if len(named) == 0 {
		return
	}
	field := named[(try-1)%len(named)]
	path := v.Path.Join(schema.Key(field.Name))
	if isSet(path[1:].Get(s.config)) && field.Type != schema.Boolean {
		remove(s.config, path[1:])
		return
	}
	path[1:].Set(s.config, s.value(field, try, 0))
}

func under(path schema.Path, dotted string) schema.Path {
	return path.Join(schema.Dotted(dotted)...)
}

func isSet(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case string:
		return v != ""
	case []any:
		return len(v) > 0
	case map[string]any:
		return len(v) > 0
	}
	return true
}

// broken is the definition of the field that a violation is about.
func (s *search) broken(v *schema.Violation) *schema.Field {
	if f := s.field(v.Path); f != nil {
		return f
	}
	return v.Field // a field of one variant of its record
}

// field returns the definition at a path from the entity's root.
func (s *search) field(path schema.Path) *schema.Field {
	f := s.plugin.Schema.Field(path[0].Name)
	for _, step := range path[1:] {
		switch {
		case f == nil:
			return nil
		case f.Type == schema.Record:
			f = f.Record.Field(step.Name)
		case f.Type == schema.Map:
			f = f.Values
		default:
			f = f.Elements
		}
	}
	return f
}

// remove takes away what stands at a path; of a list, the whole list.
func remove(m map[string]any, path schema.Path) {
	for len(path) > 0 && !path[len(path)-1].IsKey() {
		path = path[:len(path)-1]
	}
	path.Delete(m)
}
