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
        },
    } },
  },
}
