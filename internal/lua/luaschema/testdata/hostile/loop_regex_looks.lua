-- expect: bound
while true do ngx.re.find(("a"):rep(500000) .. "cb", "a++b") end
