-- expect: error stack overflow
local function f(x) return 1 + f(x + 1) end return f(1)
