-- expect: error too large
local from, to, err = ngx.re.find("x", ("(a{1,1000}"):rep(3) .. "){1,1000}){1,1000}){1,1000}") error(err)
