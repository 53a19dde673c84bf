package main

import (
	"reflect"
	"slices"
)

// sameModels are places of the record that describes a language model; the
// recorded schemas know it from one of them.
var sameModels = map[string]string{
	"ai-llm-as-judge":         "config.llm",
	"ai-proxy":                "config",
	"ai-proxy-advanced":       "config.targets.elements",
	"ai-request-transformer":  "config.llm",
	"ai-response-transformer": "config.llm",
}

// onGatewaysOnly are rules that a control plane cannot judge.
var onGatewaysOnly = []string{"proxy-cache:custom_entity_check(config)", "prometheus:config.custom_validator"}

// restore carries over what the recorded schemas know of the same fields:
// custom validators, messages, code of entity checks.
func restore(plugin string, doc table, known map[string]table) {
	if recorded, ok := known[plugin]; ok {
		restoreDefinition(doc, recorded)
	}
	at, ok := sameModels[plugin]
	if !ok || known[plugin] != nil {
		return
	}
	var model table
	walk(known["ai-request-transformer"], "", func(def table, path string) {
		if path == "config.llm" {
			model = def
		}
	})
	walk(doc, "", func(def table, path string) {
		if path == at {
			restoreDefinition(def, model)
		}
	})
}

func restoreDefinition(def, recorded table) {
	if def["type"] == recorded["type"] {
		restoreRules(def, recorded)
	}
	for _, key := range []string{"elements", "keys", "values"} {
		nested, ok := def[key].(table)
		other, known := recorded[key].(table)
		if ok && known {
			restoreDefinition(nested, other)
		}
	}
	fields := fieldsOf(recorded)
	list, _ := def["fields"].([]any)
	for _, item := range list {
		name, field, _ := entry(item)
		if other, ok := fields[name]; ok {
			restoreDefinition(field, other)
		}
	}
	checks, _ := def["entity_checks"].([]any)
	others, _ := recorded["entity_checks"].([]any)
	for _, c := range checks {
		restoreCheck(c.(table), others)
	}
}

func fieldsOf(def table) map[string]table {
	fields := make(map[string]table)
	list, _ := def["fields"].([]any)
	for _, item := range list {
		name, field, _ := entry(item)
		fields[name] = field
	}
	return fields
}

func restoreRules(def, recorded table) {
	if fn, ok := recorded["custom_validator"].(table); ok {
		if name, _ := fn["function"].(string); !slices.Contains(onGatewaysOnly, name) {
			def["custom_validator"] = fn
		}
	}
	if message, ok := recorded["err"]; ok {
		def["err"] = message
	}
	for _, key := range []string{"match_none", "match_all"} {
		list, _ := recorded[key].([]any)
		messages := make(map[string]string)
		for _, item := range list {
			rule := item.(table)
			pattern, _ := rule["pattern"].(string)
			if message, ok := rule["err"].(string); ok {
				messages[pattern] = message
			}
		}
		setMessages(def[key], messages)
	}
}

// restoreCheck fills in the messages of a check that is otherwise the same.
func restoreCheck(check table, recorded []any) {
	for _, item := range recorded {
		other := item.(table)
		for kind, v := range other {
			args, ok := v.(table)
			own, same := check[kind].(table)
			if ok && same && reflect.DeepEqual(without(own, messageKeys...), without(args, messageKeys...)) {
				for _, key := range messageKeys {
					if message, ok := args[key]; ok {
						own[key] = message
					}
				}
			}
		}
	}
}

var messageKeys = []string{"then_err", "else_then_err"}
