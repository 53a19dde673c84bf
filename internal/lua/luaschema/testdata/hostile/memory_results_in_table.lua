-- expect: memory
local big = {} for i = 1, 4000 do big[i] = i end local all = {} while true do all[#all + 1] = { unpack(big) } end
