-- expect: bound
local s = ("x"):rep(1000000) local t = {} while true do t[#t + 1] = s:upper() end
