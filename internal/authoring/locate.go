package authoring

import (
	"reflect"
	"strconv"

	"github.com/yuin/gopher-lua/ast"

	"github.com/openkonnect/terraform-provider-konnect/internal/lua/luasyntax"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// locator finds the line on which a part of a schema is written. It follows
// table constructors, variables, the argument of a typedef, and values that are
// assigned to a member or appended. If other code builds a part, it stops at
// the last place that it knows.
type locator struct {
	stmts      []ast.Stmt
	variables  map[string]ast.Expr
	root       ast.Expr
	requires   []luasyntax.Require
	duplicates []*ast.StringExpr // keys that a table constructor has had before
}

func newLocator(source string) locator {
	chunk, err := luasyntax.Parse("schema.lua", source)
	if err != nil {
		return locator{}
	}
	l := locator{stmts: chunk.Stmts, variables: map[string]ast.Expr{}, requires: chunk.Requires, duplicates: duplicates(chunk.Stmts)}
	for _, s := range chunk.Stmts {
		switch s := s.(type) {
		case *ast.LocalAssignStmt:
			for i, name := range s.Names {
				if i < len(s.Exprs) {
					l.variables[name] = s.Exprs[i]
				}
			}
		case *ast.AssignStmt:
			for i, target := range s.Lhs {
				if i < len(s.Rhs) {
					l.assign(target, s.Rhs[i])
				}
			}
		case *ast.FuncCallStmt:
			if table, value, ok := appended(s.Expr); ok {
				l.add(table, nil, value)
			}
		case *ast.ReturnStmt:
			if len(s.Exprs) > 0 {
				l.root = s.Exprs[0]
			}
		}
	}
	return l
}

// assign follows an assignment at the top of the chunk.
func (l locator) assign(target, value ast.Expr) {
	switch target := target.(type) {
	case *ast.IdentExpr:
		l.variables[target.Value] = value
	case *ast.AttrGetExpr:
		if _, named := target.Key.(*ast.StringExpr); named {
			l.add(target.Object, target.Key, value)
		} else {
			l.add(target.Object, nil, value) // t[1], t[#t + 1]: the next one
		}
	}
}

// add puts a member into the constructor behind an expression.
func (l locator) add(object, key, value ast.Expr) {
	if table, ok := l.table(object, 0); ok {
		table.Fields = append(table.Fields, &ast.Field{Key: key, Value: value})
	}
}

// appended reads table.insert(t, v).
func appended(call ast.Expr) (table, value ast.Expr, ok bool) {
	c, _ := call.(*ast.FuncCallExpr)
	if c == nil || len(c.Args) != 2 {
		return nil, nil, false
	}
	get, _ := c.Func.(*ast.AttrGetExpr)
	return c.Args[0], c.Args[1], get != nil && isText(get.Key, "insert")
}

// line returns the line of the deepest part of the path that it can find, or 0.
// The line of the schema itself is where its table begins, not where it is
// returned.
func (l locator) line(path schema.Path) int {
	at, line := l.root, 0
	if table, ok := l.table(at, 0); ok {
		line = table.Line()
	} else if at != nil {
		line = at.Line()
	}
	for _, step := range path {
		table, ok := l.table(at, 0)
		if !ok {
			return line
		}
		if at = member(table, step); at == nil {
			return line
		}
		if n := at.Line(); n > 0 {
			line = n
		}
	}
	return line
}

// dated reports whether the schema has the form before Kong 1.0: no name, and
// fields as a map beside no_consumer and self_check.
func (l locator) dated() bool {
	root, ok := l.table(l.root, 0)
	if !ok || member(root, schema.Key("name")) != nil {
		return false
	}
	if member(root, schema.Key("no_consumer")) != nil || member(root, schema.Key("self_check")) != nil {
		return true
	}
	fields, ok := l.table(member(root, schema.Key("fields")), 0)
	return ok && len(fields.Fields) > 0 && fields.Fields[0].Key != nil
}

// field returns the path of a field of the schema, or nil.
func (l locator) field(name string) schema.Path {
	root, ok := l.table(l.root, 0)
	if !ok {
		return nil
	}
	fields, ok := l.table(member(root, schema.Key("fields")), 0)
	if !ok {
		return nil
	}
	for i := range fields.Fields {
		entry, ok := l.table(member(fields, schema.At(i)), 0)
		if ok && member(entry, schema.Key(name)) != nil {
			return schema.Path{schema.Key("fields"), schema.At(i), schema.Key(name)}
		}
	}
	return nil
}

func duplicates(stmts []ast.Stmt) []*ast.StringExpr {
	var found []*ast.StringExpr
	walk(reflect.ValueOf(stmts), func(node any) {
		table, ok := node.(*ast.TableExpr)
		if !ok {
			return
		}
		seen := map[string]bool{}
		for _, f := range table.Fields {
			key, ok := f.Key.(*ast.StringExpr)
			if !ok {
				continue
			}
			if seen[key.Value] {
				found = append(found, key)
			}
			seen[key.Value] = true
		}
	})
	return found
}

// text returns the text that is written at the end of the path, if one is.
func (l locator) text(path schema.Path) string {
	at := l.root
	for _, step := range path {
		table, ok := l.table(at, 0)
		if !ok {
			return ""
		}
		at = member(table, step)
	}
	if s, ok := at.(*ast.StringExpr); ok {
		return s.Value
	}
	return ""
}

// maxHops bounds how many variables it follows, one to the next.
const maxHops = 10

// table finds the constructor behind an expression.
func (l locator) table(e ast.Expr, hops int) (*ast.TableExpr, bool) {
	if hops > maxHops {
		return nil, false
	}
	switch e := e.(type) {
	case *ast.TableExpr:
		return e, true
	case *ast.IdentExpr:
		if to, ok := l.variables[e.Value]; ok {
			return l.table(to, hops+1)
		}
	case *ast.AttrGetExpr:
		table, ok := l.table(e.Object, hops+1)
		if !ok {
			return nil, false
		}
		switch key := e.Key.(type) {
		case *ast.StringExpr:
			return l.table(member(table, schema.Key(key.Value)), hops+1)
		case *ast.NumberExpr:
			if n, err := strconv.Atoi(key.Value); err == nil && n > 0 {
				return l.table(member(table, schema.At(n-1)), hops+1)
			}
		}
	case *ast.FuncCallExpr: // typedefs.port { default = 80 }
		if len(e.Args) == 1 {
			return l.table(e.Args[0], hops+1)
		}
	}
	return nil, false
}

// member finds the value of a name or of a position among the unnamed values. If
// a name is there twice, its last value counts.
func member(t *ast.TableExpr, step schema.Step) (found ast.Expr) {
	position := 0
	for _, f := range t.Fields {
		if f.Key == nil {
			if step.Name == "" && position == step.Index {
				return f.Value
			}
			position++
			continue
		}
		if key, ok := f.Key.(*ast.StringExpr); ok && step.Name != "" && key.Value == step.Name {
			found = f.Value
		}
	}
	return found
}
