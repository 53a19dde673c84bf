local utils = require "kong.tools.utils" --! error module 'kong.tools.utils' not found: | uuid = true
local Errors = require "kong.dao.errors" --! warning the schema requires 'kong.dao.errors', which fails | return nil, "..."
local function check(v) return utils.is_valid_uuid(v) end
return { --! error the schema has the form from before Kong 1.0
  no_consumer = true,
  fields = { anonymous = { type = "string", func = check } },
}
