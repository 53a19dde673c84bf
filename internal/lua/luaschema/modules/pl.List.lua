-- Penlight's List: a table with positions and Python's methods.
local List = { _name = "List" }
List.__index = List

local function new(t)
  local list = {}
  if type(t) == "table" then
    for i = 1, #t do
      list[i] = t[i]
    end
  elseif type(t) == "function" then
    for v in t do
      list[#list + 1] = v
    end
  end
  return setmetatable(list, List)
end

function List.new(t) return new(t) end

function List:clone() return new(self) end

function List:append(v)
  self[#self + 1] = v
  return self
end
List.push = List.append

function List:extend(other)
  for i = 1, #other do
    self[#self + 1] = other[i]
  end
  return self
end

function List:insert(at, v)
  table.insert(self, at, v)
  return self
end

function List:put(v) return self:insert(1, v) end

function List:remove(at)
  table.remove(self, at)
  return self
end

function List:remove_value(v)
  for i = 1, #self do
    if self[i] == v then
      table.remove(self, i)
      break
    end
  end
  return self
end

function List:pop(at) return table.remove(self, at or #self) end

function List:get() return self[1] end

function List:index(v, from)
  for i = from or 1, #self do
    if self[i] == v then
      return i
    end
  end
end

function List:contains(v) return self:index(v) ~= nil end

function List:count(v)
  local n = 0
  for i = 1, #self do
    if self[i] == v then
      n = n + 1
    end
  end
  return n
end

function List:len() return #self end

local function comparison(less)
  if less == "<" then
    return function(a, b) return a < b end
  elseif less == ">" then
    return function(a, b) return a > b end
  end
  return less
end

function List:sort(less)
  table.sort(self, comparison(less))
  return self
end

function List:sorted(less) return new(self):sort(less) end

function List:reverse()
  local last = #self
  for i = 1, math.floor(last / 2) do
    self[i], self[last - i + 1] = self[last - i + 1], self[i]
  end
  return self
end

function List:minmax()
  local low, high
  for i = 1, #self do
    local v = self[i]
    if not low or v < low then
      low = v
    end
    if not high or v > high then
      high = v
    end
  end
  return low, high
end

function List:slice(from, to)
  local part, length = {}, #self
  from, to = from or 1, to or length
  if from < 0 then
    from = length + from + 1
  end
  if to < 0 then
    to = length + to + 1
  end
  for i = math.max(from, 1), math.min(to, length) do
    part[#part + 1] = self[i]
  end
  return new(part)
end

function List:clear()
  for i = #self, 1, -1 do
    self[i] = nil
  end
  return self
end

function List:concat(separator)
  local texts = {}
  for i = 1, #self do
    texts[i] = tostring(self[i])
  end
  return table.concat(texts, separator)
end

function List:join(separator) return self:concat(separator or "") end

function List:foreach(f, ...)
  for i = 1, #self do
    f(self[i], ...)
  end
end

function List:map(f, ...)
  local out = {}
  for i = 1, #self do
    out[i] = f(self[i], ...)
  end
  return new(out)
end

function List:filter(f, ...)
  local out = {}
  for i = 1, #self do
    if f(self[i], ...) then
      out[#out + 1] = self[i]
    end
  end
  return new(out)
end

function List:reduce(f, start)
  local value, first = start, 1
  if value == nil then
    value, first = self[1], 2
  end
  for i = first, #self do
    value = f(value, self[i])
  end
  return value
end

function List:iter()
  local i = 0
  return function()
    i = i + 1
    return self[i]
  end
end

function List.range(from, to, step)
  if to == nil then
    from, to = 1, from
  end
  local list = {}
  for i = from, to, step or 1 do
    list[#list + 1] = i
  end
  return new(list)
end

function List.iterate(t) return new(t):iter() end

function List.split(s, pattern)
  return new(require("pl.utils").split(s, pattern))
end

List.__concat = function(a, b) return new(a):extend(b) end

List.__eq = function(a, b)
  if #a ~= #b then
    return false
  end
  for i = 1, #a do
    if a[i] ~= b[i] then
      return false
    end
  end
  return true
end

List.__tostring = function(list) return "{" .. list:concat(",") .. "}" end

return setmetatable(List, { __call = function(_, t) return new(t) end })
