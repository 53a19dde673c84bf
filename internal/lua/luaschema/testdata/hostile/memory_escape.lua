-- expect: memory
local s = " " while true do s = ngx.escape_uri(s) end
