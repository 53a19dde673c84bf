package regex

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds that PCRE2 is built with.
const (
	maxDepth     = 250
	maxGroups    = 65535
	maxNames     = 10000
	maxName      = 32
	maxRepeat    = 65535
	maxVerbName  = 255
	maxCallout   = 255
	maxReference = 1<<31/10 - 2 // the greatest number after a backslash
)

// Options that only the expression itself can set.
const (
	extendedMore Flags = 0x01000000
	ungreedy     Flags = 0x00040000
	noCapture    Flags = 0x00002000
)

// parser reads an expression as PCRE2 does. It gives up by a panic with a
// *SyntaxError, which [parse] recovers.
type parser struct {
	src     string
	pos     int
	last    rune // the last character there is: maxByte or maxRune
	options Flags
	quoted  bool     // between \Q and \E
	newline []string // each ends a comment
	depth   int      // of parentheses

	foreign string  // what is asked for at the start and only PCRE itself can do
	count   int     // groups so far
	highest int     // the greatest number of a group
	firsts  [10]int // where references by a low number first stand
	groups  map[int]*node
	names   map[string][]int
	defined []definition
}

// parse reads an expression; the error is a *[SyntaxError].
func parse(pattern string, flags Flags) (p *parser, tree *node, err error) {
	defer func() {
		if r := recover(); r != nil {
			syntax, ok := r.(*SyntaxError)
			if !ok {
				panic(r)
			}
			err = syntax
		}
	}()
	if len(pattern) > MaxPattern {
		return nil, nil, &SyntaxError{Reason: fmt.Sprintf("regular expression is longer than %d bytes", MaxPattern)}
	}
	p = &parser{
		src: pattern, options: flags, last: maxByte, newline: []string{"\n"},
	}
	p.settings()
	if p.options&UTF != 0 {
		p.last = maxRune
		if n := invalidUTF8(pattern); n >= 0 {
			p.fail(errUTF8, n)
		}
	}
	tree = p.alternatives()
	if p.pos < len(p.src) {
		p.fail(errUnmatched, p.pos)
	}
	p.verify(tree)
	return p, tree, nil
}

// invalidUTF8 is where a text is not UTF-8, or below 0.
func invalidUTF8(text string) int {
	for i, c := range text {
		if c == utf8.RuneError && !strings.HasPrefix(text[i:], "\uFFFD") {
			return i
		}
	}
	return -1
}

func (p *parser) fail(reason string, offset int) {
	panic(&SyntaxError{Reason: reason, Offset: offset})
}

// settings are what may stand at the start of an expression, like (*UTF).
func (p *parser) settings() {
	for {
		rest, ok := strings.CutPrefix(p.src[p.pos:], "(*")
		if !ok {
			return
		}
		n := strings.IndexAny(rest, ")=")
		if n < 0 {
			return
		}
		start, name := p.pos+2, rest[:n+1]
		setting, known := settings[name]
		if !known {
			return
		}
		p.pos = start + len(name)
		if strings.HasSuffix(name, "=") {
			p.limit()
		}
		p.options |= setting.flag
		if setting.newline != nil {
			p.newline = setting.newline
		}
		if setting.foreign {
			p.foreign = "(*" + strings.TrimRight(name, ")=") + ")"
		}
	}
}

// settings by their spelling.
var settings = map[string]struct {
	flag    Flags
	newline []string
	foreign bool // changes what matches
}{
	"UTF)": {flag: UTF}, "UTF8)": {flag: UTF}, "UCP)": {foreign: true},
	"NOTEMPTY)": {foreign: true}, "NOTEMPTY_ATSTART)": {foreign: true},
	"NO_AUTO_POSSESS)": {}, "NO_DOTSTAR_ANCHOR)": {}, "NO_JIT)": {}, "NO_START_OPT)": {},
	"LIMIT_HEAP=": {foreign: true}, "LIMIT_MATCH=": {foreign: true}, "LIMIT_DEPTH=": {foreign: true}, "LIMIT_RECURSION=": {foreign: true},
	"LF)": {newline: []string{"\n"}}, "CR)": {newline: []string{"\r"}, foreign: true}, "CRLF)": {newline: []string{"\r\n"}, foreign: true}, "NUL)": {newline: []string{"\x00"}, foreign: true},
	"ANYCRLF)": {newline: []string{"\r", "\n"}, foreign: true}, "ANY)": {newline: []string{"\n", "\v", "\f", "\r"}, foreign: true},
	"BSR_UNICODE)": {}, "BSR_ANYCRLF)": {foreign: true},
}

// limit reads the number of a setting, which fits in 32 bits.
func (p *parser) limit() {
	start, n := p.pos, uint64(0)
	for p.digit() {
		if n > (1<<32-1)/10-1 {
			p.fail(errVerb, p.pos+1)
		}
		n = n*10 + uint64(p.src[p.pos]-'0')
		p.pos++
	}
	switch {
	case p.pos == start:
		p.fail(errVerb, p.pos)
	case !p.at(")"):
		p.fail(errVerb, p.pos+1)
	}
	p.pos++
}

func (p *parser) end() bool           { return p.pos >= len(p.src) }
func (p *parser) at(text string) bool { return strings.HasPrefix(p.src[p.pos:], text) }
func (p *parser) digit() bool         { return !p.end() && p.src[p.pos] >= '0' && p.src[p.pos] <= '9' }

// take moves behind a text that stands here.
func (p *parser) take(text string) bool {
	if !p.at(text) {
		return false
	}
	p.pos += len(text)
	return true
}

// next reads a character.
func (p *parser) next() rune {
	if p.last == maxByte {
		p.pos++
		return rune(p.src[p.pos-1])
	}
	c, n := utf8.DecodeRuneInString(p.src[p.pos:])
	p.pos += n
	return c
}

// alternatives reads up to the end of a group, without the parenthesis.
func (p *parser) alternatives() *node {
	branches := []*node{p.branch()}
	for p.take("|") {
		branches = append(branches, p.branch())
	}
	return joined(opAlternate, branches)
}

// branch reads one alternative.
func (p *parser) branch() *node {
	var items []*node
	repeatable, signed := false, false
	for !p.end() {
		if p.depth > maxDepth {
			p.fail(errDepth, p.pos)
		}
		if p.quotes() || !p.quoted && p.ignorable() {
			continue
		}
		if !p.quoted && (p.at("|") || p.at(")")) {
			break
		}
		if signed && p.sign(items[len(items)-1]) {
			signed = false
			continue
		}
		lo, hi, ok := p.quantifier()
		if ok {
			if !repeatable {
				p.fail(errNothingToRepeat, p.pos-1)
			}
			items[len(items)-1] = p.repeated(items[len(items)-1], lo, hi)
			repeatable, signed = false, true
			continue
		}
		signed, repeatable = false, true
		if n := p.plain(); n != nil {
			items = append(items, n)
			continue
		}
		var added []*node
		added, repeatable = p.item()
		items = append(items, added...)
	}
	return joined(opConcat, items)
}

// quotes moves behind \Q or \E.
func (p *parser) quotes() bool {
	switch {
	case p.take(`\E`):
		p.quoted = false
	case !p.quoted && p.take(`\Q`):
		p.quoted = true
	default:
		return false
	}
	return true
}

// ignorable moves behind a comment or, with [Extended], white space.
func (p *parser) ignorable() bool {
	if p.at("(?#") {
		n := strings.IndexByte(p.src[p.pos:], ')')
		if n < 0 {
			p.fail(errComment, len(p.src))
		}
		p.pos += n + 1
		return true
	}
	if p.options&(Extended|extendedMore) == 0 {
		return false
	}
	if p.take("#") {
		p.comment()
		return true
	}
	start := p.pos
	c := p.next()
	if spaces.holds(c) || patternSpaces.holds(c) {
		return true
	}
	p.pos = start
	return false
}

// comment moves behind the end of the line.
func (p *parser) comment() {
	for ; !p.end(); p.pos++ {
		for _, newline := range p.newline {
			if p.take(newline) {
				return
			}
		}
	}
}

var patternSpaces = set{0x85, 0x85, 0x200e, 0x200f, 0x2028, 0x2029}

// quantifier reads how often the last item is repeated. hi is below 0 without
// an upper bound.
func (p *parser) quantifier() (lo, hi int, ok bool) {
	if p.quoted {
		return 0, 0, false
	}
	switch {
	case p.take("*"):
		return 0, -1, true
	case p.take("+"):
		return 1, -1, true
	case p.take("?"):
		return 0, 1, true
	case !p.counted():
		return 0, 0, false
	}
	p.pos++
	lo = p.repeatCount()
	hi = lo
	if p.take(",") {
		hi = -1
		if !p.at("}") {
			hi = p.repeatCount()
		}
	}
	if hi >= 0 && hi < lo {
		p.fail(errOrder, p.pos)
	}
	p.pos++
	return lo, hi, true
}

// counted reports whether {n}, {n,} or {n,m} stands here.
func (p *parser) counted() bool {
	body, ok := strings.CutPrefix(p.src[p.pos:], "{")
	if !ok {
		return false
	}
	after := strings.TrimLeft(body, "0123456789")
	if len(after) == len(body) {
		return false
	}
	if more, ok := strings.CutPrefix(after, ","); ok {
		after = strings.TrimLeft(more, "0123456789")
	}
	return strings.HasPrefix(after, "}")
}

func (p *parser) repeatCount() int {
	n := 0
	for p.digit() {
		n = n*10 + int(p.src[p.pos]-'0')
		p.pos++
		if n > maxRepeat {
			p.fail(errRepeatTooBig, p.pos)
		}
	}
	return n
}

// repeated makes a repetition of an item.
func (p *parser) repeated(item *node, lo, hi int) *node {
	r := &node{op: opRepeat, subs: []*node{item}, min: lo, max: hi, offset: p.pos}
	if p.options&ungreedy != 0 {
		r.greed = lazy
	}
	if item.op == opLook && hi != 0 {
		r.min, r.max = min(lo, 1), 1 // it matches again where it matched
	}
	return r
}

// sign reads the sign after a quantifier: ? or +.
func (p *parser) sign(r *node) bool {
	switch {
	case p.quoted:
		return false
	case p.take("?"):
		r.greed = lazy - r.greed
	case p.take("+"):
		r.greed = possessive
	default:
		return false
	}
	return true
}

// plain reads a letter or a digit that stands for itself, or returns nil.
func (p *parser) plain() *node {
	c := rune(p.src[p.pos])
	if !wordBytes.holds(c) {
		return nil
	}
	p.pos++
	return p.literal(c)
}

// item reads anything but quantifiers and ignored text, and reports whether a
// quantifier may follow.
func (p *parser) item() (items []*node, repeatable bool) {
	start := p.pos
	c := p.next()
	if p.quoted {
		return []*node{p.literal(c)}, true
	}
	switch c {
	case '\\':
		return p.escaped()
	case '[':
		return p.class()
	case '(':
		return p.parenthesis(start)
	case '.':
		if p.options&DotAll != 0 {
			return []*node{p.one(set{0, p.last})}, true
		}
		return []*node{p.one(newline.but(p.last))}, true
	case '^':
		if p.options&Multiline != 0 {
			return []*node{{op: opAnchor, text: "(?m:^)"}}, false
		}
		return []*node{{op: opAnchor, text: `\A`}}, false
	case '$':
		if p.options&Multiline != 0 {
			return []*node{{op: opAnchor, text: "(?m:$)"}}, false
		}
		return []*node{{op: opAnchor, text: `\Z`}}, false
	}
	return []*node{p.literal(c)}, true
}

// one makes a node of a complete set for which PCRE2 has an escape.
func (p *parser) one(s set) *node { return &node{op: opSet, set: s, size: 1} }

// literal makes a node of a character; with [Caseless] it matches both cases.
func (p *parser) literal(c rune) *node {
	if c < utf8.RuneSelf && p.options&Caseless == 0 {
		return literals[c]
	}
	n := &node{op: opSet, set: set{c, c}, size: 2}
	if p.options&Caseless != 0 {
		n.set = n.set.folded(p.last)
	}
	if p.last == maxRune {
		n.size = 1 + utf8.RuneLen(c)
	}
	return n
}

// literals are the nodes of ASCII characters, which expressions share.
var literals = func() (all [utf8.RuneSelf]*node) {
	for c := range all {
		all[c] = &node{op: opSet, set: set{rune(c), rune(c)}, size: 2}
	}
	return all
}()

// word reads ASCII letters, digits and underscores.
func (p *parser) word() string {
	start := p.pos
	for !p.end() && wordBytes.holds(rune(p.src[p.pos])) {
		p.pos++
	}
	return p.src[start:p.pos]
}

// groupName reads letters, digits and underscores, of any script with [UTF].
func (p *parser) groupName() string {
	if p.last == maxByte {
		return p.word()
	}
	rest := p.src[p.pos:]
	n := strings.IndexFunc(rest, func(c rune) bool { return c != '_' && !unicode.IsLetter(c) && !unicode.Is(unicode.Nd, c) })
	if n < 0 {
		n = len(rest)
	}
	p.pos += n
	return rest[:n]
}

// readName reads the name of a group and the text that ends it.
func (p *parser) readName(terminator string) string {
	start := p.pos
	name := p.groupName()
	switch {
	case name == "":
		p.fail(errNameExpected, start)
	case unicode.IsDigit([]rune(name)[0]):
		p.fail(errNameDigit, start)
	case len(name) > maxName:
		p.fail(errNameLong, p.pos)
	case !p.take(terminator):
		p.fail(errNameEnd, p.pos)
	}
	return name
}

// number reads the number of a group; with a sign it is relative. ok is false
// without a number.
func (p *parser) number() (n int, ok bool) {
	start, sign := p.pos, byte(0)
	if p.at("+") || p.at("-") {
		sign = p.src[p.pos]
		p.pos++
	}
	if !p.digit() {
		p.pos = start
		return 0, false
	}
	for p.digit() {
		n = n*10 + int(p.src[p.pos]-'0')
		p.pos++
		if n > maxGroups {
			p.fail(errNumberTooBig, p.pos)
		}
	}
	switch {
	case sign == 0:
	case n == 0:
		p.fail(errRelativeZero, p.pos)
	case sign == '+':
		n += p.count
	case n > p.count:
		p.fail(errNoGroup, p.pos)
	default:
		n = p.count - n + 1
	}
	return n, true
}

// holds reports whether a complete set has a character.
func (s set) holds(c rune) bool {
	for i := 0; i < len(s); i += 2 {
		if c <= s[i+1] {
			return c >= s[i]
		}
	}
	return false
}
