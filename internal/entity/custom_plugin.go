package entity

import "github.com/openkonnect/terraform-provider-konnect/internal/schema"

// customPlugin is a plugin whose code the control plane sends to data planes.
// Its Lua texts are judged elsewhere, by running the schema and reading the
// handler; here are only the fields around them.
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
