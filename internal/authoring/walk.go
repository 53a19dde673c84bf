package authoring

import (
	"reflect"

	"github.com/yuin/gopher-lua/ast"
)

// walk visits every node of a syntax tree. The tree's types are many and plain
// (structs, slices, interfaces), so reflection replaces a case for each.
func walk(v reflect.Value, visit func(node any)) {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			return
		}
		if v.Kind() == reflect.Pointer && v.Elem().Kind() == reflect.Struct && v.CanInterface() {
			visit(v.Interface())
		}
		walk(v.Elem(), visit)
	case reflect.Struct:
		for i := range v.NumField() {
			walk(v.Field(i), visit)
		}
	case reflect.Slice:
		for i := range v.Len() {
			walk(v.Index(i), visit)
		}
	}
}

// definitionsOf returns the lines on which a function or member of that name
// is defined: function H:name(), H.name = …, { name = … }.
func definitionsOf(stmts []ast.Stmt, name string) []int {
	var lines []int
	isKey := func(e ast.Expr) bool {
		get, ok := e.(*ast.AttrGetExpr)
		return ok && isText(get.Key, name)
	}
	walk(reflect.ValueOf(stmts), func(node any) {
		switch node := node.(type) {
		case *ast.FuncDefStmt:
			if node.Name.Method == name || isKey(node.Name.Func) {
				lines = append(lines, node.Line())
			}
		case *ast.AssignStmt:
			for _, to := range node.Lhs {
				if isKey(to) {
					lines = append(lines, node.Line())
				}
			}
		case *ast.Field:
			if node.Key != nil && isText(node.Key, name) {
				lines = append(lines, node.Value.Line())
			}
		}
	})
	return lines
}

// usesOf returns the lines that read the member of a global: ngx.timer.
func usesOf(stmts []ast.Stmt, global, member string) []int {
	var lines []int
	walk(reflect.ValueOf(stmts), func(node any) {
		get, ok := node.(*ast.AttrGetExpr)
		if !ok || !isText(get.Key, member) {
			return
		}
		if object, ok := get.Object.(*ast.IdentExpr); ok && object.Value == global {
			lines = append(lines, get.Line())
		}
	})
	return lines
}

func isText(e ast.Expr, text string) bool {
	s, ok := e.(*ast.StringExpr)
	return ok && s.Value == text
}
