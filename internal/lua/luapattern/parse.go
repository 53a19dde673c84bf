package luapattern

import "strings"

// specials are the characters that make a pattern more than a plain text.
const specials = "^$*+?.([%-)]"

// kind says what an item of a pattern does.
type kind uint8

const (
	single   kind = iota // one byte of a set
	optional             // the same with ?
	repeated             // the same with + * -
	open                 // (
	position             // ()
	closing              // ), of capture arg
	end                  // $ at the end
	balanced             // %bxy
	frontier             // %f[set]
	backref              // %1, of capture arg
	fault                // reaching it is an error
)

// item is one step of a pattern.
type item struct {
	kind       kind
	quantifier byte // repeated: one of + * -
	open       byte // balanced: x
	close      byte // balanced: y
	arg        int
	set        *set
	err        error
}

// parser turns the text of a pattern into items. Patterns have no branches, so
// which capture a parenthesis closes is known here.
type parser struct {
	text     string
	pos      int
	items    []item
	captures int
	unclosed []int
	fault    error
}

func (p *parser) parse() {
	for p.pos < len(p.text) && p.fault == nil {
		p.item()
	}
	if p.fault == nil && len(p.unclosed) > 0 {
		p.fail(ErrUnfinished)
	}
}

func (p *parser) emit(it item) { p.items = append(p.items, it) }

// fail ends the pattern with a fault.
func (p *parser) fail(err error) {
	p.fault = err
	p.emit(item{kind: fault, err: err})
}

// rest returns what follows the current position.
func (p *parser) rest() string { return p.text[p.pos:] }

func (p *parser) item() {
	switch rest := p.rest(); {
	case rest[0] == '(':
		p.openCapture()
	case rest[0] == ')':
		p.closeCapture()
	case rest == "$":
		p.pos++
		p.emit(item{kind: end})
	case strings.HasPrefix(rest, "%b"):
		p.balanced()
	case strings.HasPrefix(rest, "%f"):
		p.frontier()
	case len(rest) > 1 && rest[0] == '%' && isDigit(rest[1]):
		p.backref()
	default:
		p.single()
	}
}

func (p *parser) openCapture() {
	if p.captures == MaxCaptures {
		p.fail(ErrTooManyCaptures)
		return
	}
	if strings.HasPrefix(p.rest(), "()") {
		p.pos += 2
		p.emit(item{kind: position})
	} else {
		p.pos++
		p.emit(item{kind: open})
		p.unclosed = append(p.unclosed, p.captures)
	}
	p.captures++
}

func (p *parser) closeCapture() {
	p.pos++
	if len(p.unclosed) == 0 {
		p.fail(ErrPatternCapture)
		return
	}
	last := len(p.unclosed) - 1
	p.emit(item{kind: closing, arg: p.unclosed[last]})
	p.unclosed = p.unclosed[:last]
}

func (p *parser) balanced() {
	rest := p.rest()
	if len(rest) < 4 {
		p.fail(ErrUnbalanced)
		return
	}
	p.pos += 4
	p.emit(item{kind: balanced, open: rest[2], close: rest[3]})
}

func (p *parser) frontier() {
	p.pos += 2
	if !strings.HasPrefix(p.rest(), "[") {
		p.fail(ErrFrontier)
		return
	}
	if set := p.class(); set != nil {
		p.emit(item{kind: frontier, set: set})
	}
}

func (p *parser) backref() {
	n := int(p.rest()[1]-'0') - 1
	p.pos += 2
	if n < 0 || n >= p.captures || p.isUnclosed(n) {
		p.fail(ErrInvalidCapture)
		return
	}
	p.emit(item{kind: backref, arg: n})
}

func (p *parser) isUnclosed(capture int) bool {
	for _, n := range p.unclosed {
		if n == capture {
			return true
		}
	}
	return false
}

func (p *parser) single() {
	set := p.class()
	if set == nil {
		return
	}
	it := item{kind: single, set: set}
	if p.pos < len(p.text) {
		switch c := p.text[p.pos]; c {
		case '?':
			it.kind = optional
			p.pos++
		case '+', '*', '-':
			it.kind, it.quantifier = repeated, c
			p.pos++
		}
	}
	p.emit(it)
}

// class reads what matches one byte: a character, %x, or [set]. It returns nil
// after a fault.
func (p *parser) class() *set {
	var s set
	c := p.text[p.pos]
	p.pos++
	switch c {
	case '.':
		s.addRange(0, 255)
	case '%':
		if p.pos == len(p.text) {
			p.fail(ErrEndsWithPercent)
			return nil
		}
		s.addClass(p.text[p.pos])
		p.pos++
	case '[':
		if err := p.bracket(&s); err != nil {
			p.fail(err)
			return nil
		}
	default:
		s.add(c)
	}
	return &s
}

// bracket reads a set after its opening bracket.
func (p *parser) bracket(s *set) error {
	negated := false
	if strings.HasPrefix(p.rest(), "^") {
		negated = true
		p.pos++
	}
	for first := true; ; first = false {
		rest := p.rest()
		switch {
		case rest == "":
			return ErrMissingBracket
		case rest[0] == ']' && !first:
			p.pos++
			if negated {
				s.negate()
			}
			return nil
		case rest[0] == '%':
			if len(rest) == 1 {
				return ErrMissingBracket
			}
			s.addClass(rest[1])
			p.pos += 2
		case len(rest) > 2 && rest[1] == '-' && rest[2] != ']':
			s.addRange(rest[0], rest[2])
			p.pos += 3
		default:
			s.add(rest[0])
			p.pos++
		}
	}
}
