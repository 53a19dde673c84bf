-- expect: ok
string, table, math, type, pairs, next, tostring, setmetatable, error, require, ngx = nil
return { name = "x", fields = {} }
