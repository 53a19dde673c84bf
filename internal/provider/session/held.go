package session

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// NoteManaged remembers an object that this configuration manages.
func (s *Session) NoteManaged(t *entity.Type, id string) { s.managed.Store(nameOf(t, id), true) }

// Manages reports whether Terraform has shown an object as managed.
func (s *Session) Manages(t *entity.Type, id any) bool {
	text, _ := id.(string)
	_, ok := s.managed.Load(nameOf(t, text))
	return ok
}

func nameOf(t *entity.Type, id string) string { return t.Name + "/" + entity.CanonicalID(id) }

// collection is where objects of a type belong to the same parents.
type collection struct{ typ, scope string }

// lookup is a question for the holder of a unique value.
type lookup struct {
	in          collection
	unique, key string
}

// heldObjects are the objects of a collection, by the name of a unique key and by
// the key. They may be the first ones only.
type heldObjects struct {
	by    map[string]map[string]map[string]any
	whole bool
}

// Holder returns the object of a collection that has the unique values of a
// document, or nil. Each value is asked for once; if many are, the collection is
// read instead, as far as one request goes; so is what belongs to other owners
// ([Within]). Plugins, which nobody can ask for by their place, are read as a whole.
// What cannot be read is not there: a later request will show the error.
func (s *Session) Holder(ctx context.Context, in client.Ref, u entity.Unique, doc map[string]any) map[string]any {
	key, ok := u.Key(doc)
	if !ok {
		return nil
	}
	places := Within(in, u)
	if len(places) > 1 {
		wide := places[1]
		known := s.held.ask(collectionOf(wide), func() heldObjects { return s.readHeld(ctx, wide, false) })
		if held := known.by[u.Name][key]; held != nil || known.whole {
			return held
		}
	}
	q := lookup{collectionOf(in), u.Name, key}
	findable := isFindable(in.Type, u)
	if !findable || s.many(q.in) {
		known := s.held.ask(q.in, func() heldObjects { return s.readHeld(ctx, in, !findable) })
		if held := known.by[u.Name][key]; held != nil || known.whole {
			return held
		}
	}
	return s.holders.ask(q, func() map[string]any { return Find(ctx, s.API, in, u, doc) })
}

func collectionOf(in client.Ref) collection {
	return collection{in.Type.Name, strings.Join(in.Parents, "/")}
}

// Within are the collections in which the holder of a unique value may be: that in
// which an object is to be, and the one beyond its owner if the value is not unique
// for each owner: no two consumers have the same key.
func Within(in client.Ref, u entity.Unique) []client.Ref {
	owners := in.Type.Owners()
	if in.Type.Flat == entity.ReadWrite || in.Type.Flat == entity.Nowhere || len(owners) != len(in.Parents) {
		return []client.Ref{in}
	}
	last := len(owners) - 1
	if slices.Contains(u.Fields, in.Type.FieldTo(owners[last])) {
		return []client.Ref{in}
	}
	wide := in
	wide.Parents = in.Parents[:last]
	return []client.Ref{in, wide}
}

// many reports whether a collection was asked before.
func (s *Session) many(in collection) bool {
	_, before := s.looked.LoadOrStore(in, true)
	return before
}

func (s *Session) readHeld(ctx context.Context, in client.Ref, all bool) heldObjects {
	docs, whole, err := s.API.Survey(ctx, in, all)
	out := heldObjects{by: map[string]map[string]map[string]any{}, whole: all || whole}
	if err != nil {
		return heldObjects{whole: all}
	}
	for _, u := range in.Type.Distinct() {
		out.by[u.Name] = make(map[string]map[string]any, len(docs))
		for _, doc := range docs {
			if key, ok := u.Key(doc); ok {
				out.by[u.Name][key] = doc
			}
		}
	}
	return out
}

// isFindable reports whether one request leads to the holder of a unique value.
func isFindable(t *entity.Type, u entity.Unique) bool {
	if t == entity.Plugin || len(u.Fields) != 1 {
		return false
	}
	f := u.Fields[0]
	return f == t.Key || f == t.Address() || f == t.NameFilter || slices.Contains(t.EqualFilters, f)
}

// Find asks a control plane for the object that has the unique values of a
// document, other than the one at the address; nil if there is none, or if it
// cannot be read.
func Find(ctx context.Context, api *client.Client, at client.Ref, u entity.Unique, doc map[string]any) map[string]any {
	key, ok := u.Key(doc)
	if !ok {
		return nil
	}
	for _, d := range candidates(ctx, api, at, u, doc) {
		if held, ok := u.Key(d); ok && held == key && d[at.Type.ID] != at.Key {
			return d
		}
	}
	return nil
}

// candidates are the objects among which the holder would be.
func candidates(ctx context.Context, api *client.Client, at client.Ref, u entity.Unique, doc map[string]any) []map[string]any {
	in, query := client.Ref{Type: at.Type, Parents: at.Parents}, url.Values{}
	for _, f := range u.Fields {
		value, ok := doc[f].(string)
		switch {
		case !ok || value == "":
		case (f == at.Type.Key || f == at.Type.Address()) && len(u.Fields) == 1:
			in.Key = value
			held, err := api.Get(ctx, in)
			if err != nil {
				return nil
			}
			return []map[string]any{held}
		case f == at.Type.NameFilter:
			query.Set("filter[name][eq]", value)
		case slices.Contains(at.Type.EqualFilters, f):
			query.Set(f, value)
		}
	}
	docs, err := api.List(ctx, in, query)
	if err != nil {
		return nil
	}
	return docs
}
