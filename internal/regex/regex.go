// Package regex runs Perl-compatible regular expressions from outside, within
// bounds, alike on every system.
//
// Kong's is_regex rule and ngx.re speak PCRE2, which Go's regexp does not. The
// package reads an expression as PCRE2 does and reports errors in PCRE2's words
// ([Check]: parse.go and the files for its parts, then verify.go and size.go).
// It writes a program for a small machine (compile.go) and searches by
// backtracking ([Find]: match.go). The machine counts its work, so that bounds
// are the same on a slow computer. Some expressions are valid, but the machine
// cannot search for them: Check accepts them, Find returns [ErrUnsupported].
//
// The package knows nothing of Lua or of schemas.
package regex

import (
	"context"
	"errors"
	"fmt"
	"math"
)

// MaxPattern is the length of the longest expression, in bytes.
const MaxPattern = 64 << 10

// Flags change what an expression means. The values are PCRE2's.
type Flags uint32

// The flags that ngx.re knows, under PCRE's names.
const (
	Anchored  Flags = 0x80000000
	Caseless  Flags = 0x00000008
	DotAll    Flags = 0x00000020
	DupNames  Flags = 0x00000040
	Extended  Flags = 0x00000080
	Multiline Flags = 0x00000400
	UTF       Flags = 0x00080000
)

var (
	// ErrTooComplex reports a search that exceeded a bound.
	ErrTooComplex = errors.New("regular expression is too complex for this text")
	// ErrUnsupported reports a valid expression that this package cannot search
	// for; the error says why.
	ErrUnsupported = errors.New("regular expression cannot be searched for outside the gateway")
)

// SyntaxError says what is wrong with an expression.
type SyntaxError struct {
	Reason string
	Offset int // in bytes, from 0
}

// Error gives reason and place.
func (e *SyntaxError) Error() string { return fmt.Sprintf("%s at offset %d", e.Reason, e.Offset) }

// Check reports whether PCRE2 compiles an expression; the error is a
// *[SyntaxError].
func Check(pattern string, flags Flags) error {
	_, _, err := parse(pattern, flags)
	return err
}

// Match is a place where an expression matched.
type Match struct {
	// Groups are the byte offsets from 0 of the whole match and of each group;
	// -1 and -1 for a group that did not match.
	Groups [][2]int
	// Names are the named groups' numbers. They are not to be changed.
	Names map[string][]int
}

// Find searches text from the byte offset init. It returns nil without a match,
// and the context's error if the context ends first.
func Find(ctx context.Context, pattern string, flags Flags, text string, init int) (*Match, error) {
	m, _, err := FindCounted(ctx, pattern, flags, text, init, math.MaxInt)
	return m, err
}

// FindCounted is Find, and returns how many steps the search took. The number
// depends on expression and text alone, and grows with the time of the search.
// A search that needs more than most ends with [ErrTooComplex].
func FindCounted(ctx context.Context, pattern string, flags Flags, text string, init, most int) (match *Match, steps int, err error) {
	if init < 0 || init > len(text) {
		return nil, 0, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, 0, err
	}
	steps = len(pattern)
	p, err := programs.get(pattern, flags)
	if err != nil {
		return nil, steps, err
	}
	match, searched, err := p.find(ctx, text, init, most-steps)
	return match, steps + searched, err
}
