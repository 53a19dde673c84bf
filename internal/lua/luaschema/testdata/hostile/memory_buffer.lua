-- expect: bound
local b = require("string.buffer").new() while true do b:put("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx") end
