package regex_test

import (
	"context"
	"errors"
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
		want          string
	}{
		"exponential":  {pattern: "^(a+)+$", text: long + "b", want: regex.ErrTooComplex.Error()},
		"alternatives": {pattern: "^(a|a)*$", text: long + "b", want: regex.ErrTooComplex.Error()},
		"recursive":    {pattern: "^((?1)?a|b)", text: "aaa", want: "nested recursion at the same subject position"},
		"not UTF-8":    {pattern: "a", flags: regex.UTF, text: "\xff", want: "UTF-8 error: illegal byte (0xfe or 0xff)"},
		"malformed":    {pattern: "(", want: "missing closing parenthesis at offset 1"},
	} {
		m, err := regex.Find(t.Context(), tt.pattern, tt.flags, tt.text, 0)
		if err == nil || err.Error() != tt.want {
			t.Errorf("%s: got %v, %v, want %s", name, m, err, tt.want)
		}
	}
}

// TestFind_cancelled has work that PCRE's own limits do not count.
func TestFind_cancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	m, err := regex.Find(ctx, "a++b", 0, strings.Repeat("a", 1<<20)+"cb", 0)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, %v, want %v", m, err, context.Canceled)
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

func FuzzFind(f *testing.F) {
	for _, seed := range [][2]string{
		{"^(\\d{3})-([a-z]+)$", "123-abc"}, {"(?<a>x)\\k<a>|(?=y)", "xx"}, {"(?R)?a", "aaa"}, {"[[:^alpha:]\\x{100}]", "1"}, {"(*UTF)é", "é"},
	} {
		f.Add(seed[0], seed[1], uint32(0))
	}
	f.Fuzz(func(t *testing.T, pattern, text string, flags uint32) {
		const known = regex.Anchored | regex.Caseless | regex.DotAll | regex.DupNames | regex.Extended | regex.Multiline | regex.UTF
		m, err := regex.Find(t.Context(), pattern, regex.Flags(flags)&known, text, 0)
		if m == nil {
			return
		}
		if err != nil {
			t.Fatalf("a match and an error: %v", err)
		}
		for i, g := range m.Groups {
			if g[0] < -1 || g[0] > len(text) || g[1] > len(text) {
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
