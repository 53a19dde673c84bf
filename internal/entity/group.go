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

// Membership are all members of a control plane group together, as the group's
// endpoint shows them. [GroupMember] is the row of the table, one for each
// member.
var Membership = &Type{
	Name:     "memberships",
	Singular: "membership",
	Resource: "konnect_gateway_control_plane_membership",
	Title:    "control plane membership",
	Family:   Platform,
	Path:     GroupMember.Path,
	ID:       "id",
	Define:   membership,
}

// MaxMembers is how many members a group may have, MaxMembersPerCall how many one
// request adds or removes.
const (
	MaxMembers        = 256
	MaxMembersPerCall = 50
)

// membership has the ids of a group and of its members.
func membership() schema.Def {
	id := schema.Def{"type": "string", "uuid": true, "required": true}
	return entityDef("memberships", []any{
		field("id", id),
		field("members", schema.Def{
			"type": "set", "required": true, "len_max": number(MaxMembers),
			"elements": schema.Def{"type": "record", "fields": []any{field("id", id)}},
		}),
	})
}
