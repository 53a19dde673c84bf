local typedefs = require "kong.db.schema.typedefs"

return {
  name = "greeter",
  fields = {
    { protocols = typedefs.protocols_http },
    { config = {
        type = "record",
        fields = {
          { greeting = { type = "string", required = true, len_max = 40 } },
          { status = { type = "integer", default = 200, between = { 200, 299 } } },
          { headers = {
              type = "set",
              default = { "X-Hello" },
              elements = typedefs.header_name,
          } },
          { repeated = { type = "integer", default = 1, between = { 1, 10 } } },
        },
        entity_checks = {
          { at_least_one_of = { "greeting", "headers" } },
        },
    } },
  },
}
