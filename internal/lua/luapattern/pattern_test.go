package luapattern_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/lua/luapattern"
)

// found renders a match as Lua would return it from string.match: the
// captures, or else the whole.
func found(text string, m *luapattern.Match) []any {
	if m == nil {
		return nil
	}
	if len(m.Captures) == 0 {
		return []any{text[m.Start:m.End]}
	}
	var out []any
	for _, c := range m.Captures {
		if c.Position {
			out = append(out, c.Start+1)
		} else {
			out = append(out, text[c.Start:c.End])
		}
	}
	return out
}

func TestFind(t *testing.T) {
	t.Parallel()
	tests := []struct {
		pattern, text string
		want          []any
	}{
		{"", "abc", []any{""}},
		{"b", "abc", []any{"b"}},
		{"bd", "abc", nil},
		{"^b", "abc", nil},
		{"^", "abc", []any{""}},
		{"^a", "abc", []any{"a"}},
		{"a^b", "xa^b", []any{"a^b"}},
		{"c$", "abc", []any{"c"}},
		{"b$", "abc", nil},
		{"$b", "a$b", []any{"$b"}},
		{"^$", "", []any{""}},
		{"a.c", "a\x00c", []any{"a\x00c"}},
		{"a.c", "a\nc", []any{"a\nc"}},
		{"%.", "a.b", []any{"."}},
		{"%é", "é", []any{"é"}},
		{"a*", "baaa", []any{""}},
		{"a+", "baaa", []any{"aaa"}},
		{"a-b", "aaab", []any{"aaab"}},
		{"^a-", "aaab", []any{""}},
		{"colou?r", "color", []any{"color"}},
		{"colou?r", "colour", []any{"colour"}},
		{"^a?a", "a", []any{"a"}},
		{"^a?b?c?$", "ac", []any{"ac"}},
		{"(%a+)=(%d+)", "x: key=42;", []any{"key", "42"}},
		{"((a)(b))", "ab", []any{"ab", "a", "b"}},
		{"()b()", "abc", []any{2, 3}},
		{"(a*(.)%w(%s*))", "aax  y", []any{"aax  ", "a", "  "}},
		{"(.)%1", "hello", []any{"l"}},
		{"(['\"])(.-)%1", `say "it's" now`, []any{`"`, "it's"}},
		{"()%1", "aa", nil},
		{"%b()", "f(a(b)c) d)", []any{"(a(b)c)"}},
		{"%b()", "((", nil},
		{"%bxx", "axbxc", []any{"xbx"}},
		{"%b\x00\x01", "", nil},
		{"%f[%w]%w+", "  hello ", []any{"hello"}},
		{"%f[%z]", "abc", []any{""}},
		{"%f[a]", "bbb", nil},
		{"[a-c]+", "xxabcd", []any{"abc"}},
		{"[^a-c]+", "abcxyz", []any{"xyz"}},
		{"[]]", "a]", []any{"]"}},
		{"[^]]", "]a", []any{"a"}},
		{"[]-a]+", "_^`x", []any{"_^`"}},
		{"[a-]+", "-a-b", []any{"-a-"}},
		{"[-a]+", "x-a", []any{"-a"}},
		{"[+--]+", "a+,-.", []any{"+,-"}},
		{"[%-x]+", "a-x", []any{"-x"}},
		{"[%a-z]+", "1-z", []any{"-z"}},
		{"[z-a]", "abcz", nil},
		{"[%]]", "]", []any{"]"}},
		{"[%D]+", "12ab3", []any{"ab"}},
		{"%a+", "12ab3", []any{"ab"}},
		{"%A+", "ab12", []any{"12"}},
		{"%c", "a\x7f", []any{"\x7f"}},
		{"%l+", "ABcd", []any{"cd"}},
		{"%u+", "abCD", []any{"CD"}},
		{"%p+", "ab!?c", []any{"!?"}},
		{"%s+", "a \t\n\v\f\rb", []any{" \t\n\v\f\r"}},
		{"%S+", " \x00a ", []any{"\x00a"}},
		{"%x+", "xyz12Fg", []any{"12F"}},
		{"%g+", " a! ", []any{"a!"}},
		{"%z", "a\x00", []any{"\x00"}},
		{"%Z+", "\x00ab", []any{"ab"}},
		{"%w+", "é1", []any{"1"}},
		{"^[%a_]+/?[%a_]*$", "Europe/Berlin", []any{"Europe/Berlin"}},
		{"^[%a_]+/?[%a_]*$", "Europe/Berlin/X", nil},
		{"^(.-):(%d+)$", "a:b:80", []any{"a:b", "80"}},
		{"^%u[%u%d_]*$", "A_1", []any{"A_1"}},
		{"^%u[%u%d_]*$", "A-1", nil},
		{"^[^*]*%*?[^*]*$", "a.*.b", []any{"a.*.b"}},
		{"^[^*]*%*?[^*]*$", "a.*.*", nil},
		// a fault that matching does not reach does not show
		{"a[", "b", nil},
		{"a%", "b", nil},
	}
	for _, tt := range tests {
		t.Run(tt.pattern, func(t *testing.T) {
			t.Parallel()
			p := luapattern.Parse(tt.pattern)
			m, err := p.Find(tt.text, 0)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, found(tt.text, m)); diff != "" {
				t.Errorf("%q in %q:\n%s", tt.pattern, tt.text, diff)
			}
			if p.Match(tt.text) != (tt.want != nil) {
				t.Errorf("Match disagrees with Find for %q in %q", tt.pattern, tt.text)
			}
		})
	}
}

func TestFind_init(t *testing.T) {
	t.Parallel()
	tests := []struct {
		pattern string
		init    int
		want    int // start of the match, or -1
	}{
		{"a", 0, 0},
		{"a", 1, 3},
		{"^a", 3, 3},
		{"^a", 2, -1},
		{"%f[%w]", 1, -1},
		{"$", 4, 4},
		{"a$", 1, 3},
		{"", 4, 4},
		{"", 5, -1},
		{"x*", 5, -1},
		{"a", -1, -1},
	}
	for _, tt := range tests {
		m, err := luapattern.Parse(tt.pattern).Find("abca", tt.init)
		got := -1
		if m != nil {
			got = m.Start
		}
		if err != nil || got != tt.want {
			t.Errorf("Find(%q, %d) = %d, %v, want %d", tt.pattern, tt.init, got, err, tt.want)
		}
	}
}

func TestCompile_malformed(t *testing.T) {
	t.Parallel()
	tests := []struct {
		pattern string
		want    string
	}{
		{"%", "malformed pattern (ends with '%')"},
		{"abc%", "malformed pattern (ends with '%')"},
		{"[", "malformed pattern (missing ']')"},
		{"[]", "malformed pattern (missing ']')"},
		{"[^]", "malformed pattern (missing ']')"},
		{"[a%]", "malformed pattern (missing ']')"},
		{"[a%", "malformed pattern (missing ']')"},
		{"[a-", "malformed pattern (missing ']')"},
		{"%f", "missing '[' after '%f' in pattern"},
		{"%fa", "missing '[' after '%f' in pattern"},
		{"%f[a", "malformed pattern (missing ']')"},
		{"%b", "unbalanced pattern"},
		{"%b(", "unbalanced pattern"},
		{"(", "unfinished capture"},
		{"(a", "unfinished capture"},
		{"((a)", "unfinished capture"},
		{")", "invalid pattern capture"},
		{"a)", "invalid pattern capture"},
		{"(a))", "invalid pattern capture"},
		{"()a)", "invalid pattern capture"},
		{"%1", "invalid capture index"},
		{"%0", "invalid capture index"},
		{"(a)%2", "invalid capture index"},
		{"(a%1)", "invalid capture index"},
		{strings.Repeat("()", 33), "too many captures"},
	}
	for _, tt := range tests {
		t.Run(tt.pattern, func(t *testing.T) {
			t.Parallel()
			p, err := luapattern.Compile(tt.pattern)
			if err == nil || err.Error() != tt.want {
				t.Fatalf("Compile(%q) = %v, %v, want %q", tt.pattern, p, err, tt.want)
			}
			// every one of these faults is reached by a text of this kind
			if _, found := luapattern.Parse(tt.pattern).Find("abcaaa", 0); !errors.Is(found, err) {
				t.Errorf("Find with %q = %v, want %v", tt.pattern, found, err)
			}
		})
	}
}

func TestFind_bounds(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 1<<16)
	tests := []struct{ name, pattern, text string }{
		{"nested repetition", strings.Repeat("a*", 30) + "b", strings.Repeat("a", 200)},
		{"lazy repetition", strings.Repeat(".-", 20) + "b", long},
		{"optional items", strings.Repeat("a?", 60) + strings.Repeat("a", 60) + "b", strings.Repeat("a", 60)},
		{"quadratic search", "a*b", long},
		{"back references", "(.*)%1%1%1b", long},
		{"balanced from every start", "%bab", long},
		{"deep", strings.Repeat("a-", 300), long},
		{"deep captures", strings.Repeat("a*", 199) + "(b)", long},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, err := luapattern.Compile(tt.pattern)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := p.Find(tt.text, 0); !errors.Is(err, luapattern.ErrTooComplex) {
				t.Errorf("got %v, want %v", err, luapattern.ErrTooComplex)
			}
			if p.Match(tt.text) {
				t.Error("a search that was given up matched")
			}
		})
	}
}

// TestFind_long shows that the bounds leave room for what is merely long.
func TestFind_long(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("word ", 1<<18) + "end"
	for _, pattern := range []string{"end", "e%a+d$", "^.*d$", "^[%a ]+$", "^.-end$"} {
		m, err := luapattern.Parse(pattern).Find(text, 0)
		if err != nil || m == nil {
			t.Errorf("%q: %v, %v", pattern, m, err)
		}
	}
}

func TestParseGlobal(t *testing.T) {
	t.Parallel()
	m, err := luapattern.ParseGlobal("^a").Find("a^a", 0)
	if err != nil || m == nil || m.Start != 1 {
		t.Errorf("got %v, %v, want the literal ^ at 1", m, err)
	}
	if luapattern.ParseGlobal("a").Anchored() || !luapattern.Parse("^a").Anchored() {
		t.Error("wrong anchor")
	}
}

func FuzzFind(f *testing.F) {
	for _, seed := range [][2]string{
		{"(%a+)=(%d+)", "a=1"}, {"%b()", "(x)"}, {"%f[%w]", "a b"}, {"[^]-a%", "]"}, {"((.)%2)", "aa"}, {"^(.-)%s*$", " x "},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, pattern, text string) {
		p := luapattern.Parse(pattern)
		m, err := p.Find(text, 0)
		if m == nil {
			return
		}
		if err != nil {
			t.Fatalf("a match and an error: %v", err)
		}
		if m.Start < 0 || m.End < m.Start || m.End > len(text) {
			t.Fatalf("match %+v outside of the text of %d bytes", m, len(text))
		}
		for _, c := range m.Captures {
			if c.Start < 0 || c.Start > len(text) || !c.Position && (c.End < c.Start || c.End > len(text)) {
				t.Fatalf("capture %+v outside of the text of %d bytes", c, len(text))
			}
		}
	})
}

func BenchmarkMatch(b *testing.B) {
	p, err := luapattern.Compile("^[%a_][%a%d_]*$")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if !p.Match("header_name_1") {
			b.Fatal("no match")
		}
	}
}
