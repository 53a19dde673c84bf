package provider

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/report"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/tfvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// resource answers Terraform's calls for one resource type. All of them take
// the same trip: value to document, engine or client, diagnostics, document to
// value.
type resource struct {
	row

	parents []string // attributes with the ids of what it belongs to, from the root down
	derived sync.Once
	tree    *attribute.Attribute
	shown   sync.Once
	block   *tfprotov6.Schema
}

// root returns the attributes, derived when first asked for.
func (r *resource) root() *attribute.Attribute {
	r.derived.Do(func() { r.tree = r.attributes(bundledPlugins()).Seal() })
	return r.tree
}

// schema returns the resource's schema in Terraform's form. Who asks for one
// asks for all and then, mostly, for nothing else: so what it takes to derive
// the schema for a plugin is not kept.
func (r *resource) schema() *tfprotov6.Schema {
	r.shown.Do(func() {
		var root *attribute.Attribute
		if r.plugin == "" {
			root = r.root()
		} else {
			root = r.attributes(newCatalog()).Seal()
		}
		r.block = &tfprotov6.Schema{Block: &tfprotov6.SchemaBlock{
			Attributes:      root.SchemaAttributes(),
			Description:     root.Description,
			DescriptionKind: tfprotov6.StringKindMarkdown,
		}}
	})
	return r.block
}

func (r *resource) subject(v tftypes.Value) subject {
	return subject{root: r.root(), value: v, parents: r.parents}
}

// decode reads a value of this resource's type.
func (r *resource) decode(v *tfprotov6.DynamicValue) (tftypes.Value, error) {
	if v == nil {
		return tftypes.NewValue(r.root().Type, nil), nil
	}
	return v.Unmarshal(r.root().Type)
}

func (r *resource) encode(v tftypes.Value) (*tfprotov6.DynamicValue, error) {
	out, err := tfprotov6.NewDynamicValue(r.root().Type, v)
	return &out, err
}

// validate judges a configuration: every rule, each fault at its attribute.
// What is unknown is not judged. Where a provider is configured the call comes
// once for each instance of a plan, so this is also the place for findings
// across resources, such as two plugins for one scope.
func (r *resource) validate(ctx context.Context, s *session.Session, config tftypes.Value) report.Diagnostics {
	in := r.subject(config)
	diags := r.addressed(in)
	v := r.judge(ctx, s, in)
	diags = append(diags, v.problems...)
	if v.schema == nil {
		if !report.HasErrors(diags) {
			diags = append(diags, r.ruled(ctx, s, in, r.report(in, nil, nil), v.document, nil, nil)...)
		}
		return diags
	}
	doc := document.Coerce(v.schema, v.document)
	filled, errs := v.schema.Check(ctx, doc, schema.Insert, document.StandIns)
	diags = append(diags, r.ruled(ctx, s, in, r.report(in, v.schema, doc), doc, filled, errs.Violations())...)
	return append(diags, r.claim(s, in, filled)...)
}

// addressed refuses ids that would lead nowhere.
func (r *resource) addressed(in subject) (diags report.Diagnostics) {
	for _, name := range r.parents {
		if id := in.get(name); id == "" {
			diags = append(diags, report.Failure(report.AttributePath(name), r.invalid(), name+" is empty. Wanted is the ID of the "+parentTitle(name)+"."))
		}
	}
	return diags
}

func (r *resource) report(in subject, s *schema.Schema, doc map[string]any) report.Report {
	return report.Report{
		Locator: attribute.Locator{Root: in.root, Config: in.value, Schema: s},
		Summary: r.invalid(),
		Secrets: document.Secrets(s, doc),
	}
}

func (r *resource) invalid() string { return "Invalid " + r.typ.Title }

// planned is the outcome of a plan.
type planned struct {
	value     tftypes.Value
	replaces  []*tftypes.AttributePath
	tolerated bool // see planner
}

// plan computes what an apply will make of a configuration.
func (r *resource) plan(ctx context.Context, s *session.Session, config, prior tftypes.Value) (planned, report.Diagnostics) {
	in := r.subject(config)
	v := r.judge(ctx, s, in)
	if report.HasErrors(v.problems) {
		return planned{}, v.problems
	}
	// Warnings are validation's: Terraform has just called it for the same
	// configuration.
	p := planner{schema: v.schema}
	doc := v.document
	if v.schema != nil {
		doc = document.Coerce(v.schema, doc)
		filled, errs := r.completed(ctx, s, in, v.schema, doc)
		if errs != nil {
			return planned{}, r.report(in, v.schema, doc).Diagnostics(errs.Violations())
		}
		p.filled = filled
		p.keepDynamic = r.meansTheSame(ctx, s, v.schema, doc, filled, prior)
	} else {
		p.keepDynamic = !tfvalue.IsNull(prior) && r.sameDynamic(config, prior)
	}
	out := planned{value: p.plan(r.root(), config, prior), tolerated: p.tolerated}
	out.replaces = replacements(r.root(), prior, out.value)
	return out, r.objections(ctx, s, in, r.report(in, v.schema, doc), doc, p.filled, prior, out)
}

// meansTheSame reports whether the dynamic parts of a configuration say,
// completed, what the prior state says.
func (r *resource) meansTheSame(ctx context.Context, s *session.Session, sch *schema.Schema, doc, filled map[string]any, prior tftypes.Value) bool {
	if tfvalue.IsNull(prior) || r.dynamic == "" || schema.HasUnknown(doc[r.dynamic]) {
		return false
	}
	was := r.subject(prior)
	before := maps.Clone(doc)
	before[r.dynamic], before["partials"] = document.FromText(was.get(r.dynamic)), was.get("partials")
	old, errs := r.completed(ctx, s, was, sch, document.Coerce(sch, before))
	if errs != nil {
		return false
	}
	f := sch.Field(r.dynamic)
	return document.Exactly.Same(f, old[r.dynamic], document.FillMade(f, filled[r.dynamic], old[r.dynamic]))
}

// sameDynamic is meansTheSame without a schema: literally the same.
func (r *resource) sameDynamic(config, prior tftypes.Value) bool {
	v := document.FromText(r.subject(config).get(r.dynamic))
	return r.dynamic != "" && !schema.HasUnknown(v) &&
		document.Exactly.Same(nil, document.FromText(r.subject(prior).get(r.dynamic)), v)
}

// create stores a planned object and returns its state.
func (r *resource) create(ctx context.Context, s *session.Session, config, plan tftypes.Value) (tftypes.Value, report.Diagnostics) {
	w, diags := r.write(ctx, s, config, plan, tftypes.Value{})
	if report.HasErrors(diags) {
		return tftypes.Value{}, diags
	}
	doc, err := r.behaviour.create(ctx, s, w)
	if err != nil {
		return tftypes.Value{}, append(diags, r.refused(ctx, s, "create", w, err)...)
	}
	return r.settled(plan, r.unsupplied(ctx, s, w.subject, doc), diags)
}

// update changes an object to what is planned and returns its state.
func (r *resource) update(ctx context.Context, s *session.Session, config, plan, prior tftypes.Value) (tftypes.Value, report.Diagnostics) {
	w, diags := r.write(ctx, s, config, plan, prior)
	if report.HasErrors(diags) {
		return prior, diags
	}
	doc, err := r.behaviour.update(ctx, s, w)
	if errors.Is(err, errVanished) || errors.Is(err, client.ErrNotFound) {
		return prior, append(diags, report.Failure(nil, "Unable to update "+r.typ.Title, fmt.Sprintf(
			"The %s %s is not there any more: somebody deleted it after this plan was made. Plan again to create it anew.",
			r.typ.Title, r.subject(plan).ref(r.typ).Key)))
	}
	if err != nil {
		return prior, append(diags, r.refused(ctx, s, "update", w, err)...)
	}
	return r.settled(plan, r.unsupplied(ctx, s, w.subject, doc), diags)
}

// delete removes an object. That it is gone already is what was wanted.
func (r *resource) delete(ctx context.Context, s *session.Session, state tftypes.Value) report.Diagnostics {
	in := r.subject(state)
	err := r.behaviour.delete(ctx, s, in)
	if err == nil || errors.Is(err, client.ErrNotFound) {
		return nil
	}
	return r.refused(ctx, s, "delete", write{subject: in}, err)
}

// write gathers what a request to store a planned object is made of. The
// document comes from the plan and is completed again: the server gets every
// default that the plan showed, whatever its own may be.
func (r *resource) write(ctx context.Context, s *session.Session, config, plan, prior tftypes.Value) (write, report.Diagnostics) {
	in := r.subject(plan)
	v := r.judge(ctx, s, in)
	w := write{subject: in, doc: v.document, schema: v.schema, tolerant: v.tolerant}
	if report.HasErrors(v.problems) {
		return w, v.problems
	}
	if !tfvalue.IsNull(prior) {
		before := r.subject(prior)
		w.prior, w.key = before.document(), before.text(r.typ.ID)
	}
	if v.schema != nil {
		doc := document.Coerce(v.schema, v.document)
		filled, errs := r.completed(ctx, s, in, v.schema, doc)
		if errs != nil {
			return w, r.report(in, v.schema, doc).Diagnostics(errs.Violations())
		}
		w.doc = r.withMade(v.schema, filled, prior)
	}
	w.doc = document.OmitUnknown(document.OmitNulls(w.doc))
	given := r.subject(config).document()
	for _, key := range r.typ.Computed {
		if given[key] == nil {
			delete(w.doc, key)
		}
	}
	return w, nil
}

// withMade puts back, within dynamic values, what the server once made.
func (r *resource) withMade(s *schema.Schema, filled map[string]any, prior tftypes.Value) map[string]any {
	before := tfvalue.Members(prior)
	for _, c := range r.root().Children {
		if c.Form == attribute.FormDynamic && !c.Writable() {
			filled[c.Key] = document.FillMade(s.Field(c.Key), filled[c.Key], tfvalue.ToGo(before[c.Name]))
		}
	}
	return filled
}

// settled is the state after a write: the plan stands, and what it left
// unknown comes from the answer.
func (r *resource) settled(plan tftypes.Value, doc map[string]any, diags report.Diagnostics) (tftypes.Value, report.Diagnostics) {
	state, err := settle(r.root(), plan, doc)
	if err != nil {
		diags = append(diags, report.Failure(nil, "Unexpected answer", fmt.Sprintf(
			"The control plane stored the %s, but its answer is not of the documented shape: %s.", r.typ.Title, err)))
	}
	return state, diags
}

// read returns the state of an object, null when it is gone.
func (r *resource) read(ctx context.Context, s *session.Session, state tftypes.Value) (tftypes.Value, report.Diagnostics) {
	out, err := r.fetch(ctx, s, state, projector{})
	switch {
	case errors.Is(err, client.ErrNotFound):
		return tftypes.NewValue(r.root().Type, nil), nil
	case err != nil:
		return state, r.refused(ctx, s, "read", write{subject: r.subject(state)}, err)
	}
	return out, nil
}

// fetch reads an object and shapes what it finds by a projector.
func (r *resource) fetch(ctx context.Context, s *session.Session, state tftypes.Value, p projector) (tftypes.Value, error) {
	in := r.subject(state)
	doc, err := r.behaviour.read(ctx, s, in)
	if err != nil {
		return state, err
	}
	sch, doc, err := r.answered(ctx, s, in, doc)
	if err != nil {
		return state, err
	}
	p.schema = sch
	out, err := p.state(ctx, r.root(), state, r.unsupplied(ctx, s, in, document.CompleteAnswer(ctx, sch, doc)))
	if err != nil {
		return state, fmt.Errorf("the answer is not of the documented shape: %w", err)
	}
	return out, nil
}

// parentTitle is what people call the entity that an attribute holds the id of.
func parentTitle(name string) string {
	for _, t := range entity.Types() {
		if t.Singular+"_id" == name {
			return t.Title
		}
	}
	return name
}
