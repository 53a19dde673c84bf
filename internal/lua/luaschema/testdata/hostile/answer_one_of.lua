-- expect: answer
local words = {} for i = 1, 1100 do words[i] = ("x"):rep(1000) .. i end
return { name = "x", fields = { { config = { type = "record", fields = { { v = { type = "string", one_of = words } } } } } } }
