package planes

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/openapi"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/wire"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// maxConflicts bounds what one answer tells.
const maxConflicts = 256

// identities are the fields that make entities of different members the same:
// the id, and chosen names. Answers do not show their values, since some are
// secrets.
func identities(t *entity.Type) []string {
	fields := []string{t.ID}
	for _, u := range t.Unique {
		if len(u.Fields) == 1 && !slices.Contains(t.Computed, u.Fields[0]) {
			fields = append(fields, u.Fields[0])
		}
	}
	return fields
}

// compared are the types that are compared: first those with a collection at
// the top, then those that are only below others.
func (s *Planes) compared() []*entity.Type {
	return slices.SortedStableFunc(slices.Values(s.Store.Types().Gateway()), func(a, b *entity.Type) int { return cmp.Compare(a.Flat, b.Flat) })
}

// groupState describes what getGroupStatus answers.
func groupState() openapi.Shape {
	conflict := openapi.Whole(openapi.Members{
		"cluster_id": openapi.Text, "description": openapi.Text,
		"resource": openapi.Whole(openapi.Members{"id": openapi.Text, "type": openapi.Text}),
	})
	return openapi.Object(openapi.Members{
		"id": openapi.Text, "state": openapi.Text, "conflicts": openapi.ListOf(conflict),
		"created_at": openapi.Text, "updated_at": openapi.Text,
	}, "id", "state", "conflicts")
}

// getGroupStatus reports conflicts between entities of a group's members.
// Konnect looks for them when a data plane connects; here no data plane ever
// connects, so that conflicts show at once.
func (s *Planes) getGroupStatus(w http.ResponseWriter, r *http.Request) error {
	group, err := s.group(r)
	if err != nil {
		return err
	}
	members, err := s.members(r.Context(), s.Store, jsonvalue.Text(group["id"]))
	if err != nil {
		return err
	}
	conflicts := []any{}
	for _, t := range s.compared() {
		found, err := s.conflictsOf(r.Context(), t, members)
		if err != nil {
			return err
		}
		conflicts = append(conflicts, found...)
	}
	state := "OK"
	if len(conflicts) > 0 {
		state = "CONFLICT"
	}
	return wire.Write(w, http.StatusOK, map[string]any{"item": map[string]any{
		"id": group["id"], "state": state, "conflicts": conflicts[:min(len(conflicts), maxConflicts)],
		"created_at": group["created_at"], "updated_at": group["updated_at"],
	}})
}

// conflictsOf compares the entities of one type in all members. Of two
// entities, the later one is in conflict.
func (s *Planes) conflictsOf(ctx context.Context, t *entity.Type, members []string) ([]any, error) {
	type value struct{ field, text string }
	first := map[value]string{}
	fields := identities(t)
	var conflicts []any
	for _, member := range members {
		err := store.Each(ctx, s.Store, t, member, nil, func(doc map[string]any) error {
			values := []value{}
			for _, f := range fields {
				values = append(values, value{f, jsonvalue.Text(doc[f])})
			}
			if t == entity.Plugin && plugins.IsGlobal(doc) {
				values = append(values, value{"name", jsonvalue.Text(doc["name"])})
			}
			for _, v := range values {
				other, taken := first[v]
				switch {
				case v.text == "":
				case !taken:
					first[v] = member
				case other != member:
					conflicts = append(conflicts, map[string]any{
						"cluster_id":  member,
						"description": "another " + t.Title + " with the same " + v.field + " is in the control plane " + other,
						"resource":    map[string]any{"id": doc["id"], "type": t.Singular},
					})
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return conflicts, nil
}

// unixTime reads a time of the platform family.
func unixTime(v any) int64 {
	t, err := time.Parse(time.RFC3339, jsonvalue.Text(v))
	if err != nil {
		return 0
	}
	return t.Unix()
}
