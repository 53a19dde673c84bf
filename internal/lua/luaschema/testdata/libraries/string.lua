("abc"):len(), ("abc"):upper(), ("ABC"):lower(), ("abc"):reverse(), ("ab"):rep(3), ("ab"):rep(3, "-") --> > 3 ABC abc cba ababab ab-ab-ab
("ab"):rep(0), ("ab"):rep(-1), (""):rep(1e300) --> >   
("abcdef"):sub(2), ("abcdef"):sub(2, 3), ("abcdef"):sub(-2), ("abcdef"):sub(2, -2), ("abcdef"):sub(0), ("abcdef"):sub(5, 2), ("abc"):sub(-100, 100) --> > bcdef bc ef bcde abcdef  abc
("abc"):byte(), ("abc"):byte(2), ("abc"):byte(-1), ("abc"):byte(10) --> > 97 98 99
("abc"):byte(1, -1) --> > 97 98 99
string.char(72, 105), string.char() --> > Hi 
string.char(256) --! invalid value
string.len(5), string.rep(1, 2) --> > 1 11
string.len() --! bad argument #1 to 'len' (string expected, got no value)
string.upper({}) --! bad argument #1 to 'upper' (string expected, got table)
("hello"):find("l"), ("hello"):find("xyz"), ("hello"):find("l", 4), ("hello"):find("") --> > 3 nil 4 1 0
("hello"):find("l+") --> > 3 4
("hello"):find("(l)(l)") --> > 3 4 l l
("a.b"):find(".", 2, true), ("a.b"):find("%.") --> > 2 2 2
("abc"):find("b", -1), ("abc"):find("b", -2), ("abc"):find("", 10), ("abc"):find("", 4) --> > nil 2 nil 4 3
("key = value"):match("^(%w+)%s*=%s*(%w+)$") --> > key value
("abc"):match("b"), ("abc"):match("()b()"), ("abc"):match("x") --> > b 2 nil
("2024-01-02"):match("^(%d%d%d%d)%-(%d%d)%-(%d%d)$") --> > 2024 01 02
("abc"):match("[") --! malformed pattern (missing ']')
("abc"):match("(") --! unfinished capture
("abc"):match("%") --! malformed pattern (ends with '%')
("hello world"):gsub("o", "0") --> > hell0 w0rld 2
("hello"):gsub("", "-") --> > -h-e-l-l-o- 6
("hello"):gsub("l", "L", 1), ("abc"):gsub("^a", "x"), ("aaa"):gsub("^a", "x") --> > heLlo xbc xaa 1
("abc"):gsub("%w", "%0%0"), ("ab"):gsub("(a)(b)", "%2%1") --> > aabbcc ba 1
("abc"):gsub("b", { b = 1 }), ("abc"):gsub("b", { }), ("abc"):gsub("%w", function(c) if c == "b" then return "B" end end) --> > a1c abc aBc 3
("abc"):gsub("b", "%2") --! invalid capture index
("abc"):gsub("b", "%%") --> > a%c 1
("abc"):gsub("b", function() return {} end) --! invalid replacement value (a table)
("abc"):gsub("b") --! bad argument #3 to 'gsub' (string/function/table expected, got no value)
(function() local t = {} for k, v in ("a=1, b=2"):gmatch("(%w+)=(%w+)") do t[#t + 1] = k .. v end return table.concat(t, ";") end)() --> > a1;b2
(function() local t = {} for w in ("one two"):gmatch("%a+") do t[#t + 1] = w end return #t, t[2] end)() --> > 2 two
(function() local n = 0 for _ in ("abc"):gmatch("") do n = n + 1 end return n end)() --> > 4
("%d %5d|%-5d|%05d %+d"):format(1, 2, 3, 4, 5) --> > 1     2|3    |00004 +5
("%d"):format(3.99), ("%d"):format("10"), ("%i"):format(-7.5) --> > 3 10 -7
("%s %s %s"):format(nil, true, ngx.null) --> > nil true userdata: NULL
("%10s|%-10s|%.2s"):format("abc", "abc", "abc") --> >        abc|abc       |ab
("%5.1f %.0f %g %g %g %e"):format(3.14159, 2.5, 0.1, 1e20, 100000, 12345.678) --> >   3.1 2 0.1 1e+20 100000 1.234568e+04
("%x %X %#x %o"):format(255, 255, 255, 8) --> > ff FF 0xff 10
("%c%c"):format(72, 105) --> > Hi
("%%"):format() --> > %
("%f %f"):format(1/0, -1/0) --> > inf -inf
("%d"):format("x") --! bad argument #2 to 'format' (number expected, got string)
("%d"):format() --! bad argument #2 to 'format' (number expected, got no value)
("%y"):format(1) --! invalid option '%y' to 'format'
("%"):format(1) --! invalid option '%' to 'format'
("%123d"):format(1) --! width or precision too long
