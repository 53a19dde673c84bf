-- expect: type holds more than 100000 values
local t = {} for i = 1, 400 do local u = {} for j = 1, 300 do u[j] = true end t[i] = u end return { name = "x", fields = t }
