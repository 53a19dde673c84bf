-- Penlight's types.
local types = {}

local function meta(v, name)
  local m = getmetatable(v)
  return type(m) == "table" and m[name]
end

function types.is_callable(v) return type(v) == "function" or meta(v, "__call") ~= nil and meta(v, "__call") ~= false end

function types.is_type(v, what)
  if type(what) == "string" then
    return type(v) == what
  end
  return getmetatable(v) == what
end

function types.type(v)
  local kind = type(v)
  return meta(v, "_name") or kind
end

function types.is_integer(v) return type(v) == "number" and v == math.floor(v) and math.abs(v) < math.huge end

function types.is_empty(v, ignore_spaces)
  if v == nil then
    return true
  elseif type(v) == "table" then
    return next(v) == nil
  elseif type(v) == "string" then
    return v == "" or ignore_spaces == true and v:find("^%s+$") ~= nil
  end
  return true
end

function types.is_indexable(v)
  return type(v) == "table" or (meta(v, "__len") and meta(v, "__index")) and true or false
end

function types.is_iterable(v) return type(v) == "table" or meta(v, "__pairs") and true or false end

function types.is_writeable(v) return type(v) == "table" or meta(v, "__newindex") and true or false end

local yes = { yes = true, y = true, ["true"] = true, t = true, ["1"] = true }

function types.to_bool(v, true_strs, check_objs)
  if type(v) == "boolean" then
    return v
  elseif type(v) == "string" then
    v = v:lower()
    if yes[v] then
      return true
    end
    for _, word in ipairs(true_strs or {}) do
      if v == word:lower() then
        return true
      end
    end
    return false
  elseif type(v) == "number" then
    return v ~= 0
  elseif type(v) == "table" and check_objs then
    return next(v) ~= nil
  end
  return v ~= nil and check_objs == true
end

return types
