-- Libraries whose name the source does not hold are made when there is a way to them.
require("ma" .. "th").floor(1.5) --> > 1
require("b" .. "it").band(6, 3) --> > 2
require("co" .. "routine").running() --> > nil
require("o" .. "s").getenv --> > nil
_G["ma" .. "th"].floor(1.5) --> > 1
_G["ng" .. "x"].null == nil --> > false
(function() for name, library in pairs(_G) do if name == "ji" .. "t" then return library.arch end end end)() --> > x64
require("pl.List")({ 3, 1 }):sort()[1] --> > 1
require("ma" .. "th") == require("ma" .. "th") --> > true
rawget(getmetatable(""), "__index").rep("x", 2) --> > xx
