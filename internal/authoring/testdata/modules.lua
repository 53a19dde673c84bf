local typedefs = require "kong.db.schema.typedefs"
local utils = require "kong.tools.utils" --! warning the schema requires 'kong.tools.utils' | Konnect's documentation allows a schema no require
local stringx = require "pl.stringx" --! warning the schema requires 'pl.stringx' | Konnect's documentation allows a schema no require
local List = require "pl.List" --! warning the schema requires 'pl.List'
return { name = "mine", fields = { { config = { type = "record", fields = {
  { id = { type = "string", custom_validator = function(v) return utils.is_valid_uuid(v), "no UUID" end } },
  { name = { type = "string", default = stringx.strip(" a ") } },
  { list = { type = "array", elements = { type = "string" }, default = List { "x" } } },
} } } } }
