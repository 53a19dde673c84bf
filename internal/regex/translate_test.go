package regex

import "testing"

func TestTranslate(t *testing.T) {
	t.Parallel()
	for pattern, want := range map[string]string{
		"a++b":        "a+b",
		"a*+b?+c{2}+": "a*b?c{2}",
		"a+?b":        "a+?b",
		"[a++]":       "[a++]",
		`\++a`:        `\++a`,
		`\h\K[\h]`:    `[ \t][ \t]`,
		"(?<n>a)+":    "(?<n>a)+",
		`\`:           `\`,
		"":            "",
	} {
		if got := translate(pattern); got != want {
			t.Errorf("translate(%q) = %q, want %q", pattern, got, want)
		}
	}
}
