-- expect: bound
local s = "xxxxxxxxxxxxxxxx" while true do s = s:gsub("x", "xx") end
