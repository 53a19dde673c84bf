-- what every Lua has
1 --> > 1
 --> > 
type(nil), type(1), type(""), type({}), type(print), type(ngx.null), type(coroutine.create(print)) --> > nil number string table function userdata thread
type() --! bad argument #1 to 'type' (value expected)
1e15, 1e14, 0.1, -0.5, 1/3, 2^53, 1/0, -1/0, 100 --> > 1e+15 1e+14 0.1 -0.5 0.33333333333333 9.007199254741e+15 inf -inf 100
tostring(nil), tostring(true), tostring("x"), tostring(1.5) --> > nil true x 1.5
tostring(setmetatable({}, { __tostring = function() return "mine" end })) --> > mine
tostring(setmetatable({}, { __tostring = function() return {} end })) --! must return a string
tostring(ngx.null) --> > userdata: NULL
tonumber("10"), tonumber(" 0x10 "), tonumber("1e1"), tonumber("-5"), tonumber("x"), tonumber(""), tonumber({}) --> > 10 16 10 -5 nil nil nil
tonumber("0b1"), tonumber("1_0"), tonumber("inf"), tonumber("nan"), tonumber("1 2"), tonumber("0x") --> > nil nil nil nil nil nil
tonumber("ff", 16), tonumber("777", 8), tonumber("zz", 36), tonumber("8", 8), tonumber("-ff", 16) --> > 255 511 1295 nil -255
tonumber("1", 1) --! base out of range
tonumber() --! value expected
"10" + 5, "3" * "4", 10 .. "", -"2" --> > 15 12 10 -2
1 + nil --! attempt to perform arithmetic on a nil value
{} + 1 --! attempt to perform arithmetic on a table value
"x" + 1 --! attempt to perform arithmetic on a string value
-{} --! attempt to perform arithmetic
1 < "2" --! attempt to compare number with string
{} < {} --! attempt to compare
nil .. "x" --! attempt to concatenate a nil value
"x" .. {} --! attempt to concatenate a table value
"x" .. ngx.null --! attempt to concatenate a userdata value
setmetatable({}, { __concat = function(a, b) return "joined" end }) .. "x" --> > joined
"x" .. "y" .. setmetatable({}, { __concat = function(a, b) return type(a) .. type(b) end }) --> > xstringtable
1 .. 2 .. 3 --> > 123
(nil).x --! attempt to index a nil value
ngx.null.x --! attempt to index 'ngx.null' (a userdata value) (a value that is null is ngx.null
nosuch() --! attempt to call 'nosuch' or 'texts', which is no function
#nil --! attempt to get length
#"abc", #{ 1, 2 }, #{} --> > 3 2 0
select("#"), select("#", nil, nil), select(2, "a", "b", "c"), select(-1, "a", "b") --> > 0 2 b b
select(0) --! index out of range
unpack({ 1, 2, 3 }) --> > 1 2 3
unpack({ 1, 2, 3 }, 2) --> > 2 3
unpack({ 1, 2, 3 }, 2, 5) --> > 2 3 nil nil
next({}), next({ 5 }) --> > nil 1 5
next({}, nil) --> > nil
rawget({ a = 1 }, "a"), rawequal("a", "a"), rawequal({}, {}), rawlen({ 1 }), rawlen("ab") --> > 1 true false 1 2
rawset({}, "a", 2).a --> > 2
rawset({}, nil, 1) --! table index is nil
rawset({}, 0/0, 1) --! table index is NaN
getmetatable({}), getmetatable("").__index == string --> > nil true
setmetatable({}, setmetatable({ __index = { a = 5 } }, nil)).a --> > 5
setmetatable({}, 1) --! bad argument #2 to 'setmetatable' (table expected, got number)
setmetatable(setmetatable({}, { __metatable = false }), {}) --! cannot change a protected metatable
getmetatable(setmetatable({}, { __metatable = "locked" })) --> > locked
setmetatable(setmetatable({}, { __metatable = "locked" }), {}) --! cannot change a protected metatable
assert(1, 2, 3) --> > 1 2 3
assert(false) --! assertion failed!
assert(nil, "my words") --! my words
assert() --! value expected
error("text", 0) --! text
error("placed") --! schema.lua:7: placed
error() --! nil
error({}) --! an error that is a table
pcall(error, "x", 0) --> > false x
pcall(error) --> > false nil
pcall(function() return 1, 2 end) --> > true 1 2
pcall(nil) --> > false attempt to call a value that is no function
pcall(function() local t = nil; return t.x end) --> > false schema.lua:7: attempt to index a nil value with key 'x'
select("#", pcall(function() end)) --> > 1
type(select(2, pcall(error, {}))) --> > table
xpcall(function() error("x", 0) end, function(e) return "handled " .. e end) --> > false handled x
xpcall(function(...) return ... end, print, 1, 2) --> > true 1 2
(function() local n = 0 local function inc() n = n + 1 end pcall(error, "x") inc() inc() return n end)() --> > 2
(function() local n = 0 pcall(function() n = 5 error("x") end) return n end)() --> > 5
(function() local f pcall(function() local x = 7 f = function() return x end error("x") end) return f() end)() --> > 7
collectgarbage("count"), print("nothing") --> > 0
_VERSION, _G._G == _G, jit.version_num --> > Lua 5.1 true 20100
(function() local list = {} for k, v in pairs({ 10, 20, x = 30 }) do list[#list + 1] = k .. "=" .. v end return table.concat(list, ",") end)() --> > 1=10,2=20,x=30
(function() local n = 0 for _, v in ipairs({ 1, 2, nil, 4 }) do n = n + v end return n end)() --> > 3
(function() local n = 0 for k in pairs(setmetatable({}, { __pairs = function() return next, { 1, 2 } end })) do n = n + k end return n end)() --> > 3
pairs(nil) --! bad argument #1 to 'pairs' (table expected, got nil)
ipairs() --! bad argument #1 to 'ipairs' (table expected, got no value)
require("bit") == bit, require("table.new")(1, 1) ~= nil --> > true true
require "no.such" --! schema.lua:7: module 'no.such' not found:
pcall(require, "no.such") --> > false module 'no.such' not found:
io.type({}), io.open, os.getenv, os.execute, load, loadstring, dofile, debug, package, kong --> > nil nil nil nil nil nil nil nil nil nil
(function(a, b) a, b = 1, a return a, b end)(5), (function(a, b) a, b = b, a return b end)(5, 6), (function() local x, y, z = 1, 2, 3 x, y, z = z, x, y return x .. y .. z end)(), (function(a) a = (a) return a end)(7) --> > 1 5 312 7
