package luasyntax

import "fmt"

// function is what the parser knows of a function that it is reading: enough to
// notice misplaced jumps and to bound the compiler's work.
type function struct {
	parent    *function
	line      int // 0 for the source itself
	vararg    bool
	scopes    []*scope
	locals    int             // visible here, of this function
	outer     int             // locals of all enclosing functions
	lookups   int             // comparisons that the compiler will make
	texts     map[string]bool // constants
	numbers   map[string]bool
	labels    int
	gotos     []jump
	gotoCount int
}

type scope struct {
	loop   bool
	locals []string
	before int             // locals of the function outside of the scope
	labels map[string]bool // nil before the first one
	gotos  int             // gotos of the function that stood open when the scope began
}

// jump is a goto whose label has not been seen yet.
type jump struct {
	label  string
	line   int
	locals int
}

func (p *parser) openFunction(line int, vararg bool) {
	if p.functions++; p.functions > MaxFunctions {
		p.failAt(line, fmt.Sprintf("source has more than %d functions", MaxFunctions))
	}
	f := &function{parent: p.fn, line: line, vararg: vararg, texts: map[string]bool{}, numbers: map[string]bool{}}
	if p.fn != nil {
		f.outer = p.fn.outer + p.fn.locals
		f.lookups = p.fn.lookups
	}
	p.fn = f
	p.openScope(false)
}

func (p *parser) closeFunction() {
	p.closeScope()
	if len(p.fn.gotos) > 0 {
		open := p.fn.gotos[0]
		p.failAt(open.line, fmt.Sprintf("undefined label '%s'", open.label))
	}
	if parent := p.fn.parent; parent != nil {
		parent.lookups = p.fn.lookups
	}
	p.fn = p.fn.parent
}

func (p *parser) openScope(loop bool) {
	f := p.fn
	f.scopes = append(f.scopes, &scope{loop: loop, before: f.locals, gotos: len(f.gotos)})
}

func (p *parser) closeScope() {
	f := p.fn
	last := len(f.scopes) - 1
	s := f.scopes[last]
	f.scopes = f.scopes[:last]
	f.locals = s.before
	// a goto that leaves the scope leaves its variables behind
	for i := s.gotos; i < len(f.gotos); i++ {
		f.gotos[i].locals = min(f.gotos[i].locals, s.before)
	}
}

func (f *function) scope() *scope { return f.scopes[len(f.scopes)-1] }

func (f *function) inLoop() bool {
	for _, s := range f.scopes {
		if s.loop {
			return true
		}
	}
	return false
}

// declare adds local variables to the current scope.
func (p *parser) declare(names ...string) {
	f := p.fn
	f.scope().locals = append(f.scope().locals, names...)
	if f.locals += len(names); f.locals > MaxLocals {
		where := "main function"
		if f.line > 0 {
			where = fmt.Sprintf("function at line %d", f.line)
		}
		p.failAt(p.lex.line, fmt.Sprintf("%s has more than %d local variables", where, MaxLocals))
	}
}

// mark makes a label known and resolves the gotos of its scope that lead there.
// A label at the end of a block stands outside the scope of the block's
// variables.
func (p *parser) mark(name string, line int, atEnd bool) {
	f, s := p.fn, p.fn.scope()
	if s.labels[name] {
		p.failAt(line, fmt.Sprintf("duplicate label '%s'", name))
	}
	if f.labels++; f.labels > MaxGotos {
		p.failAt(line, fmt.Sprintf("function has more than %d labels", MaxGotos))
	}
	if s.labels == nil {
		s.labels = map[string]bool{}
	}
	s.labels[name] = true
	open := f.gotos[:s.gotos:s.gotos]
	for _, g := range f.gotos[s.gotos:] {
		switch {
		case g.label != name:
			open = append(open, g)
		case g.locals < f.locals && !atEnd:
			variable := s.locals[g.locals-s.before]
			p.failAt(g.line, fmt.Sprintf("<goto %s> jumps into the scope of local '%s'", name, variable))
		}
	}
	f.gotos = open
}

// jump notes a goto, and resolves it if its label is already visible.
func (p *parser) jump(name string, line int) {
	f := p.fn
	if f.gotoCount++; f.gotoCount > MaxGotos {
		p.failAt(line, fmt.Sprintf("function has more than %d goto statements", MaxGotos))
	}
	for _, s := range f.scopes {
		if s.labels[name] {
			return
		}
	}
	f.gotos = append(f.gotos, jump{label: name, line: line, locals: f.locals})
}

// constant and variable add up what gopher-lua's compiler will search through.
func (p *parser) constant(of map[string]bool, value string) {
	p.lookup(len(p.fn.texts) + len(p.fn.numbers))
	of[value] = true
}

func (p *parser) variable(name string) {
	p.lookup(p.fn.locals + p.fn.outer)
	p.variables[name] = true
	p.constant(p.fn.texts, name)
}

func (p *parser) lookup(comparisons int) {
	if p.fn.lookups += comparisons; p.fn.lookups > maxLookups {
		p.failAt(p.lex.line, "source has too many constants and variables")
	}
}
