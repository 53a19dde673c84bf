-- expect: memory
local u = {} local t = setmetatable({}, { __newindex = u }) t[60000000] = 1 return { name = "x", fields = {} }
