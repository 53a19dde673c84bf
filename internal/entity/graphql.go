package entity

import "github.com/openkonnect/terraform-provider-konnect/internal/schema"

// degraphqlRoute is a URI for which the plugin degraphql sends a GraphQL query to
// a service. Parts of the URI after a colon are variables of the query.
func degraphqlRoute() schema.Def {
	return entityDef("degraphql_routes", []any{
		field("id", typedef("uuid")),
		field("created_at", typedef("auto_timestamp_s")),
		field("updated_at", typedef("auto_timestamp_s")),
		field("service", foreign("services", schema.Def{"required": true, "on_delete": "cascade"})),
		field("methods", schema.Def{"type": "set", "elements": typedef("http_method"), "default": words("GET")}),
		field("uri", schema.Def{"type": "string", "required": true}),
		field("query", schema.Def{"type": "string", "required": true}),
	})
}

// costDecoration says what a node of a GraphQL schema costs, for the plugin
// graphql-rate-limiting-advanced. Without a service it counts for all of them.
func costDecoration() schema.Def {
	arguments := schema.Def{"type": "array", "elements": schema.Def{"type": "string"}, "default": []any{}}
	constant := schema.Def{"type": "number", "default": number(1)}
	return entityDef("graphql_ratelimiting_advanced_cost_decoration", []any{
		field("id", typedef("uuid")),
		field("created_at", typedef("auto_timestamp_s")),
		field("updated_at", typedef("auto_timestamp_s")),
		field("service", foreign("services", schema.Def{"on_delete": "cascade"})),
		field("type_path", schema.Def{"type": "string", "required": true}),
		field("add_arguments", arguments),
		field("add_constant", constant),
		field("mul_arguments", arguments),
		field("mul_constant", constant),
	})
}
