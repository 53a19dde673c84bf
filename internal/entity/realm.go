package entity

import "github.com/openkonnect/terraform-provider-konnect/internal/schema"

// realm is a place for consumers that several control planes share.
func realm() schema.Def {
	minutes := func() schema.Def { return schema.Def{"type": "integer", "default": number(10), "gt": number(4)} }
	planes := schema.Def{"type": "set", "default": []any{}, "elements": schema.Def{"type": "string", "uuid": true}}
	return entityDef("realms", []any{
		field("id", typedef("uuid")),
		field("name", schema.Def{"type": "string", "required": true}),
		field("ttl", minutes()),
		field("negative_ttl", minutes()),
		field("allowed_control_planes", planes),
		field("allow_all_control_planes", schema.Def{"type": "boolean"}),
		field("consumer_groups", texts()),
		field("created_at", schema.Def{"type": "string"}),
		field("updated_at", schema.Def{"type": "string"}),
	})
}

func texts() schema.Def {
	return schema.Def{"type": "set", "default": []any{}, "elements": schema.Def{"type": "string"}}
}

func realmConsumer() schema.Def {
	return entityDef("realm_consumers", []any{
		field("id", typedef("uuid")),
		field("username", schema.Def{"type": "string", "required": true}),
		field("custom_id", schema.Def{"type": "string", "len_min": number(0)}),
		field("type", schema.Def{"type": "string", "len_min": number(0)}),
		field("tags", texts()),
		field("consumer_groups", texts()),
		field("created_at", schema.Def{"type": "string"}),
		field("updated_at", schema.Def{"type": "string"}),
	})
}

// normalizeRealmConsumer drops an empty custom_id, since several consumers may
// have it.
func normalizeRealmConsumer(doc map[string]any) {
	if doc["custom_id"] == "" {
		doc["custom_id"] = nil
	}
}

func realmKey() schema.Def {
	return entityDef("realm_keys", []any{
		field("id", typedef("uuid")),
		field("consumer", foreign("realm_consumers", schema.Def{"required": true})),
		field("type", schema.Def{"type": "string", "default": "new", "one_of": words("new", "legacy")}),
		field("secret", schema.Def{"type": "string", "auto": true, "encrypted": true}),
		field("tags", texts()),
		field("created_at", schema.Def{"type": "string"}),
		field("updated_at", schema.Def{"type": "string"}),
	})
}

// RealmSecretFault says what is wrong with giving the secret of a key of that
// type, or with leaving it out; "" is that nothing is.
func RealmSecretFault(kind any, given bool) string {
	switch {
	case kind == "legacy" && !given:
		return "required field missing"
	case (kind == "new" || kind == nil) && given:
		return "is made by the server unless type is legacy"
	}
	return ""
}
