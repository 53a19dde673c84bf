require("cjson").encode({ 1, "a", true, ngx.null, { x = 1.5, a = {} } }), require("cjson").encode({}), require("cjson").encode("é\n") --> > [1,"a",true,null,{"a":{},"x":1.5}] {} "é\n"
require("cjson").decode('{"a":[1,null]}').a[2] == ngx.null, require("cjson").decode("[1e2]")[1], require("cjson").null == ngx.null --> > true 100 true
require("cjson").decode("{") --! expected value but found T_END at character 2
require("cjson").decode("[1] x") --! expected the end but found
require("cjson").decode(nil) --! bad argument #1 to 'decode' (string expected, got nil)
require("cjson.safe").decode("{") --> > nil expected value but found T_END at character 2
require("cjson.safe").decode({}) --> > nil expected a string, got table
require("cjson.safe").decode('"x"'), require("cjson.safe").encode(print) --> > x nil cannot serialise function: type not supported
require("cjson").encode(print) --! cannot serialise function: type not supported
(function() local t = {} t.t = t return require("cjson.safe").encode(t) end)() --> > nil cannot serialise, excessive depth
(function() local u = require("socket.url").parse("https://u:p@h.com:8080/a/b?c=d#e") return u.scheme, u.host, u.port, u.path, u.query, u.fragment, u.user, u.password end)() --> > https h.com 8080 /a/b c=d e u p
require("socket.url").parse("x").host, require("socket.url").parse("") --> > nil nil invalid url
require("pl.tablex").find({ "a", "b" }, "b"), require("pl.tablex").find({}, 1), require("pl.tablex").size({ 1, a = 2 }) --> > 2 nil 2
(function() local x = require("pl.tablex") local t = { a = { b = 1 } } local c = x.deepcopy(t) return c.a ~= t.a, c.a.b, x.deepcompare(t, c), x.deepcompare(t, {}) end)() --> > true 1 true false
table.concat(require("pl.tablex").keys({ "x", "y" }), ","), table.concat(require("pl.tablex").values({ "x", "y" }), ","), table.concat(require("pl.tablex").map(string.upper, { "x" })), table.concat(require("pl.tablex").filter({ 1, 2, 3 }, function(v) return v > 1 end), ",") --> > 1,2 x,y X 2,3
require("pl.tablex").merge({ a = 1, b = 2 }, { b = 3, c = 4 }).a, require("pl.tablex").merge({ a = 1 }, { b = 3 }, true).b --> > nil 3
require("kong.tools.table").table_contains({ "a" }, "a"), require("kong.tools.table").table_merge({ a = 1 }, { a = 2 }).a, require("kong.tools.table").deep_copy({ { 1 } })[1][1] --> > true 2 1
require("kong.tools.http").validate_header_name("X-A"), require("kong.tools.http").validate_header_name("a b") --> > X-A nil bad header name 'a b', allowed characters are A-Z, a-z, 0-9, '_', and '-'
require("kong.db.schema").validators.is_regex("a+"), require("kong.db.schema").validators.is_regex("(") --> > true nil not a valid regex: (
require("kong.db.schema").validators.uuid("x"), require("kong.db.schema").validators.uuid("c9d66c3a-0000-0000-0000-00000000000f") --> > false true
(function() local d = require("kong.db.schema").define({ type = "string", len_max = 5 }) local t = d({ len_max = 6 }) return t.type, t.len_max, d.type, getmetatable(t) end)() --> > string 6 string nil
require("kong.db.schema").define(1) --! bad argument #1 to 'define' (table expected, got number)
(function() local t = require("kong.db.schema.typedefs") return t.port.type, t.port({ default = 80 }).default, t.port().type, t.port == t.port, t.no_route.eq == ngx.null end)() --> > integer 80 integer true true
(function() local t = require("kong.db.schema.typedefs") local own = { type = false } return t.port(own) == own, own.type, own.between[2] end)() --> > true false 65535
(function() local t = require("kong.db.schema.typedefs") local p = t.port({}) return p({}) end)() --! attempt to call a value that is no function
require("kong.db.schema.typedefs").nope --! schema.lua:7: schema typedef error: definition nope does not exist
require("kong.db.schema.typedefs").port(1) --! table expected, got number
require("kong.db.schema.typedefs").host.custom_validator("a:80") --> > nil must not have a port
require("kong.db.schema.typedefs").host.custom_validator("a") --> > true
require("kong.db.schema.typedefs").lua_code.values.custom_validator("return 1"), require("kong.db.schema.typedefs").lua_code.values.custom_validator("x =") --> > true nil Error parsing function: code:1: unexpected symbol near '<eof>'
require("kong.tools.redis.schema").config_schema.type, #require("kong.tools.redis.schema").config_schema.fields, require("kong.tools.queue_schema").type --> > record 9 record
(function() local b = require("string.buffer").new() b:put("a", 1):put("b") return b:tostring(), #b, tostring(b), b:get(), b:get() end)() --> > a1b 3 a1b a1b 
require("table.isempty")({}), require("table.clone")({ 5 })[1] --> > true 5
type(require("pl.template").compile("a $(b.c) d\n# for i = 1, 2 do\n$(i)\n# end")), type(require("pl.template").compile("")), type(require("pl.template").compile("$(")) --> > table table table
require("pl.template").compile("one\n$(1 +)") --> > nil [string "TMP"]:2: unexpected symbol near ')'
require("pl.template").compile("# for") --> > nil [string "TMP"]:1: '<name>' expected near '<eof>'
type(require("pl.template").compile("# for", { escape = "\xff" })), require("pl.template").compile("@{1 +}", { inline_escape = "@", inline_brackets = "{}", chunk_name = "own" }) --> > table nil [string "own"]:1: unexpected symbol near ')'
pcall(require("pl.template").compile, nil) --> > false bad argument #1 to 'compile' (string expected, got nil)
