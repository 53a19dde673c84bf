package entity

import (
	"context"
	"fmt"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

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
	}, schema.Def{
		"endpoint_key": "name",
		"entity_checks": []any{schema.Def{"custom_entity_check": schema.Def{
			"field_sources": words("schema", "handler"),
			"fn":            &schema.Function{Name: "custom_plugins:size.fn", Call: checkUploadSize},
		}}},
	})
}

// maxUpload is how many bytes Konnect takes of one plugin.
const maxUpload = 100 << 10

// checkUploadSize bounds the Lua texts of a plugin together.
func checkUploadSize(_ context.Context, args ...any) ([]any, error) {
	texts, _ := first(args).(map[string]any)
	if size := len(textOf(texts["schema"])) + len(textOf(texts["handler"])); size > maxUpload {
		return []any{nil, fmt.Sprintf("schema and handler together have %d bytes, and Konnect takes at most 100 KB (%d bytes) of one plugin", size, maxUpload)}, nil
	}
	return []any{true}, nil
}
