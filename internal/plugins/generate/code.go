package main

import (
	"fmt"
	"strings"
)

// validators are rules in code that no dump contains, by the place of the
// definition. Fields that have one among the recorded schemas need no entry.
var validators = map[string]string{
	"acme:config.storage_config.redis.extra_options.namespace": "",
	"aws-lambda:config.host":                                   "typedefs.host.custom_validator",
	"aws-lambda:config.proxy_url":                              "typedefs.url.custom_validator",
	"http-log:config":                                          "",
	"http-log:config.headers.keys":                             "typedefs.header_name.custom_validator",
	"http-log:config.http_endpoint":                            "typedefs.url.custom_validator",
	"opentelemetry:config.logs_endpoint":                       "typedefs.url.custom_validator",
	"opentelemetry:config.resource_attributes":                 "",
	"opentelemetry:config.traces_endpoint":                     "typedefs.url.custom_validator",
	"request-transformer:config.add.body.elements":             "",
	"request-transformer:config.add.headers.elements":          "",
	"request-transformer:config.add.querystring.elements":      "",
	"request-transformer:config.append.body.elements":          "",
	"request-transformer:config.append.headers.elements":       "",
	"request-transformer:config.append.querystring.elements":   "",
	"request-transformer:config.remove.headers.elements":       "",
	"request-transformer:config.rename.body.elements":          "",
	"request-transformer:config.rename.headers.elements":       "",
	"request-transformer:config.rename.querystring.elements":   "",
	"request-transformer:config.replace.body.elements":         "",
	"request-transformer:config.replace.headers.elements":      "",
	"request-transformer:config.replace.querystring.elements":  "",
	"response-transformer:config.add.headers.elements":         "",
	"response-transformer:config.append.headers.elements":      "",
	"response-transformer:config.remove.headers.elements":      "",
	"response-transformer:config.rename.headers.elements":      "",
	"response-transformer:config.replace.headers.elements":     "",
	"zipkin:config.http_endpoint":                              "typedefs.url.custom_validator",
	"zipkin:config.static_tags":                                "",
}

// attach adds the validators to a plugin's definition. One without a name has
// that of its place.
func attach(plugin string, doc table) {
	walk(doc, "", func(def table, path string) {
		place := plugin + ":" + path
		if name, ok := validators[place]; ok {
			if name == "" {
				name = place + ".custom_validator"
			}
			def["custom_validator"] = table{"function": name}
		}
		if isPhase(plugin, path) {
			def["custom_validator"] = table{"function": plugin + ":phase.custom_validator"}
		}
		attachTypedef(def, path)
	})
}

// isPhase reports whether the definition is that of a function's text.
func isPhase(plugin, path string) bool {
	return (plugin == "pre-function" || plugin == "post-function") && leaf(path) == "elements" && path != "protocols.elements"
}

// attachTypedef recognises typedefs by what a dump leaves of them.
func attachTypedef(def table, path string) {
	switch {
	case isPath(def):
		setValidator(def, "typedefs.path.custom_validator")
		setMessages(def["match_none"], map[string]string{"//": "must not have empty segments"})
	case isRedis(def):
		for _, item := range def["fields"].([]any) {
			switch name, field, _ := entry(item); name {
			case "host":
				setValidator(field, "typedefs.host.custom_validator")
			case "server_name":
				setValidator(field, "typedefs.redis_server_name.custom_validator")
			}
		}
	case strings.HasSuffix(path, "_by_lua"):
		values, _ := def["values"].(table)
		setValidator(values, "typedefs.lua_code.values.custom_validator")
	}
	setMessages(def["match_none"], map[string]string{
		"^[Hh][Oo][Ss][Tt]$": "cannot contain 'Host' header",
		"^[Cc][Oo][Nn][Tt][Ee][Nn][Tt]%-[Ll][Ee][nn][Gg][Tt][Hh]$": "cannot contain 'Content-Length' header",
		"^[Cc][Oo][Nn][Tt][Ee][Nn][Tt]%-[Tt][Yy][Pp][Ee]$":         "cannot contain 'Content-Type' header",
	})
}

func setValidator(def table, name string) {
	if def != nil && def["custom_validator"] == nil {
		def["custom_validator"] = table{"function": name}
	}
}

// setMessages fills in the messages of a list of patterns.
func setMessages(list any, messages map[string]string) {
	items, _ := list.([]any)
	for _, item := range items {
		rule, _ := item.(table)
		pattern, _ := rule["pattern"].(string)
		if message, ok := messages[pattern]; ok && rule["err"] == nil {
			rule["err"] = message
		}
	}
}

func isPath(def table) bool {
	list, _ := def["match_none"].([]any)
	if def["starts_with"] != "/" || len(list) != 1 {
		return false
	}
	rule, _ := list[0].(table)
	return rule["pattern"] == "//"
}

func isRedis(def table) bool {
	names := make(map[string]bool)
	list, _ := def["fields"].([]any)
	for _, item := range list {
		name, _, _ := entry(item)
		names[name] = true
	}
	return names["host"] && names["port"] && names["server_name"] && names["ssl_verify"] && names["database"]
}

// checkName names the function of a custom entity check by its place and the
// fields that it looks at.
func checkName(plugin, path string, custom table) string {
	list, _ := custom["field_sources"].([]any)
	sources := make([]string, len(list))
	for i, s := range list {
		sources[i], _ = s.(string)
	}
	return fmt.Sprintf("%s:%s(%s)", plugin, join(path, "custom_entity_check"), strings.Join(sources, ","))
}

// walk visits every definition, with its path.
func walk(def table, path string, visit func(def table, path string)) {
	visit(def, path)
	for _, key := range []string{"elements", "keys", "values"} {
		if nested, ok := def[key].(table); ok {
			walk(nested, join(path, key), visit)
		}
	}
	for _, key := range []string{"fields", "shorthand_fields"} {
		list, _ := def[key].([]any)
		for _, item := range list {
			name, nested, _ := entry(item)
			walk(nested, join(path, name), visit)
		}
	}
	subschemas, _ := def["subschemas"].(table)
	for _, v := range subschemas {
		walk(v.(table), path, visit)
	}
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func leaf(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }
