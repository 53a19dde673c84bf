-- expect: bound
local t while true do t = { a = t, b = 1 } end
