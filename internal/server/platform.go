package server

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
	"github.com/openkonnect/terraform-provider-konnect/internal/server/fault"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/openapi"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/wire"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// platform serves one type of the platform family: lists and creates, reads,
// changes and deletes. What is irregular about a type is a function here.
type platform struct {
	*api
	typ   *entity.Type
	above *platform // whose entity the path names before this collection; nil at the top
	id    string    // name of the wildcard that addresses one
	pages pageStyle
	patch bool
	put   *putting // nil where there is no PUT

	filters map[string][]string // of lists: operators by field
	sorts   []string            // of lists: fields besides the common ones
	unsaid  []string            // flags that changes take and nothing comes of

	// joined are filters that compare a field of the entity to which joinedBy
	// refers.
	joined   map[string]string
	joinedBy entity.Reference

	// place finds out where a path says that documents are; nil for what the
	// collections above say.
	place func(r *http.Request) (place, error)
	// locate selects the document that a path segment addresses, where that is
	// not its id.
	locate func(key string) store.Query
	// narrow limits a list to what the request may see; nil for all.
	narrow func(r *http.Request, q store.Query) store.Query
	// judge refuses documents by rules that no schema states.
	judge func(doc map[string]any) error
	// saved does what else belongs to storing a document, in the same
	// transaction; old is nil for a new one.
	saved func(ctx context.Context, tx *store.Tx, old, doc map[string]any) error
	// removing does what has to come before a deletion, in the same transaction.
	removing func(ctx context.Context, tx *store.Tx, p place, doc map[string]any, force bool) error
	// present turns a stored document into what answers show.
	present func(ctx context.Context, from store.Reader, doc map[string]any) (map[string]any, error)
	// created and lists are the endpoints for POST and for GET of the list,
	// where these are irregular; listed describes the latter.
	created, lists wire.Endpoint
	listed         openapi.About
	// taken words what an index refuses, by its name, where the usual wording
	// will not do.
	taken map[string]error
	// forcible says that a deletion takes the parameter force; lenient that one
	// of nothing succeeds; inUse says what stands in its way.
	forcible, lenient bool
	inUse             string
}

// putting says what PUT does: whether it creates, and the status for either.
type putting struct {
	creates           bool
	created, replaced int
}

// place is where a path says that documents are: in the scope, and with these
// foreign keys and values.
type place struct {
	scope string
	refs  map[string]string
	equal map[string]string
}

// holds reports whether a document is in a place.
func (p place) holds(doc map[string]any) bool {
	for field, id := range p.refs {
		if !refersTo(doc[field], id) {
			return false
		}
	}
	for field, value := range p.equal {
		if doc[field] != value {
			return false
		}
	}
	return true
}

// collectionPath is the pattern of the collection.
func (c *platform) collectionPath() string {
	if c.above == nil {
		return "/" + c.typ.Path
	}
	return c.above.collectionPath() + "/{" + c.above.id + "}/" + path.Base(c.typ.Path)
}

func (c *platform) routes() {
	base := c.collectionPath()
	one := base + "/{" + c.id + "}"
	answer, request := openapi.AnswerOf(c.typ), openapi.RequestOf(c.typ)
	create, list := c.create, c.list
	listed := openapi.OK(c.pages.shape(answer)).Asking(c.listParameters())
	if c.created != nil {
		create = c.created
	}
	if c.lists != nil {
		list, listed = c.lists, c.listed
	}
	c.serve("GET "+base, listed, list)
	c.serve("POST "+base, openapi.Created(answer).With(request), create)
	c.serve("GET "+one, openapi.OK(answer), c.get)
	if c.patch {
		c.serve("PATCH "+one, openapi.OK(answer).With(openapi.WithFlags(openapi.PatchOf(c.typ), c.unsaid)), c.change)
	}
	if c.put != nil {
		c.serve("PUT "+one, openapi.About{Body: openapi.WithFlags(request, c.unsaid), Answers: map[int]openapi.Shape{c.put.created: answer, c.put.replaced: answer}}, c.replace)
	}
	gone := openapi.Empty()
	if c.forcible {
		gone = gone.Asking(openapi.Members{"force": openapi.Boolean})
	}
	c.serve("DELETE "+one, gone, c.delete)
}

// in finds the place of a request.
func (c *platform) in(r *http.Request) (place, error) {
	switch {
	case c.place != nil:
		return c.place(r)
	case c.above == nil:
		return place{}, nil
	}
	p, err := c.above.in(r)
	if err != nil {
		return p, err
	}
	doc, err := c.above.find(r.Context(), c.store, p, r.PathValue(c.above.id))
	if err != nil {
		return p, err
	}
	below := place{scope: p.scope, refs: map[string]string{}}
	if c.typ.Parent == c.above.typ && c.above.typ.Parent == nil {
		below.scope = jsonvalue.Text(doc["id"])
	}
	if field := c.typ.FieldTo(c.above.typ); field != "" {
		below.refs[field] = jsonvalue.Text(doc["id"])
	}
	return below, nil
}

// find returns the document that a path segment addresses.
func (c *platform) find(ctx context.Context, from store.Reader, p place, key string) (map[string]any, error) {
	if c.typ == entity.ControlPlane && !schema.IsUUID(key) {
		return nil, fault.BadPath("controlPlaneId", "must be a UUID")
	}
	if c.locate == nil {
		doc, err := from.Get(ctx, c.typ, p.scope, key)
		if err == nil && !p.holds(doc) {
			err = store.ErrNotFound
		}
		return doc, err
	}
	q := p.narrow(c.locate(key))
	q.Size = 1
	page, err := from.List(ctx, c.typ, p.scope, q)
	if err != nil {
		return nil, err
	}
	if len(page.Docs) == 0 {
		return nil, store.ErrNotFound
	}
	return page.Docs[0], nil
}

// narrow limits a query to a place.
func (p place) narrow(q store.Query) store.Query {
	for field, id := range p.refs {
		q.Ref = set(q.Ref, field, id)
	}
	for field, value := range p.equal {
		q.Equal = set(q.Equal, field, value)
	}
	return q
}

func (c *platform) shown(ctx context.Context, from store.Reader, doc map[string]any) (map[string]any, error) {
	if c.present != nil {
		return c.present(ctx, from, doc)
	}
	return presentPlatform(c.typ, doc), nil
}

// presentPlatform is presentEntity with the fields that are shown as null.
func presentPlatform(t *entity.Type, doc map[string]any) map[string]any {
	out := presentEntity(t, doc)
	for _, name := range t.Nullable {
		if out[name] == nil {
			out[name] = nil
		}
	}
	return out
}

func (c *platform) respond(w http.ResponseWriter, r *http.Request, status int, doc map[string]any) error {
	answer, err := c.shown(r.Context(), c.store, doc)
	if err != nil {
		return err
	}
	return wire.Write(w, status, answer)
}

// asked is what a list is wanted of, and which page.
func (c *platform) asked(r *http.Request) (p place, q store.Query, err error) {
	if p, err = c.in(r); err != nil {
		return p, q, err
	}
	q, err = c.query(r)
	return p, q, err
}

func (c *platform) list(w http.ResponseWriter, r *http.Request) error {
	p, q, err := c.asked(r)
	if err != nil {
		return err
	}
	if c.narrow != nil {
		q = c.narrow(r, q)
	}
	page, err := c.store.List(r.Context(), c.typ, p.scope, p.narrow(q))
	if err != nil {
		return wire.PageError(q, err)
	}
	data := make([]any, len(page.Docs))
	for i, doc := range page.Docs {
		if data[i], err = c.shown(r.Context(), c.store, doc); err != nil {
			return err
		}
	}
	return wire.Write(w, http.StatusOK, c.pages.answer(r, q, page, data))
}

func (c *platform) get(w http.ResponseWriter, r *http.Request) error {
	p, err := c.in(r)
	if err != nil {
		return err
	}
	doc, err := c.find(r.Context(), c.store, p, r.PathValue(c.id))
	if err != nil {
		return err
	}
	return c.respond(w, r, http.StatusOK, doc)
}

func (c *platform) create(w http.ResponseWriter, r *http.Request) error {
	p, err := c.in(r)
	if err != nil {
		return err
	}
	doc, err := c.document(r, p, nil)
	if err != nil {
		return err
	}
	err = c.store.Update(r.Context(), func(tx *store.Tx) error { return c.insert(r.Context(), tx, p, doc) })
	if err != nil {
		return c.worded(err, doc)
	}
	return c.respond(w, r, http.StatusCreated, doc)
}

func (c *platform) insert(ctx context.Context, tx *store.Tx, p place, doc map[string]any) error {
	if err := tx.Insert(ctx, c.typ, p.scope, doc); err != nil {
		return err
	}
	if err := c.withinLimit(ctx, tx, c.typ, p.scope); err != nil || c.saved == nil {
		return err
	}
	return c.saved(ctx, tx, nil, doc)
}

// document reads and judges a body, with what the path says and the times.
// Values from the path may be repeated in it, but not contradicted.
func (c *platform) document(r *http.Request, p place, fromPath map[string]any) (map[string]any, error) {
	body, err := wire.Decode(r)
	if err != nil {
		return nil, err
	}
	dropNulls(body)
	if err := c.dropFlags(body); err != nil {
		return nil, err
	}
	if err := refuse(body, slices.Concat(c.typ.Internal, c.typ.Computed)); err != nil {
		return nil, err
	}
	for name, v := range fromPath {
		if given, ok := body[name]; ok && given != v {
			return nil, fault.Contradicts(name)
		}
		body[name] = v
	}
	for field, id := range p.refs {
		body[field] = map[string]any{"id": id}
	}
	for field, value := range p.equal {
		body[field] = value
	}
	doc, err := c.completedBody(r.Context(), body)
	if err != nil {
		return nil, err
	}
	doc["created_at"] = c.timestamp()
	doc["updated_at"] = doc["created_at"]
	return doc, nil
}

// dropFlags leaves out of a body what nothing comes of.
func (c *platform) dropFlags(body map[string]any) error {
	for _, name := range c.unsaid {
		if _, truth := body[name].(bool); body[name] != nil && !truth {
			return fault.Violation(name, "is_boolean", "expected a boolean")
		}
		delete(body, name)
	}
	return nil
}

// completedBody is a body made whole and judged by all rules of the type.
func (c *platform) completedBody(ctx context.Context, body map[string]any) (map[string]any, error) {
	if c.typ.Normalize != nil {
		c.typ.Normalize(body)
	}
	doc, err := c.completed(ctx, c.typ.Schema(), body)
	if err != nil {
		return nil, err
	}
	if c.judge != nil {
		err = c.judge(doc)
	}
	return doc, err
}

// change is PATCH: fields that it leaves out stay, null takes one back to its
// default.
func (c *platform) change(w http.ResponseWriter, r *http.Request) error {
	p, err := c.in(r)
	if err != nil {
		return err
	}
	patch, err := wire.Decode(r)
	if err != nil {
		return err
	}
	if err := c.dropFlags(patch); err != nil {
		return err
	}
	if err := refuse(patch, slices.Concat(c.typ.Internal, c.typ.Computed, c.typ.Immutable)); err != nil {
		return err
	}
	if c.typ.Normalize != nil {
		c.typ.Normalize(patch)
	}
	var doc map[string]any
	err = c.store.Update(r.Context(), func(tx *store.Tx) (err error) {
		doc, err = c.rewrite(r.Context(), tx, p, r.PathValue(c.id), func(old map[string]any) (map[string]any, error) {
			return c.patched(r.Context(), old, patch)
		})
		return err
	})
	if err != nil {
		return c.worded(err, patch)
	}
	return c.respond(w, r, http.StatusOK, doc)
}

// patched lays a patch over a document.
func (c *platform) patched(ctx context.Context, old, patch map[string]any) (map[string]any, error) {
	body := maps.Clone(old)
	delete(body, "created_at")
	delete(body, "updated_at")
	for name, v := range patch {
		if slices.Contains(c.typ.Merged, name) {
			v = merged(old[name], v)
		}
		body[name] = v
	}
	dropNulls(body)
	doc, err := c.completedBody(ctx, body)
	if err != nil {
		return nil, err
	}
	doc["created_at"], doc["updated_at"] = old["created_at"], c.timestamp()
	return doc, nil
}

// merged lays one value over another: objects member by member, where null
// removes one; anything else takes the place of what was there.
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

// rewrite replaces the document that a key addresses by what change makes of
// it, or says that there is none.
func (c *platform) rewrite(ctx context.Context, tx *store.Tx, p place, key string, change func(old map[string]any) (map[string]any, error)) (map[string]any, error) {
	found, err := c.find(ctx, tx, p, key)
	if err != nil {
		return nil, err
	}
	var before map[string]any
	doc, err := tx.Put(ctx, c.typ, p.scope, jsonvalue.Text(found["id"]), func(old map[string]any) (map[string]any, error) {
		if old == nil {
			return nil, store.ErrNotFound
		}
		before = old
		return change(old)
	})
	if err != nil || c.saved == nil {
		return doc, err
	}
	return doc, c.saved(ctx, tx, before, doc)
}

// replace is PUT: what it leaves out goes back to its default.
func (c *platform) replace(w http.ResponseWriter, r *http.Request) error {
	p, err := c.in(r)
	if err != nil {
		return err
	}
	key := r.PathValue(c.id)
	fromPath := c.addressed(key)
	doc, err := c.document(r, p, fromPath)
	if err != nil {
		return err
	}
	status, stored := c.put.replaced, doc
	err = c.store.Update(r.Context(), func(tx *store.Tx) (err error) {
		status = c.put.replaced
		stored, err = c.rewrite(r.Context(), tx, p, key, func(old map[string]any) (map[string]any, error) {
			return kept(old, doc), nil
		})
		if errors.Is(err, store.ErrNotFound) && c.put.creates {
			status, stored = c.put.created, doc
			return c.insert(r.Context(), tx, p, doc)
		}
		return err
	})
	if reference := (*store.ReferenceError)(nil); errors.As(err, &reference) && fromPath[reference.Field] != nil {
		return store.ErrNotFound // it is the path that leads to nothing
	}
	if err != nil {
		return c.worded(err, doc)
	}
	return c.respond(w, r, status, stored)
}

// addressed is what a path segment says about the document that it addresses.
func (c *platform) addressed(key string) map[string]any {
	fromPath := map[string]any{}
	switch {
	case c.locate != nil:
		for field, value := range c.locate(key).Equal {
			fromPath[field] = value
		}
		for field, value := range c.locate(key).Ref {
			fromPath[field] = value
		}
	case c.put.creates:
		fromPath["id"] = key
	}
	return fromPath
}

// kept is a new form of a document that keeps its identity.
func kept(old, doc map[string]any) map[string]any {
	now := maps.Clone(doc)
	now["id"], now["created_at"] = old["id"], old["created_at"]
	return now
}

func (c *platform) delete(w http.ResponseWriter, r *http.Request) error {
	p, err := c.in(r)
	if err != nil {
		return err
	}
	force := false
	if c.forcible {
		if force, err = forced(r); err != nil {
			return err
		}
	}
	err = c.store.Update(r.Context(), func(tx *store.Tx) error {
		doc, err := c.find(r.Context(), tx, p, r.PathValue(c.id))
		if err != nil {
			return err
		}
		if c.removing != nil {
			if err := c.removing(r.Context(), tx, p, doc, force); err != nil {
				return err
			}
		}
		return tx.Delete(r.Context(), c.typ, p.scope, jsonvalue.Text(doc["id"]))
	})
	switch inUse := (*store.InUseError)(nil); {
	case errors.As(err, &inUse):
		return fault.Conflict(cmp.Or(c.inUse, "the "+c.typ.Title+" is in use"))
	case err != nil && !(c.lenient && errors.Is(err, store.ErrNotFound)):
		return err
	}
	return wire.NoContent(w)
}

// forced reads the parameter force.
func forced(r *http.Request) (bool, error) {
	switch r.URL.Query().Get("force") {
	case "", "false":
		return false, nil
	case "true":
		return true, nil
	}
	return false, fault.BadParameter("force", "must be true or false")
}

// worded tells an error of the store in the words of the family.
func (c *platform) worded(err error, doc map[string]any) error {
	if unique := (*store.UniqueError)(nil); errors.As(err, &unique) && c.taken[unique.Index] != nil {
		return c.taken[unique.Index]
	}
	if reference := (*store.ReferenceError)(nil); errors.As(err, &reference) {
		return fault.Violation(reference.Field, "missing_reference", "leads to nothing that exists")
	}
	return fault.Taken(err, doc)
}

// refuse takes what only the server sets for unknown.
func refuse(body map[string]any, names []string) error {
	for _, name := range names {
		if _, ok := body[name]; ok {
			return fault.Violation(name, "unknown_field", "unknown field")
		}
	}
	return nil
}
