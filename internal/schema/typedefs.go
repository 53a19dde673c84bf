package schema

import (
	"sort"
	"strconv"
	"sync"
)

// A typedef is a field definition with a name, which schemas use as
// typedefs.host or typedefs.port { default = 80 }. The table below has all of
// them but lua_code: the package that has a Lua compiler defines that one.

// Typedef returns a fresh copy of the definition with that name.
func Typedef(name string) (Def, bool) {
	define, ok := typedefs[name]
	if !ok {
		return nil, false
	}
	return define(), true
}

// TypedefNames returns the names of all typedefs, sorted.
func TypedefNames() []string {
	names := make([]string, 0, len(typedefs))
	for name := range typedefs {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// FunctionNamed returns the function of a typedef by its place, such as
// "typedefs.host.custom_validator" or
// "typedefs.sources.elements.fields.1.ip.custom_validator", or nil. Definitions
// in JSON name their functions like this.
func FunctionNamed(name string) *Function { return typedefFunctions()[name] }

// typedefFunctions are all functions of all typedefs by all their names.
var typedefFunctions = sync.OnceValue(func() map[string]*Function {
	functions := map[string]*Function{}
	for name, define := range typedefs {
		collectFunctions("typedefs."+name, define(), functions)
	}
	return functions
})

func collectFunctions(path string, v any, into map[string]*Function) {
	switch v := v.(type) {
	case *Function:
		into[path] = v
	case map[string]any:
		for k, e := range v {
			collectFunctions(path+"."+k, e, into)
		}
	case []any:
		for i, e := range v {
			collectFunctions(path+"."+strconv.Itoa(i+1), e, into)
		}
	}
}

var typedefs = map[string]func() Def{
	"auto_timestamp_ms":       autoTimestampMilliseconds,
	"auto_timestamp_s":        autoTimestampSeconds,
	"capability":              capabilityDef,
	"certificate":             certificateDef,
	"cidr":                    cidrDef,
	"cidr_v4":                 cidrDef,
	"cookie_name":             cookieNameDef,
	"destinations":            destinationsDef,
	"header_name":             headerNameDef,
	"headers":                 headersDef,
	"host":                    hostDef,
	"host_with_optional_port": hostWithOptionalPortDef,
	"hosts":                   hostsDef,
	"http_method":             httpMethodDef,
	"ip":                      ipDef,
	"ip_or_cidr":              ipOrCIDRDef,
	"jwk":                     jwkDef,
	"key":                     keyDef,
	"methods":                 methodsDef,
	"name":                    nameDef,
	"no_consumer":             noConsumerDef,
	"no_destinations":         none(destinationsDef),
	"no_headers":              none(headersDef),
	"no_hosts":                none(hostsDef),
	"no_methods":              none(methodsDef),
	"no_paths":                none(routerPathsDef),
	"no_route":                noRouteDef,
	"no_service":              noServiceDef,
	"no_sources":              none(sourcesDef),
	"path":                    pathDef,
	"pem":                     pemDef,
	"port":                    portDef,
	"propagation":             propagationDef,
	"protocol":                protocolDef,
	"protocols":               protocolsDef,
	"protocols_http":          protocolsHTTPDef,
	"queue":                   queueDef,
	"redis_host":              hostDef,
	"redis_server_name":       sniDef,
	"router_path":             routerPathDef,
	"router_paths":            routerPathsDef,
	"semantic_version":        semanticVersionDef,
	"sni":                     sniDef,
	"sources":                 sourcesDef,
	"tag":                     tagDef,
	"tags":                    tagsDef,
	"timeout":                 timeoutDef,
	"ttl":                     ttlDef,
	"url":                     urlDef,
	"utf8_name":               utf8NameDef,
	"uuid":                    uuidDef,
	"wildcard_host":           wildcardHostDef,
}

// none is a typedef that accepts nothing but null.
func none(define func() Def) func() Def {
	return func() Def { return with(define(), Def{"eq": nil}) }
}

// with adds attributes to a definition.
func with(def, attributes Def) Def {
	for k, v := range attributes {
		def[k] = v
	}
	return def
}

// fieldList is the list form of fields: one-entry maps in order.
func fieldList(fields ...Def) []any {
	list := make([]any, len(fields))
	for i, f := range fields {
		list[i] = f
	}
	return list
}

// texts is a list of strings as a value.
func texts(list ...string) []any {
	values := make([]any, len(list))
	for i, s := range list {
		values[i] = s
	}
	return values
}

// bounds is the argument of between.
func bounds(low, high Number) []any { return []any{low, high} }

// textFunction makes a custom validator of a check of a text. The check returns
// what is wrong, or "". The engine has checked the type.
func textFunction(name string, check func(text string) string) *Function {
	return &Function{Name: name, Check: func(value any) any {
		text, ok := value.(string)
		if !ok {
			return "expected a string"
		}
		if message := check(text); message != "" {
			return message
		}
		return nil
	}}
}
