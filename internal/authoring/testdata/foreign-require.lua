local typedefs = require "kong.db.schema.typedefs"
local own = require "kong.plugins.mine.rules" --! error module 'kong.plugins.mine.rules' not found
return { name = "mine", fields = { { config = own.config(typedefs) } } }
