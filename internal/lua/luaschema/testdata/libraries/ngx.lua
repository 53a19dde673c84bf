ngx.null == ngx.null, ngx.null == nil, not ngx.null, ngx.time() > 1.7e9, ngx.now() > 1.7e9, ngx.ERR, ngx.WARN, ngx.DEBUG --> > true false false true true 4 5 8
ngx.encode_base64("abc"), ngx.encode_base64("ab", true), ngx.decode_base64("YWJj"), ngx.decode_base64("YWI"), ngx.decode_base64("*") --> > YWJj YWI abc ab nil
ngx.escape_uri("a b&é"), ngx.unescape_uri("a%20b%zz%"), ngx.md5(""), #ngx.sha1_bin(""), ngx.crc32_short("abc") --> > a%20b%26%C3%A9 a b%zz% d41d8cd98f00b204e9800998ecf8427e 20 891568578
ngx.log(ngx.ERR, "x"), ngx.get_phase(), ngx.shared.x, ngx.config.subsystem --> > nil init nil http
(function() local m = ngx.re.match("on 2026-07", [[(?<y>\d+)-(\d+)]], "jo") return m[0], m[1], m.y, m[2], m[3] end)() --> > 2026-07 2026 2026 07 nil
(function() local m = ngx.re.match("b", "(a)|(b)") return m[1], m[2] end)() --> > false b
ngx.re.match("abc", "x"), ngx.re.match("ABC", "b", "i")[0] --> > nil B
(function() local m, err = ngx.re.match("a", "(") return m, err end)() --> > nil pcre2_compile() failed: missing closing parenthesis at offset 1
ngx.re.find("abbb", "b+"), ngx.re.find("abc", "(b)(c)", "", nil, 2) --> > 2 3 3
ngx.re.find("abbb", "b+") --> > 2 4
select("#", ngx.re.find("a", "x")), ngx.re.find("a", "x") --> > 1 nil
(function() local from, to, err = ngx.re.find("a", "[") return from, to, err end)() --> > nil nil pcre2_compile() failed: missing terminating ] for character class at offset 1
(function() local ctx = { pos = 2 } local m = ngx.re.match("aab", "a", "", ctx) return m[0], ctx.pos end)() --> > a 3
ngx.re.sub("hello", "l", "L"), ngx.re.gsub("hello", "l", "L") --> > heLlo heLLo 2
ngx.re.gsub("a1b2", "([a-z])([0-9])", "$2${1}$$") --> > 1a$2b$ 2
ngx.re.gsub("ab", "[a-z]", function(m) return m[0] .. m[0] end) --> > aabb 2
(function() local t = {} for m in ngx.re.gmatch("a1b2", "[0-9]") do t[#t + 1] = m[0] end return table.concat(t, ",") end)() --> > 1,2
ngx.re.gsub("abc", "", "-") --> > -a-b-c- 4
type(ngx.shared.kong), type(ngx.shared.kong_db_cache), type(ngx.shared.prometheus_metrics), ngx.shared["no such zone"] --> > table table table nil
