-- expect: memory
local s = ("x"):rep(100000) while true do s = s .. s .. s .. s .. s .. s .. s .. s end
