package server

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"path"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

const inControlPlane = "/v2/control-planes/{controlPlaneId}/"

// collection serves one type of core entities: lists and creates them, reads,
// replaces and deletes one. What is irregular about a type is a function here.
type collection struct {
	*api
	typ *entity.Type
	// parent is set where the collection is served below another type:
	// services/{parentId}/routes.
	parent *entity.Type
	// complete turns a request's body into the document to store, or says
	// which rules it breaks.
	complete func(ctx context.Context, scope string, body map[string]any) (map[string]any, error)
	// present turns a stored document into what an answer shows.
	present func(doc map[string]any) map[string]any
	// attach adds to the answer to a GET of one; nil for most.
	attach func(r *http.Request, scope string, doc, answer map[string]any) error
}

func (s *api) collection(t *entity.Type) *collection {
	c := &collection{api: s, typ: t, present: compact}
	c.complete = func(ctx context.Context, _ string, body map[string]any) (map[string]any, error) {
		return s.completed(ctx, t.Schema(), body)
	}
	switch t {
	case entity.Route:
		c.complete = s.completeRoute
	case entity.Plugin:
		c.complete, c.present = s.completePlugin, presentPlugin
	case entity.ConsumerGroup:
		c.attach = s.attachConsumers
	}
	return c
}

func (s *api) collectionRoutes(c *collection) {
	s.endpoints(inControlPlane+c.typ.Path, c)
	for _, name := range c.typ.NestedBelow {
		below := *c
		below.parent = entity.Named(name)
		s.endpoints(inControlPlane+below.parent.Path+"/{parentId}/"+path.Base(c.typ.Path), &below)
	}
}

func (s *api) endpoints(base string, c *collection) {
	s.handle("GET "+base, c.list)
	s.handle("POST "+base, c.create)
	s.handle("GET "+base+"/{id}", c.get)
	s.handle("PUT "+base+"/{id}", c.put)
	s.handle("DELETE "+base+"/{id}", c.delete)
}

func (c *collection) list(w http.ResponseWriter, r *http.Request) error {
	scope, parent, err := c.place(r, c.scopeToRead)
	if err != nil {
		return err
	}
	q, err := coreQuery(c.typ, r.URL.Query())
	if err != nil {
		return err
	}
	if c.parent != nil {
		q.Ref = map[string]string{c.parent.Singular: parent}
		q.Tags = nil // nested lists ignore the filter
	}
	page, err := c.store.List(r.Context(), c.typ, scope, q)
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, corePage(r, page, c.present))
}

func (c *collection) create(w http.ResponseWriter, r *http.Request) error {
	scope, parent, err := c.place(r, c.scopeToWrite)
	if err != nil {
		return err
	}
	body, err := c.body(r, parent)
	if err != nil {
		return err
	}
	doc, err := c.document(r.Context(), scope, body)
	if err != nil {
		return err
	}
	if err := c.store.Insert(r.Context(), c.typ, scope, doc); err != nil {
		return err
	}
	return write(w, http.StatusCreated, c.present(doc))
}

func (c *collection) get(w http.ResponseWriter, r *http.Request) error {
	scope, parent, err := c.place(r, c.scopeToRead)
	if err != nil {
		return err
	}
	key := r.PathValue("id")
	if _, err := c.attribute(key, false); err != nil {
		return err
	}
	doc, err := c.store.Get(r.Context(), c.typ, scope, key)
	if err != nil {
		return err
	}
	if !c.belongs(doc, parent) {
		return store.ErrNotFound
	}
	answer := c.present(doc)
	if c.typ.Envelope != "" {
		answer = map[string]any{c.typ.Envelope: answer}
	}
	if c.attach != nil {
		if err := c.attach(r, scope, doc, answer); err != nil {
			return err
		}
	}
	return write(w, http.StatusOK, answer)
}

// put creates or replaces. Everything but identity and the time of creation
// comes from the request.
func (c *collection) put(w http.ResponseWriter, r *http.Request) error {
	scope, parent, err := c.place(r, c.scopeToWrite)
	if err != nil {
		return err
	}
	key := r.PathValue("id")
	attribute, err := c.attribute(key, true)
	if err != nil {
		return err
	}
	body, err := c.body(r, parent)
	if err != nil {
		return err
	}
	if v, ok := body[attribute]; ok && v != key {
		return contradicts(attribute)
	}
	chosenID := body["id"]
	body[attribute] = key
	doc, err := c.document(r.Context(), scope, body)
	if err != nil {
		return err
	}
	stored, err := c.store.Put(r.Context(), c.typ, scope, key, func(old map[string]any) (map[string]any, error) {
		if old == nil {
			return doc, nil
		}
		if chosenID != nil && chosenID != old["id"] {
			return nil, violation("id", "eq", "the "+c.typ.Singular+" of that "+attribute+" has another id")
		}
		now := maps.Clone(doc)
		now["id"], now["created_at"] = old["id"], old["created_at"]
		return now, nil
	})
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, c.present(stored))
}

// delete succeeds also where there was nothing to delete.
func (c *collection) delete(w http.ResponseWriter, r *http.Request) error {
	scope, parent, err := c.place(r, c.scopeToWrite)
	if err != nil {
		return err
	}
	key := r.PathValue("id")
	if _, err := c.attribute(key, false); err != nil {
		return err
	}
	err = c.store.Update(r.Context(), func(tx *store.Tx) error {
		if c.parent != nil {
			doc, err := tx.Get(r.Context(), c.typ, scope, key)
			if err != nil || !c.belongs(doc, parent) {
				return err
			}
		}
		return tx.Delete(r.Context(), c.typ, scope, key)
	})
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return noContent(w)
}

// place finds the control plane of a path and, in a nested collection, the id
// of the parent.
func (c *collection) place(r *http.Request, find func(*http.Request) (string, error)) (scope, parent string, err error) {
	if scope, err = find(r); err != nil || c.parent == nil {
		return scope, "", err
	}
	doc, err := c.store.Get(r.Context(), c.parent, scope, r.PathValue("parentId"))
	return scope, text(doc["id"]), err
}

func (c *collection) belongs(doc map[string]any, parent string) bool {
	if c.parent == nil {
		return true
	}
	ref, _ := doc[c.parent.Singular].(map[string]any)
	return ref["id"] == parent
}

// attribute says which attribute a path segment is a value of: what looks like
// a UUID is an id, everything else the type's key.
func (c *collection) attribute(key string, writing bool) (string, error) {
	switch {
	case isUUID(key):
		return "id", nil
	case c.typ.Key == "" || writing && c.typ.KeyReads:
		return "", requestError("the " + c.typ.Singular + " must be addressed by its id, a UUID")
	}
	return c.typ.Key, nil
}

// body reads a body. In a nested collection it belongs to the parent that the
// path names, and must not name another.
func (c *collection) body(r *http.Request, parent string) (map[string]any, error) {
	body, err := decode(r)
	if err != nil {
		return nil, err
	}
	dropNulls(body)
	if c.parent != nil {
		field := c.parent.Singular
		if v, ok := body[field]; ok && !refersTo(v, parent) {
			return nil, contradicts(field + ".id")
		}
		body[field] = map[string]any{"id": parent}
	}
	return body, nil
}

func contradicts(field string) error {
	return violation(field, "eq", "must be the same as in the path")
}

// document is what is stored of a body.
func (c *collection) document(ctx context.Context, scope string, body map[string]any) (map[string]any, error) {
	doc, err := c.complete(ctx, scope, body)
	if err != nil {
		return nil, err
	}
	tidy(c.typ, doc)
	return doc, nil
}

// dropNulls makes null mean what leaving out means, which is Konnect's reading
// at the top of an entity. Inside a plugin's config null stands for itself.
func dropNulls(body map[string]any) {
	for k, v := range body {
		if v == nil {
			delete(body, k)
		}
	}
}

func refersTo(v any, id string) bool {
	ref, ok := v.(map[string]any)
	return ok && ref["id"] == id
}

// tidy reduces foreign keys to what they are kept by.
func tidy(t *entity.Type, doc map[string]any) {
	for _, ref := range t.References {
		if v, ok := doc[ref.Field].(map[string]any); ok {
			doc[ref.Field] = map[string]any{"id": v["id"]}
		}
	}
}
