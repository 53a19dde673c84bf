package entity

import "github.com/openkonnect/terraform-provider-konnect/internal/schema"

func certificate() schema.Def {
	return entityDef("certificates", []any{
		field("id", typedef("uuid")),
		field("created_at", typedef("auto_timestamp_s")),
		field("updated_at", typedef("auto_timestamp_s")),
		field("cert", typedef("certificate", schema.Def{"required": true, "referenceable": true})),
		field("key", typedef("key", schema.Def{"required": true, "referenceable": true, "encrypted": true})),
		field("cert_alt", typedef("certificate", schema.Def{"referenceable": true})),
		field("key_alt", typedef("key", schema.Def{"referenceable": true, "encrypted": true})),
		field("snis", array(typedef("wildcard_host"))),
		field("tags", typedef("tags")),
	}, schema.Def{
		"entity_checks": []any{schema.Def{"mutually_required": words("cert_alt", "key_alt")}},
	})
}
