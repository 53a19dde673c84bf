-- expect: memory
local tablex = require "pl.tablex" local t = {} while true do t = { t, tablex.deepcopy(t) } end
