-- expect: type holds more than 100000 values
local t = { "x" } for i = 1, 40 do t = { t, t } end return { name = "x", fields = t }
