// Package platform serves collections of the platform family. A [Collection] is
// a row with the regular properties of a type of entities, and functions for
// the irregular ones. The package reads pages, filters and order of lists,
// applies a PATCH to the stored document, and answers.
//
// The package does not know which collections there are.
package platform

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

// Collection serves one type of the platform family: it lists and creates,
// reads, changes and deletes entities. Functions describe what is irregular
// about a type.
type Collection struct {
	*dao.DAO
	Type  *entity.Type
	Above *Collection // whose entity the path names before this collection; nil at the top
	ID    string      // name of the wildcard that addresses one
	Pages PageStyle
	Patch bool
	Put   *Putting // nil where there is no PUT

	Filters map[string][]string // of lists: operators by field
	Sorts   []string            // of lists: fields besides the common ones
	Ignored []string            // flags that changes take and nothing comes of

	// Joined are filters that compare a field of the entity to which JoinedBy
	// refers.
	Joined   map[string]string
	JoinedBy entity.Reference

	// Below finds the parents in a path; nil if the collections above suffice.
	Below func(r *http.Request) (Parents, error)
	// Locate selects the document that a path segment addresses, where that is
	// not its id.
	Locate func(key string) store.Query
	// Narrow limits a list to what the request may see; nil for all.
	Narrow func(r *http.Request, q store.Query) store.Query
	// Judge refuses documents by rules that are in no schema.
	Judge func(doc map[string]any) error
	// Saved does the other work of storing a document, in the same transaction;
	// old is nil for a new one.
	Saved func(ctx context.Context, tx *store.Tx, old, doc map[string]any) error
	// Removing does the work before a deletion, in the same transaction.
	Removing func(ctx context.Context, tx *store.Tx, p Parents, doc map[string]any, force bool) error
	// Present turns a stored document into what answers show.
	Present func(ctx context.Context, from store.Reader, doc map[string]any) (map[string]any, error)
	// Created and Lists are the endpoints for POST and for GET of the list,
	// where these are irregular; Listed describes the latter.
	Created, Lists wire.Endpoint
	Listed         openapi.About
	// Taken is the message for a value that is already taken, by the name of
	// the index, if the usual message does not fit.
	Taken map[string]error
	// Forcible says that a deletion accepts the parameter force, Lenient that
	// deleting nothing succeeds; InUse says what prevents a deletion.
	Forcible, Lenient bool
	InUse             string
}

// Putting says what PUT does: whether it creates, and the status for either.
type Putting struct {
	Creates           bool
	Created, Replaced int
}

// Parents are the part of a path above documents: their scope, the foreign keys
// to the parents, and values of fields.
type Parents struct {
	Scope string
	Refs  map[string]string
	Equal map[string]string
}

// hold reports whether a document belongs to the parents.
func (p Parents) hold(doc map[string]any) bool {
	for field, id := range p.Refs {
		if !dao.RefersTo(doc[field], id) {
			return false
		}
	}
	for field, value := range p.Equal {
		if doc[field] != value {
			return false
		}
	}
	return true
}

// Path is the pattern of the collection.
func (c *Collection) Path() string {
	if c.Above == nil {
		return "/" + c.Type.Path
	}
	return c.Above.Path() + "/{" + c.Above.ID + "}/" + path.Base(c.Type.Path)
}

// Routes registers the endpoints of the collection.
func (c *Collection) Routes(serve openapi.Register) {
	base := c.Path()
	one := base + "/{" + c.ID + "}"
	answer, request := openapi.AnswerOf(c.Type), openapi.RequestOf(c.Type)
	create, list := c.below(c.create), wire.Endpoint(c.list)
	listed := openapi.OK(c.Pages.shape(answer)).Asking(c.ListParameters())
	if c.Created != nil {
		create = c.Created
	}
	if c.Lists != nil {
		list, listed = c.Lists, c.Listed
	}
	serve("GET "+base, listed, list)
	serve("POST "+base, openapi.Created(answer).With(request), create)
	serve("GET "+one, openapi.OK(answer), c.below(c.get))
	if c.Patch {
		serve("PATCH "+one, openapi.OK(answer).With(openapi.WithFlags(openapi.PatchOf(c.Type), c.Ignored)), c.below(c.change))
	}
	if c.Put != nil {
		serve("PUT "+one, openapi.About{Body: openapi.WithFlags(request, c.Ignored), Answers: map[int]openapi.Shape{c.Put.Created: answer, c.Put.Replaced: answer}}, c.below(c.replace))
	}
	gone := openapi.Empty()
	if c.Forcible {
		gone = gone.Asking(openapi.Members{"force": openapi.Boolean})
	}
	serve("DELETE "+one, gone, c.below(c.delete))
}

// below finds the parents for an endpoint.
func (c *Collection) below(e func(w http.ResponseWriter, r *http.Request, p Parents) error) wire.Endpoint {
	return func(w http.ResponseWriter, r *http.Request) error {
		p, err := c.In(r)
		if err != nil {
			return err
		}
		return e(w, r, p)
	}
}

// In finds the parents that a request names.
func (c *Collection) In(r *http.Request) (Parents, error) {
	switch {
	case c.Below != nil:
		return c.Below(r)
	case c.Above == nil:
		return Parents{}, nil
	}
	p, err := c.Above.In(r)
	if err != nil {
		return p, err
	}
	doc, err := c.Above.Find(r.Context(), c.Store, p, r.PathValue(c.Above.ID))
	if err != nil {
		return p, err
	}
	here := Parents{Scope: p.Scope, Refs: map[string]string{}}
	if c.Type.Parent == c.Above.Type && c.Above.Type.Parent == nil {
		here.Scope = jsonvalue.Text(doc["id"])
	}
	if field := c.Type.FieldTo(c.Above.Type); field != "" {
		here.Refs[field] = jsonvalue.Text(doc["id"])
	}
	return here, nil
}

// Find returns the document that a path segment addresses.
func (c *Collection) Find(ctx context.Context, from store.Reader, p Parents, key string) (map[string]any, error) {
	if c.Type == entity.ControlPlane && !schema.IsUUID(key) {
		return nil, fault.BadPath("controlPlaneId", "must be a UUID")
	}
	if c.Locate == nil {
		doc, err := from.Get(ctx, c.Type, p.Scope, key)
		if err == nil && !p.hold(doc) {
			err = store.ErrNotFound
		}
		return doc, err
	}
	q := p.Narrow(c.Locate(key))
	q.Size = 1
	page, err := from.List(ctx, c.Type, p.Scope, q)
	if err != nil {
		return nil, err
	}
	if len(page.Docs) == 0 {
		return nil, store.ErrNotFound
	}
	return page.Docs[0], nil
}

// Narrow limits a query to what belongs to the parents.
func (p Parents) Narrow(q store.Query) store.Query {
	for field, id := range p.Refs {
		q.Ref = set(q.Ref, field, id)
	}
	for field, value := range p.Equal {
		q.Equal = set(q.Equal, field, value)
	}
	return q
}

func (c *Collection) shown(ctx context.Context, from store.Reader, doc map[string]any) (map[string]any, error) {
	if c.Present != nil {
		return c.Present(ctx, from, doc)
	}
	return Present(c.Type, doc), nil
}

// Present is presentEntity with the fields that are shown as null.
func Present(t *entity.Type, doc map[string]any) map[string]any {
	out := dao.Present(t, doc)
	for _, name := range t.Nullable {
		if out[name] == nil {
			out[name] = nil
		}
	}
	return out
}

func (c *Collection) respond(w http.ResponseWriter, r *http.Request, status int, doc map[string]any) error {
	answer, err := c.shown(r.Context(), c.Store, doc)
	if err != nil {
		return err
	}
	return wire.Write(w, status, answer)
}

// Asked is what a request wants of a list, and which page.
func (c *Collection) Asked(r *http.Request) (p Parents, q store.Query, err error) {
	if p, err = c.In(r); err != nil {
		return p, q, err
	}
	q, err = c.query(r)
	return p, q, err
}

func (c *Collection) list(w http.ResponseWriter, r *http.Request) error {
	p, q, err := c.Asked(r)
	if err != nil {
		return err
	}
	if c.Narrow != nil {
		q = c.Narrow(r, q)
	}
	page, err := c.Store.List(r.Context(), c.Type, p.Scope, p.Narrow(q))
	if err != nil {
		return wire.PageError(q, err)
	}
	data := make([]any, len(page.Docs))
	for i, doc := range page.Docs {
		if data[i], err = c.shown(r.Context(), c.Store, doc); err != nil {
			return err
		}
	}
	return wire.Write(w, http.StatusOK, c.Pages.Answer(r, q, page, data))
}

func (c *Collection) get(w http.ResponseWriter, r *http.Request, p Parents) error {
	doc, err := c.Find(r.Context(), c.Store, p, r.PathValue(c.ID))
	if err != nil {
		return err
	}
	return c.respond(w, r, http.StatusOK, doc)
}

func (c *Collection) create(w http.ResponseWriter, r *http.Request, p Parents) error {
	doc, err := c.document(r, p, nil)
	if err != nil {
		return err
	}
	err = c.Store.Update(r.Context(), func(tx *store.Tx) error { return c.insert(r.Context(), tx, p, doc) })
	if err != nil {
		return c.Worded(err, doc)
	}
	return c.respond(w, r, http.StatusCreated, doc)
}

func (c *Collection) insert(ctx context.Context, tx *store.Tx, p Parents, doc map[string]any) error {
	if err := tx.Insert(ctx, c.Type, p.Scope, doc); err != nil {
		return err
	}
	if err := c.WithinLimit(ctx, tx, c.Type, p.Scope); err != nil || c.Saved == nil {
		return err
	}
	return c.Saved(ctx, tx, nil, doc)
}

// document reads and judges a body, with what the path says and the times.
// Values from the path may be repeated in it, but not contradicted.
func (c *Collection) document(r *http.Request, p Parents, fromPath map[string]any) (map[string]any, error) {
	body, err := dao.Body(r)
	if err != nil {
		return nil, err
	}
	if err := c.dropFlags(body); err != nil {
		return nil, err
	}
	if err := dao.Refuse(body, slices.Concat(c.Type.Internal, c.Type.Computed)); err != nil {
		return nil, err
	}
	for name, v := range fromPath {
		if given, ok := body[name]; ok && given != v {
			return nil, fault.Contradicts(name)
		}
		body[name] = v
	}
	for field, id := range p.Refs {
		body[field] = map[string]any{"id": id}
	}
	for field, value := range p.Equal {
		body[field] = value
	}
	doc, err := c.completedBody(r.Context(), body)
	if err != nil {
		return nil, err
	}
	doc["created_at"] = c.Timestamp()
	doc["updated_at"] = doc["created_at"]
	return doc, nil
}

// dropFlags removes flags without an effect from a body.
func (c *Collection) dropFlags(body map[string]any) error {
	for _, name := range c.Ignored {
		if _, truth := body[name].(bool); body[name] != nil && !truth {
			return fault.Violation(name, "is_boolean", "expected a boolean")
		}
		delete(body, name)
	}
	return nil
}

// completedBody is a body made whole and judged by all rules of the type.
func (c *Collection) completedBody(ctx context.Context, body map[string]any) (map[string]any, error) {
	if c.Type.Normalize != nil {
		c.Type.Normalize(body)
	}
	doc, err := c.Completed(ctx, c.Type.Schema(), body)
	if err != nil {
		return nil, err
	}
	if c.Judge != nil {
		err = c.Judge(doc)
	}
	return doc, err
}

// change is PATCH: fields that it leaves out stay, null takes one back to its
// default.
func (c *Collection) change(w http.ResponseWriter, r *http.Request, p Parents) error {
	patch, err := wire.Decode(r)
	if err != nil {
		return err
	}
	if err := c.dropFlags(patch); err != nil {
		return err
	}
	if err := dao.Refuse(patch, slices.Concat(c.Type.Internal, c.Type.Computed, c.Type.Immutable)); err != nil {
		return err
	}
	if c.Type.Normalize != nil {
		c.Type.Normalize(patch)
	}
	var doc map[string]any
	err = c.Store.Update(r.Context(), func(tx *store.Tx) (err error) {
		doc, err = c.rewrite(r.Context(), tx, p, r.PathValue(c.ID), func(old map[string]any) (map[string]any, error) {
			return c.patched(r.Context(), old, patch)
		})
		return err
	})
	if err != nil {
		return c.Worded(err, patch)
	}
	return c.respond(w, r, http.StatusOK, doc)
}

// patched applies a patch to a document.
func (c *Collection) patched(ctx context.Context, old, patch map[string]any) (map[string]any, error) {
	body := maps.Clone(old)
	delete(body, "created_at")
	delete(body, "updated_at")
	for name, v := range patch {
		if slices.Contains(c.Type.Merged, name) {
			v = merged(old[name], v)
		}
		body[name] = v
	}
	maps.DeleteFunc(body, func(_ string, v any) bool { return v == nil })
	doc, err := c.completedBody(ctx, body)
	if err != nil {
		return nil, err
	}
	doc["created_at"], doc["updated_at"] = old["created_at"], c.Timestamp()
	return doc, nil
}

// merged merges one value into another: objects member by member, where null
// deletes one; any other value replaces the old one.
func merged(old, patch any) any {
	p, ok := patch.(map[string]any)
	if !ok {
		return patch
	}
	out := map[string]any{}
	if had, ok := old.(map[string]any); ok {
		maps.Copy(out, had)
	}
	for k, v := range p {
		if v == nil {
			delete(out, k)
			continue
		}
		out[k] = merged(out[k], v)
	}
	return out
}

// rewrite replaces the document with a key by the result of change, or says
// that there is none.
func (c *Collection) rewrite(ctx context.Context, tx *store.Tx, p Parents, key string, change func(old map[string]any) (map[string]any, error)) (map[string]any, error) {
	found, err := c.Find(ctx, tx, p, key)
	if err != nil {
		return nil, err
	}
	var before map[string]any
	doc, err := tx.Put(ctx, c.Type, p.Scope, jsonvalue.Text(found["id"]), func(old map[string]any) (map[string]any, error) {
		if old == nil {
			return nil, store.ErrNotFound
		}
		before = old
		return change(old)
	})
	if err != nil || c.Saved == nil {
		return doc, err
	}
	return doc, c.Saved(ctx, tx, before, doc)
}

// replace is PUT: fields that it leaves out get their defaults.
func (c *Collection) replace(w http.ResponseWriter, r *http.Request, p Parents) error {
	key := r.PathValue(c.ID)
	fromPath := c.addressed(key)
	doc, err := c.document(r, p, fromPath)
	if err != nil {
		return err
	}
	status, stored := c.Put.Replaced, doc
	err = c.Store.Update(r.Context(), func(tx *store.Tx) (err error) {
		status = c.Put.Replaced
		stored, err = c.rewrite(r.Context(), tx, p, key, func(old map[string]any) (map[string]any, error) {
			return dao.Kept(old, doc), nil
		})
		if errors.Is(err, store.ErrNotFound) && c.Put.Creates {
			status, stored = c.Put.Created, doc
			return c.insert(r.Context(), tx, p, doc)
		}
		return err
	})
	if reference := (*store.ReferenceError)(nil); errors.As(err, &reference) && fromPath[reference.Field] != nil {
		return store.ErrNotFound // it is the path that leads to nothing
	}
	if err != nil {
		return c.Worded(err, doc)
	}
	return c.respond(w, r, status, stored)
}

// addressed is what a path segment says about its document.
func (c *Collection) addressed(key string) map[string]any {
	fromPath := map[string]any{}
	switch {
	case c.Locate != nil:
		for field, value := range c.Locate(key).Equal {
			fromPath[field] = value
		}
		for field, value := range c.Locate(key).Ref {
			fromPath[field] = value
		}
	case c.Put.Creates:
		fromPath["id"] = key
	}
	return fromPath
}

func (c *Collection) delete(w http.ResponseWriter, r *http.Request, p Parents) error {
	force, err := c.forced(r)
	if err != nil {
		return err
	}
	err = c.Store.Update(r.Context(), func(tx *store.Tx) error {
		doc, err := c.Find(r.Context(), tx, p, r.PathValue(c.ID))
		if err != nil {
			return err
		}
		if c.Removing != nil {
			if err := c.Removing(r.Context(), tx, p, doc, force); err != nil {
				return err
			}
		}
		return tx.Delete(r.Context(), c.Type, p.Scope, jsonvalue.Text(doc["id"]))
	})
	switch inUse := (*store.InUseError)(nil); {
	case errors.As(err, &inUse):
		return fault.Conflict(cmp.Or(c.InUse, "the "+c.Type.Title+" is in use"))
	case err != nil && !(c.Lenient && errors.Is(err, store.ErrNotFound)):
		return err
	}
	return wire.NoContent(w)
}

// forced reads the parameter force, where there is one.
func (c *Collection) forced(r *http.Request) (bool, error) {
	if !c.Forcible {
		return false, nil
	}
	switch r.URL.Query().Get("force") {
	case "", "false":
		return false, nil
	case "true":
		return true, nil
	}
	return false, fault.BadParameter("force", "must be true or false")
}

// Worded tells an error of the store in the words of the family.
func (c *Collection) Worded(err error, doc map[string]any) error {
	if unique := (*store.UniqueError)(nil); errors.As(err, &unique) && c.Taken[unique.Index] != nil {
		return c.Taken[unique.Index]
	}
	if reference := (*store.ReferenceError)(nil); errors.As(err, &reference) {
		return fault.Violation(reference.Field, "missing_reference", "leads to nothing that exists")
	}
	return fault.Taken(err, doc)
}
