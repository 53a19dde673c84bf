-- expect: error too many recursions
local t = {} setmetatable(t, { __index = t }) return t.x
