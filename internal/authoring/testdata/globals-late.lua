return { name = "mine", fields = { { config = { type = "record", fields = {
  { a = { type = "string", custom_validator = function(v)
      local ngx = require("ngx") --! warning requires 'ngx', which fails | ngx is a global, not a module
      local kong = require "kong" --! warning requires 'kong', which fails | kong is a global, not a module
      return true
    end } },
} } } } }
