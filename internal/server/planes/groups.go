package planes

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/access"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/dao"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/fault"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/openapi"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/wire"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// maxGroupsFor is how many groups a control plane may be a member of.
const maxGroupsFor = 5

// groupRoutes serves control plane groups: control planes whose configuration
// is that of their members.
func (s *Planes) groupRoutes(serve openapi.Register) {
	base := dao.InControlPlane + entity.GroupMember.Path
	pages := openapi.OK(openapi.CursorPage(openapi.AnswerOf(entity.ControlPlane))).Asking(openapi.Members{"page[size]": openapi.Integer, "page[after]": openapi.Text})
	change := openapi.Empty().With(openapi.Whole(openapi.Members{"members": openapi.ListOf(openapi.Whole(openapi.Members{"id": openapi.Text}))}))
	serve("GET "+base, pages, s.listMembers)
	serve("PUT "+base, change, s.replaceMembers)
	serve("POST "+base+"/add", change, s.addMembers)
	serve("POST "+base+"/remove", change, s.removeMembers)
	serve("GET "+dao.InControlPlane+"group-member-status", openapi.OK(openapi.Whole(openapi.Members{"is_member": openapi.Boolean})), s.Reading(s.getMemberStatus))
	serve("GET "+dao.InControlPlane+"group-status", openapi.OK(openapi.Whole(openapi.Members{"item": groupState()})), s.getGroupStatus)
}

// group returns the control plane group that a path names.
func (s *Planes) group(r *http.Request) (map[string]any, error) {
	doc, err := s.ControlPlane(r)
	if err != nil {
		return nil, err
	}
	if doc["cluster_type"] != "CLUSTER_TYPE_CONTROL_PLANE_GROUP" {
		return nil, fault.BadPath("controlPlaneId", "must be the id of a control plane group")
	}
	return doc, nil
}

// members are the ids of a group's members, in the order in which they came.
func (s *Planes) members(ctx context.Context, from store.Reader, group string) ([]string, error) {
	docs, err := store.All(ctx, from, entity.GroupMember, "", map[string]string{"group": group})
	ids := make([]string, len(docs))
	for i, doc := range docs {
		ids[i] = memberOf(doc)
	}
	return ids, err
}

func memberOf(doc map[string]any) string {
	ref, _ := doc["member"].(map[string]any)
	return jsonvalue.Text(ref["id"])
}

func (s *Planes) listMembers(w http.ResponseWriter, r *http.Request) error {
	group, err := s.group(r)
	if err != nil {
		return err
	}
	q, err := wire.CursorQuery(r)
	if err != nil {
		return err
	}
	q.Ref = map[string]string{"group": jsonvalue.Text(group["id"])}
	q = access.WithinReach(r, "member.id", q)
	page, err := s.Store.List(r.Context(), entity.GroupMember, "", q)
	if err != nil {
		return wire.PageError(q, err)
	}
	all, err := s.Store.List(r.Context(), entity.GroupMember, "", store.Query{Size: 1, Number: 1, Ref: q.Ref, In: q.In})
	if err != nil {
		return err
	}
	data := make([]any, len(page.Docs))
	for i, doc := range page.Docs {
		plane, err := s.Store.Get(r.Context(), entity.ControlPlane, "", memberOf(doc))
		if err != nil {
			return err
		}
		data[i] = presentControlPlane(plane)
	}
	meta := wire.CursorMeta(r, q.Size, page)
	delete(meta, "previous")
	meta["total"] = all.Total
	return wire.Write(w, http.StatusOK, map[string]any{"data": data, "meta": map[string]any{"page": meta}})
}

// requestedMembers reads the ids of a body.
func requestedMembers(r *http.Request, limit int) ([]string, error) {
	body, err := wire.Decode(r)
	if err != nil {
		return nil, err
	}
	for name := range body {
		if name != "members" {
			return nil, fault.Violation(name, "unknown_field", "unknown field")
		}
	}
	list, ok := body["members"].([]any)
	if !ok {
		return nil, fault.Violation("members", "required", "must be a list of objects with an id")
	}
	if len(list) > limit {
		return nil, fault.Violation("members", "len_max", "length must be at most "+strconv.Itoa(limit))
	}
	ids := make([]string, len(list))
	seen := map[string]bool{}
	for i, v := range list {
		member, _ := v.(map[string]any)
		id := strings.ToLower(jsonvalue.Text(member["id"]))
		field := "members[" + strconv.Itoa(i) + "].id"
		switch {
		case !schema.IsUUID(id):
			return nil, fault.Violation(field, "uuid", "must be the id of a control plane")
		case seen[id]:
			return nil, fault.Violation(field, "unique", "is there twice")
		}
		seen[id] = true
		ids[i] = id
	}
	return ids, nil
}

func (s *Planes) addMembers(w http.ResponseWriter, r *http.Request) error {
	return s.changeMembers(w, r, entity.MaxMembersPerCall, func(tx *store.Tx, group string, ids []string) error {
		now, err := s.members(r.Context(), tx, group)
		if err != nil {
			return err
		}
		if len(now)+len(ids) > entity.MaxMembers {
			return fault.Violation("members", "len_max", "a group has at most "+strconv.Itoa(entity.MaxMembers)+" members")
		}
		return s.join(r.Context(), tx, group, now, ids)
	})
}

// removeMembers deletes memberships; it ignores control planes that are no
// members.
func (s *Planes) removeMembers(w http.ResponseWriter, r *http.Request) error {
	return s.changeMembers(w, r, entity.MaxMembersPerCall, func(tx *store.Tx, group string, ids []string) error {
		for _, id := range ids {
			err := store.DeleteAll(r.Context(), tx, entity.GroupMember, "", map[string]string{"group": group, "member": id})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Planes) replaceMembers(w http.ResponseWriter, r *http.Request) error {
	return s.changeMembers(w, r, entity.MaxMembers, func(tx *store.Tx, group string, ids []string) error {
		now, err := s.members(r.Context(), tx, group)
		if err != nil {
			return err
		}
		if err := access.Reachable(r, now); err != nil {
			return err
		}
		if err := store.DeleteAll(r.Context(), tx, entity.GroupMember, "", map[string]string{"group": group}); err != nil {
			return err
		}
		return s.join(r.Context(), tx, group, nil, ids)
	})
}

// changeMembers is the common part of the three changes.
func (s *Planes) changeMembers(w http.ResponseWriter, r *http.Request, limit int, change func(tx *store.Tx, group string, ids []string) error) error {
	group, err := s.group(r)
	if err != nil {
		return err
	}
	ids, err := requestedMembers(r, limit)
	if err != nil {
		return err
	}
	if err := access.Reachable(r, ids); err != nil {
		return err
	}
	err = s.Store.Update(r.Context(), func(tx *store.Tx) error { return change(tx, jsonvalue.Text(group["id"]), ids) })
	if err != nil {
		return err
	}
	return wire.NoContent(w)
}

// join makes control planes members of a group that has others already.
func (s *Planes) join(ctx context.Context, tx *store.Tx, group string, others, ids []string) error {
	for i, id := range ids {
		field := "members[" + strconv.Itoa(i) + "].id"
		if problem, err := joinable(ctx, tx, id, others); err != nil {
			return err
		} else if problem != "" {
			return fault.Violation(field, "invalid", problem)
		}
		doc, err := s.Completed(ctx, entity.GroupMember.Schema(), map[string]any{
			"group": map[string]any{"id": group}, "member": map[string]any{"id": id},
		})
		if err != nil {
			return err
		}
		if err := tx.Insert(ctx, entity.GroupMember, "", doc); err != nil {
			return err
		}
	}
	return nil
}

// joinable says why a control plane cannot become a member, or "".
func joinable(ctx context.Context, tx *store.Tx, id string, others []string) (string, error) {
	page, err := tx.List(ctx, entity.ControlPlane, "", store.Query{Size: 1, In: map[string][]string{"id": {id}}})
	switch {
	case err != nil:
		return "", err
	case len(page.Docs) == 0:
		return "there is no such control plane", nil
	case page.Docs[0]["cluster_type"] != "CLUSTER_TYPE_CONTROL_PLANE":
		return "only standard control planes can be members of a group", nil
	}
	for _, other := range others {
		if other == jsonvalue.Text(page.Docs[0]["id"]) {
			return "is a member of the group already", nil
		}
	}
	groups, err := store.All(ctx, tx, entity.GroupMember, "", map[string]string{"member": id})
	if err == nil && len(groups) >= maxGroupsFor {
		return "is a member of " + strconv.Itoa(maxGroupsFor) + " groups, which is the most", nil
	}
	return "", err
}

func (s *Planes) getMemberStatus(w http.ResponseWriter, r *http.Request, scope string) error {
	page, err := s.Store.List(r.Context(), entity.GroupMember, "", store.Query{Size: 1, Ref: map[string]string{"member": scope}})
	if err != nil {
		return err
	}
	return wire.Write(w, http.StatusOK, map[string]any{"is_member": len(page.Docs) > 0})
}
