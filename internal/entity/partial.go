package entity

import "github.com/openkonnect/terraform-provider-konnect/internal/schema"

// PartialKinds are the kinds of partials.
var PartialKinds = []string{"redis-ce", "redis-ee", "vectordb", "embeddings", "model"}

// partial is the frame of a partial: a part of a configuration that plugins
// share. The schemas of these plugins define its config.
func partial() schema.Def {
	return entityDef("partials", append(PartialFrame(), field("config", schema.Def{
		"type": "json", "required": true, "json_schema": schema.Def{"inline": schema.Def{"type": "object"}},
	})))
}

// PartialFrame are the fields of a partial beside its config.
func PartialFrame() []any {
	return []any{
		field("id", typedef("uuid")),
		field("created_at", typedef("auto_timestamp_s")),
		field("updated_at", typedef("auto_timestamp_s")),
		field("name", schema.Def{"type": "string", "unique": true}),
		field("type", schema.Def{"type": "string", "required": true, "one_of": words(PartialKinds...)}),
		field("tags", typedef("tags")),
	}
}
