package ui

import (
	"cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
)

// conflict is what two members of a group cannot both have.
type conflict struct {
	Text, Plane, Member string // the control plane by its id and by its name
	Type, ID            string
	Address             string // of the entity's page, where it has one
}

// group completes the overview of a control plane group, which has nothing but members.
func (v *visit) group(out *glance) (err error) {
	if out.Members, err = v.members(); err != nil {
		return err
	}
	names := map[string]string{}
	for _, m := range out.Members {
		names[jsonvalue.Text(m["id"])] = knownAs(m)
	}
	status, err := v.get(planePath(jsonvalue.Text(v.plane["id"])) + "/group-status")
	if err != nil {
		return err
	}
	item, _ := status["item"].(map[string]any)
	conflicts, _ := item["conflicts"].([]any)
	for _, e := range conflicts {
		told, _ := e.(map[string]any)
		of, _ := told["resource"].(map[string]any)
		c := conflict{Text: jsonvalue.Text(told["description"]), Plane: jsonvalue.Text(told["cluster_id"]), Type: jsonvalue.Text(of["type"]), ID: jsonvalue.Text(of["id"])}
		c.Member = cmp.Or(names[c.Plane], c.Plane)
		c.Address = conflicting(c)
		out.Conflicts = append(out.Conflicts, c)
	}
	return nil
}

// members are the control planes of the group that a visit is to, as far as the token
// reaches them.
func (v *visit) members() ([]map[string]any, error) {
	return v.api.ListPath(v.Context(), entity.Platform, planePath(jsonvalue.Text(v.plane["id"]))+"/group-memberships", nil)
}

// conflicting is the address of the entity that a conflict names. What is below
// another entity has none: conflicts do not tell of that one.
func conflicting(c conflict) string {
	for _, t := range entity.Types().Core() {
		if t.Singular == c.Type && len(t.Owners()) == 1 {
			return address(map[string]any{"id": c.Plane}, t, map[string]any{t.Address(): c.ID})
		}
	}
	return ""
}
