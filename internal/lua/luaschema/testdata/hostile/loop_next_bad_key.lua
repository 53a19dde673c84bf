-- expect: bound
local t = { a = 1, b = 2 } local k while true do k = next(t, "nothing") end
