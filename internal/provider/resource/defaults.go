package resource

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/finding"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/report"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/state"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/tfvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// A default that changes must not change an object whose configuration says
// nothing of the field. So Terraform's private state holds a [state.Mark], the
// defaults under which the object was planned, and the schema that judges the
// object has those in place of its own.

func (r regular) former(context.Context, *session.Session, subject, map[string]any) map[string][]any {
	return r.typ.FormerDefaults
}

func (p plugin) former(ctx context.Context, s *session.Session, in subject, doc map[string]any) map[string][]any {
	name, _ := doc["name"].(string)
	found, err := s.Plugin(ctx, in.get("control_plane_id"), name)
	if err != nil || found == nil || found.Custom || found.Info == nil {
		return nil
	}
	return found.Info.FormerDefaults()
}

// marked gives a schema the defaults that an object was planned under.
func marked(s *schema.Schema, m state.Mark) *schema.Schema {
	if s == nil {
		return nil
	}
	if other := document.OtherDefaults(s, m.All()); other != nil {
		return s.WithDefaults(other)
	}
	return s
}

// recall completes a configuration by the defaults that the object was planned
// under, and says which values stay for that reason. If they are no longer valid,
// those of now count.
func (r *Resource) recall(ctx context.Context, s *session.Session, c *candidate, m state.Mark) report.Diagnostics {
	if c.schema == nil || c.filled == nil {
		return nil
	}
	was := *c
	if was.schema = marked(c.schema, m); was.schema == c.schema {
		return nil
	}
	filled, errs := r.completed(ctx, s, was)
	if errs != nil {
		return nil
	}
	if _, broken := was.schema.Check(ctx, c.doc, schema.Insert, document.StandIns); broken != nil {
		if _, anyway := c.schema.Check(ctx, c.doc, schema.Insert, document.StandIns); anyway == nil {
			return nil
		}
	}
	found := []plugins.Finding{}
	for _, d := range document.Differences(c.schema, c.filled, filled) {
		if d.Path.Get(m.Found) == nil {
			found = append(found, plugins.Finding{Finding: kept(d)})
		}
	}
	was.filled = filled
	*c = was
	return r.report(*c).Findings(found)
}

// kept says that a value stays although the default is another now.
func kept(d document.Difference) finding.Finding {
	was, wasShown := defaultText(d.Field, d.New, "as it is")
	now, nowShown := defaultText(d.Field, d.Old, "another")
	hint := "Write the value that is meant; the documentation of the field has the default of now."
	switch {
	case d.Old == nil:
		now, hint = "no value", "To have no value there, replace the resource: terraform apply -replace=ADDRESS. Write the value to stay with it for good."
	case wasShown && nowShown:
		hint = fmt.Sprintf("Write %s to have the default of now, or %s to stay with the value for good.", now, was)
	}
	return finding.Finding{
		Severity: finding.Warning, Path: d.Path, Hint: hint,
		Message: fmt.Sprintf("it is left out and stays %s, as it was when the resource was last planned; the default is %s now.", was, now),
	}
}

// longestDefault is the length above which a message does not repeat a default.
const longestDefault = 200

// defaultText is a default as a message repeats it, or what to say instead where
// it is secret or long.
func defaultText(f *schema.Field, v any, instead string) (text string, shown bool) {
	if v == nil {
		return "not set", true
	}
	encoded, err := json.Marshal(v)
	if err != nil || len(encoded) > longestDefault || document.IsSecret(f) {
		return instead, false
	}
	return string(encoded), true
}

// marks is what private state is to remember of a plan. While no schema is known
// it is what it was.
func marks(c candidate, before state.Mark) []byte {
	if c.schema == nil {
		before.Open = true
		return before.Encode()
	}
	m := state.Mark{Open: schema.HasUnknown(c.doc)}
	m.Found, m.Defaults = split(document.LeftOut(c.schema, c.doc, c.filled, before.All()), before.Found)
	return m.Encode()
}

// mark reads private state. A mark is shared by all that have the same.
func (r *Resource) mark(private []byte) (m state.Mark, ok bool) {
	if m, ok = r.marks.Find(private); ok {
		return m, true
	}
	if m, ok = state.DecodeMark(private); ok {
		r.marks.Keep(string(private), m)
	}
	return m, ok
}

// Remember returns private state after an apply, when the whole configuration is
// known.
func (r *Resource) Remember(ctx context.Context, s *session.Session, config tftypes.Value, planned []byte) []byte {
	m, ok := r.mark(planned)
	if !ok || !m.Open {
		return planned
	}
	c := r.candidate(ctx, s, config)
	if c.schema = marked(c.schema, m); r.complete(ctx, s, &c) != nil {
		return planned
	}
	return marks(c, m)
}

// split parts values from those that are in a table as well.
func split(all, table map[string]any) (in, others map[string]any) {
	for k, v := range all {
		known, there := table[k]
		part, isRecord := v.(map[string]any)
		below, ok := known.(map[string]any)
		switch {
		case there && isRecord && ok:
			a, b := split(part, below)
			in, others = with(in, k, a), with(others, k, b)
		case there && document.Exactly.Same(nil, known, v):
			in = put(in, k, v)
		default:
			others = put(others, k, v)
		}
	}
	return in, others
}

func with(m map[string]any, k string, below map[string]any) map[string]any {
	if below == nil {
		return m
	}
	return put(m, k, below)
}

func put(m map[string]any, k string, v any) map[string]any {
	if m == nil {
		m = map[string]any{}
	}
	m[k] = v
	return m
}

// remembered is the mark in private state. For a state without one, which the
// published provider may have written, it is made of what that state holds, and
// of what the control plane holds where the state says nothing: then every later
// change is seen.
func (r *Resource) remembered(ctx context.Context, s *session.Session, private []byte, sch *schema.Schema, held tftypes.Value) state.Mark {
	if m, ok := r.mark(private); ok || sch == nil {
		return m
	}
	return r.adopted(ctx, s, sch, held, nil)
}

func (r *Resource) adopted(ctx context.Context, s *session.Session, sch *schema.Schema, held tftypes.Value, answer map[string]any) state.Mark {
	in := r.subject(held)
	doc := in.document()
	named := doc
	if named["name"] == nil {
		named = answer // an import knows the address alone
	}
	a := adoption{former: r.former(ctx, s, in, named)}
	if r.dynamic != "" { // state has it as the user wrote it; what came of that is in its copy
		doc[r.dynamic] = tfvalue.ToGo(tfvalue.Members(held)[effectiveConfig])
	}
	return a.record(ctx, sch, "", doc, answer)
}

// adoption makes a mark of what is there.
type adoption struct {
	former map[string][]any // by place
}

func (a adoption) record(ctx context.Context, s *schema.Schema, place string, held, answer map[string]any) (m state.Mark) {
	for _, f := range s.Fields {
		at := f.Name
		if place != "" {
			at = place + "." + f.Name
		}
		if f.Auto || s.Field(f.Name) != f {
			continue
		}
		if f.Record != nil {
			ours, okOurs := held[f.Name].(map[string]any)
			theirs, okTheirs := answer[f.Name].(map[string]any)
			if okOurs || okTheirs {
				below := a.record(ctx, f.Record, at, ours, theirs)
				m.Defaults, m.Found = with(m.Defaults, f.Name, below.Defaults), with(m.Found, f.Name, below.Found)
			}
			continue
		}
		switch v, quiet := a.value(ctx, f, at, held[f.Name], answer[f.Name]); {
		case v == nil:
		case quiet:
			m.Found = put(m.Found, f.Name, v)
		default:
			m.Defaults = put(m.Defaults, f.Name, v)
		}
	}
	return m
}

// value is the default that counts for a field. What the state holds counts, and
// what the control plane holds if it was a default of some version. quiet says
// that it is another one than that of now, and was one once.
func (a adoption) value(ctx context.Context, f *schema.Field, place string, held, answer any) (v any, quiet bool) {
	known := a.former[place]
	if isConcealed(held) {
		held = nil
	}
	switch {
	case document.IsSecret(f):
		return nil, false
	case f.Default == nil && len(known) == 0 && isHollow(held):
		return held, true
	case f.Default == nil && len(known) == 0:
		return nil, false
	}
	if f.Default != nil {
		known = append(slices.Clip(known), f.Default)
	}
	for _, v := range []any{held, answer} {
		switch {
		case v == nil || schema.HasUnknown(v):
		case f.Default != nil && document.AsStored.Same(f, document.CompleteValue(ctx, f, f.Default), document.CompleteValue(ctx, f, v)):
			return f.Default, false
		case slices.ContainsFunc(known, func(def any) bool { return document.Alike(f, def, v) }):
			return v, true
		}
	}
	if f.Default != nil && held != nil && !schema.HasUnknown(held) {
		return held, false
	}
	return f.Default, false
}

// isConcealed reports whether a copy shows something else than the value.
func isConcealed(v any) bool {
	if list, ok := v.([]any); ok {
		return slices.ContainsFunc(list, isConcealed)
	}
	if below, ok := v.(map[string]any); ok {
		return slices.ContainsFunc(slices.Collect(maps.Values(below)), isConcealed)
	}
	return v == any(document.Concealed)
}

// isHollow reports whether a list holds nothing but empty lists.
func isHollow(v any) bool {
	list, ok := v.([]any)
	return ok && len(list) > 0 && !slices.ContainsFunc(list, func(e any) bool {
		below, ok := e.([]any)
		return !ok || len(below) > 0
	})
}
