package regex

import "strings"

// parenthesis reads the group that begins here, after its opening parenthesis.
func (p *parser) parenthesis(start int) (items []*node, repeatable bool) {
	switch {
	case p.end():
		p.fail(errUnclosed, p.pos)
	case p.at("*") && p.pos+1 < len(p.src) && !p.at("*)"):
		p.pos++
		if c := p.src[p.pos]; c >= 'a' && c <= 'z' {
			return []*node{p.spelled()}, true
		}
		return p.verb()
	case !p.take("?"):
		if p.options&noCapture != 0 {
			return []*node{p.group(opConcat)}, true
		}
		return []*node{p.capture("")}, true
	}
	if p.end() {
		p.fail(errUnclosed, p.pos)
	}
	return p.extension(start)
}

// extension reads what follows (?.
func (p *parser) extension(start int) (items []*node, repeatable bool) {
	switch {
	case p.take("<="), p.take("<!"), p.take("="), p.take("!"):
		return []*node{p.look(p.src[start+1:p.pos], start)}, true
	case p.take("<*"):
		return []*node{p.nonAtomic("?<=", start)}, true
	case p.take("*"):
		return []*node{p.nonAtomic("?=", start)}, true
	case p.take(">"):
		return []*node{p.group(opAtomic)}, true
	case p.take("|"):
		return []*node{p.reset()}, true
	case p.take("("):
		return []*node{p.conditional()}, true
	case p.take("C"):
		p.callout()
		return nil, false
	case p.at("P"):
		return []*node{p.python()}, true
	case p.take("<"):
		return []*node{p.capture(p.readName(">"))}, true
	case p.take("'"):
		return []*node{p.capture(p.readName("'"))}, true
	case p.take("&"):
		return []*node{p.namedCall()}, true
	case p.take("R"):
		if !p.at(")") {
			p.fail(errRecursion, p.pos)
		}
		p.pos++
		return []*node{{op: opCall, offset: p.pos - 1}}, true
	case p.at("+"), p.digit(), p.at("-") && p.pos+1 < len(p.src) && p.src[p.pos+1] >= '0' && p.src[p.pos+1] <= '9':
		return []*node{p.numberedCall()}, true
	}
	return p.setting()
}

// inner reads the content of a group and its closing parenthesis.
func (p *parser) inner() *node {
	options := p.options
	p.depth++
	n := p.alternatives()
	p.close()
	p.depth--
	p.options = options
	return n
}

func (p *parser) close() {
	if !p.take(")") {
		p.fail(errUnclosed, len(p.src))
	}
}

func (p *parser) group(op op) *node { return &node{op: op, subs: []*node{p.inner()}, group: true} }

// capture reads a numbered group, after its name if it has one.
func (p *parser) capture(name string) *node {
	n := &node{op: opCapture, offset: p.pos}
	if p.count++; p.count > maxGroups {
		p.fail(errGroups, p.pos)
	}
	n.number = p.count
	p.highest = max(p.highest, p.count)
	if p.groups == nil {
		p.groups = map[int]*node{}
	}
	if p.groups[n.number] == nil {
		p.groups[n.number] = n
	}
	if name != "" {
		p.define(name, n.number)
	}
	n.subs = []*node{p.inner()}
	return n
}

// define gives a group its name.
func (p *parser) define(name string, number int) {
	for _, d := range p.defined {
		switch same := d.number == number; {
		case d.name == name && same:
			return
		case d.name == name && p.options&DupNames == 0:
			p.fail(errNameTwice, p.pos)
		case d.name != name && same:
			p.fail(errNamesDiffer, p.pos)
		}
	}
	if len(p.defined) >= maxNames {
		p.fail(errNames, p.pos)
	}
	p.defined = append(p.defined, definition{name, number})
	if p.names == nil {
		p.names = map[string][]int{}
	}
	p.names[name] = append(p.names[name], number)
}

// definition is a group's name.
type definition struct {
	name   string
	number int
}

// look reads a lookaround that begins with a text like ?<=.
func (p *parser) look(kind string, start int) *node {
	return &node{op: opLook, text: kind, offset: start, subs: []*node{p.inner()}}
}

// nonAtomic reads a lookaround whose other ways to match are tried later.
func (p *parser) nonAtomic(kind string, start int) *node {
	return p.look(kind+"*", start)
}

// reset reads a group in which the groups of each alternative get the same
// numbers.
func (p *parser) reset() *node {
	options, first, most := p.options, p.count, p.count
	p.depth++
	var branches []*node
	for {
		p.count = first
		branches = append(branches, p.branch())
		most = max(most, p.count)
		if !p.take("|") {
			break
		}
	}
	p.close()
	p.depth--
	p.options, p.count = options, most
	return &node{op: opConcat, subs: []*node{joined(opAlternate, branches)}, group: true}
}

func (p *parser) python() *node {
	p.pos++
	switch {
	case p.end():
		p.fail(errUnclosed, p.pos)
	case p.take("<"):
		return p.capture(p.readName(">"))
	case p.take(">"):
		return p.namedCall()
	case !p.take("="):
		p.fail(errPython, p.pos)
	}
	return p.namedReference(")")
}

func (p *parser) namedCall() *node {
	offset := p.pos
	return &node{op: opCall, name: p.readName(")"), offset: offset}
}

func (p *parser) numberedCall() *node {
	start := p.pos
	n, ok := p.number()
	if !ok {
		p.fail(errSignedNumber, start)
	}
	if !p.take(")") {
		p.fail(errUnclosed, p.pos)
	}
	return &node{op: opCall, number: n, offset: p.pos - 1}
}

// callout reads the rest of (?C. Callouts do nothing here.
func (p *parser) callout() {
	const quotes = "`'\"^%#${"
	switch {
	case p.end():
		p.fail(errUnclosed, p.pos)
	case p.at(")"), p.digit():
		for n := 0; p.digit(); {
			n = n*10 + int(p.src[p.pos]-'0')
			p.pos++
			if n > maxCallout {
				p.fail(errCalloutNumber, p.pos)
			}
		}
	case !strings.ContainsRune(quotes, rune(p.src[p.pos])):
		p.fail(errCalloutQuote, p.pos)
	default:
		p.calloutText()
	}
	if !p.take(")") {
		p.fail(errCalloutEnd, p.pos)
	}
}

// calloutText skips a text in quotes. A doubled closing quote is part of the
// text.
func (p *parser) calloutText() {
	start := p.pos
	quote := p.src[p.pos]
	if quote == '{' {
		quote = '}'
	}
	for p.pos++; !p.end(); p.pos++ {
		if p.src[p.pos] != quote {
			continue
		}
		if p.pos+1 >= len(p.src) || p.src[p.pos+1] != quote {
			p.pos++
			return
		}
		p.pos++
	}
	p.fail(errCalloutText, start)
}

// letters are the options that an expression can set.
var letters = map[byte]Flags{
	'i': Caseless, 'J': DupNames, 'm': Multiline, 'n': noCapture, 's': DotAll, 'U': ungreedy, 'x': Extended,
}

// setting reads options, for the rest of the group around it or for one of
// their own.
func (p *parser) setting() (items []*node, repeatable bool) {
	before := p.options
	reset, hyphen := p.take("^"), false
	if reset {
		p.options &^= Caseless | Multiline | noCapture | DotAll | Extended | extendedMore
	}
	for ; !p.end() && p.src[p.pos] != ')' && p.src[p.pos] != ':'; p.pos++ {
		c := p.src[p.pos]
		option, known := letters[c]
		switch {
		case c == '-' && (reset || hyphen):
			p.fail(errHyphen, p.pos)
		case c == '-':
			hyphen = true
		case !known:
			p.fail(errOption, p.pos)
		case hyphen && c == 'x':
			p.options &^= Extended | extendedMore
		case hyphen:
			p.options &^= option
		case c == 'x':
			p.options &^= extendedMore
			p.options |= Extended
			if p.pos+1 < len(p.src) && p.src[p.pos+1] == 'x' {
				p.pos++
				p.options |= extendedMore
			}
		default:
			p.options |= option
		}
	}
	switch {
	case p.take(")"):
		return nil, false
	case !p.take(":"):
		p.fail(errUnclosed, p.pos)
	}
	n := p.group(opConcat)
	p.options = before
	return []*node{n}, true
}

// spellings are the names of groups that also have a form with signs.
var spellings = map[string]string{
	"pla": "?=", "positive_lookahead": "?=", "nla": "?!", "negative_lookahead": "?!",
	"plb": "?<=", "positive_lookbehind": "?<=", "nlb": "?<!", "negative_lookbehind": "?<!",
	"napla": "?=*", "non_atomic_positive_lookahead": "?=*", "naplb": "?<=*", "non_atomic_positive_lookbehind": "?<=*",
	"atomic": "?>", "sr": "script", "script_run": "script", "asr": "script", "atomic_script_run": "script",
}

// spelled reads a group like (*pla:a), after the asterisk.
func (p *parser) spelled() *node {
	name := p.word()
	kind := spellings[name]
	if kind == "" || !p.at(":") {
		p.fail(errAlpha, p.pos)
	}
	p.pos++
	switch kind {
	case "?>":
		return p.group(opAtomic)
	case "script":
		n := p.group(opForeign)
		n.text = "(*" + name + ":"
		return n
	}
	return p.look(kind, p.pos-len("(?<="))
}

// verb reads something like (*FAIL), after the asterisk.
func (p *parser) verb() (items []*node, repeatable bool) {
	name := p.word()
	switch name {
	case "", "MARK":
		if !p.at(":") && !p.at(")") {
			p.fail(errVerb, p.pos)
		}
	case "ACCEPT", "F", "FAIL", "COMMIT", "PRUNE", "SKIP", "THEN":
	default:
		p.fail(errVerb, p.pos)
	}
	argument := ""
	if p.take(":") {
		n := strings.IndexByte(p.src[p.pos:], ')')
		if n < 0 {
			p.fail(errVerb, len(p.src))
		}
		argument = p.src[p.pos : p.pos+n]
		p.pos += n
		if len(argument) > maxVerbName {
			p.fail(errVerbName, p.pos)
		}
	}
	if !p.at(")") {
		p.fail(errVerb, p.pos)
	}
	switch name {
	case "", "MARK":
		if argument == "" {
			p.fail(errMark, p.pos)
		}
		p.pos++
		return nil, false
	case "F", "FAIL":
		p.pos++
		return []*node{fail}, false
	}
	p.pos++
	return []*node{{op: opForeign, text: "(*" + name + ")"}}, name == "ACCEPT"
}
