package resource

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path"
	"slices"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
)

// obstacle is an object that kept a request from being carried out: it has the
// unique value that another one is to get, or it refers to what is to be deleted.
type obstacle struct {
	error // of the request

	typ     *entity.Type
	unique  entity.Unique    // what it has; without fields for one that refers
	held    map[string]any   // nil if it is not there any more
	all     []map[string]any // of its type that refer; held is the first
	outcome session.Outcome
	turn    string // who it is in this run, if it has a turn
}

// Unwrap returns the error of the request.
func (o *obstacle) Unwrap() error { return o.error }

// keyOf tells objects of a run apart.
func keyOf(t *entity.Type, id any) string {
	text, _ := id.(string)
	return t.Name + "/" + entity.CanonicalID(text)
}

// begin begins the turn of an object that is there.
func (r *Resource) begin(s *session.Session, in subject) *session.Turn {
	id := in.text(r.Type.ID)
	return s.Begin(keyOf(r.Type, id), fmt.Sprintf("%s (ID %s)", r.label(in.document()), id))
}

// persist sends a request. If an object is in the way, it waits for what this
// run makes of that one, and sends the request again.
func (r *Resource) persist(ctx context.Context, s *session.Session, turn *session.Turn, w write, send func() error) error {
	again := false // there was an obstacle, which was gone when looked for
	for {
		since := turn.Now()
		err := send()
		met := r.met(ctx, s, w, err)
		switch {
		case met == nil, met.held == nil && again:
			return err
		case met.held == nil:
			again = true
			continue
		case r.Type == entity.Plugin && managedTag(met.held["tags"]) != "":
			return met
		}
		met.outcome, met.turn = turn.Await(ctx, keyOf(met.typ, met.held[met.typ.ID]), since)
		if met.outcome != session.Moved {
			return met
		}
	}
}

// met returns what was in the way of a request, or nil if that is not why it
// was refused.
func (r *Resource) met(ctx context.Context, s *session.Session, w write, err error) *obstacle {
	e, ok := errors.AsType[*client.Error](err)
	if s.API == nil || !ok || answerLost(e) {
		return nil
	}
	api := s.API
	switch {
	case errors.Is(err, client.ErrInUse) && w.body == nil:
		out := obstacle{error: err}
		if out.typ, out.all = r.referrers(ctx, api, w.ref(r.Type)); len(out.all) > 0 {
			out.held = out.all[0]
		}
		return &out
	case errors.Is(err, client.ErrConflict) && w.body != nil && len(r.Type.Distinct()) > 0:
		out := obstacle{error: err, typ: r.Type}
		out.unique, out.held = r.conflicting(ctx, api, w)
		return &out
	}
	return nil
}

// conflicting returns the object that has a unique value of what is to be
// written, or nil.
func (r *Resource) conflicting(ctx context.Context, api *client.Client, w write) (entity.Unique, map[string]any) {
	for _, u := range r.Type.Distinct() {
		for _, in := range session.Within(w.ref(r.Type), u) {
			if held := session.Find(ctx, api, in, u, w.body); held != nil {
				return u, held
			}
		}
	}
	return entity.Unique{}, nil
}

// referrers returns the objects of a type that keep another one from being
// deleted, or none.
func (r *Resource) referrers(ctx context.Context, api *client.Client, target client.Ref) (*entity.Type, []map[string]any) {
	for _, t := range entity.Types() {
		for _, reference := range t.References {
			if reference.Target != r.Type.Name || reference.OnDelete != entity.Restrict {
				continue
			}
			field := reference.Field
			if slices.Contains(t.Internal, field) {
				field = r.Type.ID // what answers do not show is made of what both have
			}
			var referring []map[string]any
			for _, doc := range siblings(ctx, api, t, target) {
				if refersTo(doc[field], target.Key) {
					referring = append(referring, doc)
				}
			}
			if len(referring) > 0 {
				return t, referring
			}
		}
	}
	return nil, nil
}

// siblings are the objects of a type that belong to what another object belongs
// to: those below it, where there is such a list.
func siblings(ctx context.Context, api *client.Client, t *entity.Type, of client.Ref) []map[string]any {
	if t.Parent != of.Type.Parent || t.Parent == nil {
		return nil
	}
	list := client.Ref{Type: t, Parents: of.Parents}
	at, err := list.Path()
	if slices.Contains(t.NestedBelow, of.Type.Name) {
		at, err = of.Path()
		at += "/" + cmp.Or(t.Nested, path.Base(t.Path))
	}
	if err != nil {
		return nil
	}
	docs, err := api.ListPath(ctx, t.Family, at, nil)
	if err != nil {
		return nil
	}
	return docs
}

// refersTo reports whether a value is a reference to an id, or holds one.
func refersTo(v any, id string) bool {
	switch v := v.(type) {
	case string:
		return entity.CanonicalID(v) == entity.CanonicalID(id)
	case map[string]any:
		return refersTo(v["id"], id)
	case []any:
		return slices.ContainsFunc(v, func(e any) bool { return refersTo(e, id) })
	}
	return false
}

// inUse says what refers to an object that was to be deleted.
func (o *obstacle) inUse(t *entity.Type, id string) string {
	who := "the " + o.typ.Title + " " + o.referring(o.held) + " refers to it. "
	if len(o.all) > 1 {
		texts := make([]string, len(o.all))
		for i, doc := range o.all {
			texts[i] = "  - " + o.referring(doc)
		}
		who = fmt.Sprintf("%d %ss refer to it:\n\n%s\n\n", len(texts), o.typ.Title, listed(texts))
	}
	text := fmt.Sprintf("The %s %s is in use: it cannot be deleted while %sNothing was deleted. ", t.Title, id, who)
	if o.turn != "" {
		return text + fmt.Sprintf("This configuration manages %s, and its own change did not come first. Apply again.", o.turn)
	}
	return text + "If it is managed here: Terraform deletes this one first, and only then changes what referred to it, unless this one says " +
		"lifecycle { create_before_destroy = true }. Say that, and apply, before it is replaced or removed; " +
		"or keep it until another apply has led what refers to it away. What nothing here manages has to be changed or deleted first."
}

// referring names an object, with the scope of a plugin.
func (o *obstacle) referring(doc map[string]any) string {
	if o.typ == entity.Plugin {
		return instanceText(doc)
	}
	if name, ok := doc["name"].(string); ok {
		return fmt.Sprintf("%q (ID %v)", name, doc[o.typ.ID])
	}
	return fmt.Sprint(doc[o.typ.ID])
}
