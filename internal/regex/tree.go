package regex

// node is a part of an expression. Options such as [Caseless] are already
// worked into it: what it means does not depend on where it stands.
type node struct {
	op   op
	subs []*node
	set  set // opSet
	size int // opSet, opForeignSet: in PCRE2's compiled form

	group bool // opConcat: has parentheses of its own

	min, max int   // opRepeat, max below 0 for any number
	greed    greed // opRepeat

	number   int   // opCapture, opCall; the condition of opIf
	numbers  []int // opReference: the groups that the name or number stands for
	caseless bool  // opReference

	text   string // opAnchor: its spelling; opForeign: what it is; opIf: a recursion like R1
	offset int    // where it is written, for errors

	name string // opReference, opCall, opIf: a group's name, resolved at the end
}

type op uint8

const (
	opEmpty     op = iota
	opSet          // one character of a set
	opAnchor       // a place
	opConcat       // all of subs
	opAlternate    // one of subs
	opCapture      // a numbered group
	opAtomic
	opLook       // a lookaround; text is how it begins
	opRepeat     // subs[0], min to max times
	opReference  // the text of a group again
	opCall       // a group's expression again
	opIf         // subs[1] if the condition holds, or else subs[2]
	opDefine     // groups for calls only
	opKeep       // the match begins here
	opNewline    // \R
	opForeign    // a feature that only PCRE itself has
	opByte       // \C
	opForeignSet // one character of an unknown set
)

type greed uint8

const (
	greedy greed = iota
	lazy
	possessive
)

var (
	nothing = &node{}
	fail    = &node{op: opAnchor, text: "(?!)"}
)

// joined makes one node of several in a row.
func joined(op op, subs []*node) *node {
	switch {
	case len(subs) == 1:
		return subs[0]
	case len(subs) == 0:
		return nothing
	}
	return &node{op: op, subs: subs}
}
