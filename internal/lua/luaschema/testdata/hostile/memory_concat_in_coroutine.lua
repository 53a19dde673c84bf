-- expect: memory
local co = coroutine.wrap(function() local s = "xxxxxxxx" while true do s = s .. s coroutine.yield() end end) while true do co() end
