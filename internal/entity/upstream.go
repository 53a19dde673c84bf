package entity

import "github.com/openkonnect/terraform-provider-konnect/internal/schema"

func upstream() schema.Def {
	hashing := func() schema.Def {
		return schema.Def{
			"type": "string", "default": "none",
			"one_of": words("none", "consumer", "ip", "header", "cookie", "path", "query_arg", "uri_capture"),
		}
	}
	text := func() schema.Def { return schema.Def{"type": "string"} }
	return entityDef("upstreams", []any{
		field("id", typedef("uuid")),
		field("created_at", typedef("auto_timestamp_s")),
		field("updated_at", typedef("auto_timestamp_s")),
		field("name", schema.Def{"type": "string", "required": true, "unique": true, "custom_validator": upstreamName}),
		field("algorithm", schema.Def{
			"type": "string", "default": "round-robin",
			"one_of": words("consistent-hashing", "least-connections", "round-robin", "latency", "sticky-sessions"),
		}),
		field("hash_on", hashing()),
		field("hash_fallback", hashing()),
		field("hash_on_header", typedef("header_name")),
		field("hash_fallback_header", typedef("header_name")),
		field("hash_on_cookie", typedef("cookie_name")),
		field("hash_on_cookie_path", typedef("path", schema.Def{"default": "/"})),
		field("hash_on_query_arg", text()),
		field("hash_fallback_query_arg", text()),
		field("hash_on_uri_capture", text()),
		field("hash_fallback_uri_capture", text()),
		field("sticky_sessions_cookie", typedef("cookie_name")),
		field("sticky_sessions_cookie_path", typedef("path", schema.Def{"default": "/"})),
		field("slots", schema.Def{"type": "integer", "default": number(10000), "between": between(10, 65536)}),
		field("healthchecks", healthchecks()),
		field("tags", typedef("tags")),
		field("host_header", typedef("host_with_optional_port")),
		field("client_certificate", foreign("certificates")),
		field("use_srv_name", schema.Def{"type": "boolean", "default": false}),
	}, schema.Def{"endpoint_key": "name", "entity_checks": upstreamChecks()})
}

// upstreamChecks are the fields that each way of hashing needs.
func upstreamChecks() []any {
	when := func(name string, value any, then string, match schema.Def) schema.Def {
		return schema.Def{"conditional": schema.Def{
			"if_field": name, "if_match": schema.Def{"eq": value}, "then_field": then, "then_match": match,
		}}
	}
	set := func() schema.Def { return schema.Def{"required": true} }
	anyBut := func(method string) schema.Def {
		others := words("none")
		for _, m := range []string{"consumer", "ip", "header", "cookie", "path", "query_arg", "uri_capture"} {
			if m != method {
				others = append(others, m)
			}
		}
		return schema.Def{"one_of": others}
	}
	return []any{
		when("hash_on", "header", "hash_on_header", set()),
		when("hash_fallback", "header", "hash_fallback_header", set()),
		when("hash_on", "cookie", "hash_on_cookie", set()),
		when("hash_fallback", "cookie", "hash_on_cookie", set()),
		when("hash_on", "none", "hash_fallback", schema.Def{"one_of": words("none")}),
		when("hash_on", "cookie", "hash_fallback", schema.Def{"one_of": words("none")}),
		when("hash_on", "consumer", "hash_fallback", anyBut("consumer")),
		when("hash_on", "ip", "hash_fallback", anyBut("ip")),
		when("hash_on", "path", "hash_fallback", anyBut("path")),
		schema.Def{"distinct": words("hash_on_header", "hash_fallback_header")},
		when("hash_on", "query_arg", "hash_on_query_arg", set()),
		when("hash_fallback", "query_arg", "hash_fallback_query_arg", set()),
		schema.Def{"distinct": words("hash_on_query_arg", "hash_fallback_query_arg")},
		when("hash_on", "uri_capture", "hash_on_uri_capture", set()),
		when("hash_fallback", "uri_capture", "hash_fallback_uri_capture", set()),
		schema.Def{"distinct": words("hash_on_uri_capture", "hash_fallback_uri_capture")},
		when("algorithm", "sticky-sessions", "sticky_sessions_cookie", set()),
	}
}

func healthchecks() schema.Def {
	record := func(fields ...any) schema.Def { return schema.Def{"type": "record", "fields": fields} }
	probe := func() schema.Def {
		return schema.Def{"type": "string", "default": "http", "one_of": words("tcp", "http", "https", "grpc", "grpcs")}
	}
	seconds := func(standard int) schema.Def {
		return schema.Def{"type": "number", "default": number(standard), "between": between(0, 65535)}
	}
	count := func() schema.Def {
		return schema.Def{"type": "integer", "default": number(0), "between": between(0, 255)}
	}
	statuses := func(codes ...int) schema.Def {
		standard := make([]any, len(codes))
		for i, c := range codes {
			standard[i] = number(c)
		}
		def := array(schema.Def{"type": "integer", "between": between(100, 999)})
		def["default"] = standard
		return def
	}
	headers := schema.Def{"type": "map", "keys": typedef("header_name"), "values": array(schema.Def{"type": "string"})}
	active := record(
		field("type", probe()),
		field("timeout", seconds(1)),
		field("concurrency", schema.Def{"type": "integer", "default": number(10), "between": between(1, 2147483648)}),
		field("http_path", typedef("path", schema.Def{"default": "/"})),
		field("https_sni", typedef("sni")),
		field("https_verify_certificate", schema.Def{"type": "boolean", "default": true, "required": true}),
		field("headers", headers),
		field("healthy", record(
			field("interval", seconds(0)),
			field("http_statuses", statuses(200, 302)),
			field("successes", count()),
		)),
		field("unhealthy", record(
			field("interval", seconds(0)),
			field("http_statuses", statuses(429, 404, 500, 501, 502, 503, 504, 505)),
			field("tcp_failures", count()),
			field("timeouts", count()),
			field("http_failures", count()),
		)),
	)
	passive := record(
		field("type", probe()),
		field("healthy", record(
			field("http_statuses", statuses(200, 201, 202, 203, 204, 205, 206, 207, 208, 226, 300, 301, 302, 303, 304, 305, 306, 307, 308)),
			field("successes", count()),
		)),
		field("unhealthy", record(
			field("http_statuses", statuses(429, 500, 503)),
			field("tcp_failures", count()),
			field("timeouts", count()),
			field("http_failures", count()),
		)),
	)
	return record(
		field("active", active),
		field("passive", passive),
		field("threshold", schema.Def{"type": "number", "default": number(0), "between": between(0, 100)}),
	)
}

// normalizeUpstream derives the algorithm from the way of hashing. In Kong
// hash_on wins over a stated algorithm, even if it only repeats its default;
// here the stated algorithm stays.
func normalizeUpstream(doc map[string]any) {
	if doc["algorithm"] == nil && doc["hash_on"] != nil && doc["hash_on"] != "none" {
		doc["algorithm"] = "consistent-hashing"
	}
}

var upstreamName = &schema.Function{
	Name: "upstreams.name.custom_validator",
	Check: func(value any) any {
		name, ok := value.(string)
		if !ok {
			return nil
		}
		a, valid := splitAddress(name)
		switch {
		case !valid:
			return "Invalid name ('" + name + "'); must be a valid hostname"
		case a.kind != hostName:
			return "Invalid name ('" + name + "'); no ip addresses allowed"
		case a.port != "":
			return "Invalid name ('" + name + "'); no port allowed"
		}
		return nil
	},
}

func target() schema.Def {
	return entityDef("targets", []any{
		field("id", typedef("uuid")),
		field("created_at", typedef("auto_timestamp_ms")),
		field("updated_at", typedef("auto_timestamp_ms")),
		field("upstream", foreign("upstreams", schema.Def{"required": true, "on_delete": "cascade"})),
		field("target", schema.Def{"type": "string", "required": true, "custom_validator": targetAddress}),
		field("weight", schema.Def{"type": "integer", "default": number(100), "between": between(0, 65535)}),
		field("failover", schema.Def{"type": "boolean", "default": false}),
		field("tags", typedef("tags")),
	}, schema.Def{"endpoint_key": "target"})
}

var targetAddress = &schema.Function{
	Name: "targets.target.custom_validator",
	Check: func(value any) any {
		if address, ok := value.(string); ok {
			if _, valid := splitAddress(address); !valid {
				return "Invalid target ('" + address + "'); not a valid hostname or ip address"
			}
		}
		return nil
	},
}

// normalizeTarget writes addresses in one form, so that equal ones are equal
// texts.
func normalizeTarget(doc map[string]any) {
	if text, ok := doc["target"].(string); ok {
		doc["target"] = NormalizeTarget(text)
	}
}

// NormalizeTarget returns a target's address as it is stored: with a port, by
// default 8000, and IPv6 in full and in brackets. A text that is no address
// stays as it is.
func NormalizeTarget(text string) string {
	a, ok := splitAddress(text)
	if !ok {
		return text
	}
	host, port := a.host, decimal(a.port)
	if port == "" {
		port = "8000"
	}
	if a.kind == ipv6 {
		host = "[" + host + "]"
	}
	return host + ":" + port.String()
}
