package regex

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// instruction is one of a program's.
type instruction struct {
	op       code
	table    *table // of codeSet and codeRun
	min, max int    // codeRun, codeLoop, codeBack
	greed    greed  // codeRun, codeLoop
	slot     int    // the first of those that it uses
	to       int    // where else to go on
	group    int    // codeOpen, codeClose, codeCall, codeRecursion
	groups   []int  // codeReference, codeIf
	caseless bool   // codeReference
	anchor   string // codeAnchor
}

type code uint8

const (
	codeMatch     code = iota
	codeSet            // one character
	codeByte           // one certain byte
	codeRun            // one character, several times
	codeAnchor         // a place
	codeSplit          // go on, or later to
	codeJump           // go on to
	codeOpen           // a group begins
	codeClose          // a group ends
	codeReference      // what a group has matched
	codeStart          // a loop begins
	codeLoop           // another turn, or to
	codeTurn           // count a turn
	codeAgain          // a turn is done
	codeMark           // remember the place and what can be tried again
	codeCommit         // forget what could be tried again since the mark
	codeReturn         // go back to the place of the mark
	codeDeny           // give up all since the mark, and then that
	codeBack           // go back by characters
	codeArrive         // be at the place of the mark
	codeCall           // a group again
	codeIf             // unless a group took part, to
	codeRecursion      // unless in a call of the group, to
	codeKeep           // the match begins here
	codeNewline        // a carriage return and a line feed
)

// program is an expression ready to search.
type program struct {
	code    []instruction
	entries map[int]int // where groups begin that are called
	slots   int
	groups  int // the greatest number of a group
	utf     bool
	anchor  bool   // at the place where the search begins
	begin   bool   // at the text's begin
	first   *table // what a match begins with, if that is known
	names   map[string][]int
}

// unsupported is raised if the machine cannot do what the expression asks for.
type unsupported string

// compiler writes a program.
type compiler struct {
	*parser
	*program
}

func compile(pattern string, flags Flags) (out *program, err error) {
	p, tree, err := parse(pattern, flags)
	if err != nil {
		return nil, err
	}
	defer func() {
		if r := recover(); r != nil {
			what, ok := r.(unsupported)
			if !ok {
				panic(r)
			}
			err = fmt.Errorf("%w: %s", ErrUnsupported, string(what))
		}
	}()
	if p.foreign != "" {
		panic(unsupported(p.foreign))
	}
	c := &compiler{parser: p, program: &program{
		code: make([]instruction, 0, len(pattern)/2+2), entries: map[int]int{0: 0}, groups: p.highest, slots: groupSlots * (p.highest + 1), utf: p.last == maxRune, anchor: flags&Anchored != 0,
		begin: beginsText(tree), names: p.names,
	}}
	c.node(tree)
	c.add(instruction{op: codeMatch})
	if s, ok := c.firsts(tree); ok {
		c.first = newTable(s)
	}
	return c.program, nil
}

// groupSlots is how many slots a group has: one for where it began, two for the
// part that it matched.
const groupSlots = 3

// add writes an instruction and gives its place.
func (c *compiler) add(i instruction) int {
	c.code = append(c.code, i)
	return len(c.code) - 1
}

// here lets an instruction go on to what comes next.
func (c *compiler) here(at int) { c.code[at].to = len(c.code) }

// reserve gives the first of two new slots.
func (c *compiler) reserve() int {
	c.slots += 2
	return c.slots - 2
}

func (c *compiler) node(n *node) {
	switch n.op {
	case opEmpty:
	case opSet:
		c.character(n.set)
	case opAnchor:
		c.add(instruction{op: codeAnchor, anchor: n.text})
	case opConcat:
		for _, sub := range n.subs {
			c.node(sub)
		}
	case opAlternate:
		c.alternatives(len(n.subs), func(i int) { c.node(n.subs[i]) })
	case opCapture:
		c.capture(n)
	case opAtomic:
		c.atomic(func() { c.node(n.subs[0]) })
	case opLook:
		c.look(n)
	case opRepeat:
		c.repeat(n)
	case opReference:
		c.add(instruction{op: codeReference, groups: n.numbers, caseless: n.caseless})
	case opCall:
		c.add(instruction{op: codeCall, group: n.number})
	case opIf:
		c.conditional(n)
	case opDefine:
		c.unused(n.subs[1])
	case opKeep:
		c.add(instruction{op: codeKeep})
	case opNewline:
		c.atomic(func() {
			c.alternatives(2, func(i int) {
				if i == 0 {
					c.add(instruction{op: codeNewline})
				} else {
					c.add(instruction{op: codeSet, table: newTable(vertical.within(c.last))})
				}
			})
		})
	case opByte:
		if c.last == maxRune {
			panic(unsupported(`\C`))
		}
		c.add(instruction{op: codeSet, table: newTable(n.set)})
	case opForeign, opForeignSet:
		panic(unsupported(n.text))
	}
}

// character writes the instruction for one character of a set.
func (c *compiler) character(s set) {
	if len(s) == 2 && s[0] == s[1] && (s[0] < utf8.RuneSelf || !c.program.utf && s[0] <= maxByte) {
		c.add(instruction{op: codeByte, min: int(s[0])})
		return
	}
	c.add(instruction{op: codeSet, table: newTable(s)})
}

// alternatives writes n parts, one of which has to match.
func (c *compiler) alternatives(n int, write func(int)) {
	var ends []int
	for i := range n - 1 {
		split := c.add(instruction{op: codeSplit})
		write(i)
		ends = append(ends, c.add(instruction{op: codeJump}))
		c.here(split)
	}
	write(n - 1)
	for _, end := range ends {
		c.here(end)
	}
}

func (c *compiler) capture(n *node) {
	at := c.add(instruction{op: codeOpen, group: n.number, slot: groupSlots * n.number})
	if _, ok := c.entries[n.number]; !ok {
		c.entries[n.number] = at
	}
	c.node(n.subs[0])
	c.add(instruction{op: codeClose, group: n.number, slot: groupSlots * n.number})
}

// atomic writes a part whose other ways to match are not tried once it has
// matched.
func (c *compiler) atomic(write func()) {
	slot := c.reserve()
	c.add(instruction{op: codeMark, slot: slot})
	write()
	c.add(instruction{op: codeCommit, slot: slot})
}

// unused writes groups that only calls reach.
func (c *compiler) unused(n *node) {
	jump := c.add(instruction{op: codeJump})
	c.node(n)
	c.here(jump)
}

func (c *compiler) look(n *node) {
	slot := c.reserve()
	c.add(instruction{op: codeMark, slot: slot})
	if strings.HasSuffix(n.text, "!") {
		split := c.add(instruction{op: codeSplit})
		c.looked(n, slot)
		c.add(instruction{op: codeDeny, slot: slot})
		c.here(split)
		return
	}
	c.looked(n, slot)
	c.add(instruction{op: codeCommit, slot: slot})
	c.add(instruction{op: codeReturn, slot: slot})
}

// looked writes the content of a lookaround.
func (c *compiler) looked(n *node, slot int) {
	switch n.text {
	case "?=", "?!":
		c.node(n.subs[0])
		return
	case "?<=", "?<!":
	default:
		panic(unsupported("(" + n.text))
	}
	branches := alternatives(n.subs[0])
	c.alternatives(len(branches), func(i int) {
		l := &lengths{parser: c.parser, known: map[*node]span{}}
		length := l.measure(branches[i])
		c.add(instruction{op: codeBack, min: length.lo, max: length.hi})
		c.node(branches[i])
		if length.lo != length.hi {
			if captures(branches[i]) {
				panic(unsupported("a lookbehind of several lengths with groups"))
			}
			c.add(instruction{op: codeArrive, slot: slot})
		}
	})
}

func captures(n *node) bool { return n.op == opCapture || slices.ContainsFunc(n.subs, captures) }

func (c *compiler) repeat(n *node) {
	item := n.subs[0]
	switch {
	case n.max == 0:
		c.unused(item)
	case item.op == opSet:
		c.add(instruction{op: codeRun, table: newTable(item.set), min: n.min, max: n.max, greed: n.greed})
	case n.greed == possessive:
		c.atomic(func() { c.loop(n, greedy) })
	default:
		c.loop(n, n.greed)
	}
}

// loop writes a repetition. Its slots are the number of turns so far and the
// start of the last one.
func (c *compiler) loop(n *node, greed greed) {
	slot := c.reserve()
	c.add(instruction{op: codeStart, slot: slot})
	loop := c.add(instruction{op: codeLoop, slot: slot, min: n.min, max: n.max, greed: greed})
	c.add(instruction{op: codeTurn, slot: slot})
	c.node(n.subs[0])
	c.add(instruction{op: codeAgain, slot: slot, min: n.min, max: n.max, to: loop})
	c.here(loop)
}

func (c *compiler) conditional(n *node) {
	yes, no := n.subs[1], n.subs[2]
	var test int
	switch n.number {
	case onAssertion:
		c.asserted(n.subs[0], yes, no)
		return
	case onVersion:
		c.unused(no)
		c.node(yes)
		return
	case onOlderVersion:
		c.unused(yes)
		c.node(no)
		return
	case onRecursion:
		test = c.add(instruction{op: codeRecursion, groups: n.numbers})
	default:
		test = c.add(instruction{op: codeIf, groups: n.numbers})
	}
	c.either(test, yes, no)
}

// asserted writes a condition that is a lookaround. A negative one is turned
// around: PCRE2 keeps the groups of the lookaround either way.
func (c *compiler) asserted(look, yes, no *node) {
	positive := *look
	if text, ok := strings.CutSuffix(look.text, "!"); ok {
		positive.text = text + "="
		yes, no = no, yes
	}
	slot := c.reserve()
	c.add(instruction{op: codeMark, slot: slot})
	split := c.add(instruction{op: codeSplit})
	c.looked(&positive, slot)
	c.add(instruction{op: codeCommit, slot: slot})
	c.add(instruction{op: codeReturn, slot: slot})
	c.either(split, yes, no)
}

// either writes two branches after a test, which goes on with the first one if
// it succeeds.
func (c *compiler) either(test int, yes, no *node) {
	c.node(yes)
	jump := c.add(instruction{op: codeJump})
	c.here(test)
	c.node(no)
	c.here(jump)
}

// beginsText reports whether an expression can only match where a text begins.
func beginsText(n *node) bool {
	switch n.op {
	case opAnchor:
		return n.text == `\A`
	case opConcat:
		return len(n.subs) > 0 && beginsText(n.subs[0])
	case opCapture, opAtomic:
		return beginsText(n.subs[0])
	case opAlternate:
		return !slices.ContainsFunc(n.subs, func(sub *node) bool { return !beginsText(sub) })
	}
	return false
}

// firsts are the characters that a match may begin with. ok is false if it may
// be empty or its first character is not known.
func (c *compiler) firsts(n *node) (s set, ok bool) {
	switch n.op {
	case opSet:
		return n.set, true
	case opConcat:
		for _, sub := range n.subs {
			if sub.op != opAnchor && sub.op != opLook && sub.op != opKeep {
				return c.firsts(sub)
			}
		}
	case opCapture, opAtomic:
		return c.firsts(n.subs[0])
	case opRepeat:
		if n.min > 0 {
			return c.firsts(n.subs[0])
		}
	case opAlternate:
		for _, sub := range n.subs {
			more, ok := c.firsts(sub)
			if !ok {
				return nil, false
			}
			s = append(s, more...)
		}
		return s.normal(), true
	}
	return nil, false
}

// table is a complete set that answers quickly for low characters.
type table struct {
	low [maxByte + 1]bool
	set set
}

func newTable(s set) *table {
	t := &table{set: s}
	for i := 0; i < len(s); i += 2 {
		for c := s[i]; c <= min(s[i+1], maxByte); c++ {
			t.low[c] = true
		}
	}
	return t
}

func (t *table) holds(c rune) bool {
	if c <= maxByte {
		return t.low[c]
	}
	return t.set.holds(c)
}
