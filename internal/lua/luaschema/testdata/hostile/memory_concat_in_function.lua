-- expect: memory
local function f(s) return f(s .. s) end f("xxxxxxxx")
