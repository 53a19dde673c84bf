package luasyntax

import (
	"strconv"

	"github.com/yuin/gopher-lua/ast"
)

// The functions that a guarded chunk calls. It expects them as arguments, in
// this order, and returns the function that is the source itself. Their names
// cannot be written in Lua, and local variables cannot be reached otherwise,
// so no source can call, replace or shadow them.
const (
	// concat(...) is the operator .. over all its arguments.
	guardConcat = "\x00concat"
	// set(table, key, value) is table[key] = value.
	guardSet = "\x00set"
	// key(k) returns k, about to be a key in a table constructor.
	guardKey = "\x00key"
	// spread(...) returns its arguments, about to be items of a table.
	guardSpread = "\x00spread"
	// spend(n) accounts for n bytes.
	guardSpend = "\x00spend"
)

// Guards are the guarding functions in the order of a guarded chunk's
// arguments: concat, set, key, spread and spend.
var guards = []string{guardConcat, guardSet, guardKey, guardSpread, guardSpend}

// How many bytes things take when they run, rather too many than too few. A
// stored number may keep alive a block of 32 of them.
const (
	costTable   = 200
	costKeyed   = 300 // once for a table with keys
	costKey     = 200
	costItem    = 16
	costNumber  = 256
	costClosure = 200
	costUpvalue = 64 + costNumber
	costMethod  = 3000 // function t.f() may be the first key of t
	safeIndex   = 1024 // a literal index that needs no guard
	concatWidth = 50   // operands of one call of concat
)

// Guard rewrites the chunk so that whatever takes memory as it runs calls a
// guarding function first: concatenations, assignments to indexes, table
// constructors and closures. The result is a chunk that takes those functions
// and returns the source as a function. The chunk itself must not be used
// afterwards.
func (c *Chunk) Guard() []ast.Stmt {
	g := guarder{}
	body := &ast.FunctionExpr{ParList: &ast.ParList{HasVargs: true, Names: []string{}}}
	body.Stmts = g.block(c.Stmts, 0)
	body.SetLine(1)
	if n := len(c.Stmts); n > 0 {
		body.SetLastLine(c.Stmts[n-1].LastLine())
	}
	locals := &ast.LocalAssignStmt{Names: guards, Exprs: []ast.Expr{&ast.Comma3Expr{}}}
	return []ast.Stmt{locals, &ast.ReturnStmt{Exprs: []ast.Expr{body}}}
}

// guarder walks a tree. Cost adds up over the statements of the current
// block, which one call at its start pays for.
type guarder struct {
	cost   int
	hot    bool // may run many times: in a function or a loop, or after a label
	idents map[string]bool
}

// block rewrites a block. Extra is a cost that each run of the block pays
// besides its own.
func (g *guarder) block(stmts []ast.Stmt, extra int) []ast.Stmt {
	outer := g.cost
	g.cost = extra
	var out []ast.Stmt
	start := 0 // of the current segment in out
	for _, s := range stmts {
		if l, ok := s.(*ast.LabelStmt); ok {
			// a goto may come back to here
			out = g.pay(out, start, l.Line())
			out = append(out, l)
			start = len(out)
			g.hot = true
			continue
		}
		out = append(out, g.statement(s)...)
	}
	line := 1
	if len(stmts) > 0 {
		line = stmts[0].Line()
	}
	out = g.pay(out, start, line)
	g.cost = outer
	return out
}

// pay inserts the payment for a segment at its start.
func (g *guarder) pay(out []ast.Stmt, start, line int) []ast.Stmt {
	if g.cost == 0 {
		return out
	}
	amount := &ast.NumberExpr{Value: strconv.Itoa(g.cost)}
	amount.SetLine(line)
	g.cost = 0
	out = append(out, nil)
	copy(out[start+1:], out[start:])
	out[start] = statement(call(guardSpend, line, amount))
	return out
}

// loop rewrites a block that runs many times.
func (g *guarder) loop(stmts []ast.Stmt, extra int) []ast.Stmt {
	hot := g.hot
	g.hot = true
	out := g.block(stmts, extra)
	g.hot = hot
	return out
}

func (g *guarder) statement(s ast.Stmt) []ast.Stmt {
	switch s := s.(type) {
	case *ast.AssignStmt:
		return []ast.Stmt{g.assignment(s)}
	case *ast.LocalAssignStmt:
		g.expressions(s.Exprs)
	case *ast.FuncCallStmt:
		s.Expr = g.expression(s.Expr)
	case *ast.DoBlockStmt:
		s.Stmts = g.block(s.Stmts, 0)
	case *ast.WhileStmt:
		condition := g.costOf(func() { s.Condition = g.expression(s.Condition) })
		s.Stmts = g.loop(s.Stmts, condition)
	case *ast.RepeatStmt:
		condition := g.costOf(func() { s.Condition = g.expression(s.Condition) })
		s.Stmts = g.loop(s.Stmts, condition)
	case *ast.IfStmt:
		s.Condition = g.expression(s.Condition)
		s.Then = g.block(s.Then, 0)
		if len(s.Else) > 0 {
			s.Else = g.block(s.Else, 0)
		}
	case *ast.NumberForStmt:
		s.Init, s.Limit = g.expression(s.Init), g.expression(s.Limit)
		if s.Step != nil {
			s.Step = g.expression(s.Step)
		}
		s.Stmts = g.loop(s.Stmts, 0)
	case *ast.GenericForStmt:
		g.expressions(s.Exprs)
		s.Stmts = g.loop(s.Stmts, 0)
	case *ast.FuncDefStmt:
		if target := s.Name.Func; g.hot && (target == nil || isIndex(target)) {
			return []ast.Stmt{g.assignment(methodAssignment(s))}
		}
		g.cost += costMethod
		g.function(s.Func)
	case *ast.ReturnStmt:
		g.expressions(s.Exprs)
	}
	return []ast.Stmt{s}
}

func isIndex(e ast.Expr) bool {
	_, ok := e.(*ast.AttrGetExpr)
	return ok
}

// methodAssignment is function t.f() end or function t:f() end, written as an
// assignment to an index.
func methodAssignment(s *ast.FuncDefStmt) *ast.AssignStmt {
	target := s.Name.Func
	if target == nil {
		key := &ast.StringExpr{Value: s.Name.Method}
		key.SetLine(s.Line())
		index := &ast.AttrGetExpr{Object: s.Name.Receiver, Key: key}
		index.SetLine(s.Line())
		target = index
	}
	assignment := &ast.AssignStmt{Lhs: []ast.Expr{target}, Rhs: []ast.Expr{s.Func}}
	assignment.SetLine(s.Line())
	assignment.SetLastLine(s.LastLine())
	return assignment
}

// costOf rewrites something and returns what it adds to the cost.
func (g *guarder) costOf(rewrite func()) int {
	before := g.cost
	rewrite()
	return g.cost - before
}

func (g *guarder) expressions(list []ast.Expr) {
	for i, e := range list {
		list[i] = g.expression(e)
	}
}

func (g *guarder) expression(e ast.Expr) ast.Expr {
	switch e := e.(type) {
	case *ast.IdentExpr:
		if g.idents != nil {
			g.idents[e.Value] = true
		}
	case *ast.AttrGetExpr:
		e.Object, e.Key = g.expression(e.Object), g.expression(e.Key)
	case *ast.TableExpr:
		g.table(e)
	case *ast.FuncCallExpr:
		if e.Func != nil {
			e.Func = g.expression(e.Func)
		} else {
			e.Receiver = g.expression(e.Receiver)
		}
		g.expressions(e.Args)
	case *ast.LogicalOpExpr:
		e.Lhs, e.Rhs = g.expression(e.Lhs), g.expression(e.Rhs)
	case *ast.RelationalOpExpr:
		e.Lhs, e.Rhs = g.expression(e.Lhs), g.expression(e.Rhs)
	case *ast.ArithmeticOpExpr:
		e.Lhs, e.Rhs = g.expression(e.Lhs), g.expression(e.Rhs)
	case *ast.StringConcatOpExpr:
		return g.concat(e)
	case *ast.UnaryMinusOpExpr:
		e.Expr = g.expression(e.Expr)
	case *ast.UnaryNotOpExpr:
		e.Expr = g.expression(e.Expr)
	case *ast.UnaryLenOpExpr:
		e.Expr = g.expression(e.Expr)
	case *ast.FunctionExpr:
		g.function(e)
	}
	return e
}

// function rewrites a function's body and adds the cost of the closure.
func (g *guarder) function(f *ast.FunctionExpr) {
	outer := g.idents
	g.idents = map[string]bool{}
	f.Stmts = g.loop(f.Stmts, 0)
	used := len(g.idents) + len(guards)
	for name := range g.idents {
		if outer != nil {
			outer[name] = true
		}
	}
	g.idents = outer
	g.cost += costClosure + min(used, 255)*costUpvalue
}

func (g *guarder) table(t *ast.TableExpr) {
	g.cost += costTable
	keyed := false
	for i, f := range t.Fields {
		multiple := isMultiple(f.Value)
		f.Value = g.expression(f.Value)
		switch {
		case f.Key != nil:
			keyed = true
			g.cost += costKey
			f.Key = g.constructorKey(g.expression(f.Key))
		case i == len(t.Fields)-1 && multiple:
			f.Value = call(guardSpread, f.Value.Line(), f.Value)
		case isConstant(f.Value):
			g.cost += costItem
		default:
			g.cost += costItem + costNumber
		}
	}
	if keyed {
		g.cost += costKeyed
	}
}

// constructorKey guards a key that may be a large index.
func (g *guarder) constructorKey(key ast.Expr) ast.Expr {
	if isSafeKey(key) {
		return key
	}
	return call(guardKey, key.Line(), key)
}

// concat turns a chain of .. into calls over many operands.
func (g *guarder) concat(e *ast.StringConcatOpExpr) ast.Expr {
	line := e.Line()
	operands := []ast.Expr{g.expression(e.Lhs)}
	rest := e.Rhs
	for {
		next, ok := rest.(*ast.StringConcatOpExpr)
		if !ok || len(operands) == concatWidth {
			break
		}
		operands = append(operands, g.expression(next.Lhs))
		rest = next.Rhs
	}
	return call(guardConcat, line, append(operands, single(g.expression(rest)))...)
}

// single reduces the last argument to one value, like an operand.
func single(e ast.Expr) ast.Expr {
	switch e := e.(type) {
	case *ast.FuncCallExpr:
		e.AdjustRet = true
	case *ast.Comma3Expr:
		e.AdjustRet = true
	}
	return e
}

// assignment guards targets that are indexes.
func (g *guarder) assignment(s *ast.AssignStmt) ast.Stmt {
	guarded := false
	for _, target := range s.Lhs {
		if index, ok := target.(*ast.AttrGetExpr); ok {
			guarded = guarded || g.hot || !isSafeKey(index.Key)
		}
		g.expression(target)
	}
	for i, e := range s.Rhs {
		s.Rhs[i] = g.expression(e)
	}
	// gopher-lua may overwrite a variable before it reads it, as in
	// p, q = f(p), 1 and in p, q = 1, p: it must not see such assignments
	if len(s.Lhs)+len(s.Rhs) > 2 {
		return staged(s)
	}
	if c, ok := s.Rhs[0].(*ast.FuncCallExpr); ok {
		c.AdjustRet = false // there is room for one value only
	}
	if !guarded {
		return s
	}
	index := s.Lhs[0].(*ast.AttrGetExpr)
	return statement(call(guardSet, index.Line(), append([]ast.Expr{index.Object, index.Key}, s.Rhs...)...))
}

// staged evaluates everything in an assignment into variables, then stores from
// the last target to the first.
func staged(s *ast.AssignStmt) ast.Stmt {
	line := s.Line()
	block := &ast.DoBlockStmt{}
	block.SetLine(line)
	block.SetLastLine(s.LastLine())
	objects, keys, values := &ast.LocalAssignStmt{}, &ast.LocalAssignStmt{}, &ast.LocalAssignStmt{Exprs: s.Rhs}
	var stores []ast.Stmt
	for i, target := range s.Lhs {
		n := strconv.Itoa(i)
		values.Names = append(values.Names, "\x00value"+n)
		value := ident("\x00value"+n, line)
		index, ok := target.(*ast.AttrGetExpr)
		if !ok {
			store := &ast.AssignStmt{Lhs: []ast.Expr{target}, Rhs: []ast.Expr{value}}
			store.SetLine(line)
			stores = append(stores, store)
			continue
		}
		objects.Names = append(objects.Names, "\x00object"+n)
		objects.Exprs = append(objects.Exprs, single(index.Object))
		keys.Names = append(keys.Names, "\x00key"+n)
		keys.Exprs = append(keys.Exprs, single(index.Key))
		stores = append(stores, statement(call(guardSet, index.Line(), ident("\x00object"+n, line), ident("\x00key"+n, line), value)))
	}
	block.Stmts = []ast.Stmt{values}
	if len(objects.Names) > 0 {
		block.Stmts = []ast.Stmt{objects, keys, values}
	}
	for i := len(stores) - 1; i >= 0; i-- {
		block.Stmts = append(block.Stmts, stores[i])
	}
	for _, s := range block.Stmts {
		s.SetLine(line)
	}
	return block
}

func isMultiple(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.FuncCallExpr:
		return !e.AdjustRet
	case *ast.Comma3Expr:
		return !e.AdjustRet
	}
	return false
}

func isConstant(e ast.Expr) bool {
	switch e.(type) {
	case *ast.StringExpr, *ast.NumberExpr, *ast.TrueExpr, *ast.FalseExpr, *ast.NilExpr, *ast.TableExpr, *ast.FunctionExpr:
		return true
	}
	return false
}

// isSafeKey reports whether a key can make a table grow only a little.
func isSafeKey(key ast.Expr) bool {
	switch key := key.(type) {
	case *ast.StringExpr, *ast.TrueExpr, *ast.FalseExpr:
		return true
	case *ast.NumberExpr:
		n, err := strconv.ParseFloat(key.Value, 64)
		return err == nil && n <= safeIndex
	}
	return false
}

func ident(name string, line int) ast.Expr {
	e := &ast.IdentExpr{Value: name}
	e.SetLine(line)
	return e
}

func call(function string, line int, args ...ast.Expr) *ast.FuncCallExpr {
	c := &ast.FuncCallExpr{Func: ident(function, line), Args: args}
	c.SetLine(line)
	c.SetLastLine(line)
	return c
}

func statement(c *ast.FuncCallExpr) ast.Stmt {
	s := &ast.FuncCallStmt{Expr: c}
	s.SetLine(c.Line())
	s.SetLastLine(c.Line())
	return s
}
