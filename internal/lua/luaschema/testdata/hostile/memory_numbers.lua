-- expect: bound
local t, n = {}, 0.5 while true do for i = 1, 31 do n = n + 1.5 end t[#t + 1] = n end
