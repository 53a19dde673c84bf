-- expect: bound
local t = {} while true do table.insert(t, "x" .. #t) end
