package resource

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/dataplane"
	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/report"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/tfvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// behaviour is what may differ between entities. [regular] is how most are;
// an irregular one embeds it and overrides what differs, in a file of its own.
type behaviour interface {
	// judge reads a configuration: it finds the schema that judges it, and
	// gives the document the form that this schema reads.
	judge(ctx context.Context, s *session.Session, in subject) candidate
	// answered does the same for a document of the server.
	answered(ctx context.Context, s *session.Session, in subject, doc map[string]any) (*schema.Schema, map[string]any, error)

	// rules judges what the schema does not say, see rules.go.
	rules(ctx context.Context, s *session.Session, c candidate, d plugins.Deployment) report.Ruling
	// dataPlanes judges a change by the versions of data planes.
	dataPlanes(ctx context.Context, s *session.Session, c candidate, ask dataplane.Ask) []plugins.Finding

	// supplied returns the parts of a document that come from other entities,
	// and the parts that may come from there while not all is known; see
	// supplied.go.
	supplied(ctx context.Context, s *session.Session, in subject, doc map[string]any) (certain, possible []string)

	// former returns the defaults that fields once had, by place; see defaults.go.
	former(ctx context.Context, s *session.Session, in subject, doc map[string]any) map[string][]any

	// addressee is what the address is the id of: the object, mostly.
	addressee() *entity.Type

	create(ctx context.Context, s *session.Session, w write) (map[string]any, error)
	read(ctx context.Context, s *session.Session, in subject) (map[string]any, error)
	update(ctx context.Context, s *session.Session, w write) (map[string]any, error)
	delete(ctx context.Context, s *session.Session, in subject) error

	// retried is what becomes of what an earlier attempt has made; see attempt.go.
	retried() retrial
}

// subject is an object as Terraform holds it: a configuration, a plan or a
// state.
type subject struct {
	root    *attribute.Attribute
	value   tftypes.Value
	parents []string // names of the attributes with the ids of what it belongs to
	trip    client.Trip
}

// get returns an attribute in the form of decoded JSON.
func (s subject) get(name string) any {
	a := s.root.Named(name)
	if a == nil {
		return nil
	}
	return a.ToGo(tfvalue.Members(s.value)[name])
}

func (s subject) text(name string) string {
	text, _ := s.get(name).(string)
	return text
}

// document returns what the entity's document holds.
func (s subject) document() map[string]any { return s.root.Document(s.value) }

// ref is the address of the object.
func (s subject) ref(t *entity.Type) client.Ref {
	ref := client.Ref{Type: t, Key: s.text(t.Address())}
	for _, p := range s.parents {
		ref.Parents = append(ref.Parents, s.text(p))
	}
	return ref
}

// write is one change of the control plane.
type write struct {
	candidate                // as planned
	body      map[string]any // the complete document to be, without nulls
	prior     map[string]any // the document in state; nil on create
	key       string         // the id in state; empty on create
	kept      []string       // fields that stay as the control plane holds them
	fresh     string         // the id for a new object that nobody else can have, if any
}

// errVanished: the object to be changed is not there any more.
var errVanished = errors.New("the object is not there any more")

// regular is how most entities behave: one schema, and the client's own verbs.
type regular struct{ typ *entity.Type }

func (r regular) judge(_ context.Context, _ *session.Session, in subject) candidate {
	c := candidate{subject: in, schema: r.typ.Schema(), doc: in.document()}
	c.problems = r.owned(in, c.doc)
	return c
}

// owned adds the references to what the object is written below, which stand in
// its address. One that is written as well must say the same.
func (r regular) owned(in subject, doc map[string]any) (diags report.Diagnostics) {
	for _, owner := range r.typ.Owners() {
		field, name := r.typ.FieldTo(owner), owner.ParentAttribute()
		if field == "" {
			continue
		}
		id := in.get(name)
		given, _ := doc[field].(map[string]any)
		if own, written := given["id"].(string); written && id != nil && !schema.IsUnknown(id) && entity.CanonicalID(own) != entity.CanonicalID(fmt.Sprint(id)) {
			diags = append(diags, report.Failure(report.AttributePath(field), "Invalid "+r.typ.Title,
				fmt.Sprintf("%s.id: another %s than %s. Leave it out.", field, owner.Title, name)))
			continue
		}
		doc[field] = map[string]any{"id": id}
	}
	return diags
}

func (r regular) answered(_ context.Context, _ *session.Session, _ subject, doc map[string]any) (*schema.Schema, map[string]any, error) {
	return r.typ.Schema(), doc, nil
}

func (r regular) addressee() *entity.Type { return r.typ }

func (r regular) create(ctx context.Context, s *session.Session, w write) (map[string]any, error) {
	api, err := s.Client()
	if err != nil {
		return nil, err
	}
	ref := w.ref(r.typ)
	if w.fresh == "" {
		doc, err := api.Create(ctx, ref, w.body)
		return r.lift(doc), err
	}
	ref.Key = w.fresh
	doc, err := api.CreateAs(ctx, ref, w.body)
	return r.lift(doc), err
}

func (r regular) read(ctx context.Context, s *session.Session, in subject) (map[string]any, error) {
	api, err := s.Client()
	if err != nil {
		return nil, err
	}
	doc, err := api.Read(ctx, in.ref(r.typ), in.trip)
	return r.lift(doc), err
}

// update replaces the object. It reads the object itself first, and from no
// list: a PUT would create it anew if it is gone, and would take away fields that
// the resource has no attribute for or that only a newer server knows. It creates it anew only where
// the object went with a parent that this apply has deleted.
func (r regular) update(ctx context.Context, s *session.Session, w write) (map[string]any, error) {
	api, err := s.Client()
	if err != nil {
		return nil, err
	}
	held, err := api.Get(ctx, w.ref(r.typ))
	switch {
	case errors.Is(err, client.ErrNotFound) && r.moves(w):
		// There is nothing to keep or to clear.
	case errors.Is(err, client.ErrNotFound):
		return nil, errVanished
	case err != nil:
		return nil, err
	default:
		for _, name := range r.typ.Computed {
			delete(held, name)
		}
		retain(w, held)
	}
	doc, err := api.Put(ctx, w.ref(r.typ), w.body)
	return r.lift(doc), err
}

// moves reports whether a write leads away from something that the object
// referred to. If that was deleted, it took the object along.
func (r regular) moves(w write) bool {
	return slices.ContainsFunc(r.typ.Schema().Fields, func(f *schema.Field) bool {
		return f.Type == schema.Foreign && w.prior[f.Name] != nil && !document.Exactly.Same(f, w.prior[f.Name], w.body[f.Name])
	})
}

func (r regular) delete(ctx context.Context, s *session.Session, in subject) error {
	api, err := s.Client()
	if err != nil {
		return err
	}
	return api.Delete(ctx, in.ref(r.typ))
}

// lift moves values that answers show elsewhere to the place where requests
// hold them.
func (r regular) lift(doc map[string]any) map[string]any {
	return document.Lift(doc, r.typ.ReplyPaths)
}

// retain completes a write over what the server holds: with the values that the
// server has made, with nulls for what is to go, and with what the resource does
// not know.
func retain(w write, held map[string]any) {
	if w.schema != nil {
		document.KeepMade(w.schema, w.filled, w.body, held)
		document.Clear(w.schema, w.prior, w.body)
		addHidden(w, held)
	}
	if w.tolerant {
		document.AddForeign(w.schema, w.body, held)
	}
	for _, name := range w.kept {
		if held[name] != nil {
			w.body[name] = held[name]
		}
	}
}

// addHidden adds the fields that the resource has no attribute for.
func addHidden(w write, held map[string]any) {
	for _, f := range w.schema.Fields {
		if !f.Auto && held[f.Name] != nil && w.root.Child(f.Name) == nil {
			if _, ours := w.body[f.Name]; !ours {
				w.body[f.Name] = held[f.Name]
			}
		}
	}
}
