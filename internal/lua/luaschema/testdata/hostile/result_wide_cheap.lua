-- expect: bound
local t = {} for i = 1, 2e5 do t[i] = true end return { name = "x", fields = t }
