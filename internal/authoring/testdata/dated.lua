local old = { --! error the schema has the form from before Kong 1.0 | write { name = "my-plugin", fields = { { consumer = typedefs.no_consumer } --! error name: field required for entity check | needs name and fields
  no_consumer = true, --! error no_consumer: unknown field | { consumer = typedefs.no_consumer }
  fields = { --! error fields: expected an array | the plugin's own fields go into config
    endpoint = { type = "url", required = true },
  },
  self_check = function(schema, config, dao, updating) return true end, --! error self_check: unknown field | custom_entity_check
}
return old
