-- expect: bound
repeat local x = 1 until false
