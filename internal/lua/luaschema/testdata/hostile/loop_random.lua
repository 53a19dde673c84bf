-- expect: bound
while true do math.random() end
