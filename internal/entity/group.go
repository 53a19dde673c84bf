package entity

import "github.com/openkonnect/terraform-provider-konnect/internal/schema"

// groupMember says that a control plane belongs to a control plane group.
func groupMember() schema.Def {
	return entityDef("group_memberships", []any{
		field("id", typedef("uuid")),
		field("member", foreign("control_planes", schema.Def{"required": true})),
		field("group", foreign("control_planes", schema.Def{"required": true})),
	})
}
