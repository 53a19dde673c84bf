package regex_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/regex"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	for _, pattern := range []string{
		"", "a", "^/api/v\\d+", "(?i)abc", "(?<name>x)\\k<name>", "(?=a)b(?!c)", "(?<=a)b", "a++", "(?>a)b", "\\p{L}", "[[:alpha:]]",
		"(x)?(?(1)a|b)", "(a)|b\\g1", "\\Qa.b\\E", "a{,3}", "x{2,1000}", "\x00", "\xff", "é", "(?#c)a",
	} {
		if err := regex.Check(pattern, 0); err != nil {
			t.Errorf("Check(%q): %v", pattern, err)
		}
	}
}

func TestCheck_malformed(t *testing.T) {
	t.Parallel()
	tests := []struct {
		pattern string
		want    string
	}{
		{"(", "missing closing parenthesis at offset 1"},
		{"a)", "unmatched closing parenthesis at offset 1"},
		{"[", "missing terminating ] for character class at offset 1"},
		{"*", "quantifier does not follow a repeatable item at offset 0"},
		{"a**", "quantifier does not follow a repeatable item at offset 2"},
		{"\\", "\\ at end of pattern at offset 1"},
		{"[z-a]", "range out of order in character class at offset 3"},
		{"(?<n>a)(?<n>b)", "two named subpatterns have the same name (PCRE2_DUPNAMES not set) at offset 12"},
		{"\\2(a)", "reference to non-existent subpattern at offset 1"},
		{"(?z)", "unrecognized character after (? or (?- at offset 2"},
		{"a{2,1}", "numbers out of order in {} quantifier at offset 5"},
		{strings.Repeat("(", 1000) + strings.Repeat(")", 1000), "parentheses are too deeply nested at offset 251"},
		{strings.Repeat("(a{1,1000}", 3) + "){1,1000}){1,1000}){1,1000}", "regular expression is too large at offset 57"},
		{strings.Repeat("a", regex.MaxPattern+1), "regular expression is longer than 65536 bytes at offset 0"},
	}
	for _, tt := range tests {
		err := regex.Check(tt.pattern, 0)
		var syntax *regex.SyntaxError
		if !errors.As(err, &syntax) || err.Error() != tt.want {
			t.Errorf("Check(%.40q) = %v, want %s", tt.pattern, err, tt.want)
		}
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	tests := []struct {
		pattern string
		flags   regex.Flags
		text    string
		init    int
		want    *regex.Match
	}{
		{pattern: "b+", text: "abbc", want: &regex.Match{Groups: [][2]int{{1, 3}}}},
		{pattern: "", text: "", want: &regex.Match{Groups: [][2]int{{0, 0}}}},
		{pattern: "^$", text: "", want: &regex.Match{Groups: [][2]int{{0, 0}}}},
		{pattern: "B", text: "abc"},
		{pattern: "B", flags: regex.Caseless, text: "abc", want: &regex.Match{Groups: [][2]int{{1, 2}}}},
		{pattern: "b", flags: regex.Anchored, text: "abc"},
		{pattern: "b", flags: regex.Anchored, text: "abc", init: 1, want: &regex.Match{Groups: [][2]int{{1, 2}}}},
		{pattern: "a", text: "aba", init: 1, want: &regex.Match{Groups: [][2]int{{2, 3}}}},
		{pattern: "a", text: "a", init: 2},
		{pattern: "a", text: "a", init: -1},
		{pattern: "(a)|(b)", text: "b", want: &regex.Match{Groups: [][2]int{{0, 1}, {-1, -1}, {0, 1}}}},
		{pattern: "(?<y>\\d+)-(?<m>\\d+)", text: "on 2026-07", want: &regex.Match{Groups: [][2]int{{3, 10}, {3, 7}, {8, 10}}, Names: map[string][]int{"y": {1}, "m": {2}}}},
		{pattern: "a.b", text: "a\nb"},
		{pattern: "a.b", flags: regex.DotAll, text: "a\nb", want: &regex.Match{Groups: [][2]int{{0, 3}}}},
		{pattern: "^b", flags: regex.Multiline, text: "a\nb", want: &regex.Match{Groups: [][2]int{{2, 3}}}},
		{pattern: "a b", flags: regex.Extended, text: "ab", want: &regex.Match{Groups: [][2]int{{0, 2}}}},
		{pattern: "^.$", text: "é"},
		{pattern: "^.$", flags: regex.UTF, text: "é", want: &regex.Match{Groups: [][2]int{{0, 2}}}},
		{pattern: "\x00", text: "a\x00", want: &regex.Match{Groups: [][2]int{{1, 2}}}},
	}
	for _, tt := range tests {
		got, err := regex.Find(t.Context(), tt.pattern, tt.flags, tt.text, tt.init)
		if err != nil {
			t.Errorf("Find(%q, %q): %v", tt.pattern, tt.text, err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("Find(%q, %q):\n%s", tt.pattern, tt.text, diff)
		}
	}
}

func TestFind_fails(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 1<<16)
	for name, tt := range map[string]struct {
		pattern, text string
		flags         regex.Flags
		init          int
		want          string
	}{
		"exponential":  {pattern: "^(a+)+$", text: long + "b", want: regex.ErrTooComplex.Error()},
		"alternatives": {pattern: "^(a|aa)*$", text: long + "b", want: regex.ErrTooComplex.Error()},
		"long choices": {pattern: "(?:(a)|b|ab)*c", text: strings.Repeat(long, 64), want: regex.ErrTooComplex.Error()},
		"recursive":    {pattern: "^((?1)?a|b)", text: "aaa", want: "nested recursion at the same subject position"},
		"deep calls":   {pattern: `\((?R)?x`, text: strings.Repeat("(", 1<<16), want: regex.ErrTooComplex.Error()},
		"verb":         {pattern: "a(*COMMIT)b", text: "ab", want: regex.ErrUnsupported.Error() + ": (*COMMIT)"},
		"not UTF-8":    {pattern: "a", flags: regex.UTF, text: "a\xff", want: "UTF-8 error: not a valid character at offset 1"},
		"in UTF-8":     {pattern: "a", flags: regex.UTF, text: "é", init: 1, want: "bad offset into UTF string"},
		"malformed":    {pattern: "(", want: "missing closing parenthesis at offset 1"},
	} {
		m, err := regex.Find(t.Context(), tt.pattern, tt.flags, tt.text, tt.init)
		if err == nil || err.Error() != tt.want {
			t.Errorf("%s: got %v, %v, want %s", name, m, err, tt.want)
		}
	}
}

func TestFind_cancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	m, err := regex.Find(ctx, "a++b", 0, strings.Repeat("a", 1<<20)+"cb", 0)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, %v, want %v", m, err, context.Canceled)
	}
}

// TestFindCounted: the same search takes the same steps, and more take more.
func TestFindCounted(t *testing.T) {
	t.Parallel()
	const pattern = "(a|aa)+[bd]"
	before := 0
	for _, length := range []int{0, 5, 10, 15} {
		text := strings.Repeat("a", length) + "c"
		_, first, err := regex.FindCounted(t.Context(), pattern, 0, text, 0, math.MaxInt)
		_, second, err2 := regex.FindCounted(t.Context(), pattern, 0, text, 0, first)
		if err != nil || err2 != nil || first != second || length > 0 && first <= before {
			t.Errorf("%d characters took %d steps, then %d, fewer %d: %v, %v", length, first, second, before, err, err2)
		}
		before = first
	}
	m, steps, err := regex.FindCounted(t.Context(), pattern, 0, strings.Repeat("a", 30)+"c", 0, before)
	if !errors.Is(err, regex.ErrTooComplex) || m != nil || steps < before || steps > 2*before {
		t.Errorf("within %d steps: got %v, %d, %v", before, m, steps, err)
	}
}

func TestFind_long(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("a", 1<<20)
	m, err := regex.Find(t.Context(), "(?<=a)b$", 0, text+"b", 0)
	if diff := cmp.Diff(&regex.Match{Groups: [][2]int{{1 << 20, 1<<20 + 1}}}, m); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	m, err = regex.Find(t.Context(), "b", regex.Anchored, text+"b", 0)
	if m != nil || err != nil {
		t.Errorf("anchored: got %v, %v", m, err)
	}
}

// TestFind_concurrent is for the race detector.
func TestFind_concurrent(t *testing.T) {
	t.Parallel()
	done := make(chan error)
	for range 8 {
		go func() {
			var err error
			for range 100 {
				if _, e := regex.Find(t.Context(), "(a|b)+c", 0, "ababc", 0); e != nil {
					err = e
				}
			}
			done <- err
		}()
	}
	for range 8 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// seeds are patterns and texts to begin with.
var seeds = [][2]string{
	{"^(\\d{3})-([a-z]+)$", "123-abc"}, {"(?<a>x)\\k<a>|(?=y)", "xx"}, {"(?R)?a", "aaa"}, {"[[:^alpha:]\\x{e0}-\\pL]", "1"}, {"(*UTF)é", "é"},
	{"(?|(a)|(b)){0,3}+(?<=\\1|c)", "ab"}, {"(?(?!a)b|(?(1)c))(?C1)(*F)", "b"}, {"(?xi) [a\\Q]\\E-] {2,} #", "a]"}, {"\\N{2,3}\\R\\K(?1)(.)", "ab\r\nc"},
}

// known are the flags that callers have.
const known = regex.Anchored | regex.Caseless | regex.DotAll | regex.DupNames | regex.Extended | regex.Multiline | regex.UTF

func FuzzCheck(f *testing.F) {
	for _, seed := range seeds {
		f.Add(seed[0], uint32(0))
	}
	f.Fuzz(func(t *testing.T, pattern string, flags uint32) {
		err := regex.Check(pattern, regex.Flags(flags)&known)
		var syntax *regex.SyntaxError
		if errors.As(err, &syntax) && (syntax.Reason == "" || syntax.Offset < 0 || syntax.Offset > len(pattern)) {
			t.Fatalf("%v for %d bytes", err, len(pattern))
		}
		_, found := regex.Find(t.Context(), pattern, regex.Flags(flags)&known, "", 0)
		if err != nil && (found == nil || found.Error() != err.Error()) {
			t.Fatalf("Check says %v, Find says %v", err, found)
		}
	})
}

func FuzzFind(f *testing.F) {
	for _, seed := range seeds {
		f.Add(seed[0], seed[1], uint32(0), 0)
	}
	f.Fuzz(func(t *testing.T, pattern, text string, flags uint32, init int) {
		m, steps, err := regex.FindCounted(t.Context(), pattern, regex.Flags(flags)&known, text, init, math.MaxInt)
		if steps > len(pattern)+regex.MatchLimit {
			t.Fatalf("took %d steps", steps)
		}
		if m == nil {
			return
		}
		if err != nil {
			t.Fatalf("a match and an error: %v", err)
		}
		for i, g := range m.Groups {
			if g != [2]int{-1, -1} && (g[0] < 0 || g[0] > g[1] && i > 0 || g[0] > len(text) || g[1] > len(text)) {
				t.Fatalf("group %d at %v of %d bytes", i, g, len(text))
			}
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	for b.Loop() {
		if err := regex.Check("^https?://(?:[a-z]+\\.)*example\\.com$", 0); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFind(b *testing.B) {
	for name, bb := range map[string]struct{ pattern, text string }{
		"short": {"^(\\d{4})-(\\d\\d)-(\\d\\d)$", "2026-07-31"},
		"long":  {"(?<word>[a-z]+)@example\\.com", strings.Repeat("lorem ipsum ", 1000) + "me@example.com"},
		"none":  {"(?i)foo(?:bar|baz)\\b", strings.Repeat("lorem ipsum ", 1000)},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := regex.Find(b.Context(), bb.pattern, 0, bb.text, 0); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
