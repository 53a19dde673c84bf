-- expect: memory
local t, x = {} t[60000000], x = 1, 2 return { name = "x", fields = {} }
