-- expect: bound
while true do pcall(string.match, ("a"):rep(200), ("a*"):rep(30) .. "b") end
