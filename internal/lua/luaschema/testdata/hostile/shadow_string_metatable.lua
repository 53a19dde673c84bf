-- expect: ok
getmetatable("").__index = function() error("never") end getmetatable("").__concat = function() return "evil" end local s = "a" .. "b"
return { name = s, fields = {} }
