-- expect: bound
local t = { a = 1 } for k in pairs(t) do t[k .. "a"] = 1 end while true do end
