-- Penlight's utils, without what reaches files and processes or compiles code.
local types = require "pl.types"

local utils = { _VERSION = "1.14.0", is_callable = types.is_callable, is_type = types.is_type, is_empty = types.is_empty, to_bool = types.to_bool }

utils.pack = table.pack

function utils.unpack(t, from, to) return unpack(t, from or 1, to or t.n or #t) end

function utils.npairs(t, from, to, step)
  step = step or 1
  local i, last = (from or 1) - step, to or t.n or #t
  return function()
    i = i + step
    if (step > 0 and i <= last) or (step < 0 and i >= last) then
      return i, t[i]
    end
  end
end

function utils.kpairs(t)
  return function(t, key)
    local value
    repeat
      key, value = next(t, key)
    until type(key) ~= "number"
    return key, value
  end, t
end

function utils.escape(s) return (s:gsub("[%-%.%+%[%]%(%)%$%^%%%?%*]", "%%%0")) end

function utils.split(s, pattern, plain, most)
  pattern = pattern or "%s+"
  if pattern == "" then
    return { s }
  end
  local parts, at = {}, 1
  while true do
    local from, to = s:find(pattern, at, plain)
    if not from or to < from then
      local last = s:sub(at)
      if last ~= "" then
        parts[#parts + 1] = last
      end
      return parts
    end
    parts[#parts + 1] = s:sub(at, from - 1)
    if most and #parts == most then
      parts[#parts] = s:sub(at)
      return parts
    end
    at = to + 1
  end
end

function utils.splitv(s, pattern, plain, most) return unpack(utils.split(s, pattern, plain, most)) end

function utils.choose(condition, yes, no)
  if condition then
    return yes
  end
  return no
end

function utils.array_tostring(t, into, tell)
  into = into or {}
  tell = tell or tostring
  for i = 1, #t do
    into[i] = tell(t[i], i)
  end
  return into
end

function utils.filter_map(f, list)
  local out = {}
  for _, v in ipairs(list) do
    local made = f(v)
    if made then
      out[#out + 1] = made
    end
  end
  return out
end

function utils.bind1(f, first)
  return function(...) return f(first, ...) end
end

function utils.bind2(f, second)
  return function(first, ...) return f(first, second, ...) end
end

function utils.memoize(f)
  local known = {}
  return function(key)
    local value = known[key]
    if value == nil then
      value = f(key)
      known[key] = value
    end
    return value
  end
end

function utils.function_arg(_, f, message)
  if types.is_callable(f) then
    return f
  end
  error(message or "must be callable", 3)
end

function utils.assert_arg(n, v, what, verify, message, level)
  if type(v) ~= what then
    error(("argument %d expected a '%s' got a '%s'"):format(n, what, type(v)), level or 2)
  end
  if verify and not verify(v) then
    error(("argument %d: '%s' %s"):format(n, tostring(v), message or "failed verification"), level or 2)
  end
  return v
end

function utils.assert_string(n, v) return utils.assert_arg(n, v, "string", nil, nil, 3) end

function utils.enum(...)
  local names = { ... }
  if type(names[1]) == "table" then
    names = names[1]
  end
  local set = {}
  for key, value in pairs(names) do
    if type(key) == "number" then
      set[value] = value
    else
      set[key] = value
    end
  end
  return setmetatable(set, {
    __index = function(_, key) error(("'%s' is not a valid value"):format(tostring(key)), 2) end,
    __call = function(_, key)
      local value = type(key) == "string" and rawget(set, key)
      if value then
        return value
      end
      return nil, ("'%s' is not a valid value"):format(tostring(key))
    end,
  })
end

function utils.raise(message) return nil, message end

return utils
