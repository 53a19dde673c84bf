return {
  name = "my-plugin",
  fields = {
    { consumer = {
        type = "foreign", reference = "consumers", eq = ngx.null } },
    { config = {
        type = "record",
        fields = {
          { mode = { type = "string", one_of = { "a", "b" } } },
          { mode = { type = "string" } }, --! warning mode: the field 'mode' is defined twice
          { code = { type = "string", match = "^(a|b)$" } }, --! warning code.match: "^(a|b)$" looks like a regular expression
        },
        entity_checks = {
          { at_least_one_of = {
              "config.mode", --! warning at_least_one_of[1]: no field is called 'config.mode' here | relative to it: mode
              "code" } },
        },
    } },
  },
  entity_checks = {
    { conditional = {
        if_field = "config.mode",
        if_match = { eq = "a" },
        then_field = "cod", --! warning conditional.then_field: no field is called 'cod' here
        then_match = { required = true },
    } },
  },
}
