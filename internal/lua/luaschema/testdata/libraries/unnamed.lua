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
_G["ng" .. "x"].shared.kong == nil --> > false
_G["ass" .. "ert"](1) --> > 1
_G["_VER" .. "SION"] --> > Lua 5.1
require("kong.constants").HEADERS.HOST_OVERRIDE, ngx.null == nil, rawequal(require("cjson").null, ngx.null) --> > X-Host-Override false true
