-- expect: bound
local function f(x) return f(x + 1) end while true do pcall(f, 1) end
