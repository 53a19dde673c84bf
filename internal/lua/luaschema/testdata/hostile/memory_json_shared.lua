-- expect: bound
local t = { "x" } for i = 1, 40 do t = { t, t } end return require("cjson").encode(t)
