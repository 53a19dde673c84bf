package state

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/tfvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// dynamic shapes the server's value of a dynamic attribute. An attribute that
// only the provider writes takes all of it that may be shown. One that the user writes takes the
// parts that the user wrote, and those that are not the default.
func (p Projector) dynamic(ctx context.Context, a *attribute.Attribute, prior tftypes.Value, answer any) tftypes.Value {
	var f *schema.Field
	if p.Schema != nil {
		f = p.Schema.Field(a.Key)
	}
	if !a.Writable() {
		full := document.Conceal(f, document.OmitNulls(answer))
		if !tfvalue.IsNull(prior) && document.AsStored.Same(f, tfvalue.ToGo(prior), full) {
			return prior
		}
		return tfvalue.FromGo(full)
	}
	answer = document.OmitNulls(answer) // the parts that come from elsewhere are not written here
	if tfvalue.IsNull(prior) {
		return tfvalue.FromGo(document.Prune(ctx, f, answer))
	}
	if text, ok := jsonText(prior); ok {
		return p.projectText(ctx, f, prior, text, answer)
	}
	return p.project(ctx, f, prior, answer)
}

// projectText is for a configuration given as JSON text.
func (p Projector) projectText(ctx context.Context, f *schema.Field, prior tftypes.Value, text, answer any) tftypes.Value {
	projected := p.project(ctx, f, tfvalue.FromGo(text), answer)
	if projected.Equal(tfvalue.FromGo(text)) {
		return prior
	}
	out, err := json.Marshal(tfvalue.ToGo(projected))
	if err != nil {
		return prior
	}
	return tftypes.NewValue(tftypes.String, string(out))
}

// jsonText decodes a string that holds a JSON object.
func jsonText(v tftypes.Value) (any, bool) {
	text, ok := tfvalue.ToGo(v).(string)
	if !ok {
		return nil, false
	}
	return document.DecodeObject(text)
}

// project shapes one value like prior. Both sides are compared completed.
func (p Projector) project(ctx context.Context, f *schema.Field, prior tftypes.Value, answer any) tftypes.Value {
	if tfvalue.IsNull(prior) {
		return tfvalue.FromGo(document.Prune(ctx, f, answer))
	}
	given := document.CoerceValue(f, tfvalue.ToGo(prior))
	full := document.CompleteValue(ctx, f, answer)
	if document.AsStored.Same(f, document.FillMade(f, document.CompleteValue(ctx, f, given), full), full) {
		return prior
	}
	switch answer := answer.(type) {
	case map[string]any:
		if before := tfvalue.Members(prior); before != nil {
			return tfvalue.Object(p.projectMembers(ctx, f, before, answer))
		}
	case []any:
		if before := tfvalue.Elements(prior); before != nil {
			return tfvalue.Tuple(p.projectElements(ctx, f, before, answer))
		}
	}
	return tfvalue.FromGo(document.Prune(ctx, f, answer))
}

func (p Projector) projectMembers(ctx context.Context, f *schema.Field, prior map[string]tftypes.Value, answer map[string]any) map[string]tftypes.Value {
	out := make(map[string]tftypes.Value, len(prior))
	for k, v := range prior {
		child := f.Below(schema.Key(k))
		switch {
		case document.IsShorthand(f, k):
			out[k] = v // the answer shows it under its new name
		case tfvalue.IsNull(v) && document.IsDefault(ctx, child, answer[k]):
			out[k] = v
		case answer[k] != nil:
			out[k] = p.project(ctx, child, v, answer[k])
		}
	}
	for k, v := range answer {
		if _, written := prior[k]; written {
			continue
		}
		child := f.Below(schema.Key(k))
		if f != nil && f.Record != nil && (document.IsDefault(ctx, child, v) || child != nil && child.Auto) {
			continue
		}
		if f == nil {
			continue // without a schema nobody can say what is a default
		}
		out[k] = tfvalue.FromGo(document.Prune(ctx, child, v))
	}
	return out
}

func (p Projector) projectElements(ctx context.Context, f *schema.Field, prior []tftypes.Value, answer []any) []tftypes.Value {
	child := f.Below(schema.Each)
	if f != nil && f.Type == schema.Set {
		before := make([]any, len(prior))
		for i, v := range prior {
			before[i] = document.CoerceValue(child, tfvalue.ToGo(v))
		}
		answer = document.Align(child, before, answer)
	}
	out := make([]tftypes.Value, len(answer))
	for i, v := range answer {
		if i < len(prior) {
			out[i] = p.project(ctx, child, prior[i], v)
		} else {
			out[i] = tfvalue.FromGo(document.Prune(ctx, child, v))
		}
	}
	return out
}
