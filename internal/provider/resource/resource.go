// Package resource is the generic resource: one [Resource] for every row of the
// entity table and for every bundled plugin.
//
// A resource derives its attributes from the entity's schema, judges
// configurations before anything is sent, computes plans in which only what the
// control plane alone knows is unknown, and stores what was planned. What
// differs between entities is data (rows.go, shapes.go) or, for the irregular
// ones, a behaviour in a file of its own. [All] has them by their names.
//
// The package does not know who calls: protocol and framework are above it.
package resource

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/recent"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/report"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/state"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/tfvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/wire"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Resource answers Terraform's calls for one resource type. All of them take
// the same trip: value to document, engine or client, diagnostics, document to
// value.
type Resource struct {
	row

	parents []string // attributes with the ids of what it belongs to, from the root down
	derived sync.Once
	tree    *attribute.Attribute
	codec   *wire.Codec
	marks   recent.Memory[state.Mark]
	shown   sync.Once
	block   *tfprotov6.Schema

	identified sync.Once
	identities *identityForm
}

// Root returns the attributes, derived when first asked for.
func (r *Resource) Root() *attribute.Attribute {
	r.derive()
	return r.tree
}

func (r *Resource) derive() {
	r.derived.Do(func() {
		r.tree = r.attributes(lasting).Seal()
		r.codec = wire.New(r.tree.Type)
	})
}

// wire returns the codec of the values.
func (r *Resource) wire() *wire.Codec {
	r.derive()
	return r.codec
}

// Schema returns the resource's schema in Terraform's form. Terraform asks for
// all schemas and then uses few of them, so the compiled plugin is not kept.
func (r *Resource) Schema() *tfprotov6.Schema {
	r.shown.Do(func() {
		var root *attribute.Attribute
		if r.Plugin == "" {
			root = r.Root()
		} else {
			root = r.attributes(passing).Seal()
		}
		r.block = &tfprotov6.Schema{Block: &tfprotov6.SchemaBlock{
			Attributes:      root.SchemaAttributes(),
			Description:     root.Description,
			DescriptionKind: tfprotov6.StringKindMarkdown,
		}}
	})
	return r.block
}

func (r *Resource) subject(v tftypes.Value) subject {
	return subject{root: r.Root(), value: v, parents: r.parents}
}

// Decode reads a value of this resource's type.
func (r *Resource) Decode(v *tfprotov6.DynamicValue) (tftypes.Value, error) {
	if v == nil {
		return tftypes.NewValue(r.Root().Type, nil), nil
	}
	return r.wire().Decode(v)
}

// Encode writes a value of this resource's type.
func (r *Resource) Encode(v tftypes.Value) (*tfprotov6.DynamicValue, error) {
	return r.wire().Encode(v)
}

// Validate judges a configuration by all rules and reports each fault at its
// attribute. What is unknown is not judged. In a plan Terraform calls it once
// for each instance, so it also finds resources that exclude each other.
func (r *Resource) Validate(ctx context.Context, s *session.Session, config tftypes.Value) report.Diagnostics {
	c := r.candidate(ctx, s, config)
	return append(r.judged(ctx, s, c), r.exposed(s, c)...)
}

// ValidateText is Validate for who reads a configuration as text. It leaves the
// secrets in it to [Resource.Exposed], which knows their places.
func (r *Resource) ValidateText(ctx context.Context, s *session.Session, config tftypes.Value) report.Diagnostics {
	return r.judged(ctx, s, r.candidate(ctx, s, config))
}

func (r *Resource) judged(ctx context.Context, s *session.Session, c candidate) report.Diagnostics {
	diags := append(r.addressed(s, c.subject), c.problems...)
	var errs *schema.Errors
	if c.schema != nil {
		c.filled, errs = c.schema.Check(ctx, c.doc, schema.Insert, document.StandIns)
	} else if report.HasErrors(diags) {
		return diags
	}
	diags = append(diags, r.ruled(ctx, s, c, judgedNow(s, errs.Violations()))...)
	return append(diags, r.claim(s, c)...)
}

// addressed refuses ids that would lead nowhere.
func (r *Resource) addressed(s *session.Session, in subject) (diags report.Diagnostics) {
	for _, name := range slices.Concat(r.parents, r.addresses) {
		id, known := in.get(name).(string)
		wrong := ""
		switch {
		case !known:
		case id == "":
			wrong = " is empty."
		case s.Configured() && !schema.IsUUID(id):
			wrong = ": expected a valid UUID."
		}
		if wrong != "" {
			diags = append(diags, report.Failure(report.AttributePath(name), r.invalid(), name+wrong+" Wanted is the ID of the "+r.parentTitle(name)+"."))
		}
	}
	return diags
}

// judgedNow leaves out the format of ids where there is no provider configuration:
// those that Terraform's tests make up, with mock_provider, have none. In a plan
// there is one.
func judgedNow(s *session.Session, violations []*schema.Violation) []*schema.Violation {
	if s.Configured() {
		return violations
	}
	return slices.DeleteFunc(violations, func(v *schema.Violation) bool {
		return v.Rule == "uuid" || v.Meant != nil && v.Meant.Rule == "uuid"
	})
}

func (r *Resource) invalid() string { return "Invalid " + r.Type.Title }

// Planned is the outcome of a plan.
type Planned struct {
	Value     tftypes.Value
	Changes   bool // something about the prior state
	Replaces  []*tftypes.AttributePath
	Tolerated bool // see [state.Plan]
	Private   []byte
}

// Plan computes what an apply will make of a configuration. It gives no warnings
// about the configuration itself: Terraform has just called Validate for those.
func (r *Resource) Plan(ctx context.Context, s *session.Session, config, prior tftypes.Value, private []byte) (Planned, report.Diagnostics) {
	if diags := r.unplaced(prior); diags != nil {
		return Planned{}, diags
	}
	c := r.candidate(ctx, s, config)
	if diags := r.complete(ctx, s, &c); diags != nil {
		return Planned{}, diags
	}
	var before state.Mark
	var stays report.Diagnostics
	isNew := tfvalue.IsNull(prior)
	if !isNew { // a new object gets the defaults of now
		before = r.remembered(ctx, s, private, c.schema, prior)
		stays = r.recall(ctx, s, &c, before)
	}
	out := r.planned(ctx, s, c, config, prior)
	out.Changes = !tfvalue.Same(prior, out.Value)
	if (len(stays) > 0 || out.Changes) && r.asServed(ctx, s, &c, prior) {
		if diags := r.complete(ctx, s, &c); diags != nil {
			return Planned{}, diags
		}
		if !isNew {
			stays = r.recall(ctx, s, &c, before)
		}
		out = r.planned(ctx, s, c, config, prior)
		out.Changes = !tfvalue.Same(prior, out.Value)
	}
	if out.Private = private; out.Changes { // otherwise nothing is applied
		out.Private = marks(c, before)
	}
	return out, append(r.objections(ctx, s, c, prior, out.Value, out.Changes), stays...)
}

func (r *Resource) planned(ctx context.Context, s *session.Session, c candidate, config, prior tftypes.Value) Planned {
	p := state.Plan{Schema: c.schema, Filled: c.filled, KeepDynamic: r.meansTheSame(ctx, s, c, prior)}
	hasTags := r.Root().Named(allTags) != nil
	p.Derive = func(planned, before map[string]tftypes.Value) {
		r.restate(c, prior, planned)
		if hasTags {
			planned[allTags] = r.tagged(s, planned, before[allTags])
		}
	}
	out := Planned{Value: p.Value(r.Root(), config, prior), Tolerated: p.Tolerated}
	out.Replaces = slices.DeleteFunc(state.Replacements(r.Root(), prior, out.Value), func(at *tftypes.AttributePath) bool {
		return r.unseen(at, prior) || r.sameTwin(at, config, prior)
	})
	return out
}

// unseen reports whether a state does not know a value that answers never show,
// as after an import: then nobody can tell that it changes.
func (r *Resource) unseen(at *tftypes.AttributePath, prior tftypes.Value) bool {
	name, _ := at.LastStep().(tftypes.AttributeName)
	a := r.twinOf(string(name)) // the version stands for it
	if a == nil {
		a = r.Root().Named(string(name))
	}
	before := tfvalue.Members(prior)
	return slices.Contains(r.Type.WriteOnly, a.Key) && tfvalue.IsNull(before[a.Name]) && !a.Twin.IsUsed(before)
}

// asServed takes the defaults of the control plane where those of a bundled
// plugin differ from ours, and reports whether they do. Only what changes is worth
// the question. An object that is there already was made with them, or keeps ours.
func (r *Resource) asServed(ctx context.Context, s *session.Session, c *candidate, prior tftypes.Value) bool {
	p := r.bundled(ctx, s, *c)
	if p == nil || c.schema == nil {
		return false
	}
	served := s.AsServed(ctx, c.get("control_plane_id"), p)
	if served == p || !tfvalue.IsNull(prior) && !r.madeWith(served, prior) {
		return false
	}
	c.schema = served.Schema
	return true
}

// madeWith reports whether an object holds defaults that a control plane has in
// place of ours.
func (r *Resource) madeWith(served *plugins.Plugin, prior tftypes.Value) bool {
	before := r.subject(prior)
	doc := before.document()
	if r.dynamic != "" {
		doc[r.dynamic] = before.get("effective_config")
	}
	for place, v := range served.Adopted {
		if schema.Equal(schema.Dotted(place).Get(doc), v) {
			return true
		}
	}
	return false
}

// meansTheSame reports whether the dynamic part of a configuration says what the
// prior state says: completed, or to the letter where no schema is known.
func (r *Resource) meansTheSame(ctx context.Context, s *session.Session, c candidate, prior tftypes.Value) bool {
	if tfvalue.IsNull(prior) || r.dynamic == "" || schema.HasUnknown(c.doc[r.dynamic]) {
		return false
	}
	was := c
	was.subject, was.doc = r.subject(prior), maps.Clone(c.doc)
	was.doc[r.dynamic], was.doc["partials"] = document.FromText(was.get(r.dynamic)), was.get("partials")
	if c.schema == nil {
		return document.Exactly.Same(nil, was.doc[r.dynamic], c.doc[r.dynamic])
	}
	was.doc = document.Coerce(c.schema, was.doc)
	old, errs := r.completed(ctx, s, was)
	if errs != nil {
		return false
	}
	f := c.schema.Field(r.dynamic)
	return document.Exactly.Same(f, old[r.dynamic], document.FillMade(f, c.filled[r.dynamic], old[r.dynamic]))
}

// Create stores a planned object and returns its state. With an error, a state
// is that of an object that may be there: Terraform replaces it.
func (r *Resource) Create(ctx context.Context, s *session.Session, config, plan tftypes.Value, private []byte) (tftypes.Value, report.Diagnostics) {
	w, diags := r.write(ctx, s, config, plan, tftypes.Value{}, private)
	if report.HasErrors(diags) {
		return tftypes.Value{}, diags
	}
	turn := s.Begin("", r.label(w.doc))
	defer turn.End()
	b := r.attempt(ctx, s, w)
	var doc map[string]any
	err := r.persist(ctx, s, turn, w, func() (err error) {
		doc, err = r.make(ctx, s, plan, w, &b)
		return err
	})
	if met, ok := errors.AsType[*obstacle](err); ok && r.isOurs(s, w.candidate, w.body, met.held) {
		b.held = met.held
		s.NoteTaken(r.Type, met.held[r.Type.ID].(string))
		doc, err = r.takeOver(ctx, s, plan, w, met.held)
	}
	r.settled(b, w, doc, err)
	if err != nil {
		return r.uncertain(plan, err), append(diags, r.refused(ctx, s, "create", w, err)...)
	}
	diags = append(diags, r.word(b, w)...)
	turn.Made(keyOf(r.Type, doc[r.Type.ID]))
	if id, ok := doc[r.Type.ID].(string); ok {
		s.NoteMade(r.Type, id) // so that nobody asks whether it is there
	}
	return r.stored(plan, r.concealed(w, r.unsupplied(ctx, s, w.subject, w.schema, doc)), diags)
}

// uncertain is the state of an object of which only the id is known, since the
// answer to its creation could not be read; no value where there is none.
func (r *Resource) uncertain(plan tftypes.Value, err error) tftypes.Value {
	e, ok := errors.AsType[*client.Error](err)
	if !ok || e.MayExist == "" {
		return tftypes.Value{}
	}
	out, _ := state.Resolve(r.Root(), plan, map[string]any{r.Type.ID: e.MayExist}) // what else is unknown is null
	return out
}

// Update changes an object to what is planned and returns its state.
func (r *Resource) Update(ctx context.Context, s *session.Session, config, plan, prior tftypes.Value, private []byte) (tftypes.Value, report.Diagnostics) {
	w, diags := r.write(ctx, s, config, plan, prior, private)
	if report.HasErrors(diags) {
		return prior, diags
	}
	turn := r.begin(s, r.subject(prior))
	defer turn.End()
	if s.IsTaken(r.Type, w.text(r.Type.ID)) {
		return prior, append(diags, r.handedOn(w))
	}
	var doc map[string]any
	err := r.persist(ctx, s, turn, w, func() (err error) {
		doc, err = r.behaviour.update(ctx, s, w)
		return err
	})
	if errors.Is(err, errVanished) || errors.Is(err, client.ErrNotFound) {
		return prior, append(diags, report.Failure(nil, "Unable to update "+r.Type.Title, fmt.Sprintf(
			"The %s %s is not there any more: somebody deleted it after this plan was made. Plan again to create it anew.",
			r.Type.Title, r.subject(plan).ref(r.Type).Key)))
	}
	if err != nil {
		return prior, append(diags, r.refused(ctx, s, "update", w, err)...)
	}
	return r.stored(plan, r.concealed(w, r.unsupplied(ctx, s, w.subject, w.schema, doc)), diags)
}

// Delete removes an object. If it is gone already, that is no error.
func (r *Resource) Delete(ctx context.Context, s *session.Session, state tftypes.Value) report.Diagnostics {
	in := r.subject(state)
	turn := r.begin(s, in)
	defer turn.End()
	if s.IsTaken(r.Type, in.text(r.Type.ID)) {
		return nil // it is that of another resource now
	}
	w := write{candidate: candidate{subject: in}}
	err := r.persist(ctx, s, turn, w, func() error { return r.behaviour.delete(ctx, s, in) })
	if err == nil || errors.Is(err, client.ErrNotFound) {
		return nil
	}
	return r.refused(ctx, s, "delete", w, err)
}

// write makes the request that stores a planned object. The document comes from
// the plan and is completed again: the server gets every default that the plan
// showed, whatever its own defaults are.
func (r *Resource) write(ctx context.Context, s *session.Session, config, plan, prior tftypes.Value, private []byte) (write, report.Diagnostics) {
	w := write{candidate: r.candidate(ctx, s, r.asGiven(plan, config)), kept: r.keptTwins(plan, prior)}
	r.asServed(ctx, s, &w.candidate, prior)
	m, _ := r.mark(private)
	w.schema = marked(w.schema, m)
	if diags := r.complete(ctx, s, &w.candidate); diags != nil {
		return w, diags
	}
	if !tfvalue.IsNull(prior) {
		before := r.subject(prior)
		w.prior, w.key = before.document(), before.text(r.Type.Address())
		if all := before.get(allTags); all != nil {
			w.prior["tags"] = all
		}
	}
	w.body = w.doc
	if w.schema != nil {
		w.body = w.filled
	}
	if all := r.Root().Named(allTags); all != nil && len(s.Tags) > 0 {
		w.body["tags"] = all.ToGo(r.tagged(s, tfvalue.Members(plan), tftypes.Value{}))
	}
	w.body = document.Body(w.schema, w.body)
	given := r.subject(config).document()
	for _, key := range r.Type.Computed {
		if given[key] == nil {
			delete(w.body, key)
		}
	}
	for _, key := range r.Type.Internal {
		delete(w.body, key)
	}
	return w, nil
}

// concealed is what state may hold of an answer: of a dynamic value nothing is left
// to take from it but its copy, which shows no secrets.
func (r *Resource) concealed(w write, doc map[string]any) map[string]any {
	if r.dynamic == "" || doc[r.dynamic] == nil {
		return doc
	}
	out := maps.Clone(doc)
	var f *schema.Field
	if w.schema != nil {
		f = w.schema.Field(r.dynamic)
	}
	out[r.dynamic] = document.Conceal(f, doc[r.dynamic])
	return out
}

// stored returns the state after a write: the plan, with values from the answer
// where the plan has unknown ones.
func (r *Resource) stored(plan tftypes.Value, doc map[string]any, diags report.Diagnostics) (tftypes.Value, report.Diagnostics) {
	out, err := state.Resolve(r.Root(), plan, doc)
	if err != nil {
		diags = append(diags, report.Failure(nil, "Unexpected answer", fmt.Sprintf(
			"The control plane stored the %s, but its answer is not of the documented shape: %s.", r.Type.Title, err)))
	}
	return out, diags
}

// Read returns the state of an object, null when it is gone, with its private
// state.
func (r *Resource) Read(ctx context.Context, s *session.Session, held tftypes.Value, private []byte) (tftypes.Value, []byte, report.Diagnostics) {
	if r.isFromElsewhere(held) {
		return r.take(ctx, s, held)
	}
	out, marked, err := r.fetch(ctx, s, held, private, state.Projector{})
	switch {
	case errors.Is(err, client.ErrNotFound):
		return tftypes.NewValue(r.Root().Type, nil), nil, nil
	case err != nil:
		return held, private, r.refused(ctx, s, "read", write{candidate: candidate{subject: r.subject(held)}}, err)
	}
	return out, marked, nil
}

// fetch reads an object and shapes what it finds by a projector. It returns its
// private state, too, which it makes where there is none.
func (r *Resource) fetch(ctx context.Context, s *session.Session, held tftypes.Value, private []byte, p state.Projector) (tftypes.Value, []byte, error) {
	in := r.subject(held)
	in.trip = client.Trip(!p.Adopting) // Terraform reads once more what it has just imported
	doc, err := r.behaviour.read(ctx, s, in)
	if err != nil {
		return held, private, err
	}
	return r.shape(ctx, s, held, doc, private, p)
}

// shape makes a state of what the control plane shows.
func (r *Resource) shape(ctx context.Context, s *session.Session, held tftypes.Value, doc map[string]any, private []byte, p state.Projector) (tftypes.Value, []byte, error) {
	in := r.subject(held)
	sch, doc, err := r.answered(ctx, s, in, r.recalled(in, doc))
	if err != nil {
		return held, private, err
	}
	m, known := r.mark(private)
	if !known && sch != nil {
		m = r.adopted(ctx, s, sch, held, r.unsupplied(ctx, s, in, sch, doc))
		private = m.Encode()
	}
	sch = marked(sch, m)
	p.Schema = sch
	p.Instead = r.heldTags(s, held, doc["tags"])
	if p.Instead != nil && r.Root().Named("tags") == nil { // they are within the kind
		doc = maps.Clone(doc)
		doc["tags"] = p.Instead["tags"]
	}
	out, err := p.State(ctx, r.Root(), held, r.unsupplied(ctx, s, in, sch, document.CompleteAnswer(ctx, sch, doc)))
	if err != nil {
		return held, private, fmt.Errorf("the answer is not of the documented shape: %w", err)
	}
	return out, private, nil
}

// Configuration returns the configuration that a state comes from.
func (r *Resource) Configuration(held tftypes.Value) tftypes.Value {
	root := *r.Root()
	root.Mode = attribute.Required
	return state.Configuration(&root, held)
}

// parentTitle returns the title of the entity that an attribute of the address
// holds the id of.
func (r row) parentTitle(name string) string {
	if t := r.leadsTo(name); t != nil {
		return t.Title
	}
	return name
}

// leadsTo returns the type of what an attribute of the address holds the id of:
// an owner, or something else that the object belongs to.
func (r row) leadsTo(name string) *entity.Type {
	for _, t := range r.Type.Owners() {
		if t.ParentAttribute() == name {
			return t
		}
	}
	for _, t := range entity.Types() {
		if t.Singular+"_id" == name {
			return t
		}
	}
	return nil
}

// Unreadable says that a value does not fit the resource's schema.
func (r *Resource) Unreadable(what string, err error) report.Diagnostics {
	return report.Diagnostics{report.Failure(nil, "Unable to read the "+what,
		fmt.Sprintf("The %s of this %s does not fit its schema: %s.", what, r.Type.Title, err))}
}
