package evolution

import (
	"context"
	"maps"
	"slices"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Shift is a value of an instance that changes by itself when the instance is
// next written under a new schema.
type Shift struct {
	Path schema.Path `json:"path"`
	// Dropped says that the new schema does not know the field.
	Dropped bool `json:"dropped,omitempty"`
}

// Text says what happens, without the values: they may be secrets.
func (s Shift) Text() string {
	if s.Dropped {
		return "is dropped, since the new schema has no such field"
	}
	return "changes to what the new schema has as its default"
}

// Effect is what a new schema does to a stored instance.
type Effect struct {
	Violations []*schema.Violation
	Shifts     []Shift // only of an instance without violations
}

// Judge returns what a new schema does to an instance that is stored under the
// old one. A value that is the old schema's default counts as not written: who
// writes the instance again and leaves it out gets what the new schema has.
func Judge(ctx context.Context, before, after *schema.Schema, stored map[string]any) Effect {
	held, _ := bare(stored).(map[string]any)
	written := before.Walk(held, func(c *schema.Cursor) bool {
		if len(c.Path) > 1 && c.Field != nil && c.Field.HasDefault && schema.Equal(c.Value, c.Field.Default) {
			c.Delete()
			return false
		}
		return true
	})
	complete, errs := after.Check(ctx, written, schema.Upsert, schema.Auto{})
	if violations := errs.Violations(); len(violations) > 0 {
		return Effect{Violations: violations}
	}
	now, _ := bare(complete).(map[string]any)
	return Effect{Shifts: shifts(schema.Path{schema.Key("config")}, after.Field("config"), held["config"], now["config"])}
}

// Shifts returns what differs between a configuration completed by the old schema
// and the same one completed by the new one.
func Shifts(after *schema.Schema, old, now map[string]any) []Shift {
	return shifts(nil, after.Field("config"), bare(old), bare(now))
}

// bare returns a value without nulls, which stand for what is not there.
func bare(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			if e != nil {
				out[k] = bare(e)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = bare(e)
		}
		return out
	}
	return v
}

// shifts compares what is stored with what the new schema makes of it. Of
// values it returns the places only: they may be secrets.
func shifts(at schema.Path, f *schema.Field, held, now any) []Shift {
	was, wasMap := held.(map[string]any)
	is, isMap := now.(map[string]any)
	if !isMap && now != nil || !wasMap && held != nil || !wasMap && !isMap {
		if schema.Equal(held, now) {
			return nil
		}
		return []Shift{{Path: at, Dropped: now == nil && f == nil}}
	}
	keys := maps.Clone(was)
	if keys == nil {
		keys = map[string]any{}
	}
	maps.Copy(keys, is)
	var out []Shift
	for _, k := range slices.Sorted(maps.Keys(keys)) {
		var below *schema.Field
		if f != nil {
			below = f.Below(schema.Key(k))
		}
		out = append(out, shifts(at.Join(schema.Key(k)), below, was[k], is[k])...)
	}
	return out
}
