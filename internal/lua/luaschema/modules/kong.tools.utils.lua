-- What the gateway's tools were before each got a module of its own.
local utils = {}

for _, name in ipairs { "string", "ip", "uuid", "table", "http" } do
  for key, f in pairs(require("kong.tools." .. name)) do
    utils[key] = f
  end
end

utils.pack = table.pack

function utils.unpack(t, from, to) return unpack(t, from or 1, to or t.n or #t) end

function utils.toboolean(v) return require("pl.types").to_bool(v) end

function utils.random_string() return (utils.uuid():gsub("-", "")) end

function utils.get_hostname() return "localhost" end

function utils.urlencode(s) return ngx.escape_uri(s) end

function utils.load_module_if_exists(name)
  local ok, module = pcall(require, name)
  if ok then
    return true, module
  end
  return false, module
end

return utils
