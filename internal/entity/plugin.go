package entity

import (
	"strings"
	"sync"

	"github.com/openkonnect/terraform-provider-konnect/internal/condition"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// plugin is the plugins entity of Konnect, without any plugin; a plugin set
// binds it.
func plugin() schema.Def {
	frame := pluginFrame("service", "route", "consumer", "consumer_group")
	return pluginDef(append(frame,
		field("config", pluginConfig()),
		field("protocols", typedef("protocols", schema.Def{"elements": konnectProtocol()})),
		field("enabled", pluginEnabled()),
		field("tags", typedef("tags")),
		field("ordering", schema.Def{"type": "record", "required": false, "fields": []any{
			field("before", orderingPhases()),
			field("after", orderingPhases()),
		}}),
		field("condition", schema.Def{"type": "string", "custom_validator": conditionOfPlugin}),
		field("partials", array(schema.Def{"type": "record", "fields": []any{
			field("id", schema.Def{"type": "string", "required": true}),
			field("name", schema.Def{"type": "string"}),
			field("path", schema.Def{"type": "string"}),
		}})),
	), schema.Def{
		"entity_checks": []any{schema.Def{"mutually_exclusive": words("consumer", "consumer_group")}},
	})
}

// conditionOfPlugin judges the expression that a request must meet.
var conditionOfPlugin = &schema.Function{
	Name: "plugins.condition.custom_validator",
	Check: func(value any) any {
		text, _ := value.(string)
		var wrong []string
		for _, p := range condition.Check(text) {
			if !p.Warning {
				wrong = append(wrong, p.String())
			}
		}
		if wrong == nil {
			return nil
		}
		return strings.Join(wrong, "; ")
	},
}

// OpenSourcePlugin returns the plugins entity of the open-source gateway, for
// comparing with recorded answers of its engine.
func OpenSourcePlugin() *schema.Schema { return openSourcePlugin() }

var openSourcePlugin = sync.OnceValue(func() *schema.Schema {
	frame := pluginFrame("route", "service", "consumer")
	return schema.MustCompile(pluginDef(append(frame,
		field("config", pluginConfig()),
		field("protocols", typedef("protocols")),
		field("enabled", pluginEnabled()),
		field("tags", typedef("tags")),
	)), Schemas)
})

// pluginFrame are the fields before config; scopes are the entities that an
// instance may be tied to.
func pluginFrame(scopes ...string) []any {
	fields := []any{
		field("id", typedef("uuid")),
		field("name", schema.Def{"type": "string", "required": true}),
		field("instance_name", typedef("utf8_name")),
		field("created_at", typedef("auto_timestamp_s")),
		field("updated_at", typedef("auto_timestamp_s")),
	}
	for _, s := range scopes {
		fields = append(fields, field(s, foreign(s+"s", schema.Def{"default": nil, "on_delete": "cascade"})))
	}
	return fields
}

func pluginDef(fields []any, more ...schema.Def) schema.Def {
	more = append(more, schema.Def{
		"endpoint_key":    "instance_name",
		"cache_key":       words("name", "route", "service", "consumer"),
		"subschema_key":   "name",
		"subschema_error": "plugin '%s' not enabled; add it to the 'plugins' configuration property",
	})
	return entityDef("plugins", fields, more...)
}

// pluginConfig is defined by the plugin's own schema. It is not required, since
// some plugins have no config.
func pluginConfig() schema.Def {
	return schema.Def{"type": "record", "abstract": true, "required": false}
}

func pluginEnabled() schema.Def {
	return schema.Def{"type": "boolean", "required": true, "default": true}
}

func orderingPhases() schema.Def {
	return schema.Def{"type": "record", "required": false, "fields": []any{
		field("access", array(schema.Def{"type": "string"})),
	}}
}

// pluginSchema is the upload of a custom plugin's schema.lua. The Lua text is
// judged elsewhere, by running it; here are only the fields around it.
func pluginSchema() schema.Def {
	return schema.Def{"name": "plugin_schemas", "primary_key": []any{"name"}, "fields": []any{
		field("name", schema.Def{
			"type": "string", "match": "^[%w%-]+$", "len_max": number(128),
			"err": "must be at most 128 letters, digits and '-'",
		}),
		field("lua_schema", schema.Def{"type": "string", "required": true}),
		field("created_at", typedef("auto_timestamp_s")),
		field("updated_at", typedef("auto_timestamp_s")),
	}}
}
