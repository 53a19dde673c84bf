package entity

import (
	"unicode/utf8"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// clusterTypes are the kinds of control planes.
var clusterTypes = words(
	"CLUSTER_TYPE_CONTROL_PLANE",
	"CLUSTER_TYPE_K8S_INGRESS_CONTROLLER",
	"CLUSTER_TYPE_CONTROL_PLANE_GROUP",
	"CLUSTER_TYPE_SERVERLESS",
	"CLUSTER_TYPE_KAFKA_NATIVE_EVENT_PROXY",
	"CLUSTER_TYPE_SERVERLESS_V1",
)

// controlPlane defines create requests. Its fields have the order of answers,
// so that both read alike.
func controlPlane() schema.Def {
	fields := []any{
		field("id", typedef("uuid")),
		field("name", schema.Def{"type": "string", "required": true, "len_min": number(2), "custom_validator": atMost("256", 256)}),
		field("description", schema.Def{"type": "string", "default": "", "len_min": number(0), "custom_validator": atMost("2048", 2048)}),
		field("labels", labels()),
	}
	return entityDef("control_planes", append(fields, controlPlaneSettings()...))
}

// controlPlaneSettings are top-level in requests and below config in answers.
func controlPlaneSettings() []any {
	return []any{
		field("cluster_type", schema.Def{"type": "string", "one_of": clusterTypes, "default": "CLUSTER_TYPE_CONTROL_PLANE", "immutable": true}),
		field("auth_type", schema.Def{"type": "string", "one_of": words("pinned_client_certs", "pki_client_certs"), "default": "pinned_client_certs"}),
		field("cloud_gateway", schema.Def{"type": "boolean", "default": false, "immutable": true}),
		field("proxy_urls", schema.Def{
			"type": "set", "default": []any{}, "len_max": number(5),
			"elements": schema.Def{"type": "record", "fields": []any{
				field("host", schema.Def{"type": "string", "required": true, "len_max": number(120)}),
				field("port", schema.Def{"type": "integer", "required": true, "gt": number(0)}),
				field("protocol", schema.Def{"type": "string", "required": true, "len_max": number(32)}),
			}},
		}),
	}
}

func controlPlaneReply() schema.Def {
	endpoints := []any{
		field("control_plane_endpoint", schema.Def{"type": "string"}),
		field("telemetry_endpoint", schema.Def{"type": "string"}),
	}
	return entityDef("control_planes", []any{
		field("id", typedef("uuid")),
		field("name", schema.Def{"type": "string", "required": true}),
		field("description", schema.Def{"type": "string", "required": true, "len_min": number(0)}),
		field("labels", labels()),
		field("config", schema.Def{"type": "record", "required": true, "fields": append(endpoints, controlPlaneSettings()...)}),
		field("created_at", schema.Def{"type": "string"}),
		field("updated_at", schema.Def{"type": "string"}),
	})
}

// labels are Konnect's: at most 50, keys and values as in Kubernetes, and no
// key that begins like one of Konnect's own.
func labels() schema.Def {
	key := label()
	key["match_none"] = []any{schema.Def{
		"pattern": "^_",
		"err":     "must not begin with kong, konnect, mesh, kic, kuma, insomnia or _",
	}}
	for _, prefix := range []string{"kong", "konnect", "mesh", "kic", "kuma", "insomnia"} {
		key["match_none"] = append(key["match_none"].([]any), schema.Def{
			"pattern": "^" + prefix,
			"err":     "must not begin with kong, konnect, mesh, kic, kuma, insomnia or _",
		})
	}
	return schema.Def{"type": "map", "default": schema.Def{}, "len_max": number(50), "keys": key, "values": label()}
}

func label() schema.Def {
	const err = "must begin and end with a letter or digit, with letters, digits, '.', '_' and '-' between"
	return schema.Def{
		"type":    "string",
		"len_max": number(63),
		"match_all": []any{
			schema.Def{"pattern": "^%w", "err": err},
			schema.Def{"pattern": "^[%w%.%-_]+$", "err": err},
			schema.Def{"pattern": "%w$", "err": err},
		},
	}
}

// atMost limits a string in characters, as JSON Schema does, where len_max
// counts bytes.
func atMost(text string, limit int) *schema.Function {
	message := "length must be at most " + text
	return &schema.Function{
		Name: "characters.at_most." + text,
		Check: func(value any) any {
			if s, ok := value.(string); ok && utf8.RuneCountInString(s) > limit {
				return message
			}
			return nil
		},
	}
}
