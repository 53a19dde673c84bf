package authoring

import (
	"reflect"

	"github.com/yuin/gopher-lua/ast"

	"github.com/openkonnect/terraform-provider-konnect/internal/lua/luasyntax"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// locator finds the line on which a part of a schema is written. It follows
// table constructors, local variables and the argument of a typedef; where a
// schema is put together by code it stops at the last place that it knows.
type locator struct {
	stmts    []ast.Stmt
	locals   map[string]ast.Expr
	root     ast.Expr
	requires []luasyntax.Require
}

func newLocator(source string) locator {
	chunk, err := luasyntax.Parse("schema.lua", source)
	if err != nil {
		return locator{}
	}
	l := locator{stmts: chunk.Stmts, locals: map[string]ast.Expr{}, requires: chunk.Requires}
	for _, s := range chunk.Stmts {
		switch s := s.(type) {
		case *ast.LocalAssignStmt:
			for i, name := range s.Names {
				if i < len(s.Exprs) {
					l.locals[name] = s.Exprs[i]
				}
			}
		case *ast.ReturnStmt:
			if len(s.Exprs) > 0 {
				l.root = s.Exprs[0]
			}
		}
	}
	return l
}

// line returns the line of the deepest part of the path that can be found,
// or 0. The schema itself is where its table begins, not where that is
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

// dated reports whether the schema has the form from before Kong 1.0: no name,
// and fields as a map beside no_consumer and self_check.
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

// duplicates returns the keys that a table constructor has had before.
func (l locator) duplicates() []*ast.StringExpr {
	var found []*ast.StringExpr
	walk(reflect.ValueOf(l.stmts), func(node any) {
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

// maxHops bounds how many variables may stand for each other.
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
		if to, ok := l.locals[e.Value]; ok {
			return l.table(to, hops+1)
		}
	case *ast.FuncCallExpr: // typedefs.port { default = 80 }
		if len(e.Args) == 1 {
			return l.table(e.Args[0], hops+1)
		}
	}
	return nil, false
}

// member finds the value of a name, or of a position among the unnamed ones.
func member(t *ast.TableExpr, step schema.Step) ast.Expr {
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
			return f.Value
		}
	}
	return nil
}
