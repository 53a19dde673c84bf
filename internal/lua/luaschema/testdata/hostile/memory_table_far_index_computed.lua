-- expect: memory
local n = 60000000 local t = { [n] = 1 } return { name = "x", fields = {} }
