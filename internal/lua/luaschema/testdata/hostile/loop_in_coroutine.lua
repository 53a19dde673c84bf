-- expect: bound
coroutine.resume(coroutine.create(function() while true do end end)) while true do end
