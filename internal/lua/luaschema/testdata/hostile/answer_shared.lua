-- expect: answer
local text, list = ("x"):rep(60000), {} for i = 1, 20 do list[i] = text end
return { name = "x", fields = { { config = { type = "record", fields = { { v = { type = "string", one_of = list } } } } } } }
