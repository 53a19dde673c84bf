-- Penlight's Set: a table whose keys are the members.
local Set = { _name = "Set" }
Set.__index = Set

local function new(t)
  local set = {}
  if getmetatable(t) == Set then
    for v in pairs(t) do
      set[v] = true
    end
  else
    for _, v in ipairs(t or {}) do
      set[v] = true
    end
  end
  return setmetatable(set, Set)
end

function Set.values(set)
  local list = {}
  for v in pairs(set) do
    list[#list + 1] = v
  end
  return require("pl.List")(list)
end

function Set.len(set)
  local n = 0
  for _ in pairs(set) do
    n = n + 1
  end
  return n
end

function Set.union(a, b)
  local set = new(a)
  for v in pairs(new(b)) do
    set[v] = true
  end
  return set
end

function Set.intersection(a, b)
  local set = new()
  for v in pairs(a) do
    if rawget(b, v) then
      set[v] = true
    end
  end
  return set
end

function Set.difference(a, b)
  local set = new()
  for v in pairs(a) do
    if not rawget(b, v) then
      set[v] = true
    end
  end
  return set
end

function Set.symmetric_difference(a, b) return Set.difference(a, b) + Set.difference(b, a) end

function Set.issubset(a, b)
  for v in pairs(a) do
    if not rawget(b, v) then
      return false
    end
  end
  return true
end

function Set.isempty(set) return next(set) == nil end

function Set.isdisjoint(a, b) return Set.isempty(Set.intersection(a, b)) end

Set.__add, Set.__mul, Set.__sub, Set.__pow = Set.union, Set.intersection, Set.difference, Set.symmetric_difference
Set.__len = Set.len
Set.__lt = function(a, b) return Set.issubset(a, b) and Set.len(a) < Set.len(b) end
Set.__le = Set.issubset
Set.__eq = function(a, b) return Set.issubset(a, b) and Set.issubset(b, a) end
Set.__tostring = function(set)
  local texts = {}
  for v in pairs(set) do
    texts[#texts + 1] = tostring(v)
  end
  return "[" .. table.concat(texts, ",") .. "]"
end

return setmetatable(Set, { __call = function(_, t) return new(t) end })
