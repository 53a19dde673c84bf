-- expect: error too many recursions
local t = {} setmetatable(t, { __newindex = t }) t.x = 1
