-- expect: memory
local typedefs, t = require "kong.db.schema.typedefs", {} while true do t[#t + 1] = typedefs.queue() end
