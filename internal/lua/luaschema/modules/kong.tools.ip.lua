-- The gateway's helpers for hosts and addresses.
local typedefs = require "kong.db.schema.typedefs"
local host = (...).host -- reads a host: its kind, itself and its port, or nil and what is wrong

local ip, ip_or_cidr, cidr_v4 = typedefs.ip.custom_validator, typedefs.ip_or_cidr.custom_validator, typedefs.cidr_v4.custom_validator

local tools = {}

local function good(check, v) return type(v) == "string" and v ~= "" and check(v) and true or false end

function tools.is_valid_ip(v) return good(ip, v) end
function tools.is_valid_ipv4(v) return good(ip, v) and not v:find(":", 1, true) end
function tools.is_valid_ipv6(v) return good(ip, v) and v:find(":", 1, true) ~= nil end
function tools.is_valid_ip_or_cidr(v) return good(ip_or_cidr, v) end
function tools.is_valid_cidr(v) return good(ip_or_cidr, v) and v:find("/", 1, true) ~= nil end
function tools.is_valid_cidr_v4(v) return good(cidr_v4, v) and v:find("/", 1, true) ~= nil end
function tools.is_valid_ip_or_cidr_v4(v) return good(cidr_v4, v) end

function tools.hostname_type(name)
  local bare, colons = tostring(name):gsub(":", "")
  if colons > 1 then
    return "ipv6"
  elseif bare:find("^[%d%.]+$") then
    return "ipv4"
  end
  return "name"
end

local function normalized(kind, text)
  local found, name, port = host(text)
  if not found then
    return nil, name
  elseif found ~= kind then
    return nil, "invalid " .. (kind == "name" and "hostname" or kind .. " address") .. ": " .. text
  end
  return name, port
end

function tools.normalize_ipv4(text) return normalized("ipv4", text) end
function tools.normalize_ipv6(text) return normalized("ipv6", text) end
function tools.check_hostname(text) return normalized("name", text) end

function tools.normalize_ip(text)
  local kind, name, port = host(text)
  if not kind then
    return nil, name
  end
  return { type = kind, host = name, port = port }
end

function tools.format_host(a, b)
  local kind, name, port
  if type(a) == "table" then
    kind, name, port = a.type, a.host, a.port
  else
    local found, why = tools.normalize_ip(a)
    if not found then
      return nil, why
    end
    kind, name, port = found.type, found.host, found.port
  end
  port = b or port
  if kind == "ipv6" and not name:find("^%[") then
    name = "[" .. name .. "]"
  end
  return port and name .. ":" .. port or name
end

return tools
