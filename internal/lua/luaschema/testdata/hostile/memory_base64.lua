-- expect: memory
local s = "xxxx" while true do s = ngx.encode_base64(s) end
