-- expect: bound
while true do ngx.re.find("a", ("(a|b)"):rep(1000)) end
