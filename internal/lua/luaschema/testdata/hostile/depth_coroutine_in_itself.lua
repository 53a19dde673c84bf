-- expect: error cannot resume non-suspended coroutine
local co co = coroutine.wrap(function() return co() end) return co()
