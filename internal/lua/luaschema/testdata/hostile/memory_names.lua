-- expect: bound
local t = {} while true do t[1] = tostring({}) end
