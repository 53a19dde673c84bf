package entity

import "github.com/openkonnect/terraform-provider-konnect/internal/schema"

// Token gives clients access to a served control plane. No endpoint serves
// tokens: only somebody with access to the database can create them. A token
// itself is stored nowhere, so it is looked up by its digest.
var Token = &Type{
	Name:     "tokens",
	Singular: "token",
	Title:    "token",
	Family:   Platform,
	ID:       "id",
	Key:      "digest",
	Unique: []Unique{
		{Name: "name", Fields: []string{"name"}},
		{Name: "digest", Fields: []string{"digest"}},
	},
	Define: token,
}

// token allows names that need no quoting in logs and on command lines. No
// control_planes means all of them.
func token() schema.Def {
	return entityDef("tokens", []any{
		field("id", typedef("uuid")),
		field("name", schema.Def{
			"type": "string", "required": true, "len_max": number(64),
			"match_all": []any{schema.Def{
				"pattern": "^[%w][%w._-]*$",
				"err":     "must consist of letters, digits, '.', '_' and '-', and begin with a letter or a digit",
			}},
		}),
		field("digest", schema.Def{"type": "string", "required": true, "len_eq": number(64)}),
		field("read_only", schema.Def{"type": "boolean", "required": true, "default": false}),
		field("control_planes", schema.Def{"type": "set", "elements": typedef("uuid"), "len_min": number(1)}),
		field("created_at", schema.Def{"type": "string", "required": true}),
		field("expires_at", schema.Def{"type": "string"}),
	})
}
