package entity

import "github.com/openkonnect/terraform-provider-konnect/internal/schema"

// customPlugin is a plugin whose code the control plane hands to data planes.
// The Lua texts are judged by running one and reading the other; here only
// their frame is.
func customPlugin() schema.Def {
	return entityDef("custom_plugins", []any{
		field("id", typedef("uuid")),
		field("created_at", typedef("auto_timestamp_s")),
		field("updated_at", typedef("auto_timestamp_s")),
		field("name", schema.Def{
			"type": "string", "required": true, "unique": true, "match": "^[%w_%-]+$", "len_max": number(128),
			"err": "must be at most 128 letters, digits, '-' and '_'",
		}),
		field("schema", schema.Def{"type": "string", "required": true}),
		field("handler", schema.Def{"type": "string", "required": true}),
		field("tags", typedef("tags")),
	}, schema.Def{"endpoint_key": "name"})
}
