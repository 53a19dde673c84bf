-- expect: bound
local m, err = ngx.re.match(("a"):rep(60000) .. "b", "^(a+)+$") error(err)
