package condition

import (
	"fmt"
	"slices"
	"strings"

	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/types"
)

// reader knows what a checked condition reads.
type reader struct {
	tree    *ast.AST
	read    []string // paths of names, in order
	tested  map[string]bool
	strange []string // functions beyond the documented ones
}

func newReader(tree *ast.AST) *reader {
	r := &reader{tree: tree, tested: map[string]bool{}}
	r.visit(tree.Expr(), false)
	return r
}

// visit notes what an expression reads; fallback says that something else is
// taken where it is missing.
func (r *reader) visit(e ast.Expr, fallback bool) {
	if path := pathOf(e); path != "" {
		if fallback || e.Kind() == ast.SelectKind && e.AsSelect().IsTestOnly() {
			r.tested[path] = true
		}
		r.read = append(r.read, path)
	}
	switch e.Kind() {
	case ast.SelectKind:
		r.visit(e.AsSelect().Operand(), fallback)
	case ast.CallKind:
		r.call(e.AsCall(), fallback)
	case ast.ListKind:
		for _, element := range e.AsList().Elements() {
			r.visit(element, false)
		}
	case ast.MapKind:
		for _, entry := range e.AsMap().Entries() {
			r.visit(entry.AsMapEntry().Key(), false)
			r.visit(entry.AsMapEntry().Value(), false)
		}
	case ast.ComprehensionKind:
		c := e.AsComprehension()
		for _, part := range []ast.Expr{c.IterRange(), c.AccuInit(), c.LoopCondition(), c.LoopStep(), c.Result()} {
			r.visit(part, false)
		}
	}
}

func (r *reader) call(c ast.CallExpr, fallback bool) {
	name := c.FunctionName()
	if isWord(name) && name != "dyn" && !slices.Contains(functions, name) && !slices.Contains(r.strange, name) {
		r.strange = append(r.strange, name)
	}
	if c.IsMemberFunction() {
		r.visit(c.Target(), fallback)
	}
	for i, arg := range c.Args() {
		if name == "@in" {
			r.member(c.Args())
		}
		r.visit(arg, name == "default" && i == 0 || fallback && name == "_[_]")
	}
}

// member notes the key in a test such as "a" in kong.ctx.shared.
func (r *reader) member(args []ast.Expr) {
	if key, ok := literal(args[0]); ok && pathOf(args[1]) != "" {
		r.tested[pathOf(args[1])+"."+key] = true
	}
}

// isWord tells functions from operators, and from what macros are made of.
func isWord(function string) bool { return !strings.ContainsAny(function[:1], "_@!-?") }

// pathOf is the full name that an expression reads, or "".
func pathOf(e ast.Expr) string {
	switch e.Kind() {
	case ast.IdentKind:
		if roots[e.AsIdent()] != nil {
			return e.AsIdent()
		}
	case ast.SelectKind:
		if above := pathOf(e.AsSelect().Operand()); above != "" {
			return above + "." + e.AsSelect().FieldName()
		}
	case ast.CallKind:
		if c := e.AsCall(); c.FunctionName() == "_[_]" {
			key, ok := literal(c.Args()[1])
			if above := pathOf(c.Args()[0]); ok && above != "" {
				return above + "." + key
			}
		}
	}
	return ""
}

func literal(e ast.Expr) (string, bool) {
	if e.Kind() != ast.LiteralKind {
		return "", false
	}
	text, ok := e.AsLiteral().(types.String)
	return string(text), ok
}

// plugins are the names of plugins that are asked for, as conditions spell them.
func (r *reader) plugins() (names []string) {
	for _, path := range r.read {
		if steps := strings.Split(path, "."); len(steps) > 1 && steps[0] == "plugins" && !slices.Contains(names, steps[1]) {
			names = append(names, steps[1])
		}
	}
	return names
}

func (r *reader) usesConsumer() bool {
	return slices.ContainsFunc(r.read, func(path string) bool {
		root, _, _ := strings.Cut(path, ".")
		return root == "consumer" || root == "consumer_group"
	})
}

// warnings are about what a request may lack, and what is never there.
func (r *reader) warnings() (out []Problem) {
	warn := func(hint, format string, args ...any) {
		p := Problem{Message: fmt.Sprintf(format, args...), Hint: hint, Warning: true}
		if !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	for _, path := range r.read {
		for _, open := range mayMiss {
			key, below := strings.CutPrefix(path, open+".")
			if below && !strings.Contains(key, ".") && !r.tested[path] {
				warn(fmt.Sprintf("write has(%[1]s) && … or default(%[1]s, …)", path), "a request for which %s is not set fails", path)
			}
		}
		for _, open := range byHeader {
			key, below := strings.CutPrefix(path, open+".")
			if proper := strings.ReplaceAll(strings.ToLower(key), "-", "_"); below && !strings.Contains(key, ".") && key != proper {
				warn(fmt.Sprintf("write %s.%s", open, proper), "%s is never set: names of headers are in lower case, with _ for -", path)
			}
		}
	}
	for _, name := range r.strange {
		warn("documented are "+strings.Join(functions, ", "), "the function %s is not documented for conditions", name)
	}
	return out
}
