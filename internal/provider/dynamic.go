package provider

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// dynamic shapes the server's value of a dynamic attribute. The copy that only
// the provider writes takes all of it; what the user writes takes the parts
// that the user wrote, and those that differ from what the schema would give.
func (p projector) dynamic(ctx context.Context, a *attribute, prior tftypes.Value, answer any) tftypes.Value {
	var f *schema.Field
	if p.schema != nil {
		f = p.schema.Field(a.key)
	}
	if !a.writable() {
		full := dropNullsIn(answer)
		if !isNull(prior) && asStored.same(f, fromDynamic(prior), full) {
			return prior
		}
		return toDynamic(full)
	}
	answer = dropNullsIn(answer) // the parts that come from elsewhere are not written here
	if isNull(prior) {
		return toDynamic(prune(ctx, f, answer))
	}
	if text, ok := jsonText(prior); ok {
		return p.projectText(ctx, f, prior, text, answer)
	}
	return p.project(ctx, f, prior, answer)
}

// projectText is for a configuration given as JSON text.
func (p projector) projectText(ctx context.Context, f *schema.Field, prior tftypes.Value, text, answer any) tftypes.Value {
	projected := p.project(ctx, f, toDynamic(text), answer)
	if projected.Equal(toDynamic(text)) {
		return prior
	}
	out, err := json.Marshal(fromDynamic(projected))
	if err != nil {
		return prior
	}
	return tftypes.NewValue(tftypes.String, string(out))
}

// jsonText decodes a string that holds a JSON object.
func jsonText(v tftypes.Value) (any, bool) {
	text, ok := fromDynamic(v).(string)
	if !ok {
		return nil, false
	}
	return decodeObject(text)
}

func decodeObject(text string) (any, bool) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var out map[string]any
	if err := d.Decode(&out); err != nil || out == nil || d.More() {
		return nil, false
	}
	return dropNulls(out), true
}

// project shapes one value like prior. Both sides are compared completed.
func (p projector) project(ctx context.Context, f *schema.Field, prior tftypes.Value, answer any) tftypes.Value {
	if isNull(prior) {
		return toDynamic(prune(ctx, f, answer))
	}
	given := coerceValue(f, fromDynamic(prior))
	full := completeValue(ctx, f, answer)
	if asStored.same(f, settle(f, completeValue(ctx, f, given), full), full) {
		return prior
	}
	switch answer := answer.(type) {
	case map[string]any:
		if before := members(prior); before != nil {
			return object(p.projectMembers(ctx, f, before, answer))
		}
	case []any:
		if before := elements(prior); before != nil {
			return tuple(p.projectElements(ctx, f, before, answer))
		}
	}
	return toDynamic(prune(ctx, f, answer))
}

func (p projector) projectMembers(ctx context.Context, f *schema.Field, prior map[string]tftypes.Value, answer map[string]any) map[string]tftypes.Value {
	out := make(map[string]tftypes.Value, len(prior))
	for k, v := range prior {
		child := memberOf(f, k)
		switch {
		case isShorthand(f, k):
			out[k] = v // the answer shows it under its new name
		case isNull(v) && isDefault(ctx, child, answer[k]):
			out[k] = v
		case answer[k] != nil:
			out[k] = p.project(ctx, child, v, answer[k])
		}
	}
	for k, v := range answer {
		if _, written := prior[k]; written {
			continue
		}
		child := memberOf(f, k)
		if f != nil && f.Record != nil && (isDefault(ctx, child, v) || child != nil && child.Auto) {
			continue
		}
		if f == nil {
			continue // without a schema nobody can say what is a default
		}
		out[k] = toDynamic(prune(ctx, child, v))
	}
	return out
}

func (p projector) projectElements(ctx context.Context, f *schema.Field, prior []tftypes.Value, answer []any) []tftypes.Value {
	child := elementOf(f)
	if f != nil && f.Type == schema.Set {
		before := make([]any, len(prior))
		for i, v := range prior {
			before[i] = coerceValue(child, fromDynamic(v))
		}
		answer = align(child, before, answer)
	}
	out := make([]tftypes.Value, len(answer))
	for i, v := range answer {
		if i < len(prior) {
			out[i] = p.project(ctx, child, prior[i], v)
		} else {
			out[i] = toDynamic(prune(ctx, child, v))
		}
	}
	return out
}

// prune leaves out what completing the value again would fill in.
func prune(ctx context.Context, f *schema.Field, v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			child := memberOf(f, k)
			if f != nil && f.Record != nil && isDefault(ctx, child, e) {
				continue
			}
			if e != nil {
				out[k] = prune(ctx, child, e)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = prune(ctx, elementOf(f), e)
		}
		return out
	}
	return v
}

// isDefault reports whether a member of a record is what its absence means.
func isDefault(ctx context.Context, f *schema.Field, v any) bool {
	if f == nil {
		return v == nil
	}
	return asStored.same(f, absent(ctx, f), completeValue(ctx, f, v))
}

// absent is what a member becomes that nobody gives.
func absent(ctx context.Context, f *schema.Field) any {
	if f.Type == schema.Record && f.Required && f.Record != nil {
		start, _ := f.Default.(map[string]any)
		return completeRecord(ctx, f.Record, start)
	}
	return f.Default
}

// completeValue fills in the defaults below a value.
func completeValue(ctx context.Context, f *schema.Field, v any) any {
	if f == nil {
		return v
	}
	switch v := v.(type) {
	case map[string]any:
		if f.Record != nil {
			return completeRecord(ctx, f.Record, v)
		}
		if f.Values == nil {
			return v
		}
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[k] = completeValue(ctx, f.Values, e)
		}
		return out
	case []any:
		if f.Elements == nil {
			return v
		}
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = completeValue(ctx, f.Elements, e)
		}
		return out
	}
	return v
}

// completeRecord fills in a record; one that cannot be completed is left as it
// is.
func completeRecord(ctx context.Context, s *schema.Schema, v map[string]any) map[string]any {
	out, errs := complete(ctx, s, v)
	if errs != nil {
		return v
	}
	return out
}

// isShorthand reports whether a record takes a key under an old name.
func isShorthand(f *schema.Field, key string) bool {
	return f != nil && f.Record != nil && f.Record.Field(key) == nil && f.Record.Shorthand(key) != nil
}
