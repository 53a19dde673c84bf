package sample

import (
	"fmt"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Fault is a configuration that breaks one rule on purpose.
type Fault struct {
	Name   string         // config.redis.port/between
	Config map[string]any // otherwise valid
	Path   schema.Path    // where a violation must be
}

// Faults returns configurations of a plugin that break one rule each, derived
// from a valid one: every rule of every field that it gives, every unknown
// field, every required one missing.
func Faults(p *plugins.Plugin, valid map[string]any) []Fault {
	b := &breaker{valid: valid}
	b.record(p.Schema.Field("config").Record, schema.Path{schema.Key("config")})
	return b.faults
}

type breaker struct {
	valid  map[string]any
	faults []Fault
}

// add notes a fault: the valid configuration with another value at a path.
func (b *breaker) add(path schema.Path, rule string, value any) {
	config, _ := schema.Copy(b.valid).(map[string]any)
	path[1:].Set(config, value)
	b.faults = append(b.faults, Fault{Name: path.String() + "/" + rule, Config: config, Path: slices.Clone(path)})
}

func (b *breaker) record(r *schema.Schema, path schema.Path) {
	b.add(path.Join(schema.Key("no_such_field")), "unknown_field", "x")
	for _, f := range r.Fields {
		at := path.Join(schema.Key(f.Name))
		if f.Required {
			b.add(at, "required", nil)
		}
		if v := at[1:].Get(b.valid); v != nil {
			b.field(f, at, v)
		}
	}
}

func (b *breaker) field(f *schema.Field, path schema.Path, v any) {
	switch f.Type {
	case schema.JSON: // a language of its own
	case schema.Foreign:
		b.add(path.Join(schema.Key("id")), "uuid", "no-uuid")
	default:
		b.add(path, "type", wrongType[f.Type])
	}
	for rule, value := range broken(f) {
		b.add(path, rule, value)
	}
	switch v := v.(type) {
	case []any:
		if len(v) > 0 && f.Elements != nil {
			at := path.Join(schema.At(0))
			b.add(at, "required", nil)
			b.field(f.Elements, at, v[0])
		}
	case map[string]any:
		if f.Type == schema.Record && f.Def["subschemas"] == nil {
			b.record(f.Record, path)
		}
	}
}

// wrongType is a value that is of no use for the type.
var wrongType = map[schema.Type]any{
	schema.Array: "x", schema.Boolean: "x", schema.Integer: "x", schema.Map: "x",
	schema.NumberType: "x", schema.Record: "x", schema.Set: "x", schema.String: true,
}

// broken are values of the right type that break a rule of the field.
func broken(f *schema.Field) map[string]any {
	out := make(map[string]any)
	if f.Type == schema.Integer {
		out["type/fraction"] = schema.Number("1.5")
	}
	if list, ok := f.Def["one_of"].([]any); ok && len(list) > 0 {
		out["one_of"] = any("no-such-value")
		if f.Type != schema.String {
			out["one_of"] = schema.Number("-987654")
		}
	}
	if bounds, ok := f.Def["between"].([]any); ok && len(bounds) == 2 {
		low, _ := bounds[0].(schema.Number).Float64()
		high, _ := bounds[1].(schema.Number).Float64()
		out["between/below"] = schema.Number(fmt.Sprintf("%.0f", low-1))
		out["between/above"] = schema.Number(fmt.Sprintf("%.0f", high+1))
	}
	if least, ok := f.Def["gt"].(schema.Number); ok {
		out["gt"] = least
	}
	if list, ok := f.Def["not_one_of"].([]any); ok && len(list) > 0 {
		out["not_one_of"] = list[0]
	}
	if prefix, ok := f.Def["starts_with"].(string); ok {
		out["starts_with"] = "x" + prefix
	}
	if f.Def["uuid"] == true {
		out["uuid"] = "no-uuid"
	}
	if f.Def["is_regex"] == true {
		out["is_regex"] = "("
	}
	for rule, v := range wrongLengths(f) {
		out[rule] = v
	}
	return out
}

func wrongLengths(f *schema.Field) map[string]any {
	out := make(map[string]any)
	least, most := length(f, "len_min"), length(f, "len_max")
	switch f.Type {
	case schema.String:
		if _, own := f.Def["len_min"]; !own || least > 0 {
			out["len_min"] = ""
		}
		if most > 0 {
			out["len_max"] = strings.Repeat("x", most+1)
		}
	case schema.Array, schema.Set:
		if least > 0 {
			out["len_min"] = []any{}
		}
	case schema.Map:
		if least > 0 {
			out["len_min"] = map[string]any{}
		}
	}
	return out
}
