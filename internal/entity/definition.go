package entity

import (
	"strconv"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// field is one entry of a field list.
func field(name string, def schema.Def) schema.Def { return schema.Def{name: def} }

// typedef returns Kong's typedef of that name with attributes replaced, as
// typedefs.port { default = 80 } does in Lua. A name that does not exist is a
// mistake in this package's literals, so it panics like schema.MustCompile.
func typedef(name string, attributes ...schema.Def) schema.Def {
	def, ok := schema.Typedef(name)
	if !ok {
		panic("entity: no typedef " + name)
	}
	for _, more := range attributes {
		for k, v := range more {
			def[k] = v
		}
	}
	return def
}

// entityDef is the frame of an entity that has an ID.
func entityDef(name string, fields []any, more ...schema.Def) schema.Def {
	def := schema.Def{"name": name, "primary_key": []any{"id"}, "fields": fields}
	for _, m := range more {
		for k, v := range m {
			def[k] = v
		}
	}
	return def
}

// onlyID defines only the ID of an entity, for those that refer to it.
func onlyID(name string) func() schema.Def {
	return func() schema.Def { return entityDef(name, []any{field("id", typedef("uuid"))}) }
}

func foreign(entity string, attributes ...schema.Def) schema.Def {
	def := schema.Def{"type": "foreign", "reference": entity}
	for _, more := range attributes {
		for k, v := range more {
			def[k] = v
		}
	}
	return def
}

func array(elements schema.Def) schema.Def {
	return schema.Def{"type": "array", "elements": elements}
}

func number[N int | int64](n N) schema.Number { return schema.Number(strconv.FormatInt(int64(n), 10)) }

func between(low, high int64) []any { return []any{number(low), number(high)} }

func words(list ...string) []any {
	out := make([]any, len(list))
	for i, w := range list {
		out[i] = w
	}
	return out
}

// konnectProtocols are the protocols that Konnect knows, in the order in which
// messages list them: the open-source gateway's and the WebSocket ones.
var konnectProtocols = words("grpc", "grpcs", "http", "https", "tcp", "tls", "tls_passthrough", "udp", "ws", "wss")

func konnectProtocol() schema.Def { return schema.Def{"type": "string", "one_of": konnectProtocols} }
