-- expect: memory
local all = {} while true do local t = {} function t:m() end all[#all + 1] = t end
