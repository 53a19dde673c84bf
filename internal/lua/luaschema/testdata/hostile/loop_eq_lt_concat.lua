-- expect: bound
local m = { __lt = function() while true do end end } local a, b = setmetatable({}, m), setmetatable({}, m) return a < b
