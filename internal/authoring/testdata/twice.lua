return {
  name = "mine",
  fields = {
    { config = { type = "record", fields = {
        { a = { type = "string" } },
        { b = { type = "string", default = "x",
            default = "y" } }, --! warning 'default' stands twice in one table
        { c = { type = "string", match = "x" } },
    } } },
  },
  entity_checks = {
    { conditional = {
        if_field = "config.a", if_match = { eq = "x" },
        then_field = "config.b", then_match = { required = true },
        then_field = "config.c", --! warning 'then_field' stands twice
    } },
    { conditional = {
        if_field = "config.a",
        if_match = { eq = nil }, --! warning conditional.if_match: this holds when 'config.a' is not set, too | eq = ngx.null
        then_field = "config.b", then_match = { required = true },
    } },
  },
}
