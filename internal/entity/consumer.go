package entity

import "github.com/openkonnect/terraform-provider-konnect/internal/schema"

func consumer() schema.Def {
	return entityDef("consumers", []any{
		field("id", typedef("uuid")),
		field("created_at", typedef("auto_timestamp_s")),
		field("updated_at", typedef("auto_timestamp_s")),
		field("username", schema.Def{"type": "string", "unique": true}),
		field("custom_id", schema.Def{"type": "string", "unique": true}),
		field("tags", typedef("tags")),
	}, schema.Def{
		"endpoint_key":  "username",
		"entity_checks": []any{schema.Def{"at_least_one_of": words("custom_id", "username")}},
	})
}

func consumerGroup() schema.Def {
	return entityDef("consumer_groups", []any{
		field("id", typedef("uuid")),
		field("created_at", typedef("auto_timestamp_s")),
		field("updated_at", typedef("auto_timestamp_s")),
		field("name", schema.Def{"type": "string", "required": true, "unique": true}),
		field("tags", typedef("tags")),
	}, schema.Def{"endpoint_key": "name"})
}

func consumerGroupMember() schema.Def {
	return entityDef("consumer_group_consumers", []any{
		field("id", typedef("uuid")),
		field("created_at", typedef("auto_timestamp_s")),
		field("updated_at", typedef("auto_timestamp_s")),
		field("consumer", foreign("consumers", schema.Def{"required": true})),
		field("consumer_group", foreign("consumer_groups", schema.Def{"required": true})),
	})
}
