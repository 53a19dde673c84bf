-- expect: bound
local function f(x) return 1 + f(x + 1) end while true do pcall(f, 1) end
