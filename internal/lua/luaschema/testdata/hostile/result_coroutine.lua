-- expect: type holds a thread
return { name = "x", fields = { coroutine.create(function() end) } }
