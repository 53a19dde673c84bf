-- Penlight's stringx, the parts that look at texts or take them apart.
local stringx = {}

local function text(s, n)
  if type(s) ~= "string" then
    error("argument " .. (n or 1) .. " expected a 'string' got a '" .. type(s) .. "'", 3)
  end
  return s
end

function stringx.isalpha(s) return text(s):find("^%a+$") == 1 end
function stringx.isdigit(s) return text(s):find("^%d+$") == 1 end
function stringx.isalnum(s) return text(s):find("^%w+$") == 1 end
function stringx.isspace(s) return text(s):find("^%s+$") == 1 end
function stringx.islower(s) return text(s):find("^[%l%s]+$") == 1 end
function stringx.isupper(s) return text(s):find("^[%u%s]+$") == 1 end

local function any(s, affixes, test)
  if type(affixes) ~= "table" then
    affixes = { text(affixes, 2) }
  end
  for _, affix in ipairs(affixes) do
    if test(s, affix) then
      return true
    end
  end
  return false
end

function stringx.startswith(s, prefix)
  return any(text(s), prefix, function(s, p) return s:sub(1, #p) == p end)
end

function stringx.endswith(s, suffix)
  return any(text(s), suffix, function(s, p) return #p == 0 or (#s >= #p and s:sub(-#p) == p) end)
end

function stringx.join(s, list) return table.concat(list, text(s)) end

function stringx.splitlines(s, keep)
  local lines = {}
  for line, ending in text(s):gmatch("([^\r\n]*)(\r?\n?)") do
    if line ~= "" or ending ~= "" then
      lines[#lines + 1] = keep and line .. ending or line
    end
  end
  return lines
end

function stringx.split(s, sep, most)
  text(s)
  local parts = {}
  if sep == nil or sep == "" then
    s = s:gsub("^%s+", "")
    while s ~= "" do
      local from, to = s:find("%s+")
      if not from or (most and #parts >= most) then
        parts[#parts + 1] = s
        break
      end
      parts[#parts + 1] = s:sub(1, from - 1)
      s = s:sub(to + 1)
    end
    return parts
  end
  local at = 1
  while true do
    local from, to = s:find(sep, at, true)
    if not from or (most and #parts >= most) then
      parts[#parts + 1] = s:sub(at)
      return parts
    end
    parts[#parts + 1] = s:sub(at, from - 1)
    at = to + 1
  end
end

function stringx.splitv(s, sep) return unpack(stringx.split(s, sep)) end

function stringx.lines(s)
  local list, i = stringx.splitlines(s), 0
  return function()
    i = i + 1
    return list[i]
  end
end

local function trimmed(s, left, right, chars)
  local set = "%s"
  if chars then
    set = chars:gsub("[%]%%%-%^]", "%%%0")
  end
  if left then
    s = s:gsub("^[" .. set .. "]+", "")
  end
  if right then
    local last = #s
    while last > 0 and s:find("^[" .. set .. "]", last) do
      last = last - 1
    end
    s = s:sub(1, last)
  end
  return s
end

function stringx.strip(s, chars) return trimmed(text(s), true, true, chars) end
function stringx.lstrip(s, chars) return trimmed(text(s), true, false, chars) end
function stringx.rstrip(s, chars) return trimmed(text(s), false, true, chars) end

function stringx.lfind(s, sub, first, last)
  local at, to = text(s):find(text(sub, 2), first, true)
  if at and (not last or to <= last) then
    return at
  end
end

function stringx.rfind(s, sub, first, last)
  text(s)
  local found
  local at, to = s:find(text(sub, 2), first or 1, true)
  while at and (not last or to <= last) do
    found = at
    at, to = s:find(sub, at + 1, true)
  end
  return found
end

function stringx.count(s, sub, overlapping)
  text(s)
  local n, at = 0, 1
  while #sub > 0 do
    local from, to = s:find(sub, at, true)
    if not from then
      break
    end
    n = n + 1
    at = overlapping and from + 1 or to + 1
  end
  return n
end

function stringx.replace(s, old, new, most)
  text(s)
  local parts = stringx.split(s, old, most)
  return table.concat(parts, text(new, 3))
end

local function cut(s, from, to)
  if from then
    return s:sub(1, from - 1), s:sub(from, to), s:sub(to + 1)
  end
end

function stringx.partition(s, sep)
  local before, found, after = cut(s, text(s):find(text(sep, 2), 1, true))
  if before then
    return before, found, after
  end
  return s, "", ""
end

function stringx.rpartition(s, sep)
  local from = stringx.rfind(s, sep)
  local before, found, after = cut(s, from, from and from + #sep - 1)
  if before then
    return before, found, after
  end
  return "", "", s
end

function stringx.at(s, i) return text(s):sub(i, i) end

local function fill(s, width, char, left, right)
  local room = width - #s
  if room <= 0 then
    return s
  end
  char = char or " "
  if left and right then
    local before = math.floor(room / 2)
    return char:rep(before) .. s .. char:rep(room - before)
  end
  return left and char:rep(room) .. s or s .. char:rep(room)
end

function stringx.ljust(s, width, char) return fill(text(s), width, char, false, true) end
function stringx.rjust(s, width, char) return fill(text(s), width, char, true, false) end
function stringx.center(s, width, char) return fill(text(s), width, char, true, true) end

function stringx.title(s)
  return (text(s):gsub("(%S)(%S*)", function(first, rest) return first:upper() .. rest:lower() end))
end

function stringx.shorten(s, width, tail)
  if #text(s) <= width then
    return s
  end
  if width < 3 then
    return ("..."):sub(1, width)
  end
  return tail and "..." .. s:sub(#s - width + 4) or s:sub(1, width - 3) .. "..."
end

return stringx
