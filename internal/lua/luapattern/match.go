package luapattern

// unclosedEnd marks a capture whose closing parenthesis was not reached yet.
const unclosedEnd = -1

// matcher is one search: Lua's backtracking matcher with a budget.
type matcher struct {
	text     string
	items    []item
	steps    int
	depth    int
	level    int // captures opened so far
	captures [MaxCaptures]Capture
	err      error
}

// match matches the items from pc on at position at, and returns where the
// match ends, or -1.
func (m *matcher) match(at, pc int) int {
	if m.depth++; m.depth > MaxDepth {
		return m.fail(ErrTooComplex)
	}
	end := m.sequence(at, pc)
	m.depth--
	return end
}

func (m *matcher) sequence(at, pc int) int {
	for ; pc < len(m.items); pc++ {
		if !m.step() {
			return -1
		}
		it := &m.items[pc]
		switch it.kind {
		case single:
			if !m.at(it, at) {
				return -1
			}
			at++
		case optional:
			if m.at(it, at) {
				if end := m.match(at+1, pc+1); end >= 0 {
					return end
				}
			}
		case repeated:
			return m.repeated(it, at, pc)
		case open, position:
			return m.open(it, at, pc)
		case closing:
			return m.close(it, at, pc)
		default:
			if at = m.simple(it, at); at < 0 {
				return -1
			}
		}
	}
	return at
}

// simple matches an item that neither repeats nor captures.
func (m *matcher) simple(it *item, at int) int {
	switch it.kind {
	case end:
		if at == len(m.text) {
			return at
		}
		return -1
	case balanced:
		return m.balanced(it, at)
	case frontier:
		if !it.set.contains(m.byteAt(at-1)) && it.set.contains(m.byteAt(at)) {
			return at
		}
		return -1
	case backref:
		return m.backref(it, at)
	default:
		return m.fail(it.err)
	}
}

// fail ends the whole search with an error.
func (m *matcher) fail(err error) int {
	if m.err == nil {
		m.err = err
	}
	return -1
}

// step pays for one step; it reports whether the search may go on.
func (m *matcher) step() bool {
	if m.steps--; m.steps < 0 {
		m.fail(ErrTooComplex)
	}
	return m.err == nil
}

// at reports whether a single item matches the byte at a position.
func (m *matcher) at(it *item, at int) bool {
	return at < len(m.text) && it.set.contains(m.text[at])
}

// byteAt is the byte at a position, 0 outside of the text.
func (m *matcher) byteAt(at int) byte {
	if at < 0 || at >= len(m.text) {
		return 0
	}
	return m.text[at]
}

func (m *matcher) repeated(it *item, at, pc int) int {
	switch {
	case it.quantifier == '-':
		return m.shortest(it, at, pc)
	case it.quantifier == '*':
		return m.longest(it, at, at, pc)
	case m.at(it, at):
		return m.longest(it, at, at+1, pc)
	default:
		return -1
	}
}

// longest takes as many bytes as it can, then gives back down to least.
func (m *matcher) longest(it *item, at, least, pc int) int {
	for m.at(it, at) {
		if !m.step() {
			return -1
		}
		at++
	}
	for ; at >= least; at-- {
		if end := m.match(at, pc+1); end >= 0 || m.err != nil {
			return end
		}
	}
	return -1
}

// shortest takes as few bytes as it can.
func (m *matcher) shortest(it *item, at, pc int) int {
	for {
		if end := m.match(at, pc+1); end >= 0 || m.err != nil {
			return end
		}
		if !m.at(it, at) {
			return -1
		}
		at++
	}
}

func (m *matcher) open(it *item, at, pc int) int {
	m.captures[m.level] = Capture{Start: at, End: unclosedEnd, Position: it.kind == position}
	m.level++
	end := m.match(at, pc+1)
	if end < 0 {
		m.level--
	}
	return end
}

func (m *matcher) close(it *item, at, pc int) int {
	m.captures[it.arg].End = at
	end := m.match(at, pc+1)
	if end < 0 {
		m.captures[it.arg].End = unclosedEnd
	}
	return end
}

func (m *matcher) balanced(it *item, at int) int {
	if m.byteAt(at) != it.open || at >= len(m.text) {
		return -1
	}
	depth := 1
	for at++; at < len(m.text); at++ {
		if !m.step() {
			return -1
		}
		switch m.text[at] {
		case it.close:
			if depth--; depth == 0 {
				return at + 1
			}
		case it.open:
			depth++
		}
	}
	return -1
}

func (m *matcher) backref(it *item, at int) int {
	c := m.captures[it.arg]
	if c.Position {
		// Lua takes a position capture for one of enormous length.
		return -1
	}
	n := c.End - c.Start
	m.steps -= n / 16
	if len(m.text)-at < n || m.text[c.Start:c.End] != m.text[at:at+n] {
		return -1
	}
	return at + n
}
