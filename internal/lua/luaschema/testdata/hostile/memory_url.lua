-- expect: bound
local url, t = require "socket.url", {} while true do t[#t + 1] = url.parse("http://a/b") end
