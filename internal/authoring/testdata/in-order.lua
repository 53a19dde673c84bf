local typedefs = require "kong.db.schema.typedefs"
return {
  name = "mine",
  fields = {
    { config = {
        type = "record",
        fields = {
          { zeta = {
              type = "string",
              len_mn = 5, --! error zeta.len_mn: unknown field | did you mean 'len_min'?
            } },
          { alpha = {
              type = "strin", --! error alpha.type: expected one of
            } },
          { beta = { --! error beta: missing type declaration --! error beta.type: required field missing
              required = true,
            } },
          { list = { --! error list: field of type 'array' must declare 'elements'
              type = "array",
              default = { "x" }, --! error list.default: error in schema prevents
            } },
          { eq = {
              type = "string", eq = {},
              default = "x", --! error eq.default: value must be table
            } },
          { says = {
              type = "string", custom_validator = function(v) return nil, "bad " .. tostring({}) end,
              default = "x", --! error says.default: bad table
            } },
        },
        entity_checks = {
          { at_least_one_of = { "zeta", 5 } }, --! error at_least_one_of[2]: expected a string
        },
      },
    },
  },
}
