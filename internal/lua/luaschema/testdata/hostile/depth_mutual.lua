-- expect: error stack overflow
local f, g function f(x) return (g(x)) end function g(x) return (f(x)) end return f(1)
