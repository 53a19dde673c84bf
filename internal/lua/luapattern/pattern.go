// Package luapattern implements Lua 5.1's string patterns (with LuaJIT's %g)
// for patterns and texts from outside.
//
// A [Pattern] is parsed once and then matched any number of times, by any
// number of goroutines. Matching is byte based, as in Lua, and bounded: a
// pattern that backtracks without end runs into [MaxSteps] and one that nests
// too deeply into [MaxDepth], both an error instead of a hang.
//
// Lua notices a malformed pattern only when matching reaches the fault.
// [Parse] keeps to that, since a schema may depend on it; [Compile] reports
// the fault at once.
//
// The package knows nothing of Lua's values or of schemas.
package luapattern

import (
	"errors"
	"strings"
)

// Bounds of one search.
const (
	// MaxCaptures is the number of captures a pattern may have.
	MaxCaptures = 32
	// MaxDepth bounds recursion: how many quantified or captured items of a
	// pattern may be open at once.
	MaxDepth = 200
	// MaxSteps is the number of item matches that one search may try, on
	// top of a few for each byte of the text. It takes some tens of milliseconds.
	MaxSteps = 5_000_000
)

// Faults of a pattern, in Lua's words.
var (
	ErrEndsWithPercent = errors.New("malformed pattern (ends with '%')")
	ErrMissingBracket  = errors.New("malformed pattern (missing ']')")
	ErrFrontier        = errors.New("missing '[' after '%f' in pattern")
	ErrUnbalanced      = errors.New("unbalanced pattern")
	ErrInvalidCapture  = errors.New("invalid capture index")
	ErrPatternCapture  = errors.New("invalid pattern capture")
	ErrUnfinished      = errors.New("unfinished capture")
	ErrTooManyCaptures = errors.New("too many captures")
	ErrTooComplex      = errors.New("pattern too complex")
)

// Pattern is a parsed pattern.
type Pattern struct {
	source   string
	anchored bool
	literal  bool // no special characters: plain search
	items    []item
	captures int
	fault    error // what Compile reports
}

// Compile parses a pattern and reports what is malformed in it.
func Compile(pattern string) (*Pattern, error) {
	p := Parse(pattern)
	if p.fault != nil {
		return nil, p.fault
	}
	return p, nil
}

// Parse parses a pattern. A fault in it shows when a search reaches it.
func Parse(pattern string) *Pattern {
	p := &Pattern{source: pattern}
	if !strings.ContainsAny(pattern, specials) {
		p.literal = true
		return p
	}
	ps := parser{text: pattern}
	if strings.HasPrefix(pattern, "^") {
		p.anchored = true
		ps.pos = 1
	}
	ps.parse()
	p.items, p.captures, p.fault = ps.items, ps.captures, ps.fault
	return p
}

// ParseGlobal parses a pattern for string.gmatch, where '^' is an ordinary
// character.
func ParseGlobal(pattern string) *Pattern {
	if !strings.HasPrefix(pattern, "^") {
		return Parse(pattern)
	}
	ps := parser{text: pattern}
	ps.parse()
	return &Pattern{source: pattern, items: ps.items, captures: ps.captures, fault: ps.fault}
}

// String returns the text of the pattern.
func (p *Pattern) String() string { return p.source }

// Anchored reports whether the pattern matches at the start position only.
func (p *Pattern) Anchored() bool { return p.anchored }

// Match reports whether the pattern matches anywhere in text. A search that
// exceeds its bounds or reaches a fault of the pattern does not match;
// [Pattern.Find] tells why.
func (p *Pattern) Match(text string) bool {
	m, err := p.Find(text, 0)
	return err == nil && m != nil
}

// Find searches text from the byte offset init (from 0) and returns the first
// match, or nil.
func (p *Pattern) Find(text string, init int) (*Match, error) {
	m, _, err := p.FindCounted(text, init)
	return m, err
}

// FindCounted is Find, and tells how many steps the search took.
func (p *Pattern) FindCounted(text string, init int) (match *Match, steps int, err error) {
	if init < 0 || init > len(text) {
		return nil, 0, nil
	}
	if p.literal {
		at := strings.Index(text[init:], p.source)
		if at < 0 {
			return nil, (len(text) - init) / 16, nil
		}
		return &Match{Start: init + at, End: init + at + len(p.source)}, at / 16, nil
	}
	limit := MaxSteps + 16*len(text)
	m := matcher{text: text, items: p.items, steps: limit}
	match, err = p.search(&m, init)
	return match, limit - m.steps, err
}

func (p *Pattern) search(m *matcher, init int) (*Match, error) {
	text := m.text
	for start := init; start <= len(text); start++ {
		m.level = 0
		end := m.match(start, 0)
		if m.err != nil {
			return nil, m.err
		}
		if end >= 0 {
			return &Match{Start: start, End: end, Captures: append([]Capture(nil), m.captures[:m.level]...)}, nil
		}
		if p.anchored {
			break
		}
	}
	return nil, nil
}

// Match is a place where a pattern matched, in byte offsets from 0.
type Match struct {
	Start, End int
	Captures   []Capture
}

// Capture is a captured part of the text. A position capture, written (), has
// a start only.
type Capture struct {
	Start, End int
	Position   bool
}
