-- expect: memory
local s = ("x"):rep(100) return s:gsub(".", function() return ("y"):rep(1000000) end)
