-- expect: bound
while true do end
return { name = "x", fields = {} }
