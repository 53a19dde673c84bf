-- expect: memory
local t = {} t[60000000] = nil return { name = "x", fields = {} }
