package entity

import (
	"maps"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// platformTimes are the last fields of the platform family: times as texts,
// which the server sets.
func platformTimes() []any {
	return []any{
		field("created_at", schema.Def{"type": "string"}),
		field("updated_at", schema.Def{"type": "string"}),
	}
}

// platformDef is the frame of an entity of the platform family.
func platformDef(name string, fields ...any) schema.Def {
	all := append([]any{field("id", typedef("uuid"))}, fields...)
	return entityDef(name, append(all, platformTimes()...))
}

// characters is a text with bounds in characters; an upper bound of 0 is none.
func characters(low, high int, more ...schema.Def) schema.Def {
	def := schema.Def{"type": "string", "len_min": number(low)}
	if high > 0 {
		def["custom_validator"] = atMost(number(high).String(), high)
	}
	for _, m := range more {
		maps.Copy(def, m)
	}
	return def
}

func uuids(more ...schema.Def) schema.Def {
	def := schema.Def{"type": "set", "default": []any{}, "elements": schema.Def{"type": "string", "uuid": true}}
	for _, m := range more {
		maps.Copy(def, m)
	}
	return def
}

// anyObject is an object with any members.
func anyObject(more ...schema.Def) schema.Def {
	def := schema.Def{"type": "json", "json_schema": schema.Def{"inline": schema.Def{"type": "object"}}}
	for _, m := range more {
		maps.Copy(def, m)
	}
	return def
}

var required = schema.Def{"required": true}

func publishStatus(more ...schema.Def) schema.Def {
	def := schema.Def{"type": "string", "one_of": words("unpublished", "published")}
	for _, m := range more {
		maps.Copy(def, m)
	}
	return def
}

func apiProduct() schema.Def {
	return platformDef("api_products",
		field("name", characters(1, 100, required)),
		field("description", characters(0, 0)),
		field("labels", labels()),
		field("public_labels", labels()),
		field("portal_ids", uuids()),
	)
}

func apiProductReply() schema.Def {
	return platformDef("api_products",
		field("name", characters(1, 100, required)),
		field("description", characters(0, 0)),
		field("labels", labels()),
		field("public_labels", labels()),
		field("portal_ids", uuids()),
		field("portals", array(schema.Def{"type": "record", "fields": portalOf(), "required": true})),
		field("version_count", schema.Def{"type": "integer", "required": true}),
	)
}

// portalOf names a portal.
func portalOf() []any {
	return []any{
		field("portal_id", schema.Def{"type": "string", "required": true, "uuid": true}),
		field("portal_name", schema.Def{"type": "string", "required": true}),
	}
}

func document() schema.Def {
	return platformDef("api_product_documents", documentFields()...)
}

func documentFields() []any {
	return []any{
		field("api_product", foreign("api_products", required)),
		field("parent_document_id", schema.Def{"type": "string", "uuid": true}),
		field("title", characters(1, 0, required)),
		field("slug", characters(1, 80, required, schema.Def{
			"match": "^[%w_%-]+$", "err": "must be made of letters, digits, '_' and '-'",
		})),
		field("status", publishStatus(required)),
		field("content", characters(0, 0, schema.Def{"default": ""})),
		field("metadata", anyObject(schema.Def{"default": schema.Def{}})),
	}
}

// documentReply adds the content in parts, as portals show it.
func documentReply() schema.Def {
	return platformDef("api_product_documents", append(documentFields(),
		field("ast", array(anyObject())),
	)...)
}

func productVersion() schema.Def {
	return platformDef("api_product_versions", productVersionFields()...)
}

func productVersionFields() []any {
	return []any{
		field("api_product", foreign("api_products", required)),
		field("name", characters(1, 0, required)),
		field("publish_status", publishStatus(schema.Def{"default": "unpublished"})),
		field("deprecated", schema.Def{"type": "boolean", "default": false}),
		field("labels", labels()),
		field("gateway_service", schema.Def{"type": "record", "required": false, "fields": []any{
			field("id", schema.Def{"type": "string", "required": true, "uuid": true}),
			field("control_plane_id", schema.Def{"type": "string", "required": true, "uuid": true}),
		}}),
	}
}

func productVersionReply() schema.Def {
	portal := append(portalOf(),
		field("portal_product_version_id", schema.Def{"type": "string", "required": true, "uuid": true}),
		field("publish_status", publishStatus(required)),
		field("deprecated", schema.Def{"type": "boolean", "required": true}),
		field("application_registration_enabled", schema.Def{"type": "boolean", "required": true}),
		field("auto_approve_registration", schema.Def{"type": "boolean", "required": true}),
		field("auth_strategies", array(schema.Def{"type": "record", "fields": []any{
			field("id", schema.Def{"type": "string", "required": true, "uuid": true}),
			field("name", schema.Def{"type": "string", "required": true}),
		}})),
	)
	return platformDef("api_product_versions", append(productVersionFields(),
		field("portals", array(schema.Def{"type": "record", "fields": portal})),
	)...)
}

// normalizeProductVersion takes the old name of a control plane for the new
// one.
func normalizeProductVersion(doc map[string]any) {
	service, ok := doc["gateway_service"].(map[string]any)
	if !ok || service["control_plane_id"] != nil {
		return
	}
	if id, old := service["runtime_group_id"]; old {
		service = maps.Clone(service)
		delete(service, "runtime_group_id")
		service["control_plane_id"] = id
		doc["gateway_service"] = service
	}
}

func specification() schema.Def {
	return platformDef("api_product_specifications",
		field("api_product_version", foreign("api_product_versions", required)),
		field("name", characters(1, 255, required, schema.Def{"match_any": schema.Def{
			"patterns": words(`^.+%.yaml$`, `^.+%.yml$`, `^.+%.json$`),
			"err":      "must end with .yaml, .yml or .json",
		}})),
		field("content", characters(1, 0, required)),
	)
}

// serviceLink says that a product version is implemented by a service.
func serviceLink() schema.Def {
	return entityDef("service_links", []any{
		field("id", typedef("uuid")),
		field("service", foreign("services", required)),
	})
}
