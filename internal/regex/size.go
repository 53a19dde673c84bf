package regex

// Sizes of PCRE2's compiled form, in bytes.
const (
	maxSize   = 1 << 16
	bracket   = 6 // around a group
	branching = 3 // between two alternatives, and in front of a lookbehind's
	grouping  = 2 // more for a group with a number
	linked    = 3 // a reference, a call, a condition
	counting  = 4 // a quantifier with a number for what is short
	ranging   = 5 // the same for what is long
	manyBytes = 1 << 30
)

// size is how many bytes PCRE2 compiles a node to. Groups that repeat are
// compiled again for each time they may match.
func size(n *node) int {
	total := 0
	for _, sub := range n.subs {
		total = min(total+size(sub), manyBytes)
	}
	switch n.op {
	case opSet, opForeignSet:
		return n.size
	case opAnchor, opKeep, opNewline, opByte:
		return 1
	case opForeign:
		return total + 1
	case opAlternate:
		return total + branching*(len(n.subs)-1)
	case opCapture:
		return total + bracket + grouping
	case opAtomic, opDefine:
		return total + bracket
	case opLook:
		if n.text[:2] == "?<" {
			total += branching * len(alternatives(n.subs[0]))
		}
		return total + bracket
	case opIf:
		return total + bracket + linked + branching*max(0, n.max-1)
	case opReference, opCall:
		return linked
	case opRepeat:
		return repeatSize(n, total)
	}
	if n.group {
		return total + bracket
	}
	return total
}

// repeatSize is the size of a repetition of an item.
func repeatSize(n *node, item int) int {
	const short = 3
	simple := n.max < 0 && n.min < 2 || n.max == 1 && n.min == 0
	switch op := n.subs[0].op; {
	case n.min == 1 && n.max == 1:
		return item
	case op == opCall:
		return repeatedGroup(n, item+bracket)
	case op != opSet && op != opForeignSet && op != opReference && op != opNewline && op != opByte:
		return repeatedGroup(n, item)
	case n.max == 0:
		return 0
	case item > short || op == opReference:
		if simple {
			return item + 1
		}
		return item + ranging
	}
	return repeatedCharacter(n, item, simple)
}

// repeatedCharacter has the quantifier in front of the character.
func repeatedCharacter(n *node, item int, simple bool) int {
	more := max(0, item-2)
	switch {
	case simple:
		return 2 + more
	case n.min == 0:
		return counting + more
	case n.min == 1:
		return item + counting + more
	case n.max < 0, n.max == n.min+1:
		return counting + 2 + 2*more
	case n.max == n.min:
		return counting + more
	}
	return 2 * (counting + more)
}

func repeatedGroup(n *node, item int) int {
	const nesting = 7
	last := 0
	if n.greed == possessive {
		last = bracket
	}
	switch {
	case n.min == 0 && n.max <= 1:
		return item + 1 + last
	case n.min == 0:
		return min(n.max*item+nesting*(n.max-1)+1+last, manyBytes)
	case n.max > n.min:
		last += (n.max-n.min)*(item+nesting) - bracket
	}
	return min(n.min*item+last, manyBytes)
}
