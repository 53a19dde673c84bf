-- expect: bound
local function h() return error("again") end while true do xpcall(error, h) end
