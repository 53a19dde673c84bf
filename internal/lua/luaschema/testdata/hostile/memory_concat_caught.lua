-- expect: memory
local s = "xxxxxxxxxxxxxxxx" while true do pcall(function() s = s .. s end) end
