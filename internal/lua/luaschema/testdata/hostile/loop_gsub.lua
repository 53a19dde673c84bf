-- expect: bound
while true do ("x"):rep(10000):gsub("x", function() end) end
