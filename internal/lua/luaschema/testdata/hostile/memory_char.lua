-- expect: bound
local codes, t = {}, {} for i = 1, 4000 do codes[i] = 65 end while true do t[#t + 1] = string.char(unpack(codes)) end
