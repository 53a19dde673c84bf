//go:build !((linux && (386 || amd64 || arm || arm64 || riscv64)) || (darwin && (amd64 || arm64)))

package regex

import (
	"context"
	"errors"
	"time"
	"unicode/utf8"

	"github.com/dlclark/regexp2"
)

// matchTime bounds one search; the engine counts no steps.
const matchTime = 200 * time.Millisecond

func compile(pattern string, flags Flags) (*regexp2.Regexp, error) {
	options := regexp2.RegexOptions(regexp2.RE2) // brings \Q…\E, (?P<name>…) and POSIX classes
	for flag, option := range map[Flags]regexp2.RegexOptions{
		Caseless: regexp2.IgnoreCase, DotAll: regexp2.Singleline,
		Extended: regexp2.IgnorePatternWhitespace, Multiline: regexp2.Multiline,
	} {
		if flags&flag != 0 {
			options |= option
		}
	}
	source := translate(pattern)
	if flags&Anchored != 0 {
		source = `\G(?:` + source + `)`
	}
	re, err := regexp2.Compile(source, options)
	if err != nil {
		return nil, &SyntaxError{Reason: err.Error()}
	}
	re.MatchTimeout = matchTime
	return re, nil
}

func check(pattern string, flags Flags) error {
	_, err := compile(pattern, flags)
	return err
}

func find(ctx context.Context, pattern string, flags Flags, text string, init, _ int) (*Match, int, error) {
	steps := len(pattern) + len(text)
	if err := ctx.Err(); err != nil {
		return nil, steps, err
	}
	re, err := compile(pattern, flags)
	if err != nil {
		return nil, steps, err
	}
	runes := []rune(text)
	m, err := re.FindRunesMatchStartingAt(runes, utf8.RuneCountInString(text[:init]))
	if err != nil {
		return nil, steps + MatchLimit, errors.Join(ErrTooComplex, err)
	}
	if m == nil {
		return nil, steps, nil
	}
	return converted(re, m, runes), steps, nil
}

// converted counts in bytes what the engine counts in characters.
func converted(re *regexp2.Regexp, m *regexp2.Match, runes []rune) *Match {
	bytes := func(n int) int { return len(string(runes[:n])) }
	out := &Match{}
	for _, g := range m.Groups() {
		if len(g.Captures) == 0 {
			out.Groups = append(out.Groups, [2]int{-1, -1})
			continue
		}
		out.Groups = append(out.Groups, [2]int{bytes(g.Index), bytes(g.Index + g.Length)})
	}
	for _, name := range re.GetGroupNames() {
		if n := re.GroupNumberFromName(name); n > 0 && (name[0] < '0' || name[0] > '9') {
			if out.Names == nil {
				out.Names = map[string][]int{}
			}
			out.Names[name] = append(out.Names[name], n)
		}
	}
	return out
}
