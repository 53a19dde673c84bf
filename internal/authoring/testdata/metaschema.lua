local typedefs = require "kong.db.schema.typedefs"

local redis = {
  type = "record",
  fields = {
    { host = typedefs.host },
    { port = typedefs.port { default = "x" } }, --! error fields[2].config.fields[1].redis.fields[2].port.default: expected an integer
    { ttl = { type = "integer", len_max = 1.5 } }, --! error fields[2].config.fields[1].redis.fields[3].ttl.len_max: expected an integer
    { mode = { type = "string", enum = { "a" } } }, --! error mode.enum: unknown field | write one_of
    { size = { type = "string", len_mx = 5 } }, --! error size.len_mx: unknown field | did you mean 'len_max'?
  },
}

return {
  name = "my-plugin",
  fields = {
    { protocols = typedefs.protocols_http },
    { config = {
        type = "record",
        fields = {
          { redis = redis },
          { x = { type = "Object" } }, --! error x.type: expected one of | write record
          { l = { type = "array" } }, --! error l: field of type 'array' must declare 'elements' | say what the members are
          { between = { type = "string",
              between = { 1, 2 } } }, --! error between.between: field of type 'string' cannot have attribute 'between'
        },
    } },
  },
}
