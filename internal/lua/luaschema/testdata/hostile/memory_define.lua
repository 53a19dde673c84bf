-- expect: bound
local define, t = require("kong.db.schema").define, {} while true do t[#t + 1] = define({ a = 1 }) end
