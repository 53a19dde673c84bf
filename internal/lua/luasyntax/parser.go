package luasyntax

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/gopher-lua/ast"
)

// parser is a recursive descent over the tokens, in the order of Lua's grammar.
// A mistake is panicked as an *Error.
type parser struct {
	lex       lexer
	tok       token
	ahead     token // meaningful when hasAhead
	hasAhead  bool
	lastLine  int // where the token before tok ends
	levels    int
	functions int
	fn        *function
	parens    ast.Expr // what the latest pair of parentheses held
	requires  []Require
	calls     map[int][]string
	objects   map[FieldAt][]string
	variables map[string]bool

	usesArguments bool // of the source itself
}

// The frame of every source is a vararg function.
func (p *parser) parse() []ast.Stmt {
	if len(p.lex.text) > MaxSource {
		p.failAt(1, fmt.Sprintf("source is longer than %d bytes", MaxSource))
	}
	if strings.HasPrefix(p.lex.text, "\x1b") {
		p.failAt(1, "bytecode is not accepted")
	}
	p.lex.start()
	p.advance()
	p.openFunction(0, true)
	stmts := p.block()
	if p.tok.kind != end {
		p.expected(end)
	}
	p.closeFunction()
	return stmts
}

func (p *parser) failAt(line int, message string) { panic(&Error{Line: line, Message: message}) }

// fail reports a mistake at the current token.
func (p *parser) fail(message string) { p.lex.fail(message, p.tok.raw) }

func (p *parser) expected(k kind) { p.fail(fmt.Sprintf("'%s' expected", k)) }

// enter and leave bound recursion.
func (p *parser) enter() {
	if p.levels++; p.levels > MaxLevels {
		p.failAt(p.lex.line, "chunk has too many syntax levels")
	}
}

func (p *parser) leave() { p.levels-- }

// chained bounds what is parsed in a loop but makes a deep tree.
func (p *parser) chained(n int) {
	if n > MaxChain {
		p.failAt(p.lex.line, "chunk has too many syntax levels")
	}
}

func (p *parser) advance() {
	p.lastLine = p.lex.line
	if p.hasAhead {
		p.tok, p.hasAhead = p.ahead, false
		return
	}
	p.tok = p.lex.next()
}

// peek returns the token after the current one.
func (p *parser) peek() kind {
	if !p.hasAhead {
		p.ahead, p.hasAhead = p.lex.next(), true
	}
	return p.ahead.kind
}

func (p *parser) accept(k kind) bool {
	if p.tok.kind != k {
		return false
	}
	p.advance()
	return true
}

func (p *parser) expect(k kind) {
	if !p.accept(k) {
		p.expected(k)
	}
}

// close expects the token that closes what was opened at a line.
func (p *parser) close(k, opened kind, line int) {
	if p.accept(k) {
		return
	}
	if line == p.lex.line {
		p.expected(k)
	}
	p.fail(fmt.Sprintf("'%s' expected (to close '%s' at line %d)", k, opened, line))
}

func (p *parser) name() string {
	if p.tok.kind != name {
		p.expected(name)
	}
	value := p.tok.value
	p.advance()
	return value
}

func (p *parser) names() []string {
	list := []string{p.name()}
	for p.accept(",") {
		list = append(list, p.name())
	}
	return list
}

// endsBlock reports whether the current token ends a block.
func (p *parser) endsBlock() bool {
	switch p.tok.kind {
	case end, "end", "else", "elseif", "until":
		return true
	}
	return false
}

// block reads statements up to the end of the block, in a scope of their own.
func (p *parser) block() []ast.Stmt {
	p.openScope(false)
	stmts := p.statements()
	p.closeScope()
	return stmts
}

func (p *parser) statements() []ast.Stmt {
	p.enter()
	defer p.leave()
	stmts := []ast.Stmt{}
	for !p.endsBlock() {
		if p.accept(";") {
			continue
		}
		if p.tok.kind == "return" {
			stmts = append(stmts, p.returnStatement())
			break
		}
		stmts = append(stmts, p.statement())
	}
	return stmts
}

func (p *parser) statement() ast.Stmt {
	line := p.tok.line
	var s ast.Stmt
	switch p.tok.kind {
	case "if":
		s = p.ifStatement(line)
	case "while":
		s = p.whileStatement(line)
	case "do":
		p.advance()
		s = &ast.DoBlockStmt{Stmts: p.block()}
		p.close("end", "do", line)
	case "for":
		s = p.forStatement(line)
	case "repeat":
		s = p.repeatStatement(line)
	case "function":
		s = p.functionStatement(line)
	case "local":
		s = p.localStatement(line)
	case "::":
		s = p.label()
	case "break":
		p.advance()
		if !p.fn.inLoop() {
			p.failAt(line, "break outside loop")
		}
		s = &ast.BreakStmt{}
	case "goto":
		s = p.gotoStatement(line)
	default:
		s = p.expressionStatement()
	}
	s.SetLine(line)
	s.SetLastLine(p.lastLine)
	return s
}

func (p *parser) returnStatement() ast.Stmt {
	s := &ast.ReturnStmt{}
	s.SetLine(p.tok.line)
	p.advance()
	if !p.endsBlock() && p.tok.kind != ";" {
		s.Exprs = p.expressions()
	}
	p.accept(";")
	if !p.endsBlock() {
		p.expected(p.blockEnd())
	}
	s.SetLastLine(p.lastLine)
	return s
}

// blockEnd is what closes the innermost block, as far as a message cares.
func (p *parser) blockEnd() kind {
	if p.levels == 1 {
		return end
	}
	return "end"
}

func (p *parser) ifStatement(line int) ast.Stmt {
	p.advance()
	first := &ast.IfStmt{Condition: p.condition("then")}
	first.Then = p.block()
	last := first
	for branches := 1; p.tok.kind == "elseif"; branches++ {
		p.chained(branches)
		next := &ast.IfStmt{}
		next.SetLine(p.tok.line)
		p.advance()
		next.Condition = p.condition("then")
		next.Then = p.block()
		last.Else = []ast.Stmt{next}
		last = next
	}
	if p.accept("else") {
		last.Else = p.block()
	}
	p.close("end", "if", line)
	return first
}

// condition reads an expression and the keyword after it.
func (p *parser) condition(after kind) ast.Expr {
	e := p.expression()
	p.expect(after)
	return e
}

func (p *parser) whileStatement(line int) ast.Stmt {
	p.advance()
	s := &ast.WhileStmt{Condition: p.condition("do")}
	s.Stmts = p.loop()
	p.close("end", "while", line)
	return s
}

// loop is a block that break leaves; names are variables of the loop.
func (p *parser) loop(names ...string) []ast.Stmt {
	p.openScope(true)
	p.declare(names...)
	stmts := p.statements()
	p.closeScope()
	return stmts
}

func (p *parser) repeatStatement(line int) ast.Stmt {
	p.advance()
	p.openScope(true)
	s := &ast.RepeatStmt{Stmts: p.statements()}
	p.close("until", "repeat", line)
	s.Condition = p.expression() // sees the block's variables
	p.closeScope()
	return s
}

func (p *parser) forStatement(line int) ast.Stmt {
	p.advance()
	names := p.names()
	switch {
	case len(names) == 1 && p.accept("="):
		return p.numericFor(names[0], line)
	case p.accept("in"):
		s := &ast.GenericForStmt{Names: names, Exprs: p.expressions()}
		p.expect("do")
		s.Stmts = p.loop(append([]string{"(for generator)", "(for state)", "(for control)"}, names...)...)
		p.close("end", "for", line)
		return s
	case len(names) == 1:
		p.fail("'=' or 'in' expected")
	}
	p.expected("in")
	return nil
}

func (p *parser) numericFor(variable string, line int) ast.Stmt {
	s := &ast.NumberForStmt{Name: variable, Init: p.expression()}
	p.expect(",")
	s.Limit = p.expression()
	if p.accept(",") {
		s.Step = p.expression()
	}
	p.expect("do")
	s.Stmts = p.loop("(for index)", "(for limit)", "(for step)", variable)
	p.close("end", "for", line)
	return s
}

func (p *parser) functionStatement(line int) ast.Stmt {
	p.advance()
	var target ast.Expr = p.identifier()
	for n := 0; p.tok.kind == "."; n++ {
		p.chained(n)
		p.advance()
		target = p.field(target)
	}
	fname := &ast.FuncName{Func: target}
	if p.accept(":") {
		fname = &ast.FuncName{Receiver: target, Method: p.name()}
		p.constant(p.fn.texts, fname.Method)
	}
	return &ast.FuncDefStmt{Name: fname, Func: p.functionBody(line, fname.Method != "")}
}

func (p *parser) localStatement(line int) ast.Stmt {
	p.advance()
	if p.accept("function") {
		names := []string{p.name()}
		p.declare(names...)
		return &ast.LocalAssignStmt{Names: names, Exprs: []ast.Expr{p.functionBody(line, false)}}
	}
	s := &ast.LocalAssignStmt{Names: p.names(), Exprs: []ast.Expr{}}
	if p.accept("=") {
		s.Exprs = p.expressions()
	}
	p.declare(s.Names...)
	s.Exprs = nonRecursive(s)
	return s
}

// nonRecursive keeps gopher-lua from treating local f = function() … end like
// local function f() … end, where the function sees its own name.
func nonRecursive(s *ast.LocalAssignStmt) []ast.Expr {
	if len(s.Names) != 1 || len(s.Exprs) != 1 {
		return s.Exprs
	}
	f, ok := s.Exprs[0].(*ast.FunctionExpr)
	if !ok {
		return s.Exprs
	}
	// an extra expression makes the statement another kind to the compiler
	extra := &ast.NilExpr{}
	extra.SetLine(f.Line())
	return []ast.Expr{f, extra}
}

func (p *parser) label() ast.Stmt {
	p.advance()
	line := p.tok.line
	s := &ast.LabelStmt{Name: p.name()}
	p.expect("::")
	for p.tok.kind == ";" {
		p.advance()
	}
	// another label may follow before the end; the compiler looks again
	atEnd := p.endsBlock() && p.tok.kind != "until" || p.tok.kind == "::"
	p.mark(s.Name, line, atEnd)
	return s
}

func (p *parser) gotoStatement(line int) ast.Stmt {
	p.advance()
	s := &ast.GotoStmt{Label: p.name()}
	p.jump(s.Label, line)
	return s
}

// expressionStatement is a call or an assignment.
func (p *parser) expressionStatement() ast.Stmt {
	e := p.target()
	if p.tok.kind == "=" || p.tok.kind == "," {
		return p.assignment(e)
	}
	call, ok := e.(*ast.FuncCallExpr)
	if !ok || call.AdjustRet {
		p.fail("syntax error")
	}
	return &ast.FuncCallStmt{Expr: call}
}

// target reads an expression that can be assigned to, or a call. An expression
// in parentheses is neither.
func (p *parser) target() ast.Expr {
	opening := p.tok
	e := p.suffixed()
	if opening.kind == "(" && p.parens == e {
		p.fail("syntax error")
	}
	return e
}

func (p *parser) assignment(first ast.Expr) ast.Stmt {
	s := &ast.AssignStmt{Lhs: []ast.Expr{first}}
	for p.accept(",") {
		if len(s.Lhs) == MaxLevels {
			p.failAt(p.lex.line, "chunk has too many syntax levels")
		}
		s.Lhs = append(s.Lhs, p.target())
	}
	for _, target := range s.Lhs {
		switch target.(type) {
		case *ast.IdentExpr, *ast.AttrGetExpr:
		default:
			p.fail("syntax error")
		}
	}
	p.expect("=")
	s.Rhs = p.expressions()
	return s
}

func (p *parser) expressions() []ast.Expr {
	list := []ast.Expr{p.expression()}
	for p.accept(",") {
		list = append(list, p.expression())
	}
	return list
}

func (p *parser) expression() ast.Expr { return p.binary(0) }

// priority of the binary operators to their left and right; an operator groups
// to the right when the right one is lower.
type priority struct{ left, right int }

// priorityOf returns zeros for a token that is no binary operator.
func priorityOf(k kind) priority {
	switch k {
	case "or":
		return priority{1, 1}
	case "and":
		return priority{2, 2}
	case "<", ">", "<=", ">=", "~=", "==":
		return priority{3, 3}
	case "..":
		return priority{5, 4}
	case "+", "-":
		return priority{6, 6}
	case "*", "/", "%":
		return priority{7, 7}
	case "^":
		return priority{10, 9}
	}
	return priority{}
}

const unaryPriority = 8

func (p *parser) binary(limit int) ast.Expr {
	p.enter()
	defer p.leave()
	left := p.unary()
	for n := 0; ; n++ {
		p.chained(n)
		op := p.tok.kind
		priority := priorityOf(op)
		if priority.left <= limit {
			return left
		}
		line := p.tok.line
		p.advance()
		left = combine(op, left, p.binary(priority.right))
		left.SetLine(line)
		left.SetLastLine(line)
	}
}

func combine(op kind, left, right ast.Expr) ast.Expr {
	switch op {
	case "or", "and":
		return &ast.LogicalOpExpr{Operator: string(op), Lhs: left, Rhs: right}
	case "..":
		return &ast.StringConcatOpExpr{Lhs: left, Rhs: right}
	case "+", "-", "*", "/", "%", "^":
		return &ast.ArithmeticOpExpr{Operator: string(op), Lhs: left, Rhs: right}
	}
	return &ast.RelationalOpExpr{Operator: string(op), Lhs: left, Rhs: right}
}

func (p *parser) unary() ast.Expr {
	line := p.tok.line
	var e ast.Expr
	switch p.tok.kind {
	case "not":
		p.advance()
		e = &ast.UnaryNotOpExpr{Expr: p.binary(unaryPriority)}
	case "-":
		p.advance()
		e = &ast.UnaryMinusOpExpr{Expr: p.binary(unaryPriority)}
	case "#":
		p.advance()
		e = &ast.UnaryLenOpExpr{Expr: p.binary(unaryPriority)}
	default:
		return p.simple()
	}
	e.SetLine(line)
	return e
}

func (p *parser) simple() ast.Expr {
	line := p.tok.line
	var e ast.Expr
	switch p.tok.kind {
	case number:
		e = p.number()
		p.advance()
	case text:
		return p.str()
	case "nil":
		e = &ast.NilExpr{}
		p.advance()
	case "true":
		e = &ast.TrueExpr{}
		p.advance()
	case "false":
		e = &ast.FalseExpr{}
		p.advance()
	case "...":
		if !p.fn.vararg {
			p.fail("cannot use '...' outside a vararg function")
		}
		e = &ast.Comma3Expr{}
		p.usesArguments = p.usesArguments || p.fn.parent == nil
		p.advance()
	case "{":
		return p.table()
	case "function":
		p.advance()
		return p.functionBody(line, false)
	default:
		return p.suffixed()
	}
	e.SetLine(line)
	return e
}

// number is the current number in a form that gopher-lua reads back exactly.
func (p *parser) number() ast.Expr {
	value := strconv.FormatFloat(p.tok.num, 'g', -1, 64)
	if math.IsInf(p.tok.num, 0) {
		value = "inf"
	}
	p.constant(p.fn.numbers, value)
	return &ast.NumberExpr{Value: value}
}

func (p *parser) str() *ast.StringExpr {
	e := &ast.StringExpr{Value: p.tok.value}
	e.SetLine(p.tok.line)
	p.constant(p.fn.texts, e.Value)
	p.advance()
	return e
}

func (p *parser) identifier() *ast.IdentExpr {
	e := &ast.IdentExpr{}
	e.SetLine(p.tok.line)
	e.Value = p.name()
	p.variable(e.Value)
	return e
}

func (p *parser) primary() ast.Expr {
	switch p.tok.kind {
	case name:
		return p.identifier()
	case "(":
		line := p.tok.line
		p.advance()
		e := p.expression()
		p.close(")", "(", line)
		// in parentheses, several results become one
		switch e := e.(type) {
		case *ast.FuncCallExpr:
			e.AdjustRet = true
		case *ast.Comma3Expr:
			e.AdjustRet = true
		}
		p.parens = e
		return e
	}
	p.fail("unexpected symbol")
	return nil
}

func (p *parser) suffixed() ast.Expr {
	e := p.primary()
	for n := 0; ; n++ {
		p.chained(n)
		line := p.tok.line
		switch p.tok.kind {
		case ".":
			p.advance()
			e = p.field(e)
		case "[":
			p.advance()
			index := &ast.AttrGetExpr{Object: e, Key: p.expression()}
			p.close("]", "[", line)
			index.SetLine(line)
			e = index
		case ":":
			p.advance()
			method := p.name()
			p.constant(p.fn.texts, method)
			p.noteObject(line, method, e)
			call := &ast.FuncCallExpr{Receiver: e, Method: method, Args: p.arguments()}
			call.SetLine(line)
			p.noteCall(line, spelling(call.Receiver)+":"+method)
			e = call
		case "(", "{", text:
			call := &ast.FuncCallExpr{Func: e, Args: p.arguments()}
			call.SetLine(line)
			p.noteCall(line, spelling(e))
			p.noteRequire(call)
			e = call
		default:
			return e
		}
	}
}

// field reads the name after a dot.
func (p *parser) field(object ast.Expr) ast.Expr {
	key := &ast.StringExpr{}
	key.SetLine(p.tok.line)
	e := &ast.AttrGetExpr{Object: object, Key: key}
	e.SetLine(p.tok.line)
	key.Value = p.name()
	p.constant(p.fn.texts, key.Value)
	p.noteObject(e.Line(), key.Value, object)
	return e
}

func (p *parser) arguments() []ast.Expr {
	line := p.tok.line
	switch p.tok.kind {
	case text:
		return []ast.Expr{p.str()}
	case "{":
		return []ast.Expr{p.table()}
	case "(":
		p.advance()
		args := []ast.Expr{}
		if p.tok.kind != ")" {
			args = p.expressions()
		}
		p.close(")", "(", line)
		return args
	}
	p.fail("function arguments expected")
	return nil
}

// mostNoted bounds how many names it notes of one line: an error gives only the
// line, so that among many names the wrong one cannot be found.
const mostNoted = 4

// noteCall notes the name of a function that a line calls, if it is a plain
// one.
func (p *parser) noteCall(line int, callee string) {
	if callee != "" && callee[0] != ':' {
		p.calls[line] = noted(p.calls[line], callee)
	}
}

// noteObject notes the name of a value whose field a line reads.
func (p *parser) noteObject(line int, field string, object ast.Expr) {
	at := FieldAt{line, field}
	p.objects[at] = noted(p.objects[at], spelling(object))
}

func noted(list []string, name string) []string {
	if len(list) < mostNoted && !slices.Contains(list, name) {
		list = append(list, name)
	}
	return list
}

// spelling is the name of a variable or of a variable's field; empty for
// anything else.
func spelling(e ast.Expr) string {
	var fields []string
	for {
		switch inner := e.(type) {
		case *ast.IdentExpr:
			fields = append(fields, inner.Value)
			slices.Reverse(fields)
			return strings.Join(fields, ".")
		case *ast.AttrGetExpr:
			key, ok := inner.Key.(*ast.StringExpr)
			if !ok || len(fields) > 8 {
				return ""
			}
			fields = append(fields, key.Value)
			e = inner.Object
		default:
			return ""
		}
	}
}

// noteRequire notes the modules that the source requires.
func (p *parser) noteRequire(call *ast.FuncCallExpr) {
	if f, ok := call.Func.(*ast.IdentExpr); !ok || f.Value != "require" || len(call.Args) != 1 {
		return
	}
	if module, ok := call.Args[0].(*ast.StringExpr); ok {
		p.requires = append(p.requires, Require{Module: module.Value, Line: call.Line()})
	}
}

func (p *parser) table() ast.Expr {
	t := &ast.TableExpr{Fields: []*ast.Field{}}
	line := p.tok.line
	t.SetLine(line)
	p.advance()
	items := 0
	for p.tok.kind != "}" {
		field := p.tableField()
		if field.Key == nil {
			items++
		}
		if items > MaxItems {
			p.failAt(p.lex.line, fmt.Sprintf("table constructor has more than %d items", MaxItems))
		}
		t.Fields = append(t.Fields, field)
		if !p.accept(",") && !p.accept(";") {
			break
		}
	}
	p.close("}", "{", line)
	t.SetLastLine(p.lastLine)
	return t
}

func (p *parser) tableField() *ast.Field {
	line := p.tok.line
	switch {
	case p.tok.kind == "[":
		p.advance()
		key := p.expression()
		p.close("]", "[", line)
		p.expect("=")
		return &ast.Field{Key: key, Value: p.expression()}
	case p.tok.kind == name && p.peek() == "=":
		key := &ast.StringExpr{Value: p.name()}
		key.SetLine(line)
		p.constant(p.fn.texts, key.Value)
		p.advance()
		return &ast.Field{Key: key, Value: p.expression()}
	}
	return &ast.Field{Value: p.expression()}
}

// functionBody reads the parameters and the body of a function. The line is
// that of its keyword.
func (p *parser) functionBody(line int, method bool) *ast.FunctionExpr {
	f := &ast.FunctionExpr{ParList: &ast.ParList{Names: []string{}}}
	f.SetLine(line)
	p.expect("(")
	for p.tok.kind != ")" {
		if p.accept("...") {
			f.ParList.HasVargs = true
			break
		}
		f.ParList.Names = append(f.ParList.Names, p.name())
		if !p.accept(",") {
			break
		}
		if p.tok.kind == ")" {
			p.expected(name)
		}
	}
	p.expect(")")
	p.openFunction(line, f.ParList.HasVargs)
	if method {
		p.declare("self")
	}
	p.declare(f.ParList.Names...)
	f.Stmts = p.block()
	p.closeFunction()
	p.close("end", "function", line)
	f.SetLastLine(p.lastLine)
	return f
}
