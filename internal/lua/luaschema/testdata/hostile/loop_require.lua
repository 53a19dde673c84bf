-- expect: bound
while true do pcall(require, "x") end
