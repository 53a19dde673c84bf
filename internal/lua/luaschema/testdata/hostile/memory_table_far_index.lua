-- expect: memory
local t = {} t[60000000] = 1 return { name = "x", fields = {} }
