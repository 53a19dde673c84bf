local utils = require "kong.tools.utils"
local Errors = require "kong.dao.errors" --! error module 'kong.dao.errors' not found: | return nil, "..."
local function check(v) return utils.is_valid_uuid(v) end
return { --! error the schema has the form from before Kong 1.0
  no_consumer = true,
  fields = { anonymous = { type = "string", func = check } },
}
