package gateway

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"net/http"
	"path"
	"slices"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/dao"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/fault"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/openapi"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/wire"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// collection serves one type of core entities: it lists and creates them,
// reads, replaces and deletes one. Functions describe what is irregular about a
// type.
type collection struct {
	*Gateway
	typ *entity.Type
	// parent is set where the collection is served below another type:
	// services/{parentId}/routes. field is the foreign key that leads there.
	parent *entity.Type
	field  string
	// complete turns a request's body into the document to store, or says
	// which rules it breaks.
	complete func(ctx context.Context, scope string, body map[string]any) (map[string]any, error)
	// finish changes a judged document as a parameter of the request says; nil
	// for most.
	finish func(r *http.Request, doc map[string]any)
	// replacing changes the body that replaces a document; nil for most.
	replacing func(ctx context.Context, scope, key string, body map[string]any) (map[string]any, error)
	// present turns a stored document into what an answer shows.
	present func(doc map[string]any) map[string]any
	// view does to the stored text what present does to a document; nil if it
	// takes more than that.
	view *dao.View
	// former does as text what extend does, by what the view notes; ok is false if it
	// takes more than that. nil for most.
	former func(noted string) (_ *dao.Former, ok bool)
	// attach adds to the answer to a GET of one, in an envelope or as a
	// parameter asks; nil for most.
	attach func(r *http.Request, scope string, doc, answer map[string]any) error
	// before and after do the other work of storing a document, in the same
	// transaction; body is the request's. nil for most.
	before func(ctx context.Context, tx *store.Tx, scope string, doc map[string]any) error
	after  func(ctx context.Context, tx *store.Tx, scope string, body, doc map[string]any) error
	// extend adds to the answer about a document what other entities hold.
	extend func(ctx context.Context, scope string, doc, answer map[string]any) error
	// locked refuses changes of a document by users; nil for most.
	locked func(doc map[string]any) error
	// exists reports whether a document has not expired; nil for most.
	exists func(doc map[string]any) bool
}

func (s *Gateway) collection(t *entity.Type) *collection {
	c := &collection{Gateway: s, typ: t, view: dao.NewView(t, "", "")}
	c.present = func(doc map[string]any) map[string]any { return dao.Present(t, doc) }
	c.complete = func(ctx context.Context, _ string, body map[string]any) (map[string]any, error) {
		return s.Completed(ctx, t.Schema(), body)
	}
	switch t {
	case entity.Route:
		c.complete = s.completeRoute
	case entity.Plugin:
		c.attach = s.expandPartials
		c.complete, c.present, c.locked = s.CompletePlugin, presentConfigured(t), managed
		c.extend, c.replacing = s.showFormer, s.dropEchoes
		c.view, c.former = dao.NewView(t, "config", "name"), s.formerText
	case entity.ConsumerGroup:
		c.attach = s.attachConsumers
	case entity.Certificate:
		c.complete, c.after, c.extend = s.completeCertificate, s.listServerNames, s.showServerNames
		c.view = nil
	case entity.Vault:
		c.present, c.view = presentConfigured(t), dao.NewView(t, "config", "")
	case entity.AsymmetricKey:
		c.present, c.view = presentKey, nil
	case entity.BasicAuth:
		c.finish = hashPassword
	case entity.KeyAuth:
		c.complete, c.present, c.view = s.completeKeyAuth, s.presentKeyAuth, nil
		c.before, c.exists = s.removeExpired, s.unexpired
	case entity.Partial:
		c.complete = s.completePartial
		c.present, c.view = presentConfigured(t), dao.NewView(t, "config", "")
	case entity.CustomPlugin:
		c.complete, c.before = s.completeCustomPlugin, s.onlyStreamed
	case entity.ClonedPlugin:
		c.complete, c.before = s.completeClonedPlugin, s.roomForClone
	}
	return c
}

// presentConfigured is [dao.Present] for entities whose config is shown with
// null.
func presentConfigured(t *entity.Type) func(map[string]any) map[string]any {
	return func(doc map[string]any) map[string]any { return dao.PresentWhole(t, doc, "config") }
}

func (s *Gateway) collectionRoutes(serve openapi.Register, c *collection) {
	base := dao.InControlPlane + c.typ.Path
	s.reads(serve, base, c, c.typ.Flat != entity.ListOnly)
	if c.typ.Flat == entity.ReadWrite {
		s.writes(serve, base, c)
	}
	for _, name := range c.typ.NestedBelow {
		below := *c
		below.parent = s.Store.Types().Named(name)
		below.field = c.typ.FieldTo(below.parent)
		base := dao.InControlPlane + below.parent.Path + "/{parentId}/" + cmp.Or(c.typ.Nested, path.Base(c.typ.Path))
		s.reads(serve, base, &below, true)
		s.writes(serve, base, &below)
	}
}

func (s *Gateway) reads(serve openapi.Register, base string, c *collection, one bool) {
	answer := openapi.AnswerOf(c.typ)
	serve("GET "+base, openapi.OK(openapi.OffsetPage(answer)).Asking(openapi.OffsetParameters(c.typ)), c.reading(c.list))
	if !one {
		return
	}
	a := openapi.OK(answer)
	switch c.typ {
	case entity.ConsumerGroup:
		a = groupAnswer()
	case entity.Plugin:
		a = a.Asking(openapi.Members{"expand_partials": openapi.Boolean})
	}
	serve("GET "+base+"/{id}", a, c.reading(c.get))
}

func (s *Gateway) writes(serve openapi.Register, base string, c *collection) {
	answer, body := openapi.AnswerOf(c.typ), openapi.RequestOf(c.typ)
	var asked openapi.Members
	if c.typ == entity.BasicAuth {
		asked = openapi.Members{"skip_hash": openapi.Boolean}
	}
	serve("POST "+base, openapi.Created(answer).With(body).Asking(asked), c.writing(c.create))
	serve("PUT "+base+"/{id}", openapi.OK(answer).With(body).Asking(asked), c.writing(c.put))
	serve("DELETE "+base+"/{id}", openapi.Empty(), c.writing(c.delete))
}

func (c *collection) list(w http.ResponseWriter, r *http.Request, scope, parent string) error {
	q, err := wire.CoreQuery(c.typ, r.URL.Query())
	if err != nil {
		return err
	}
	if c.parent != nil {
		q.Ref = map[string]string{c.field: parent}
		q.Tags = nil // nested lists ignore the filter
	}
	q.Match = c.exists
	return c.answerList(w, r, scope, q)
}

// answerList answers with a page of documents.
func (c *collection) answerList(w http.ResponseWriter, r *http.Request, scope string, q store.Query) error {
	if c.view != nil {
		return c.answerStored(w, r, scope, q)
	}
	page, err := c.Store.List(r.Context(), c.typ, scope, q)
	if err != nil {
		return err
	}
	answers := make([]any, len(page.Docs))
	for i, doc := range page.Docs {
		if answers[i], err = c.shown(r.Context(), scope, doc); err != nil {
			return err
		}
	}
	return wire.Write(w, http.StatusOK, wire.CoreAnswers(r, page, answers))
}

// shown is a document as answers show it.
func (c *collection) shown(ctx context.Context, scope string, doc map[string]any) (map[string]any, error) {
	answer := c.present(doc)
	if c.extend == nil {
		return answer, nil
	}
	return answer, c.extend(ctx, scope, doc, answer)
}

func (c *collection) create(w http.ResponseWriter, r *http.Request, scope, parent string) error {
	body, err := c.body(r, parent)
	if err != nil {
		return err
	}
	doc, err := c.document(r, scope, body)
	if err != nil {
		return err
	}
	err = c.Store.Update(r.Context(), func(tx *store.Tx) error {
		return c.around(r.Context(), tx, scope, body, doc, func() (map[string]any, error) {
			return doc, tx.Insert(r.Context(), c.typ, scope, doc)
		})
	})
	if err != nil {
		return err
	}
	return c.respond(w, r, http.StatusCreated, scope, doc)
}

// around stores a document and does the other work that belongs to it.
func (c *collection) around(ctx context.Context, tx *store.Tx, scope string, body, doc map[string]any, put func() (map[string]any, error)) error {
	if c.before != nil {
		if err := c.before(ctx, tx, scope, doc); err != nil {
			return err
		}
	}
	stored, err := put()
	if err != nil {
		return err
	}
	if err := c.WithinLimit(ctx, tx, c.typ, scope); err != nil || c.after == nil {
		return err
	}
	return c.after(ctx, tx, scope, body, stored)
}

func (c *collection) get(w http.ResponseWriter, r *http.Request, scope, parent string) error {
	if c.showsStored(r) {
		return c.getStored(w, r, scope)
	}
	doc, err := c.find(r.Context(), c.Store, scope, parent, r.PathValue("id"))
	if err != nil {
		return err
	}
	answer, err := c.shown(r.Context(), scope, doc)
	if err != nil {
		return err
	}
	if c.typ.Envelope != "" {
		answer = map[string]any{c.typ.Envelope: answer}
	}
	if c.attach != nil {
		if err := c.attach(r, scope, doc, answer); err != nil {
			return err
		}
	}
	return wire.Write(w, http.StatusOK, answer)
}

// find returns the document that a path addresses.
func (c *collection) find(ctx context.Context, from store.Reader, scope, parent, key string) (map[string]any, error) {
	attribute, err := c.attribute(key, false)
	if err != nil {
		return nil, err
	}
	var doc map[string]any
	if c.parent != nil && attribute != "id" && !uniqueAlone(c.typ) {
		doc, err = oneBelow(ctx, from, c.typ, scope, c.field, parent, c.normalized(attribute, key))
	} else {
		doc, err = from.Get(ctx, c.typ, scope, key)
	}
	if err != nil {
		return nil, err
	}
	if !c.belongs(doc, parent) || c.exists != nil && !c.exists(doc) {
		return nil, store.ErrNotFound
	}
	return doc, nil
}

// normalized is a key in the form that documents hold.
func (c *collection) normalized(attribute, key string) string {
	if c.typ.Normalize == nil {
		return key
	}
	doc := map[string]any{attribute: key}
	c.typ.Normalize(doc)
	return jsonvalue.Text(doc[attribute])
}

// uniqueAlone reports whether a type's key is unique in the control plane and
// not only below a parent.
func uniqueAlone(t *entity.Type) bool {
	return slices.ContainsFunc(t.Unique, func(u entity.Unique) bool {
		return len(u.Fields) == 1 && u.Fields[0] == t.Key
	})
}

// oneBelow finds a document by a key that is unique below its parent.
func oneBelow(ctx context.Context, from store.Reader, t *entity.Type, scope, field, parent, key string) (map[string]any, error) {
	page, err := from.List(ctx, t, scope, store.Query{
		Size: 1, Ref: map[string]string{field: parent}, Equal: map[string]string{t.Key: key},
	})
	if err != nil {
		return nil, err
	}
	if len(page.Docs) == 0 {
		return nil, store.ErrNotFound
	}
	return page.Docs[0], nil
}

// put creates or replaces. Everything but identity and the time of creation
// comes from the request.
func (c *collection) put(w http.ResponseWriter, r *http.Request, scope, parent string) error {
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
		return fault.Contradicts(attribute)
	}
	chosenID := body["id"]
	body[attribute] = key
	if c.replacing != nil {
		if body, err = c.replacing(r.Context(), scope, key, body); err != nil {
			return err
		}
	}
	doc, err := c.document(r, scope, body)
	if err != nil {
		return err
	}
	change := func(old map[string]any) (map[string]any, error) {
		if old == nil {
			return doc, nil
		}
		if c.locked != nil {
			if err := c.locked(old); err != nil {
				return nil, err
			}
		}
		if chosenID != nil && chosenID != old["id"] {
			return nil, fault.Violation("id", "eq", "the "+c.typ.Singular+" of that "+attribute+" has another id")
		}
		if err := c.unchanged(old, doc); err != nil {
			return nil, err
		}
		return dao.Kept(old, doc), nil
	}
	var stored map[string]any
	err = c.Store.Update(r.Context(), func(tx *store.Tx) error {
		return c.around(r.Context(), tx, scope, body, doc, func() (_ map[string]any, err error) {
			key := key
			if c.parent != nil && attribute != "id" && !uniqueAlone(c.typ) {
				if key, err = c.idBelow(r.Context(), tx, scope, parent, doc); err != nil {
					return nil, err
				}
			}
			stored, err = tx.Put(r.Context(), c.typ, scope, key, change)
			return stored, err
		})
	})
	if err != nil {
		return err
	}
	return c.respond(w, r, http.StatusOK, scope, stored)
}

// unchanged refuses another value for what cannot change.
func (c *collection) unchanged(old, doc map[string]any) error {
	for _, name := range c.typ.Immutable {
		if !schema.Equal(old[name], doc[name]) {
			return fault.Violation(name, "immutable", "cannot be changed; create another "+c.typ.Title)
		}
	}
	return nil
}

// idBelow is the id of the document with the same key below the same parent, or
// this one's own id if there is none.
func (c *collection) idBelow(ctx context.Context, tx *store.Tx, scope, parent string, doc map[string]any) (string, error) {
	old, err := oneBelow(ctx, tx, c.typ, scope, c.field, parent, jsonvalue.Text(doc[c.typ.Key]))
	if errors.Is(err, store.ErrNotFound) {
		return jsonvalue.Text(doc["id"]), nil
	}
	return jsonvalue.Text(old["id"]), err
}

// delete also succeeds if there is nothing to delete.
func (c *collection) delete(w http.ResponseWriter, r *http.Request, scope, parent string) error {
	key := r.PathValue("id")
	if _, err := c.attribute(key, false); err != nil {
		return err
	}
	err := c.Store.Update(r.Context(), func(tx *store.Tx) error {
		key := key
		if c.parent != nil || c.locked != nil {
			doc, err := c.find(r.Context(), tx, scope, parent, key)
			if err == nil && c.locked != nil {
				err = c.locked(doc)
			}
			if err != nil {
				return err
			}
			key = jsonvalue.Text(doc["id"])
		}
		return tx.Delete(r.Context(), c.typ, scope, key)
	})
	if errors.Is(err, store.ErrNotFound) {
		_, err = c.ControlPlane(r)
	}
	if err != nil {
		return err
	}
	return wire.NoContent(w)
}

// inParent is an endpoint below a control plane and, in a nested collection,
// below a parent, whose id it gets.
type inParent func(w http.ResponseWriter, r *http.Request, scope, parent string) error

func (c *collection) reading(e inParent) wire.Endpoint { return c.within(c.KnownToRead, e) }
func (c *collection) writing(e inParent) wire.Endpoint { return c.within(c.KnownToWrite, e) }

func (c *collection) within(find func(*http.Request) (string, error), e inParent) wire.Endpoint {
	return c.WithPlane(func(w http.ResponseWriter, r *http.Request) error {
		scope, err := find(r)
		if err != nil {
			return err
		}
		if c.parent == nil {
			return e(w, r, scope, "")
		}
		doc, err := c.Store.Get(r.Context(), c.parent, scope, r.PathValue("parentId"))
		if err != nil {
			return err
		}
		return e(w, r, scope, jsonvalue.Text(doc["id"]))
	})
}

func (c *collection) belongs(doc map[string]any, parent string) bool {
	if c.parent == nil {
		return true
	}
	return dao.RefersTo(doc[c.field], parent)
}

// attribute returns the attribute that a path segment is a value of: the id for
// a text that looks like a UUID, otherwise the type's key.
func (c *collection) attribute(key string, writing bool) (string, error) {
	switch {
	case schema.IsUUID(key):
		return "id", nil
	case c.typ.Key == "" || writing && c.typ.KeyReads:
		return "", fault.BadRequest("the " + c.typ.Singular + " must be addressed by its id, a UUID")
	}
	return c.typ.Key, nil
}

// body reads a body. In a nested collection it belongs to the parent that the
// path names, and must not name another.
func (c *collection) body(r *http.Request, parent string) (map[string]any, error) {
	body, err := dao.Body(r)
	if err != nil {
		return nil, err
	}
	if c.parent != nil {
		if v, ok := body[c.field]; ok && !dao.RefersTo(v, parent) {
			return nil, fault.Contradicts(c.field + ".id")
		}
		body[c.field] = map[string]any{"id": parent}
	}
	return body, nil
}

// document is the stored form of a body.
func (c *collection) document(r *http.Request, scope string, body map[string]any) (map[string]any, error) {
	if c.typ.Normalize != nil {
		body = maps.Clone(body)
		c.typ.Normalize(body)
	}
	doc, err := c.complete(r.Context(), scope, body)
	if err != nil {
		return nil, err
	}
	dao.Tidy(c.typ, doc)
	if c.finish != nil {
		c.finish(r, doc)
	}
	return doc, nil
}
