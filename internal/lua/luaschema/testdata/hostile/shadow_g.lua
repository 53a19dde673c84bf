-- expect: ok
local g = _G for k in pairs(g) do g[k] = nil end
return { name = "x", fields = {} }
