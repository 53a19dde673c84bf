-- Penlight's pretty, which turns tables into texts. Texts are not run.
local pretty = {}

local keywords = {}
for word in ("and break do else elseif end false for function goto if in local nil not or repeat return then true until while"):gmatch("%a+") do
  keywords[word] = true
end

local function quoted(s) return (("%q"):format(s):gsub("\\\n", "\\n")) end

local function key_text(key, clever)
  if type(key) == "string" and clever and key:find("^[%a_][%w_]*$") and not keywords[key] then
    return key
  end
  return "[" .. (type(key) == "string" and quoted(key) or tostring(key)) .. "]"
end

local function write(v, indent, space, clever, open)
  if type(v) == "string" then
    return quoted(v)
  elseif type(v) ~= "table" then
    return tostring(v)
  elseif open[v] then
    return "<cycle>"
  end
  open[v] = true
  local inner = indent .. space
  local items, length = {}, #v
  for i = 1, length do
    items[i] = write(v[i], inner, space, clever, open)
  end
  local keys = {}
  for key in pairs(v) do
    if not (type(key) == "number" and key >= 1 and key <= length and key == math.floor(key)) then
      keys[#keys + 1] = key
    end
  end
  table.sort(keys, function(a, b) return type(a) .. tostring(a) < type(b) .. tostring(b) end)
  for _, key in ipairs(keys) do
    items[#items + 1] = key_text(key, clever) .. " = " .. write(v[key], inner, space, clever, open)
  end
  open[v] = nil
  if #items == 0 then
    return "{}"
  elseif space == "" then
    return "{" .. table.concat(items, ",") .. "}"
  end
  return "{\n" .. inner .. table.concat(items, ",\n" .. inner) .. "\n" .. indent .. "}"
end

function pretty.write(v, space, not_clever)
  if type(v) ~= "table" then
    local text = tostring(v)
    return type(v) == "string" and quoted(v) or text, "not a table"
  end
  return write(v, "", space or "  ", not not_clever, {})
end

function pretty.dump() end

function pretty.debug() end

function pretty.read() return nil, "an uploaded schema cannot run texts" end

function pretty.load() return nil, "an uploaded schema cannot run texts" end

local units = {
  M = { "KiB", "MiB", "GiB", by = 1024, none = "B" },
  N = { "K", "M", "B", by = 1000, none = "" },
  T = { "K", "M", "B", by = 1000, none = "" },
}

function pretty.number(n, kind, digits)
  local unit = units[kind or "N"] or units.N
  local size, name = n, unit.none
  for _, next_name in ipairs(unit) do
    if size < unit.by then
      break
    end
    size, name = size / unit.by, next_name
  end
  if name == unit.none then
    return n .. name
  end
  return ("%." .. (digits or 1) .. "f"):format(size) .. name
end

return setmetatable(pretty, { __call = function(_, ...) return pretty.dump(...) end })
