-- expect: type contains itself
local t = { name = "x", fields = {} } t.fields[1] = t return t
