package gateway

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/dao"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/fault"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/openapi"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/wire"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// side is one of the two views of memberships: the consumers of a group, or the
// groups of a consumer.
type side struct {
	*Gateway
	near, far *entity.Type
	request   string // what a request calls the far entity
}

// membershipRoutes serves memberships. The database has them as entities; the
// API shows collections of the entities at their far ends.
func (s *Gateway) membershipRoutes(serve openapi.Register) {
	for _, m := range []side{
		{s, entity.ConsumerGroup, entity.Consumer, "consumer"},
		{s, entity.Consumer, entity.ConsumerGroup, "group"},
	} {
		base := dao.InControlPlane + m.near.Path + "/{nearId}/" + m.far.Name
		serve("GET "+base, openapi.OK(openapi.OffsetPage(openapi.AnswerOf(m.far))).Asking(openapi.OffsetParameters(m.far)), m.Reading(m.list))
		serve("POST "+base, openapi.Created(openapi.Whole(openapi.Members{
			m.near.Singular: openapi.AnswerOf(m.near), m.far.Name: openapi.ListOf(openapi.AnswerOf(m.far)),
		})).With(openapi.Whole(openapi.Members{m.request: openapi.Text})), m.Writing(m.add))
		serve("DELETE "+base, openapi.Empty(), m.Writing(m.removeAll))
		serve("DELETE "+base+"/{farId}", openapi.Empty(), m.Writing(m.remove))
	}
}

func (m side) list(w http.ResponseWriter, r *http.Request, scope string) error {
	near, err := m.Store.Get(r.Context(), m.near, scope, r.PathValue("nearId"))
	if err != nil {
		return err
	}
	q, err := wire.CoreQuery(m.far, r.URL.Query())
	if err != nil {
		return err
	}
	page, err := m.page(r.Context(), scope, near, q)
	if err != nil {
		return err
	}
	return wire.Write(w, http.StatusOK, wire.CorePage(r, page, wire.Compact))
}

// page reads the entities at the far ends of memberships, in the order of the
// memberships if the query names no other.
func (m side) page(ctx context.Context, scope string, near map[string]any, q store.Query) (store.Page, error) {
	members := map[string]string{m.near.Singular: jsonvalue.Text(near["id"])}
	q.Tags = nil
	if q.Sort != nil || q.Equal != nil || q.Contains != nil {
		return m.selected(ctx, scope, members, q)
	}
	q.Ref = members
	page, err := m.Store.List(ctx, entity.ConsumerGroupMember, scope, q)
	if err != nil {
		return page, err
	}
	page.Docs, err = m.farEnds(ctx, scope, page.Docs)
	return page, err
}

// selected lists far ends by their own fields.
func (m side) selected(ctx context.Context, scope string, members map[string]string, q store.Query) (store.Page, error) {
	all, err := store.All(ctx, m.Store, entity.ConsumerGroupMember, scope, members)
	if err != nil {
		return store.Page{}, err
	}
	ids := make(map[any]bool, len(all))
	for _, member := range all {
		ref, _ := member[m.far.Singular].(map[string]any)
		ids[ref["id"]] = true
	}
	q.Match = func(doc map[string]any) bool { return ids[doc["id"]] }
	return m.Store.List(ctx, m.far, scope, q)
}

// farEnds reads the far entities of memberships, in their order.
func (m side) farEnds(ctx context.Context, scope string, members []map[string]any) ([]map[string]any, error) {
	if len(members) == 0 {
		return nil, nil
	}
	position := make(map[any]int, len(members))
	ids := make([]string, len(members))
	for i, member := range members {
		ref, _ := member[m.far.Singular].(map[string]any)
		ids[i] = jsonvalue.Text(ref["id"])
		position[ref["id"]] = i
	}
	page, err := m.Store.List(ctx, m.far, scope, store.Query{Size: len(ids), In: map[string][]string{m.far.ID: ids}})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(page.Docs, func(a, b map[string]any) int { return position[a["id"]] - position[b["id"]] })
	return page.Docs, nil
}

func (m side) add(w http.ResponseWriter, r *http.Request, scope string) error {
	key, err := m.requested(r)
	if err != nil {
		return err
	}
	near, err := m.Store.Get(r.Context(), m.near, scope, r.PathValue("nearId"))
	if err != nil {
		return err
	}
	far, err := m.Store.Get(r.Context(), m.far, scope, key)
	if errors.Is(err, store.ErrNotFound) {
		return &store.ReferenceError{Field: m.request, Target: m.far.Name, ID: key}
	}
	if err != nil {
		return err
	}
	doc, err := m.Completed(r.Context(), entity.ConsumerGroupMember.Schema(), map[string]any{
		m.near.Singular: map[string]any{"id": near["id"]},
		m.far.Singular:  map[string]any{"id": far["id"]},
	})
	if err != nil {
		return err
	}
	if err := m.Store.Insert(r.Context(), entity.ConsumerGroupMember, scope, doc); err != nil {
		return err
	}
	return wire.Write(w, http.StatusCreated, map[string]any{
		m.near.Singular: wire.Compact(near),
		m.far.Name:      []any{wire.Compact(far)},
	})
}

// requested reads the id (or name) of the far entity.
func (m side) requested(r *http.Request) (string, error) {
	body, err := wire.Decode(r)
	if err != nil {
		return "", err
	}
	for name := range body {
		if name != m.request {
			return "", fault.Violation(name, "unknown_field", "unknown field")
		}
	}
	switch key := body[m.request].(type) {
	case nil:
		return "", fault.Violation(m.request, "required", "required field missing")
	case string:
		return key, nil
	}
	return "", fault.Violation(m.request, "type", "expected a string")
}

// remove ends one membership, or finds it ended.
func (m side) remove(w http.ResponseWriter, r *http.Request, scope string) error {
	refs := map[string]string{}
	for t, key := range map[*entity.Type]string{m.near: r.PathValue("nearId"), m.far: r.PathValue("farId")} {
		doc, err := m.Store.Get(r.Context(), t, scope, key)
		if errors.Is(err, store.ErrNotFound) {
			return wire.NoContent(w)
		}
		if err != nil {
			return err
		}
		refs[t.Singular] = jsonvalue.Text(doc["id"])
	}
	return m.removeWhere(w, r, scope, refs)
}

func (m side) removeAll(w http.ResponseWriter, r *http.Request, scope string) error {
	near, err := m.Store.Get(r.Context(), m.near, scope, r.PathValue("nearId"))
	if err != nil {
		return err
	}
	return m.removeWhere(w, r, scope, map[string]string{m.near.Singular: jsonvalue.Text(near["id"])})
}

func (m side) removeWhere(w http.ResponseWriter, r *http.Request, scope string, refs map[string]string) error {
	err := m.Store.Update(r.Context(), func(tx *store.Tx) error {
		return store.DeleteAll(r.Context(), tx, entity.ConsumerGroupMember, scope, refs)
	})
	if err != nil {
		return err
	}
	return wire.NoContent(w)
}

// groupAnswer describes one consumer group, which may come with its consumers.
func groupAnswer() openapi.About {
	return openapi.OK(openapi.Object(openapi.Members{
		entity.ConsumerGroup.Envelope: openapi.AnswerOf(entity.ConsumerGroup), "consumers": openapi.ListOf(openapi.AnswerOf(entity.Consumer)),
	}, entity.ConsumerGroup.Envelope)).Asking(openapi.Members{"list_consumers": openapi.Boolean})
}

// attachConsumers shows all consumers of a group, unless the request does not
// want them.
func (s *Gateway) attachConsumers(r *http.Request, scope string, doc, answer map[string]any) error {
	if r.URL.Query().Get("list_consumers") == "false" {
		return nil
	}
	m := side{s, entity.ConsumerGroup, entity.Consumer, "consumer"}
	consumers, after := []any{}, ""
	for {
		page, err := m.page(r.Context(), scope, doc, store.Query{Size: wire.MaxSize, After: after})
		if err != nil {
			return err
		}
		consumers = append(consumers, wire.Presented(page.Docs, wire.Compact)...)
		if after = page.Next; after == "" {
			answer["consumers"] = consumers
			return nil
		}
	}
}
