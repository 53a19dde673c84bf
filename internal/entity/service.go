package entity

import (
	"context"
	"regexp"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

func service() schema.Def {
	timeout := func() schema.Def {
		return schema.Def{"type": "integer", "default": number(60000), "between": between(1, 2147483646)}
	}
	return entityDef("services", []any{
		field("id", typedef("uuid")),
		field("created_at", typedef("auto_timestamp_s")),
		field("updated_at", typedef("auto_timestamp_s")),
		field("name", typedef("utf8_name")),
		field("retries", schema.Def{"type": "integer", "default": number(5), "between": between(0, 32767)}),
		field("protocol", schema.Def{"type": "string", "required": true, "default": "http", "one_of": konnectProtocols}),
		field("host", typedef("host", schema.Def{"required": true})),
		field("port", typedef("port", schema.Def{"required": true, "default": number(80)})),
		field("path", typedef("path")),
		field("connect_timeout", timeout()),
		field("write_timeout", timeout()),
		field("read_timeout", timeout()),
		field("tags", typedef("tags")),
		field("client_certificate", foreign("certificates")),
		field("tls_verify", schema.Def{"type": "boolean"}),
		field("tls_verify_depth", schema.Def{"type": "integer", "default": nil, "between": between(0, 64)}),
		field("tls_sans", schema.Def{"type": "record", "required": false, "fields": []any{
			field("dnsnames", array(schema.Def{"type": "string"})),
			field("uris", array(schema.Def{"type": "string"})),
		}}),
		field("ca_certificates", array(schema.Def{"type": "string", "uuid": true})),
		field("enabled", schema.Def{"type": "boolean", "required": true, "default": true}),
	}, schema.Def{
		"endpoint_key": "name",
		"entity_checks": []any{
			needsOtherProtocol("path", schema.Def{"one_of": words("tcp", "tls", "udp", "grpc", "grpcs")}),
			needsTLS("client_certificate"),
			needsTLS("tls_verify"),
			needsTLS("tls_verify_depth"),
			needsTLS("ca_certificates"),
		},
		"shorthand_fields": []any{
			field("url", schema.Def{"type": "string", "func": &schema.Function{Name: "services:url.func", Call: serviceURL}}),
		},
	})
}

// needsOtherProtocol refuses a field for these protocols.
func needsOtherProtocol(name string, protocol schema.Def) schema.Def {
	return schema.Def{"conditional": schema.Def{
		"if_field": "protocol", "if_match": protocol,
		"then_field": name, "then_match": schema.Def{"eq": nil},
	}}
}

func needsTLS(name string) schema.Def {
	return needsOtherProtocol(name, schema.Def{"not_one_of": words("https", "tls", "wss")})
}

// serviceURL is the shorthand url: protocol, host, port and path in one text.
// It wins over the fields themselves.
func serviceURL(_ context.Context, args ...any) ([]any, error) {
	text, ok := first(args).(string)
	if !ok {
		return nil, nil
	}
	u := splitURL(text)
	protocol := u.scheme
	if protocol == "" {
		protocol = "http"
		if u.port == "443" {
			protocol = "https"
		}
	}
	port := u.port
	if port == "" {
		port = "80"
		if protocol == "https" {
			port = "443"
		}
	}
	return []any{map[string]any{
		"protocol": protocol,
		"host":     orNil(u.host),
		"port":     port,
		"path":     orNil(u.path),
	}}, nil
}

func first(args []any) any {
	if len(args) == 0 {
		return nil
	}
	return args[0]
}

func orNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// splitted is a URL in parts; a missing part is empty.
type splitted struct {
	scheme, host, path string
	port               schema.Number
}

var scheme = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9+.-]*:`)

// splitURL splits a URL as Kong does, without judging it: the rest becomes the
// path, and the rules of the fields report what is wrong with it.
func splitURL(text string) splitted {
	var u splitted
	text, _, _ = strings.Cut(text, "#")
	if s := scheme.FindString(text); s != "" {
		u.scheme, text = s[:len(s)-1], text[len(s):]
	}
	authority := ""
	if rest, ok := strings.CutPrefix(text, "//"); ok {
		authority, text = rest, ""
		if slash := strings.IndexByte(rest, '/'); slash >= 0 {
			authority, text = rest[:slash], rest[slash:]
		}
	}
	text, _, _ = strings.Cut(text, "?")
	u.path, _, _ = strings.Cut(text, ";")
	u.host, u.port = splitAuthority(authority)
	return u
}

// splitAuthority takes any number after the colon as the port, whatever its
// size.
func splitAuthority(authority string) (host string, port schema.Number) {
	if _, rest, ok := strings.Cut(authority, "@"); ok {
		authority = rest
	}
	if colon := strings.LastIndexByte(authority, ':'); colon >= 0 && !strings.ContainsRune(authority[colon:], ']') {
		port = decimal(authority[colon+1:])
		authority = authority[:colon]
	}
	if inner, ok := strings.CutPrefix(authority, "["); ok && strings.HasSuffix(inner, "]") {
		authority = strings.TrimSuffix(inner, "]")
	}
	return authority, port
}

// decimal is a number in its shortest form, or "" for anything else.
func decimal(text string) schema.Number {
	if text == "" || strings.Trim(text, "0123456789") != "" {
		return ""
	}
	if text = strings.TrimLeft(text, "0"); text == "" {
		text = "0"
	}
	return schema.Number(text)
}
