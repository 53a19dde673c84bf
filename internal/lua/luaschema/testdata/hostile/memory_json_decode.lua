-- expect: memory
local cjson = require "cjson" local s = "[" .. ("[],"):rep(300000) .. "1]" return cjson.decode(s)
