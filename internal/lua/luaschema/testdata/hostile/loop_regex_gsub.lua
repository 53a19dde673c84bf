-- expect: bound
while true do ngx.re.gsub(("a"):rep(40) .. "c", "(a|aa)+[bd]", "x") end
