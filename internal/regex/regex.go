// Package regex runs Perl-compatible regular expressions from outside, within
// bounds.
//
// Kong's is_regex rule and ngx.re speak PCRE, which Go's regexp does not. The
// expressions come from schemas and configurations, so every use compiles,
// matches and frees in one go, under [MatchLimit] and [HeapLimit]: nothing
// outlives a call, and no expression runs for long.
//
// PCRE2 itself, translated to Go, does the work where that translation exists
// (pcre.go): Linux and macOS. Elsewhere (other.go) a backtracking engine of
// another dialect stands in, with PCRE's own constructs translated as far as
// they can be.
//
// The package knows nothing of Lua or of schemas.
package regex

import (
	"context"
	"errors"
	"fmt"
	"math"
)

// Bounds of one use.
const (
	// MaxPattern is the length of the longest expression, in bytes.
	MaxPattern = 64 << 10
	// MatchLimit bounds backtracking, in PCRE's own count.
	MatchLimit = 1_000_000
	// HeapLimit bounds the memory of backtracking, in KiB.
	HeapLimit = 16 << 10
	// window is how many bytes a search may look at, times the places where
	// a match may begin, before it asks whether it is still wanted: PCRE's
	// limits do not count the bytes that a repetition runs over.
	window = 256 << 20
	// looksPerStep is how many of these looks count as one step.
	looksPerStep = 64
)

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

// ErrTooComplex reports a match that was given up at one of the bounds.
var ErrTooComplex = errors.New("regular expression is too complex for this text")

// SyntaxError says what is wrong with an expression.
type SyntaxError struct {
	Reason string
	Offset int // in bytes, from 0
}

// Error gives reason and place.
func (e *SyntaxError) Error() string { return fmt.Sprintf("%s at offset %d", e.Reason, e.Offset) }

// Check reports whether an expression compiles; the error is a *[SyntaxError].
func Check(pattern string, flags Flags) error {
	if len(pattern) > MaxPattern {
		return &SyntaxError{Reason: fmt.Sprintf("regular expression is longer than %d bytes", MaxPattern)}
	}
	return check(pattern, flags)
}

// Match is a place where an expression matched.
type Match struct {
	// Groups are the byte offsets from 0 of the whole match and of each
	// group, -1 and -1 for a group that took no part.
	Groups [][2]int
	// Names are the named groups' numbers.
	Names map[string][]int
}

// Find searches text from the byte offset init. It returns nil without a
// match, and the context's error when that ends before the search does.
func Find(ctx context.Context, pattern string, flags Flags, text string, init int) (*Match, error) {
	m, _, err := FindCounted(ctx, pattern, flags, text, init, math.MaxInt)
	return m, err
}

// FindCounted is Find, and tells how many steps the search took: a count that
// is the same each time, and grows as the time does. A search that takes more
// than most is given up with [ErrTooComplex].
func FindCounted(ctx context.Context, pattern string, flags Flags, text string, init, most int) (match *Match, steps int, err error) {
	if init < 0 || init > len(text) {
		return nil, 0, nil
	}
	if len(pattern) > MaxPattern {
		return nil, 0, Check(pattern, flags)
	}
	return find(ctx, pattern, flags, text, init, most)
}
