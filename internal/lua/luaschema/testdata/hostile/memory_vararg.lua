-- expect: memory
local function f(...) return { ... } end local all = {} local big = {} for i = 1, 4000 do big[i] = i end while true do all[#all + 1] = f(unpack(big)) end
