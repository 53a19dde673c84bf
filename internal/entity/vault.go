package entity

import (
	"context"
	"regexp"
	"slices"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// VaultNames are the kinds of vaults. A prefix must not be one of them.
var VaultNames = []string{"aws", "azure", "conjur", "env", "gcp", "hcv", "konnect"}

// vault is a source of secrets. Its config depends on the kind and on the
// version of the gateway, which reads it. Two settings are judged here, by
// values that no gateway accepts.
func vault() schema.Def {
	return entityDef("vaults", []any{
		field("id", typedef("uuid")),
		field("created_at", typedef("auto_timestamp_s")),
		field("updated_at", typedef("auto_timestamp_s")),
		field("prefix", schema.Def{
			"type": "string", "required": true, "unique": true,
			"match": "^[a-z][a-z%d-]-[a-z%d]+$", "not_one_of": words(VaultNames...),
		}),
		field("name", schema.Def{"type": "string", "required": true, "custom_validator": vaultName}),
		field("description", schema.Def{"type": "string"}),
		field("config", schema.Def{"type": "json", "json_schema": schema.Def{"inline": schema.Def{"type": words("object", "null")}}}),
		field("tags", typedef("tags")),
	}, schema.Def{
		"endpoint_key": "prefix",
		"entity_checks": []any{
			schema.Def{"custom_entity_check": schema.Def{
				"field_sources":           words("name", "config"),
				"run_with_missing_fields": true,
				"fn":                      &schema.Function{Name: "vaults:config.fn", Call: checkVaultConfig},
			}},
		},
	})
}

var vaultName = &schema.Function{
	Name: "vaults.name.custom_validator",
	Check: func(value any) any {
		if slices.Contains(VaultNames, textOf(value)) {
			return nil
		}
		return "vault '" + textOf(value) + "' is not installed"
	},
}

var environmentPrefix = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`)

// checkVaultConfig judges what depends on the kind of vault.
func checkVaultConfig(_ context.Context, args ...any) ([]any, error) {
	entity, _ := first(args).(map[string]any)
	config, _ := entity["config"].(map[string]any)
	switch entity["name"] {
	case "env":
		if prefix := config["prefix"]; prefix != nil && !environmentPrefix.MatchString(textOf(prefix)) {
			return []any{nil, "config.prefix must begin with a letter or '_', with letters, digits, '_' and '-' after it"}, nil
		}
	case "konnect":
		if textOf(config["config_store_id"]) == "" {
			return []any{nil, "config.config_store_id must be the id of a config store"}, nil
		}
	}
	return []any{true}, nil
}
