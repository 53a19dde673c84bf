package provider_test

import (
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

const (
	streamed       = "konnect_gateway_custom_plugin_streaming"
	greetingSchema = `return { name = "greeting", fields = { { config = { type = "record", fields = { { text = { type = "string" } } } } } } }`
	greetingCode   = `return { PRIORITY = 5, VERSION = "1" }`
)

func TestStreamedPlugin_validate(t *testing.T) {
	t.Parallel()
	p := acctest.Offline(t)
	for name, c := range map[string]struct {
		name, schema, handler any
		want                  []string
	}{
		"fine":              {"greeting", greetingSchema, greetingCode, nil},
		"unknown":           {acctest.Unknown, acctest.Unknown, acctest.Unknown, nil},
		"unknown name":      {acctest.Unknown, greetingSchema, greetingCode, nil},
		"long":              {"greeting", greetingSchema + "\n-- " + strings.Repeat("x", 20<<10), greetingCode, nil},
		"another name":      {"greet", greetingSchema, greetingCode, []string{`ERROR [name] Invalid streamed custom plugin: name: is "greet", but the schema says "greeting".`}},
		"a bundled plugin":  {"acl", strings.Replace(greetingSchema, "greeting", "acl", 1), greetingCode, []string{"ERROR [schema] Invalid custom plugin schema: schema.lua:1: name: "}},
		"no schema":         {"greeting", "return 5", greetingCode, []string{"ERROR [schema]"}},
		"no Lua":            {"greeting", "name: greeting", greetingCode, []string{"ERROR [schema]"}},
		"an empty handler":  {"greeting", greetingSchema, "return {", []string{"ERROR [handler] Invalid custom plugin handler: handler.lua:1"}},
		"a rule of its own": {"greeting", strings.Replace(greetingSchema, `type = "string"`, `type = "string", custom_validator = function() return true end`, 1), greetingCode, []string{"ERROR [schema]"}},
		"init_worker":       {"greeting", greetingSchema, "local p = {}\nfunction p:init_worker() end\nreturn p", []string{"ERROR [handler] Invalid custom plugin handler: handler.lua:2: "}},
		"a timer":           {"greeting", greetingSchema, "ngx.timer.at(0, print)\nreturn {}", []string{"ERROR [handler] Invalid custom plugin handler: handler.lua:1: "}},
		"a module":          {"greeting", greetingSchema, `require("kong.plugins.greeting.more") return {}`, []string{"ERROR [handler] Invalid custom plugin handler: handler.lua:1: "}},
		"too much":          {"greeting", greetingSchema, greetingCode + "\n-- " + strings.Repeat("x", 100<<10), []string{"ERROR [schema] Invalid streamed custom plugin: schema and handler together have"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			says(t, p.Validate(t, streamed, in(object{"name": c.name, "schema": c.schema, "handler": c.handler})), c.want...)
		})
	}
}

// An instance is judged by the schema that the control plane streams.
func TestStreamedPlugin_instance(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Make(t, entity.CustomPlugin, w.Scope(), object{"name": "greeting", "schema": greetingSchema, "handler": greetingCode})
	says(t, w.p.Validate(t, plugin, w.in(object{"name": "greeting", "config": object{"text": "a"}, "service": object{"id": acctest.Unknown}})))
	says(t, w.p.Validate(t, plugin, w.in(object{"name": "greeting", "config": object{"test": "a"}})), "ERROR [config.test] Invalid gateway plugin: config.test: unknown field")
}

func TestRealmKey_validate(t *testing.T) {
	t.Parallel()
	p := acctest.Offline(t)
	for name, c := range map[string]struct {
		config object
		want   []string
	}{
		"made":         {object{}, nil},
		"new":          {object{"type": "new"}, nil},
		"legacy":       {object{"type": "legacy", "secret": "s"}, nil},
		"unknown":      {object{"type": acctest.Unknown, "secret": acctest.Unknown}, nil},
		"unknown type": {object{"type": acctest.Unknown, "secret": "s"}, nil},
		"no secret":    {object{"type": "legacy"}, []string{"ERROR [secret] Invalid realm key: secret: required field missing"}},
		"a secret":     {object{"secret": "s"}, []string{"ERROR [secret] Invalid realm key: secret: is made by the server unless type is legacy"}},
		"new secret":   {object{"type": "new", "secret": "s"}, []string{"ERROR [secret]"}},
		"another type": {object{"type": "old"}, []string{"ERROR [type]"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.config["realm_id"], c.config["consumer_id"] = acctest.SomeID, acctest.SomeID
			says(t, p.Validate(t, "konnect_centralized_consumer_key", c.config), c.want...)
		})
	}
}
