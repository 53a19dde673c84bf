local typedefs = require "kong.db.schema.typedefs"

return {
  name = "my-plugin",
  fields = {
    { protocols = typedefs.protocols_http },
    { config = {
        type = "record",
        fields = {
          { host = typedefs.host { required = true } },
          { port = typedefs.port { default = 80 } },
          { ratio = { type = "number", default = 0.1, between = { 0, 1 } } },
        },
    } },
  },
}
