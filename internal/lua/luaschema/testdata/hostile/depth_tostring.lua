-- expect: error stack overflow
local t t = setmetatable({}, { __tostring = function() return tostring(t) .. "x" end }) return tostring(t)
