-- expect: bound
local t = {} for i = 1, 30000 do t[i] = i % 7 end for i = 1, 1e9 do table.sort(t, function(a, b) return true end) end
