-- expect: bound
local t = {} while true do local ok, err = pcall(error, "x" .. #t) t[#t + 1] = err end
