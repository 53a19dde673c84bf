package resource

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/report"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
)

// membership are the members of a control plane group. There is no object of
// that kind: members are added and removed by requests of their own, so that one
// that stays is never out of the group.
type membership struct{ regular }

func membershipRow() row {
	return row{
		Type: entity.Membership,
		summary: "The members of a control plane group, all of them: control planes that are not listed leave the group. " +
			"It takes control planes of the plain kind, 256 at most.",
		facts: attribute.Facts{At: map[string]attribute.Fact{
			"id":         {Mode: attribute.Required, Description: "ID of the control plane group. Another group is another object."},
			"members":    {Mode: attribute.Required, Description: "The members; `[]` for none."},
			"members.id": {Mode: attribute.Required, Description: "ID of the control plane."},
		}},
		behaviour: membership{regular{entity.Membership}},
	}
}

// judge also refuses a member that is listed twice, or that is the group itself.
func (m membership) judge(ctx context.Context, s *session.Session, in subject) candidate {
	c := m.regular.judge(ctx, s, in)
	seen := map[string]bool{}
	for i, id := range membersOf(c.doc) {
		at := report.AttributePath("members").WithElementKeyInt(i).WithAttributeName("id")
		same := entity.CanonicalID(id)
		switch {
		case id == "":
			continue
		case seen[same]:
			c.problems = append(c.problems, report.Failure(at, "Duplicate member", fmt.Sprintf("members[%d].id: the control plane %s is listed twice.", i, id)))
		case same == entity.CanonicalID(in.text("id")):
			c.problems = append(c.problems, report.Failure(at, "Invalid member", fmt.Sprintf("members[%d].id: it is the group itself.", i)))
		}
		seen[same] = true
	}
	return c
}

// membersOf are the ids of the members in a document, "" where one is not known.
func membersOf(doc map[string]any) []string {
	list, _ := doc["members"].([]any)
	ids := make([]string, len(list))
	for i, v := range list {
		member, _ := document.AsMap(v)
		ids[i], _ = member["id"].(string)
	}
	return ids
}

// addressee is the group.
func (m membership) addressee() *entity.Type { return entity.ControlPlane }

func (m membership) read(ctx context.Context, s *session.Session, in subject) (map[string]any, error) {
	return m.members(ctx, s, in.text("id"))
}

// members is what the group holds.
func (m membership) members(ctx context.Context, s *session.Session, group string) (map[string]any, error) {
	api, err := s.Client()
	if err != nil {
		return nil, err
	}
	path, err := m.path(group)
	if err != nil {
		return nil, err
	}
	held, err := api.ListPath(ctx, entity.Platform, path, nil)
	if err != nil {
		return nil, err
	}
	list := make([]any, len(held))
	for i, plane := range held {
		list[i] = map[string]any{"id": plane["id"]}
	}
	return map[string]any{"id": group, "members": list}, nil
}

func (m membership) path(group string) (string, error) {
	path, err := client.Ref{Type: entity.ControlPlane, Key: group}.Path()
	return path + "/" + m.typ.Path, err
}

func (m membership) create(ctx context.Context, s *session.Session, w write) (map[string]any, error) {
	return m.update(ctx, s, w)
}

// update takes out first, since a group has room for so many.
func (m membership) update(ctx context.Context, s *session.Session, w write) (map[string]any, error) {
	group := w.text("id")
	held, err := m.members(ctx, s, group)
	if err != nil {
		return nil, err
	}
	before, after := membersOf(held), membersOf(w.body)
	if err := m.change(ctx, s, group, "remove", others(before, after)); err != nil {
		return nil, err
	}
	if err := m.change(ctx, s, group, "add", others(after, before)); err != nil {
		return nil, err
	}
	return map[string]any{"id": group, "members": w.body["members"]}, nil
}

// delete takes out those that this configuration put in and that are there.
func (m membership) delete(ctx context.Context, s *session.Session, in subject) error {
	group := in.text("id")
	held, err := m.members(ctx, s, group)
	if err != nil {
		return err
	}
	ours, there := membersOf(in.document()), membersOf(held)
	return m.change(ctx, s, group, "remove", others(ours, others(ours, there)))
}

// others are the ids of a list that are not in another one.
func others(list, some []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(id string) bool {
		return slices.ContainsFunc(some, func(other string) bool { return entity.CanonicalID(id) == entity.CanonicalID(other) })
	})
}

// change adds or removes members, as many at a time as one request takes.
func (m membership) change(ctx context.Context, s *session.Session, group, verb string, ids []string) error {
	api, err := s.Client()
	if err != nil {
		return err
	}
	path, err := m.path(group)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(ids, entity.MaxMembersPerCall) {
		list := make([]any, len(some))
		for i, id := range some {
			list[i] = map[string]any{"id": id}
		}
		if err := api.Do(ctx, http.MethodPost, path+"/"+verb, map[string]any{"members": list}, nil); err != nil {
			return err
		}
	}
	return nil
}

func (membership) retried() retrial { return harmless }
