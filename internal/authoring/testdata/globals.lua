local typedefs = require "kong.db.schema.typedefs"
local ngx = require "ngx" --! error module 'ngx' not found | ngx is a global, not a module: leave the require out
local kong = require "kong" --! warning the schema requires 'kong', which fails | kong is a global, not a module
return { name = "mine", fields = { { config = { type = "record", fields = {} } } } }
