(function() local u = require("kong.tools.utils") return u.is_valid_uuid("c9d66c3a-0000-0000-0000-00000000000f"), u.is_valid_uuid("x"), u.is_valid_uuid(5), u.validate_header_name("X-A"), (u.validate_header_name("a b")), u.table_contains({ 1 }, 1), table.concat(u.split("a,b", ","), "|"), u.strip("  a ") end)() --> > true false false X-A nil true a|b a
(function() local u = require("kong.tools.utils") return u.hostname_type("1.2.3.4"), u.hostname_type("::1"), u.hostname_type("a.b"), u.is_valid_ip_or_cidr("10.0.0.0/8"), #u.uuid(), u.is_valid_uuid(u.uuid()), #u.random_string(), (u.load_module_if_exists("nothing.there")) end)() --> > ipv4 ipv6 name true 36 true 32 false
(function() local s = require("kong.tools.string") return s.strip(nil), s.replace_dashes("a-b"), s.replace_dashes_lower("A-B"), s.bytes_to_str(2048, "k"), s.bytes_to_str(5), s.validate_utf8("é"), s.validate_utf8("\xff") end)() --> >  a_b a_b 2.00 KiB 5 true false 1
(function() local i = require("kong.tools.ip") return i.is_valid_ip("1.2.3.4"), i.is_valid_ip("::1"), i.is_valid_ip("1.2.3"), i.is_valid_ip(nil), i.is_valid_ip_or_cidr("::/0"), i.is_valid_cidr("1.2.3.4"), i.is_valid_cidr("1.2.3.4/8"), i.is_valid_ip_or_cidr_v4("::1"), i.is_valid_ipv4("::1"), i.is_valid_ipv6("::1") end)() --> > true true false false true false true false false true
(function() local i = require("kong.tools.ip") local h = i.normalize_ip("[::1]:80") local n = i.normalize_ip("a.b:8080") return h.type, h.host, h.port, n.type, n.host, n.port, i.normalize_ip("a..b") end)() --> > ipv6 0000:0000:0000:0000:0000:0000:0000:0001 80 name a.b 8080 nil invalid hostname: a..b
(function() local i = require("kong.tools.ip") return i.check_hostname("a.b:80"), i.format_host("::1", 80), i.format_host("a.b"), i.normalize_ipv4("1.2.3.4:5") end)() --> > a.b [0000:0000:0000:0000:0000:0000:0000:0001]:80 a.b 1.2.3.4 5
require("kong.tools.ip").check_hostname("1.2.3.4") --> > nil invalid hostname: 1.2.3.4
(function() local u = require("kong.tools.uri") return u.normalize("/a/../b/%41%2f//c"), u.normalize("/a//b", true), u.escape("a b") end)() --> > /b/A%2F//c /a/b a%20b
(function() local c = require("kong.constants") return c.HEADERS.CONSUMER_ID, c.PROTOCOLS_WITH_SUBSYSTEM.grpc, c.PROTOCOLS[1], #c.DICTS > 5 end)() --> > X-Consumer-ID http grpc true
require("kong.tools.uuid").is_valid_uuid("c9d66c3a-0000-0000-0000-00000000000f") --> > true
(function() local s = require("ngx.re").split return table.concat(s("a,b;c", "[,;]"), "|"), table.concat(s("a1b2", "([0-9])"), "|"), table.concat(s("a,b,c", ",", nil, nil, 2), "|"), table.concat(s("abc", ""), "|"), (s("a", "(")) end)() --> > a|b|c a|1|b|2| a|b,c a|b|c nil
(function() local c = require("cjson") return c.encode(c.empty_array), c.encode(setmetatable({}, c.empty_array_mt)), c.encode(setmetatable({}, c.array_mt)), c.encode({ a = c.empty_array }), c.encode({}), c.encode(require("cjson.safe").empty_array), c.empty_array == require("cjson.safe").empty_array, c.encode_max_depth() end)() --> > [] [] [] {"a":[]} {} [] true
10LL, 10ULL, 0x10LL, 10ll + 1, type(10LL), 10LL == 10, ("%d"):format(1000000LL) --> > 10 10 16 11 number true 1000000
10L --! malformed number near '10L'
1.5LL --! malformed number near '1.5LL'
1e3LL --! malformed number near '1e3LL'
tonumber("10LL") --> > nil
require("kong.tools.sandbox") --! module 'kong.tools.sandbox' not found
(function() if false then require("kong.tools.sandbox") end end)() --! module 'kong.tools.sandbox' not found
(require("kong.tools.module").load_module_if_exists("pl.List")), #require("kong.tools.rand").random_string(), require("kong.tools.cjson").decode_with_array_mt("[1]")[1], (require("kong.tools.cjson").decode("{")) --> > true 32 1 nil
