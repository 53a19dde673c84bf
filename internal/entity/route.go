package entity

import (
	"maps"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// RouteExpression is the other form of a route: an expression instead of
// methods, hosts, paths and the like. It shares the collection of Route, and
// Route is the row of the table for both.
var RouteExpression = &Type{
	Name:        Route.Name,
	Singular:    Route.Singular,
	Resource:    "konnect_gateway_route_expression",
	Title:       "gateway expression route",
	Path:        Route.Path,
	Parent:      Route.Parent,
	NestedBelow: Route.NestedBelow,
	ID:          Route.ID,
	Key:         Route.Key,
	NameFilter:  Route.NameFilter,
	Unique:      Route.Unique,
	References:  Route.References,
	Define:      routeExpression,
	Computed:    Route.Computed,

	FormerDefaults: Route.FormerDefaults,
}

// RouteForm returns the schema of the form that a route has, and the route
// without what only the other form has and what says nothing there. Clients that
// read one schema of both forms fill in the defaults of both. Whatever else is
// of the other form, the schema refuses: neither form knows the other's fields.
func RouteForm(doc map[string]any) (*schema.Schema, map[string]any) {
	form, other := Route.Schema(), RouteExpression.Schema()
	if doc["expression"] != nil {
		form, other = other, form
	}
	own := maps.Clone(doc)
	maps.DeleteFunc(own, func(name string, v any) bool {
		return form.Field(name) == nil && saysNothing(other.Field(name), v)
	})
	return form, own
}

// saysNothing reports whether a value of a field is as good as none.
func saysNothing(f *schema.Field, v any) bool {
	switch v := v.(type) {
	case nil:
		return f != nil
	case []any:
		return f != nil && len(v) == 0
	case map[string]any:
		return f != nil && len(v) == 0
	}
	return f != nil && f.HasDefault && schema.Equal(v, f.Default)
}

// route is the traditional form. Its protocols decide which fields it may and
// must have, so each protocol is a subschema.
func route() schema.Def {
	fields := append(routeFrame(),
		field("snis", schema.Def{"type": "set", "elements": typedef("wildcard_host")}),
		field("sources", typedef("sources")),
		field("destinations", typedef("destinations")),
		field("methods", typedef("methods")),
		field("hosts", typedef("hosts")),
		field("paths", typedef("router_paths")),
		field("headers", typedef("headers", schema.Def{"keys": typedef("header_name", schema.Def{
			"match_none": []any{schema.Def{
				"pattern": "^[Hh][Oo][Ss][Tt]$",
				"err":     "cannot contain 'host' header, which must be specified in the 'hosts' attribute",
			}},
		})})),
		field("regex_priority", schema.Def{"type": "integer", "default": number(0)}),
	)
	return entityDef("routes", fields, schema.Def{
		"endpoint_key":    "name",
		"subschema_key":   "protocols",
		"subschema_error": "unknown type: %s",
		"subschemas":      routeSubschemas(),
		"entity_checks": []any{
			schema.Def{"conditional": schema.Def{
				"if_field": "protocols",
				"if_match": schema.Def{"elements": schema.Def{
					"type": "string", "not_one_of": words("grpcs", "https", "tls", "tls_passthrough", "wss"),
				}},
				"then_field": "snis",
				"then_match": schema.Def{"len_eq": number(0)},
				"then_err":   "'snis' can only be set when 'protocols' is 'grpcs', 'https', 'tls' or 'tls_passthrough'",
			}},
		},
	})
}

func routeExpression() schema.Def {
	fields := append(routeFrame(),
		field("expression", schema.Def{"type": "string", "required": true}),
		field("priority", schema.Def{"type": "integer", "required": true, "default": number(0), "between": between(0, 70368744177663)}),
	)
	return entityDef("routes", fields, schema.Def{"endpoint_key": "name"})
}

// routeFrame are the fields of both forms.
func routeFrame() []any {
	onByDefault := func(on bool) schema.Def {
		return schema.Def{"type": "boolean", "required": true, "default": on}
	}
	return []any{
		field("id", typedef("uuid")),
		field("created_at", typedef("auto_timestamp_s")),
		field("updated_at", typedef("auto_timestamp_s")),
		field("name", typedef("utf8_name")),
		field("protocols", schema.Def{
			"type": "set", "len_min": number(1), "required": true,
			"default":  words("http", "https"), // a gateway by itself has https alone, from 3.14 on
			"elements": konnectProtocol(),
			"mutually_exclusive_subsets": []any{
				words("http", "https"),
				words("tcp", "tls", "udp"),
				words("tls_passthrough"),
				words("grpc", "grpcs"),
				words("ws", "wss"),
			},
		}),
		field("https_redirect_status_code", schema.Def{
			"type": "integer", "required": true, "default": number(426),
			"one_of": []any{number(426), number(301), number(302), number(307), number(308)},
		}),
		field("strip_path", onByDefault(true)),
		field("preserve_host", onByDefault(false)),
		field("request_buffering", onByDefault(true)),
		field("response_buffering", onByDefault(true)),
		field("path_handling", schema.Def{"type": "string", "default": "v0", "one_of": words("v0", "v1")}),
		field("tags", typedef("tags")),
		field("service", foreign("services")),
	}
}

func routeSubschemas() map[string]any {
	http := routeSubschema("http", []any{
		field("sources", mustBeNull("sources", httpProtocols)),
		field("destinations", mustBeNull("destinations", httpProtocols)),
	}, needsOneOf("https", words("methods", "hosts", "headers", "paths", "snis"),
		"http", words("methods", "hosts", "headers", "paths")))

	stream := routeSubschema("tcp", streamFields(), schema.Def{"conditional_at_least_one_of": schema.Def{
		"if_field": "protocols",
		"if_match": schema.Def{"elements": schema.Def{"type": "string", "one_of": words("tcp", "tls", "udp")}},

		"then_at_least_one_of": words("sources", "destinations", "snis"),
		"then_err":             "must set one of %s when 'protocols' is 'tcp', 'tls' or 'udp'",
	}})

	passthrough := routeSubschema("tls_passthrough", streamFields(), schema.Def{"conditional_at_least_one_of": schema.Def{
		"if_field": "protocols",
		"if_match": schema.Def{"elements": schema.Def{"type": "string", "one_of": words("tls_passthrough")}},

		"then_at_least_one_of": words("snis"),
		"then_err":             "must set snis when 'protocols' is 'tls_passthrough'",
	}})

	grpc := routeSubschema("grpc", []any{
		field("strip_path", schema.Def{
			"type": "boolean", "required": true, "default": false,
			"ne": true, "err": "cannot set 'strip_path' when 'protocols' is " + grpcProtocols,
		}),
		field("methods", mustBeNull("methods", grpcProtocols)),
		field("sources", mustBeNull("sources", grpcProtocols)),
		field("destinations", mustBeNull("destinations", grpcProtocols)),
	}, needsOneOf("grpcs", words("hosts", "headers", "paths", "snis"),
		"grpc", words("hosts", "headers", "paths")))

	ws := routeSubschema("ws", []any{
		field("methods", mustBeNull("methods", wsProtocols)),
		field("sources", mustBeNull("sources", wsProtocols)),
		field("destinations", mustBeNull("destinations", wsProtocols)),
	}, needsOneOf("wss", words("hosts", "headers", "paths", "snis"),
		"ws", words("hosts", "headers", "paths")))

	return map[string]any{
		"http": http, "https": http,
		"tcp": stream, "tls": stream, "udp": stream,
		"tls_passthrough": passthrough,
		"grpc":            grpc, "grpcs": grpc,
		"ws": ws, "wss": ws,
	}
}

// The protocols of a subschema, as messages list them.
const (
	httpProtocols   = "'http' or 'https'"
	streamProtocols = "'tcp', 'tls', 'tls_passthrough' or 'udp'"
	grpcProtocols   = "'grpc' or 'grpcs'"
	wsProtocols     = "'ws' or 'wss'"
)

func routeSubschema(name string, fields []any, check schema.Def) schema.Def {
	return schema.Def{"name": name, "fields": fields, "entity_checks": []any{check}}
}

// streamFields are refused for protocols without HTTP.
func streamFields() []any {
	var fields []any
	for _, name := range []string{"methods", "hosts", "paths", "headers"} {
		fields = append(fields, field(name, mustBeNull(name, streamProtocols)))
	}
	return fields
}

// mustBeNull redefines a matching field as one that must not be set. It keeps
// the type, which a subschema may not change.
func mustBeNull(name, protocols string) schema.Def {
	def := typedef("no_" + name)
	def["err"] = "cannot set '" + name + "' when 'protocols' is " + protocols
	return def
}

// needsOneOf asks for one of the matchers of a pair of protocols. Only the
// secure protocol can match by server name.
func needsOneOf(secure string, secureFields []any, plain string, plainFields []any) schema.Def {
	return schema.Def{"conditional_at_least_one_of": schema.Def{
		"if_field":             "protocols",
		"if_match":             schema.Def{"contains": secure},
		"then_at_least_one_of": secureFields,
		"then_err":             "must set one of %s when 'protocols' is '" + secure + "'",

		"else_match":                schema.Def{"contains": plain},
		"else_then_at_least_one_of": plainFields,
		"else_then_err":             "must set one of %s when 'protocols' is '" + plain + "'",
	}}
}
