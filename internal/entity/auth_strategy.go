package entity

import "github.com/openkonnect/terraform-provider-konnect/internal/schema"

// authStrategy defines how applications authenticate: with keys or by OpenID
// Connect. Exactly one of them is configured.
func authStrategy() schema.Def {
	return platformDef("auth_strategies", append(authStrategyFields(),
		field("dcr_provider_id", schema.Def{"type": "string", "uuid": true}),
	)...)
}

func authStrategyReply() schema.Def {
	return platformDef("auth_strategies", append(authStrategyFields(),
		field("active", schema.Def{"type": "boolean", "required": true}),
		field("supports_multiple_credentials", schema.Def{"type": "boolean", "required": true}),
		field("dcr_provider", schema.Def{"type": "record", "required": false, "fields": []any{
			field("id", schema.Def{"type": "string", "required": true, "uuid": true}),
			field("name", schema.Def{"type": "string", "required": true}),
			field("display_name", schema.Def{"type": "string"}),
			field("provider_type", schema.Def{"type": "string", "required": true}),
		}}),
	)...)
}

func authStrategyFields() []any {
	return []any{
		field("name", characters(1, 256, required)),
		field("display_name", characters(0, 256, required)),
		field("strategy_type", schema.Def{"type": "string", "required": true, "one_of": words("key_auth", "openid_connect")}),
		field("configs", schema.Def{"type": "record", "required": true, "fields": []any{
			field("key-auth", schema.Def{"type": "record", "required": false, "fields": keyAuthStrategy()}),
			field("openid-connect", openIDConnectStrategy()),
		}}),
		field("labels", labels()),
		field("principals", schema.Def{"type": "record", "required": false, "fields": []any{
			field("enabled", schema.Def{"type": "boolean", "required": true}),
		}}),
	}
}

func keyAuthStrategy() []any {
	return []any{
		field("key_names", schema.Def{
			"type": "array", "len_min": number(1), "len_max": number(10), "elements": characters(1, 256),
		}),
		field("ttl", schema.Def{"type": "record", "required": false, "fields": []any{
			field("value", schema.Def{"type": "integer", "required": true, "gt": number(0)}),
			field("unit", schema.Def{"type": "string", "required": true, "one_of": words("days", "weeks", "years")}),
		}}),
	}
}

// openIDConnectStrategy has four known members; any others are settings of the
// plugin.
func openIDConnectStrategy() schema.Def {
	list := func(items, length int) schema.Def {
		return schema.Def{
			"type": "array", "maxItems": number(items),
			"items": schema.Def{"type": "string", "maxLength": number(length)},
		}
	}
	return schema.Def{"type": "json", "json_schema": schema.Def{"optional": true, "inline": schema.Def{
		"type": []any{"object", "null"},
		"properties": schema.Def{
			"issuer":           schema.Def{"type": "string", "minLength": number(1), "maxLength": number(256)},
			"credential_claim": list(10, 128),
			"scopes":           list(50, 128),
			"auth_methods":     list(10, 64),
		},
		"required": words("issuer", "credential_claim", "scopes", "auth_methods"),
	}}}
}

// dcrProvider is an identity provider that registers applications by itself.
// Its type decides which members its configuration has.
func dcrProvider() schema.Def {
	secret := func(more ...schema.Def) schema.Def {
		return characters(1, 256, append(more, schema.Def{"encrypted": true})...)
	}
	return platformDef("dcr_providers",
		field("name", characters(1, 256, required)),
		field("display_name", characters(1, 256)),
		field("provider_type", schema.Def{
			"type": "string", "required": true,
			"one_of": words("auth0", "azureAd", "curity", "okta", "http", "kongIdentity"),
		}),
		field("issuer", typedef("url", required, schema.Def{"len_max": number(256)})),
		field("labels", labels()),
		field("dcr_config", schema.Def{"type": "record", "required": true, "fields": []any{
			field("initial_client_id", characters(1, 256)),
			field("initial_client_secret", secret()),
			field("initial_client_audience", characters(0, 256)),
			field("use_developer_managed_scopes", schema.Def{"type": "boolean"}),
			field("dcr_token", secret()),
			field("dcr_base_url", typedef("url", schema.Def{"len_max": number(256)})),
			field("api_key", secret(schema.Def{
				"len_min": number(12), "match": "^[%w_]+$", "err": "must be made of letters, digits and '_'",
			})),
			field("disable_event_hooks", schema.Def{"type": "boolean"}),
			field("disable_refresh_secret", schema.Def{"type": "boolean"}),
			field("allow_multiple_credentials", schema.Def{"type": "boolean"}),
		}}),
	)
}

func dcrProviderReply() schema.Def {
	return platformDef("dcr_providers",
		field("name", characters(1, 256, required)),
		field("display_name", characters(1, 256)),
		field("provider_type", schema.Def{"type": "string", "required": true}),
		field("issuer", schema.Def{"type": "string", "required": true}),
		field("labels", labels()),
		field("dcr_config", anyObject(required)),
		field("active", schema.Def{"type": "boolean", "required": true}),
	)
}

// portalProductVersion is a product version as a portal shows it.
func portalProductVersion() schema.Def {
	return platformDef("portal_product_versions", append(portalProductVersionFields(),
		field("auth_strategy_ids", uuids(required, schema.Def{"len_max": number(1)})),
	)...)
}

func portalProductVersionFields() []any {
	truth := func() schema.Def { return schema.Def{"type": "boolean", "required": true} }
	return []any{
		field("portal_id", schema.Def{"type": "string", "required": true, "uuid": true}),
		field("product_version_id", schema.Def{"type": "string", "required": true, "uuid": true}),
		field("publish_status", publishStatus(required)),
		field("application_registration_enabled", truth()),
		field("auto_approve_registration", truth()),
		field("deprecated", truth()),
	}
}

func portalProductVersionReply() schema.Def {
	return platformDef("portal_product_versions", append(portalProductVersionFields(),
		field("auth_strategies", array(schema.Def{"type": "record", "fields": []any{
			field("id", schema.Def{"type": "string", "required": true, "uuid": true}),
			field("name", schema.Def{"type": "string", "required": true}),
			field("credential_type", schema.Def{"type": "string", "required": true}),
			field("key_names", array(schema.Def{"type": "string"})),
			field("ttl", anyObject()),
			field("auth_methods", array(schema.Def{"type": "string"})),
			field("available_scopes", array(schema.Def{"type": "string"})),
		}})),
	)...)
}
