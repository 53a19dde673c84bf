-- expect: bound
local t = {} while true do t[#t + 1] = os.date(("%c"):rep(10000)) end
