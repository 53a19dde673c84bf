(function() local co = coroutine.wrap(function(a) local b = coroutine.yield(a + 1) return b * 2 end) return co(1), co(10) end)() --> > 2 20
(function() local co = coroutine.create(function(...) coroutine.yield(...) error("x", 0) end) local r = { coroutine.resume(co, 1, 2) } local s = { coroutine.resume(co) } return #r, r[3], s[1], s[2], coroutine.status(co) end)() --> > 3 2 false x dead
(function() local co = coroutine.create(function() end) coroutine.resume(co) return coroutine.resume(co) end)() --> > false cannot resume dead coroutine
(function() local t = {} for v in coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end end) do t[#t + 1] = v end return table.concat(t, ",") end)() --> > 1,2,3
(function() local co co = coroutine.create(function() return coroutine.status(co), coroutine.running() == co end) return coroutine.resume(co) end)() --> > true running true
(function() local co = coroutine.wrap(function() error("inside", 0) end) co() end)() --! inside
(function() local n = 0 local co = coroutine.wrap(function() n = n + 1 coroutine.yield() n = n + 1 end) co() co() return n end)() --> > 2
(function() local outer = coroutine.wrap(function() local inner = coroutine.wrap(function() coroutine.yield("in") end) coroutine.yield(inner()) return "out" end) return outer(), outer() end)() --> > in out
coroutine.running(), coroutine.status(coroutine.create(print)) --> > nil suspended
coroutine.create(1) --! bad argument #1 to 'create' (function expected, got number)
coroutine.resume(1) --! bad argument #1 to 'resume' (coroutine expected, got number)
coroutine.status(1) --! coroutine expected
coroutine.yield() --! yield from outside
