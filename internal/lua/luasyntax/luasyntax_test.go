package luasyntax_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	lua "github.com/yuin/gopher-lua"

	"github.com/openkonnect/terraform-provider-konnect/internal/lua/luasyntax"
)

// run compiles a guarded source, runs it with plain versions of the guarding
// functions and returns its first result as text, and the bytes accounted for.
func run(t *testing.T, source string) (string, int) {
	t.Helper()
	chunk, err := luasyntax.Parse("t.lua", source)
	if err != nil {
		t.Fatalf("%s\n%v", source, err)
	}
	proto, err := lua.Compile(chunk.Guard(), "t.lua")
	if err != nil {
		t.Fatalf("%s\n%v", source, err)
	}
	l := lua.NewState()
	defer l.Close()
	spent := 0
	l.Push(l.NewFunctionFromProto(proto))
	for _, guard := range []lua.LGFunction{
		func(l *lua.LState) int {
			operands := make([]lua.LValue, l.GetTop())
			for i := range operands {
				operands[i] = l.Get(i + 1)
			}
			l.Push(lua.LString(l.Concat(operands...)))
			return 1
		},
		func(l *lua.LState) int { l.SetTable(l.Get(1), l.Get(2), l.Get(3)); return 0 },
		func(l *lua.LState) int { return 1 },
		func(l *lua.LState) int { return l.GetTop() },
		func(l *lua.LState) int { spent += l.CheckInt(1); return 0 },
	} {
		l.Push(l.NewFunction(guard))
	}
	if err := l.PCall(5, 1, nil); err != nil {
		t.Fatal(err)
	}
	if err := l.PCall(0, 1, nil); err != nil {
		t.Fatalf("%s\n%v", source, err)
	}
	return l.ToStringMeta(l.Get(-1)).String(), spent
}

func TestParse_meaning(t *testing.T) {
	t.Parallel()
	tests := []struct{ source, want string }{
		{"", "nil"},
		{"\ufeff#!/usr/bin/lua\nreturn 1", "1"},
		{";;; return 1;", "1"},
		{"return 'a' --[[ c ]] --c\n", "a"},
		{"--[==[ ]] \n]==] return 1", "1"},
		{`return "\x41\z
		   b\u{e9}\065\n\"\'\\\a" == "AbéA\n\"'\\\7"`, "true"},
		{"return 'a\\\nb'", "a\nb"},
		{"return [[\na\r\nb]]", "a\nb"},
		{"return [==[a]]b]==]", "a]]b"},
		{"return 0x10 + 0x.8 + 1e1 + .5 + 3. + 0xAp1", "50"},
		{"return 1e999", "+Inf"},
		{"return 12345678901234567890 == 1.2345678901234567e19", "true"},
		{"return 1 + 2 * 3 - 4 / 2 % 3", "5"},
		{"return -2 ^ 2", "-4"},
		{"return 2 ^ 3 ^ 2", "512"},
		{"return 2 ^ -1", "0.5"},
		{"return not nil == true", "true"},
		{"return 'a' .. 1 .. 2 .. 'b'", "a12b"},
		{"return 1 < 2 and 2 <= 2 and 3 > 2 and 3 >= 3 and 1 ~= 2 and 1 == 1", "true"},
		{"return nil or false or 'x' and 'y'", "y"},
		{"return #'abc' + #{1, 2}", "5"},
		{"local t = {1, 2, 3; n = 3, ['k'] = 4, [-1] = 5,} return #t + t.n + t.k + t[-1]", "15"},
		{"local a = {b = {c = {}}} a.b.c.d = 1 return a['b'].c.d", "1"},
		{"local t = {f = function(self, n) return self.x + n end, x = 5} return t:f(1)", "6"},
		{"local a = {} function a.b() return 1 end function a:c() return self end return a:c() == a and a.b()", "1"},
		{"local s = 'x' return s:rep(3), ('y'):rep(2)", "xxx"},
		{"return type 'x' .. type {}", "stringtable"},
		{"local function f(...) return select('#', ...) end return f(1, nil, nil)", "3"},
		{"local function f(...) local a, b = ... return b end return f(1, 2)", "2"},
		{"local function g() return 1, 2 end local t = {g(), g()} return #t", "3"},
		{"local function g() return 1, 2 end local t = {g(), (g())} return #t", "2"},
		{"local function g() return 1, 2 end local a, b = 0, 0 a, b = (g()) return tostring(a) .. tostring(b)", "1nil"},
		{"local function g() return 1, 2 end local a, b = 0, 0 a, b = g() return a .. b", "12"},
		{"local t = {} t[1], t[2] = 5, 6 return t[1] .. t[2]", "56"},
		{"local t = {1, 2} t[1], t[2] = t[2], t[1] return t[1] .. t[2]", "21"},
		{"local i, t = 3, {} i, t[i] = i + 1, 20 return i .. ':' .. t[3]", "4:20"},
		{"local f = function() return f end return f()", "nil"},
		{"local function f(n) if n == 0 then return 'done' end return f(n - 1) end return f(9)", "done"},
		{"local x = 0 repeat local y = x x = x + 1 until y >= 3 return x", "4"},
		{"local n = 0 while true do n = n + 1 if n > 4 then break end end return n", "5"},
		{"local n = 0 for i = 10, 1, -3 do n = n + i end return n", "22"},
		{"local n = 0 for _, v in ipairs {1, 2, 3} do n = n + v end return n", "6"},
		{"local n = 0 for i = 1, 10 do if i % 2 == 0 then goto continue end n = n + i ::continue:: end return n", "25"},
		{"local n = 0 for i = 1, 3 do n = n + i goto next; local x; ::next::; ::last::; end return n", "6"},
		{"local i = 1 ::top:: i = i + 1 local t = {} if i < 5 then goto top end return i", "5"},
		{"do goto done end ::done:: return 1", "1"},
		{"if nil then return 1 elseif false then return 2 else return 3 end", "3"},
		{"local t = setmetatable({}, {__newindex = function(t, k, v) rawset(t, k, v + 1) end}) local function f() t.x = 1 end f() return t.x", "2"},
		// a compiler that writes to a parameter too early gets these wrong
		{"local function f(s) s = s .. 'x' .. s return s end return f('ab')", "abxab"},
		{"local function f(s) s = (tostring(s)) return s end return f('ab')", "ab"},
		{"local function f(s) s = (tostring(s)), 1 return s end return f('ab')", "ab"},
		{"local function f(s) local x s, x = tostring(s) .. s, 1 return s end return f('ab')", "abab"},
		{"local function f(s) s = s and (tostring(s)) or s return s end return f('ab')", "ab"},
		{"local function f(s) s = {(tostring(s))} return s[1] end return f('ab')", "ab"},
	}
	for _, tt := range tests {
		if got, _ := run(t, tt.source); got != tt.want {
			t.Errorf("%s\n got %q\nwant %q", tt.source, got, tt.want)
		}
	}
}

func TestParse_mistakes(t *testing.T) {
	t.Parallel()
	tests := []struct{ source, want string }{
		{"local a = = 1 return {}", "1: unexpected symbol near '='"},
		{"local a = 7 & 2", "1: unexpected symbol near '&'"},
		{"return 1 2", "1: '<eof>' expected near '2'"},
		{"do return 1 2 end", "1: 'end' expected near '2'"},
		{"x", "1: syntax error near '<eof>'"},
		{"x 1", "1: syntax error near '1'"},
		{"(x) = 1", "1: syntax error near '='"},
		{"(f())", "1: syntax error near '<eof>'"},
		{"f() = 1", "1: syntax error near '='"},
		{"a, f() = 1", "1: syntax error near '='"},
		{"a.b", "1: syntax error near '<eof>'"},
		{"local 1", "1: '<name>' expected near '1'"},
		{"local function = 1", "1: '<name>' expected near '='"},
		{"if x\nthen", "2: 'end' expected (to close 'if' at line 1) near '<eof>'"},
		{"if x do end", "1: 'then' expected near 'do'"},
		{"for i do end", "1: '=' or 'in' expected near 'do'"},
		{"for i, j = 1, 2 do end", "1: 'in' expected near '='"},
		{"for i = 1 do end", "1: ',' expected near 'do'"},
		{"function f(a,) end", "1: '<name>' expected near ')'"},
		{"function f(..., a) end", "1: ')' expected near ','"},
		{"local t = {\n1,\n2", "3: '}' expected (to close '{' at line 1) near '<eof>'"},
		{"local t = { a = }", "1: unexpected symbol near '}'"},
		{"f(\n1", "2: ')' expected (to close '(' at line 1) near '<eof>'"},
		{"a:b", "1: function arguments expected near '<eof>'"},
		{"return 'abc\n'", "1: unfinished string near ''abc'"},
		{"return 'abc", "1: unfinished string near '<eof>'"},
		{"return '\\q'", "1: invalid escape sequence near ''\\q'"},
		{"return '\\256'", "1: invalid escape sequence near ''\\256'"},
		{"return '\\xg0'", "1: invalid escape sequence near ''\\xg'"},
		{"return '\\u{110000}'", "1: invalid escape sequence near ''\\u{110000}'"},
		{"return [[abc\n", "2: unfinished long string near '<eof>'"},
		{"--[[ abc", "1: unfinished long comment near '<eof>'"},
		{"return [=x", "1: invalid long string delimiter near '[='"},
		{"return 3x", "1: malformed number near '3x'"},
		{"return 0x", "1: malformed number near '0x'"},
		{"return 1..2", "1: malformed number near '1..2'"},
		{"return 1_000", "1: malformed number near '1_000'"},
		{"return 1L", "1: malformed number near '1L'"},
		{"return 1.5LL", "1: malformed number near '1.5LL'"},
		{"return 1LLL", "1: malformed number near '1LLL'"},
		{"return ~1", "1: unexpected symbol near '~'"},
		{"return 1 // 2", "1: unexpected symbol near '/'"},
		{"local a <const> = 1", "1: unexpected symbol near '<'"},
		{"goto nowhere return {}", "1: undefined label 'nowhere'"},
		{"do ::inner:: end\ngoto inner", "2: undefined label 'inner'"},
		{"::a::\n::a::", "2: duplicate label 'a'"},
		{"goto a local x ::a:: x = 1", "1: <goto a> jumps into the scope of local 'x'"},
		{"break", "1: break outside loop"},
		{"while true do local f = function() break end end", "1: break outside loop"},
		{"return function() return ... end", "1: cannot use '...' outside a vararg function near '...'"},
		{"\x1bLJ\x02", "1: bytecode is not accepted"},
		{"@", "1: unexpected symbol near '@'"},
		{"end", "1: '<eof>' expected near 'end'"},
	}
	for _, tt := range tests {
		_, err := luasyntax.Parse("s.lua", tt.source)
		var mistake *luasyntax.Error
		if !errors.As(err, &mistake) || err.Error() != "s.lua:"+tt.want {
			t.Errorf("%q\n got %v\nwant s.lua:%s", tt.source, err, tt.want)
		}
	}
}

func TestParse_bounds(t *testing.T) {
	t.Parallel()
	numbered := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	const levels = "chunk has too many syntax levels"
	tests := []struct{ name, source, want string }{
		{"size", strings.Repeat(" ", luasyntax.MaxSource+1), "source is longer than 262144 bytes"},
		{"parentheses", "return " + strings.Repeat("(", 50000) + "1" + strings.Repeat(")", 50000), levels},
		{"tables", "return " + strings.Repeat("{", 50000) + strings.Repeat("}", 50000), levels},
		{"blocks", strings.Repeat("do ", 20000) + strings.Repeat("end ", 20000), levels},
		{"functions in functions", strings.Repeat("return function() ", 10000) + strings.Repeat("end ", 10000), levels},
		{"functions", strings.Repeat("f(function() end) ", 10000), "source has more than 1000 functions"},
		{"unary", "return " + strings.Repeat("- ", 1000) + "1", levels},
		{"not", "return " + strings.Repeat("not ", 50000) + "1", levels},
		{"concatenations", "return 'a'" + strings.Repeat("..'a'", 50000), levels},
		{"powers", "return 1" + strings.Repeat("^1", 50000), levels},
		{"sums", "return 1" + strings.Repeat("+1", 50000), levels},
		{"indexes", "return a" + strings.Repeat(".a", 50000), levels},
		{"calls", "return a" + strings.Repeat("()", 50000), levels},
		{"branches", "if a then " + strings.Repeat("elseif a then ", 15000) + "end", levels},
		{"targets", strings.Repeat("a,", 50000) + "a = 1", levels},
		{"items", "return {" + strings.Repeat("1,", 50000) + "}", "table constructor has more than 25000 items"},
		{"locals", numbered(300, "local a%d "), "main function has more than 200 local variables"},
		{"parameters", "return function(" + numbered(300, "a%d,") + "b) end", "function at line 1 has more than 200 local variables"},
		{"labels", numbered(1000, "::a%d::"), "function has more than 200 labels"},
		{"gotos", "::a::" + strings.Repeat("goto a ", 1000), "function has more than 200 goto statements"},
		{"constants", "return {" + numbered(25000, "a%d=1,") + "}", "source has too many constants and variables"},
		{"globals", numbered(20000, "a%d()"), "source has too many constants and variables"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := luasyntax.Parse("s.lua", tt.source)
			if err == nil || !strings.HasSuffix(err.Error(), tt.want) {
				t.Errorf("got %.200v, want %s", err, tt.want)
			}
		})
	}
}

// TestParse_withinBounds shows that sources that are only large still compile.
func TestParse_withinBounds(t *testing.T) {
	t.Parallel()
	for _, source := range []string{
		"return " + strings.Repeat("(", 190) + "1" + strings.Repeat(")", 190),
		"return " + strings.Repeat("{", 190) + strings.Repeat("}", 190),
		"return 'a'" + strings.Repeat("..'a'", 190),
		"return 1" + strings.Repeat("+1", 1900),
		"if a then " + strings.Repeat("elseif a then ", 1900) + "end",
		"return {" + strings.Repeat("1,", 25000) + "}",
	} {
		run(t, source)
	}
}

func TestGuard_spends(t *testing.T) {
	t.Parallel()
	tests := []struct {
		source string
		want   int
	}{
		{"return 1", 0},
		{"local t = {}", 200},
		{"local t = {1, 2}", 232},
		{"local t = {a = 1}", 700},
		{"for i = 1, 10 do local t = {} end", 2000},
		{"local i = 0 while i < 10 do i = i + 1 local t = {} end", 2000},
		{"local i = 0 while #{i} < 1 do i = i + 1 end", 472},
		{"local i = 0 repeat i = i + #{} + 1 until i > 9", 2000},
		{"local i = 0 ::again:: i = i + 1 local t = {} if i < 10 then goto again end", 2000},
		{"if false then local t = {} end", 0},
		{"if false then else local t = {} end", 200},
		{"local f = function() end", 1800},
		{"local function f() return {} end f() f()", 2200},
	}
	for _, tt := range tests {
		if _, got := run(t, tt.source); got != tt.want {
			t.Errorf("%s\nspends %d, want %d", tt.source, got, tt.want)
		}
	}
}

func TestParse_requires(t *testing.T) {
	t.Parallel()
	chunk, err := luasyntax.Parse("s.lua", "local a = require 'x'\nlocal function f()\n return require('y').z, require(n), a.require 'w'\nend")
	if err != nil {
		t.Fatal(err)
	}
	want := []luasyntax.Require{{Module: "x", Line: 1}, {Module: "y", Line: 3}}
	if diff := cmp.Diff(want, chunk.Requires); diff != "" {
		t.Error(diff)
	}
}

func TestParse_calls(t *testing.T) {
	t.Parallel()
	chunk, err := luasyntax.Parse("s.lua", "f(g.h(1))\nlocal x = a.b:c { } ('x'):rep(1) t[1]() f() f()\n")
	if err != nil {
		t.Fatal(err)
	}
	want := map[int][]string{1: {"g.h", "f"}, 2: {"a.b:c", "f"}}
	if diff := cmp.Diff(want, chunk.Calls); diff != "" {
		t.Error(diff)
	}
}

func TestParse_objects(t *testing.T) {
	t.Parallel()
	chunk, err := luasyntax.Parse("s.lua", "kong.log.info(a:b())\nlocal x = ({ ... })[1]:match('x') + y.match\nreturn f().z")
	if err != nil {
		t.Fatal(err)
	}
	want := map[luasyntax.FieldAt][]string{
		{Line: 1, Name: "log"}: {"kong"}, {Line: 1, Name: "info"}: {"kong.log"}, {Line: 1, Name: "b"}: {"a"},
		{Line: 2, Name: "match"}: {"", "y"}, {Line: 3, Name: "z"}: {""},
	}
	if diff := cmp.Diff(want, chunk.Objects); diff != "" {
		t.Error(diff)
	}
}

// TestParse_manyNames: a line may call and read more than is worth knowing.
func TestParse_manyNames(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range 8_000 {
		fmt.Fprintf(&b, "a%d.x() ", i)
	}
	chunk, err := luasyntax.Parse("s.lua", b.String())
	if err != nil {
		t.Fatal(err)
	}
	if calls, objects := len(chunk.Calls[1]), len(chunk.Objects[luasyntax.FieldAt{Line: 1, Name: "x"}]); calls > 10 || objects > 10 {
		t.Errorf("kept %d calls and %d objects", calls, objects)
	}
}

func TestParse_arguments(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]bool{
		"local name = ...": true, "do f(...) end": true, "return function(...) return ... end": false, "return 1": false,
	} {
		chunk, err := luasyntax.Parse("s.lua", source)
		if err != nil || chunk.Arguments != want {
			t.Errorf("%s: %v, %v", source, chunk.Arguments, err)
		}
	}
}

func TestParseNumber(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]float64{"0": 0, "10": 10, "0x1F": 31, "1e-2": 0.01, "1E+2": 100, "0x1p-1": 0.5, ".5": 0.5, "5.": 5} {
		if got, ok := luasyntax.ParseNumber(text); !ok || got != want {
			t.Errorf("ParseNumber(%q) = %v, %v, want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "x", "-1", "+1", "1-", "1e", "1e+", "0x", "0xe-1", "inf", "nan", "1_0", "0b1", "0o7", "1 ", "1e1-1", "0x1p"} {
		if got, ok := luasyntax.ParseNumber(text); ok {
			t.Errorf("ParseNumber(%q) = %v, want none", text, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"return {name = 'x', fields = {}}", "local function f(a, ...) return a .. 'x' end", "for i = 1, 2 do goto c ::c:: end", "a.b[c], d = f{...}", "return '\\x41\\z \\u{1}'",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		chunk, err := luasyntax.Parse("s.lua", source)
		if err != nil {
			return
		}
		// the compiler may still refuse, but must not panic
		_, _ = lua.Compile(chunk.Guard(), "s.lua")
	})
}

func BenchmarkParse(b *testing.B) {
	source := "return { name = 'x', fields = {" + strings.Repeat("{ field = { type = 'string', default = 'a', one_of = { 'a', 'b' }, custom_validator = function(v) return v .. 'x' end } },\n", 60) + "} }"
	b.SetBytes(int64(len(source)))
	for b.Loop() {
		if _, err := luasyntax.Parse("s.lua", source); err != nil {
			b.Fatal(err)
		}
	}
}
