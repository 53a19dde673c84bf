-- expect: memory
local t = setmetatable({}, { __concat = function(a, b) return ("x"):rep(1000000) end }) local k = {} while true do k[#k + 1] = t .. "x" .. t end
