-- The gateway's helpers for texts.
local stringx = require "pl.stringx"

local tools = {}

function tools.strip(s)
  if s == nil then
    return ""
  end
  return stringx.strip(tostring(s))
end

function tools.split(s, separator) return stringx.split(s, separator == "" and nil or separator) end

function tools.isplitn(s, separator, most)
  local list, i = stringx.split(s, separator, most and most - 1), 0
  return function()
    i = i + 1
    return list[i]
  end
end

function tools.splitn(s, separator, most)
  local list = stringx.split(s, separator, most and most - 1)
  return list, #list
end

function tools.replace_dashes(s) return (s:gsub("-", "_")) end
function tools.replace_dashes_lower(s) return (s:gsub("-", "_"):lower()) end

function tools.bytes_to_str(bytes, unit, scale)
  if unit == nil or unit == "" or unit:lower() == "b" then
    return math.floor(bytes)
  end
  local size = ({ k = 1024, m = 1024 ^ 2, g = 1024 ^ 3 })[unit:lower()]
  if not size then
    error("invalid unit '" .. tostring(unit) .. "' (expected 'k/K', 'm/M', or 'g/G')", 2)
  end
  return ("%." .. (scale or 2) .. "f %siB"):format(bytes / size, unit:upper())
end

function tools.validate_utf8(s)
  local _, fault = require("kong.db.schema.typedefs").utf8_name.custom_validator(tostring(s))
  local at = fault and fault:match("^invalid utf%-8 character sequence detected at position (%d+)")
  if at then
    return false, tonumber(at)
  end
  return true
end

return tools
