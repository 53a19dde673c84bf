-- expect: bound
local m, err = ngx.re.match(("("):rep(100000), [[\((?R)?x]]) error(err)
