-- expect: memory
local list, n = {}, 0.5 while true do n = n + 1.5 local x = n list[#list + 1] = function() return x end end
