package main

import "reflect"

// The catalog's schemas are those of 3.12 with the fields of later versions
// added; its example configurations are of today. Where an example shows that
// a rule is not (or no longer) as the schema has it, the example is right.

// replaced are definitions that examples contradict.
var replaced = map[string]table{
	// The example's ID is no UUID, as a foreign field would ask; Konnect, which
	// lacks the plugin, has no such entity to refer to.
	"vault-auth:config.vault": {
		"type": "record", "required": true,
		"fields": []any{table{"id": table{"type": "string", "required": true}}},
	},
}

// amend returns an entity check as it holds today, or nil for one that does
// not hold any more.
func amend(plugin string, check table) table {
	if conditional, ok := check["conditional_at_least_one_of"].(table); ok {
		// Examples leave the format to the provider.
		if reflect.DeepEqual(conditional["if_match"], table{"one_of": []any{"mistral"}}) {
			return nil
		}
	}
	if plugin == "opentelemetry" && check["at_least_one_of"] != nil {
		// Since 3.13 and 3.14 there are more kinds of telemetry to send.
		return table{"at_least_one_of": []any{"traces_endpoint", "logs_endpoint", "metrics.endpoint", "access_logs.endpoint"}}
	}
	return check
}
