package regex

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of one search, and how its work is counted.
const (
	// MatchLimit is how many instructions a search may take.
	MatchLimit = 32_000_000
	// maxStack is how many untried alternatives a search may keep.
	maxStack = 1 << 19
	// workPerStep is how many instructions count as one step.
	workPerStep = 24
	// looks is how many bytes are compared, or slots copied, in the time of one
	// instruction.
	looks = 8
	// checkEvery is how many instructions pass between looks at the context.
	checkEvery = 1 << 14
)

var (
	errOffset    = errors.New("bad offset into UTF string")
	errRecursing = errors.New("nested recursion at the same subject position")
)

// machine searches one text.
type machine struct {
	*program
	ctx   context.Context
	text  string
	init  int
	slots []int
	stack []point
	call  *call
	work  int
	most  int // work
	next  int // work at which to look at the context
}

// point is a place to go back to: an alternative to try, or the former value of
// a slot.
type point struct {
	kind  pointKind
	pc    int // or the slot
	pos   int // or the value
	until int // of pointLess, pointMore and pointFurther
	call  *call
}

type pointKind uint8

const (
	pointPlace   pointKind = iota
	pointSlot              // a former value
	pointLess              // a run, with a character less
	pointMore              // a run, with a character more
	pointFurther           // a lookbehind, from further back
)

// call is a group that runs again.
type call struct {
	group, pos int
	back       int   // where it was called from
	slots      []int // as they were
	outer      *call
}

// find searches, and stops after most steps. It returns how many it took.
func (p *program) find(ctx context.Context, text string, init, most int) (match *Match, steps int, err error) {
	if p.utf {
		if init > 0 && init < len(text) && !utf8.RuneStart(text[init]) {
			return nil, 0, errOffset
		}
		if n := invalidUTF8(text[init:]); n >= 0 {
			return nil, len(text) / workPerStep, fmt.Errorf("%s at offset %d", errUTF8, init+n)
		}
	}
	m := &machine{program: p, ctx: ctx, text: text, init: init, slots: make([]int, p.slots), most: MatchLimit}
	if most < MatchLimit/workPerStep {
		m.most = max(most, 0) * workPerStep
	}
	found, err := m.search()
	if found {
		match = m.match()
	}
	return match, (m.work + workPerStep - 1) / workPerStep, err
}

// search tries each place where a match may begin.
func (m *machine) search() (found bool, err error) {
	for pos := m.init; pos <= len(m.text); pos++ {
		if m.first != nil && !m.anchor && !m.begin {
			start := pos
			pos = m.skip(pos)
			m.work += (pos - start) / looks
			if pos == len(m.text) {
				return false, nil
			}
		}
		if m.utf && pos < len(m.text) && !utf8.RuneStart(m.text[pos]) {
			continue
		}
		if found, err := m.try(pos); found || err != nil {
			return found, err
		}
		if m.anchor || m.begin {
			break
		}
	}
	return false, nil
}

// skip goes to the next place where a match may begin. With UTF, all characters
// above ASCII may begin one.
func (m *machine) skip(pos int) int {
	low, text := &m.first.low, m.text
	for pos < len(text) && !low[text[pos]] {
		if m.utf && text[pos] >= utf8.RuneSelf {
			break
		}
		pos++
	}
	return pos
}

func (m *machine) match() *Match {
	out := &Match{Groups: make([][2]int, m.groups+1)}
	for i := range out.Groups {
		out.Groups[i] = [2]int{m.slots[groupSlots*i+1], m.slots[groupSlots*i+2]}
	}
	if len(m.names) > 0 {
		out.Names = m.names
	}
	return out
}

// set changes a slot, and notes the former value for going back.
func (m *machine) set(slot, value int) {
	m.stack = append(m.stack, point{kind: pointSlot, pc: slot, pos: m.slots[slot]})
	m.slots[slot] = value
}

func (m *machine) push(p point) {
	p.call = m.call
	m.stack = append(m.stack, p)
}

// back goes to the last alternative that is still untried.
func (m *machine) back() (pc, pos int, ok bool) {
	for len(m.stack) > 0 {
		last := len(m.stack) - 1
		p := &m.stack[last]
		switch p.kind {
		case pointSlot:
			m.slots[p.pc] = p.pos
			m.stack = m.stack[:last]
			continue
		case pointPlace:
			pc, pos, m.call = p.pc, p.pos, p.call
			m.stack = m.stack[:last]
			return pc, pos, true
		case pointLess:
			pc, pos, m.call = p.pc, p.pos, p.call
			if p.pos <= p.until {
				m.stack = m.stack[:last]
			} else {
				p.pos = m.before(p.pos)
			}
			return pc, pos, true
		case pointMore:
			i := &m.code[p.pc]
			c, n := m.at(p.pos)
			if n == 0 || p.until == 0 || !i.table.holds(c) {
				m.stack = m.stack[:last]
				continue
			}
			p.pos += n
			p.until--
			pc, pos, m.call = p.pc+1, p.pos, p.call
			return pc, pos, true
		case pointFurther:
			i := &m.code[p.pc]
			pc, m.call = p.pc+1, p.call
			if p.until == i.max || p.pos == 0 {
				m.stack = m.stack[:last]
				continue
			}
			p.pos = m.before(p.pos)
			p.until++
			return pc, p.pos, true
		}
	}
	return 0, 0, false
}

// at is the character at a place and its length, 0 at the end.
func (m *machine) at(pos int) (rune, int) {
	switch {
	case pos >= len(m.text):
		return 0, 0
	case !m.utf || m.text[pos] < utf8.RuneSelf:
		return rune(m.text[pos]), 1
	}
	return utf8.DecodeRuneInString(m.text[pos:])
}

// before is where the character before a place begins.
func (m *machine) before(pos int) int {
	if !m.utf {
		return pos - 1
	}
	_, n := utf8.DecodeLastRuneInString(m.text[:pos])
	return pos - n
}

// spend counts work and reports whether more may be done.
func (m *machine) spend(work int) error {
	m.work += work
	switch {
	case m.work > m.most, len(m.stack) > maxStack:
		return ErrTooComplex
	case m.work >= m.next:
		m.next = m.work + checkEvery
		return m.ctx.Err()
	}
	return nil
}

// try looks for a match that begins at a place.
func (m *machine) try(start int) (found bool, err error) {
	m.stack, m.call = m.stack[:0], nil
	for i := range m.slots {
		m.slots[i] = -1
	}
	m.slots[1] = start
	if err := m.spend(len(m.slots)/looks + 1); err != nil {
		return false, err
	}
	pc, pos := 0, start
	for {
		if err := m.spend(1); err != nil {
			return false, err
		}
		if m.code[pc].op == codeMatch && m.call == nil {
			m.slots[2] = pos
			return true, nil
		}
		var ok bool
		if pc, pos, ok, err = m.run(pc, pos); err != nil {
			return false, err
		}
		if !ok {
			if pc, pos, ok = m.back(); !ok {
				return false, nil
			}
		}
	}
}

// run executes one instruction. ok is false if that does not match.
func (m *machine) run(pc, pos int) (next, at int, ok bool, err error) {
	i := &m.code[pc]
	next = pc + 1
	switch i.op {
	case codeSet:
		c, n := m.at(pos)
		return next, pos + n, n > 0 && i.table.holds(c), nil
	case codeByte:
		return next, pos + 1, pos < len(m.text) && int(m.text[pos]) == i.min, nil
	case codeRun:
		pos, ok = m.runOf(i, pc, pos)
		return next, pos, ok, nil
	case codeAnchor:
		return next, pos, m.anchored(i.anchor, pos), nil
	case codeSplit:
		m.push(point{pc: i.to, pos: pos})
	case codeJump:
		next = i.to
	case codeOpen:
		m.set(i.slot, pos)
	case codeClose:
		m.set(i.slot+1, m.slots[i.slot])
		m.set(i.slot+2, pos)
		if m.call != nil && m.call.group == i.group {
			next = m.leave()
		}
	case codeMatch: // of the whole expression, called
		if m.call.group != 0 {
			return 0, 0, false, nil
		}
		next = m.leave()
	case codeReference:
		pos, ok = m.refer(i, pos)
		return next, pos, ok, nil
	case codeStart:
		m.set(i.slot, 0)
	case codeLoop:
		next = m.loop(i, pc, pos)
	case codeTurn:
		m.set(i.slot, m.slots[i.slot]+1)
		m.set(i.slot+1, pos)
	case codeAgain:
		// an empty turn is the last one of a repetition without an upper bound
		if i.max >= 0 || m.slots[i.slot] < i.min || pos != m.slots[i.slot+1] {
			next = i.to
		}
	case codeMark:
		m.set(i.slot, len(m.stack))
		m.set(i.slot+1, pos)
	case codeCommit:
		m.commit(m.slots[i.slot])
	case codeReturn:
		pos = m.slots[i.slot+1]
	case codeDeny:
		m.undo(m.slots[i.slot])
		return 0, 0, false, nil
	case codeBack:
		pos, ok = m.behind(i, pc, pos)
		return next, pos, ok, nil
	case codeArrive:
		return next, pos, pos == m.slots[i.slot+1], nil
	case codeCall:
		next, err = m.enter(i, pc, pos)
	case codeIf:
		if m.taken(i.groups) == 0 {
			next = i.to
		}
	case codeRecursion:
		if !m.recursing(i.groups) {
			next = i.to
		}
	case codeKeep:
		m.set(1, pos)
	case codeNewline:
		return next, pos + 2, strings.HasPrefix(m.text[pos:], "\r\n"), nil
	}
	return next, pos, true, err
}

// runOf matches one character several times.
func (m *machine) runOf(i *instruction, pc, pos int) (int, bool) {
	most := i.max
	if i.greed == lazy {
		most = i.min
	}
	start := pos
	pos, least, count := m.span(i, pos, most)
	m.work += (pos - start) / looks
	switch {
	case count < i.min:
		return pos, false
	case i.greed == lazy && count != i.max:
		m.push(point{kind: pointMore, pc: pc, pos: pos, until: i.max - count})
	case i.greed == greedy && count > i.min:
		m.push(point{kind: pointLess, pc: pc + 1, pos: m.before(pos), until: least})
	}
	return pos, true
}

// span goes over characters of a set, at most most of them unless that is below
// 0. It returns where the least number of them ends, and how many there are.
func (m *machine) span(i *instruction, pos, most int) (end, least, count int) {
	if !m.utf {
		last := len(m.text)
		if most >= 0 {
			last = min(last, pos+most)
		}
		end = pos
		for end < last && i.table.low[m.text[end]] {
			end++
		}
		return end, pos + i.min, end - pos
	}
	for least = pos; most < 0 || count < most; count++ {
		if count == i.min {
			least = pos
		}
		c, n := m.at(pos)
		if n == 0 || !i.table.holds(c) {
			break
		}
		pos += n
	}
	return pos, least, count
}

// loop begins another turn or ends.
func (m *machine) loop(i *instruction, pc, pos int) int {
	count, turn := m.slots[i.slot], pc+1
	switch {
	case count < i.min:
		return turn
	case i.max >= 0 && count >= i.max:
		return i.to
	case i.greed == lazy:
		m.push(point{pc: turn, pos: pos})
		return i.to
	}
	m.push(point{pc: i.to, pos: pos})
	return turn
}

// commit forgets the places above a height of the stack, and keeps what undoes
// changes.
func (m *machine) commit(height int) {
	kept := height
	for _, p := range m.stack[height:] {
		if p.kind == pointSlot {
			m.stack[kept] = p
			kept++
		}
	}
	m.work += (len(m.stack) - height) / looks
	m.stack = m.stack[:kept]
}

// undo takes back all above a height of the stack.
func (m *machine) undo(height int) {
	for len(m.stack) > height {
		last := len(m.stack) - 1
		if p := m.stack[last]; p.kind == pointSlot {
			m.slots[p.pc] = p.pos
		}
		m.stack = m.stack[:last]
		m.work++
	}
}

// behind goes back by the length of a lookbehind.
func (m *machine) behind(i *instruction, pc, pos int) (int, bool) {
	for range i.min {
		if pos == 0 {
			return 0, false
		}
		pos = m.before(pos)
	}
	m.work += i.min / looks
	if i.min < i.max {
		m.push(point{kind: pointFurther, pc: pc, pos: pos, until: i.min})
	}
	return pos, true
}

// enter calls a group.
func (m *machine) enter(i *instruction, pc, pos int) (int, error) {
	for c := m.call; c != nil; c = c.outer {
		if c.group == i.group && c.pos == pos {
			return 0, errRecursing
		}
		m.work++
	}
	m.work += len(m.slots)/looks + 1
	m.call = &call{group: i.group, pos: pos, back: pc + 1, slots: append([]int(nil), m.slots...), outer: m.call}
	return m.entries[i.group], nil
}

// leave ends a call, and forgets what its groups matched.
func (m *machine) leave() int {
	c := m.call
	m.work += len(m.slots) / looks
	for slot, value := range c.slots {
		if m.slots[slot] != value && slot > 1 {
			m.set(slot, value)
		}
	}
	m.call = c.outer
	return c.back
}

func (m *machine) recursing(groups []int) bool {
	if m.call == nil {
		return false
	}
	for _, group := range groups {
		if m.call.group == group {
			return true
		}
	}
	return len(groups) == 0
}

// taken is the first of the groups that matched, or 0.
func (m *machine) taken(groups []int) int {
	for _, group := range groups {
		if m.slots[groupSlots*group+2] >= 0 {
			return group
		}
	}
	return 0
}

// refer matches the text of a group again.
func (m *machine) refer(i *instruction, pos int) (int, bool) {
	group := m.taken(i.groups)
	if group == 0 {
		return 0, false
	}
	want := m.text[m.slots[groupSlots*group+1]:m.slots[groupSlots*group+2]]
	m.work += len(want) / looks
	if !i.caseless {
		return pos + len(want), strings.HasPrefix(m.text[pos:], want)
	}
	for len(want) > 0 {
		c, n := m.at(pos)
		w, size := utf8.DecodeRuneInString(want)
		if !m.utf {
			w, size = rune(want[0]), 1
		}
		if n == 0 || !m.same(c, w) {
			return 0, false
		}
		pos += n
		want = want[size:]
	}
	return pos, true
}

// same reports whether two characters are equal but for case.
func (m *machine) same(a, b rune) bool {
	if a == b || !m.utf {
		return a == b || a^b == 'a'^'A' && posixClasses["alpha"].holds(a)
	}
	for c := unicode.SimpleFold(a); c != a; c = unicode.SimpleFold(c) {
		if c == b {
			return true
		}
	}
	return false
}

func (m *machine) anchored(anchor string, pos int) bool {
	end := pos == len(m.text)
	switch anchor {
	case `\A`:
		return pos == 0
	case `\z`:
		return end
	case `\Z`:
		return end || m.text[pos:] == "\n"
	case `\G`:
		return pos == m.init
	case "(?m:^)":
		return pos == 0 || m.text[pos-1] == '\n' && !end
	case "(?m:$)":
		return end || m.text[pos] == '\n'
	case `\b`:
		return m.word(pos-1) != m.word(pos)
	case `\B`:
		return m.word(pos-1) == m.word(pos)
	}
	return false
}

func (m *machine) word(pos int) bool {
	return pos >= 0 && pos < len(m.text) && wordBytes.holds(rune(m.text[pos]))
}
