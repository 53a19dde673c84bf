package gateway

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/dao"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/fault"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/openapi"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/wire"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// legacy serves one type of the older dialect, which wraps its answers.
// Functions describe what is irregular about a type.
type legacy struct {
	*Gateway
	typ *entity.Type
	// changing finds the control plane of a change.
	changing func(dao.InScope) wire.Endpoint
	// complete turns a request's body into the document to store, or says
	// which rules it breaks; key is the address that a PUT has.
	complete func(ctx context.Context, body map[string]any, key string) (map[string]any, error)
	// before does the work that comes before storing a document, in the same
	// transaction; nil for none.
	before func(ctx context.Context, tx *store.Tx, scope string, doc map[string]any) error
	// creates says that PUT also creates, paged that lists have pages.
	creates, paged bool
	// inUse says what prevents a deletion.
	inUse string
}

func (s *Gateway) legacyRoutes(serve openapi.Register) {
	s.pluginSchemas().routes(serve)
	s.dataPlaneCertificates().routes(serve)
}

// dataPlaneCertificates allow data planes to connect. Konnect allows 32, and
// lists them without pages. Groups of control planes accept them too.
func (s *Gateway) dataPlaneCertificates() *legacy {
	return &legacy{
		Gateway: s, typ: entity.DataPlaneCertificate, changing: s.Reading,
		complete: func(ctx context.Context, body map[string]any, _ string) (map[string]any, error) {
			return s.Completed(ctx, entity.DataPlaneCertificate.Schema(), body)
		},
	}
}

func (c *legacy) routes(serve openapi.Register) {
	base := dao.InControlPlane + c.typ.Path
	one := base + "/{" + c.typ.ID + "}"
	body, answer := openapi.RequestOf(c.typ), openapi.Enveloped(c.typ)
	list := openapi.OK(openapi.ItemsPage(c.typ))
	if c.paged {
		list = list.Asking(openapi.Members{"page[size]": openapi.Integer, "page[after]": openapi.Text})
	}
	serve("GET "+base, list, c.Reading(c.list))
	serve("POST "+base, openapi.Created(answer).With(body), c.changing(c.create))
	serve("GET "+one, openapi.OK(answer), c.Reading(c.get))
	serve("PUT "+one, openapi.OK(answer).With(body), c.changing(c.put))
	serve("DELETE "+one, openapi.Empty(), c.changing(c.delete))
}

// list shows the documents after page[after] in the order of names. Answers
// show the names, so they need not say where the next page begins. Konnect
// allows a hundred of a type, so that sorting all of them is fast enough.
func (c *legacy) list(w http.ResponseWriter, r *http.Request, scope string) error {
	q := store.Query{Size: wire.MaxSize}
	if c.paged {
		asked, err := wire.CursorQuery(r)
		if err != nil {
			return err
		}
		q = store.Query{Size: asked.Size, Sort: []store.Order{{Field: c.typ.ID}}, Match: after(c.typ.ID, asked.After)}
	}
	all, err := c.Store.List(r.Context(), c.typ, scope, store.Query{Size: 1, Number: 1})
	if err != nil {
		return err
	}
	page, err := c.Store.List(r.Context(), c.typ, scope, q)
	if err != nil {
		return err
	}
	about := map[string]any{"total_count": all.Total}
	if n := len(page.Docs); c.paged && page.Total > n {
		about["next"] = wire.SamePath(r, "page[after]", jsonvalue.Text(page.Docs[n-1][c.typ.ID]))
	}
	return wire.Write(w, http.StatusOK, map[string]any{"items": wire.Presented(page.Docs, wire.Compact), "page": about})
}

// after selects what comes after a name in the order of the store, which looks
// at case last.
func after(field, last string) func(doc map[string]any) bool {
	if last == "" {
		return nil
	}
	return func(doc map[string]any) bool {
		name := jsonvalue.Text(doc[field])
		return cmp.Or(cmp.Compare(strings.ToLower(name), strings.ToLower(last)), cmp.Compare(name, last)) > 0
	}
}

func (c *legacy) get(w http.ResponseWriter, r *http.Request, scope string) error {
	doc, err := c.Store.Get(r.Context(), c.typ, scope, r.PathValue(c.typ.ID))
	if err != nil {
		return err
	}
	return c.respond(w, http.StatusOK, doc)
}

func (c *legacy) respond(w http.ResponseWriter, status int, doc map[string]any) error {
	return wire.Write(w, status, map[string]any{c.typ.Envelope: wire.Compact(doc)})
}

func (c *legacy) create(w http.ResponseWriter, r *http.Request, scope string) error {
	return c.write(w, r, scope, http.StatusCreated, func(tx *store.Tx, doc map[string]any) (map[string]any, error) {
		if err := tx.Insert(r.Context(), c.typ, scope, doc); err != nil {
			return nil, err
		}
		return doc, c.WithinLimit(r.Context(), tx, c.typ, scope)
	})
}

// put replaces a document. Documents that refer to it are not judged again;
// they get the new form when they are next written.
func (c *legacy) put(w http.ResponseWriter, r *http.Request, scope string) error {
	return c.write(w, r, scope, http.StatusOK, func(tx *store.Tx, doc map[string]any) (map[string]any, error) {
		return tx.Put(r.Context(), c.typ, scope, r.PathValue(c.typ.ID), func(old map[string]any) (map[string]any, error) {
			switch {
			case old != nil:
				return dao.Kept(old, doc), nil
			case c.creates:
				return doc, nil
			}
			return nil, store.ErrNotFound
		})
	})
}

// write is the common part of creating and replacing.
func (c *legacy) write(w http.ResponseWriter, r *http.Request, scope string, status int, put func(tx *store.Tx, doc map[string]any) (map[string]any, error)) error {
	body, err := dao.Body(r)
	if err != nil {
		return err
	}
	if err := dao.Refuse(body, c.typ.Computed); err != nil {
		return err
	}
	doc, err := c.complete(r.Context(), body, r.PathValue(c.typ.ID))
	if err != nil {
		return err
	}
	var stored map[string]any
	err = c.Store.Update(r.Context(), func(tx *store.Tx) (err error) {
		if c.before != nil {
			if err := c.before(r.Context(), tx, scope, doc); err != nil {
				return err
			}
		}
		stored, err = put(tx, doc)
		return err
	})
	if err != nil {
		return err
	}
	return c.respond(w, status, stored)
}

func (c *legacy) delete(w http.ResponseWriter, r *http.Request, scope string) error {
	err := c.Store.Delete(r.Context(), c.typ, scope, r.PathValue(c.typ.ID))
	if inUse := (*store.InUseError)(nil); errors.As(err, &inUse) {
		return fault.BadRequest(c.inUse)
	}
	if err != nil {
		return err
	}
	return wire.NoContent(w)
}
