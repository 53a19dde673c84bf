-- expect: error stack overflow
local t t = setmetatable({}, { __concat = function(a, b) return (t .. b) .. "x" end }) return t .. "x"
