-- expect: bound
local s = "xxxxxxxx" while true do s = ngx.re.gsub(s, "x", "xx") end
