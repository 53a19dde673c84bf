package entity

import "github.com/openkonnect/terraform-provider-konnect/internal/schema"

// configStore is a place for secrets in the control plane.
func configStore() schema.Def {
	return entityDef("config_stores", []any{
		field("id", typedef("uuid")),
		field("name", schema.Def{"type": "string", "custom_validator": atMost("100", 100)}),
		field("created_at", schema.Def{"type": "string"}),
		field("updated_at", schema.Def{"type": "string"}),
	})
}

func configStoreSecret() schema.Def {
	return entityDef("config_store_secrets", []any{
		field("id", typedef("uuid")),
		field("config_store", foreign("config_stores", schema.Def{"required": true})),
		field("key", schema.Def{"type": "string", "required": true, "custom_validator": atMost("512", 512)}),
		field("value", schema.Def{"type": "string", "required": true, "encrypted": true, "custom_validator": atMost("5120", 5120)}),
		field("created_at", schema.Def{"type": "string"}),
		field("updated_at", schema.Def{"type": "string"}),
	})
}
