-- expect: memory
local cjson = require "cjson" local s = ("\1"):rep(1000000) local t = {} for i = 1, 100 do t[i] = s end return cjson.encode(t)
