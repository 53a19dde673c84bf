-- expect: error stack overflow
local function f(x) return f(x + 1) end return f(1)
