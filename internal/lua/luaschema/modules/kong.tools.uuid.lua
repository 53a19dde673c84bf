-- The gateway's helpers for UUIDs.
local is_uuid = require("kong.db.schema").validators.uuid

local tools = {}

function tools.is_valid_uuid(v) return type(v) == "string" and is_uuid(v) end

function tools.uuid()
  return (("xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx"):gsub("x", function() return ("%x"):format(math.random(0, 15)) end))
end

return tools
