package condition

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/ast"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// The faults that cel-go tells of, by what it says of them.
var (
	noName     = regexp.MustCompile(`^undeclared reference to '([^']*)'`)
	noField    = regexp.MustCompile(`^undefined field '([^']*)'`)
	noOverload = regexp.MustCompile(`(?s)^found no matching overload for '([^']*)' applied to '(.*)'$`)
	noSelect   = regexp.MustCompile(`^type '([^']*)' does not support field selection`)
	operator   = regexp.MustCompile(`^_?([^_@]+)_?$`)
	typePrefix = regexp.MustCompile(`request\.([a-z_.]+)`)
)

// mostProblems bounds what is said of one condition.
const mostProblems = 5

// explain says in our words what cel-go found. The tree is nil where there is
// none.
func explain(issues *cel.Issues, tree *ast.AST) (out []Problem) {
	for _, e := range issues.Errors() {
		p := explained(e.Message, findExpr(tree, e.ExprID))
		if e.Location != nil && e.Location.Column() >= 0 {
			p.Message += fmt.Sprintf(", at character %d", e.Location.Column()+1)
			if e.Location.Line() > 1 {
				p.Message += fmt.Sprintf(" of line %d", e.Location.Line())
			}
		}
		if out = append(out, p); len(out) == mostProblems {
			break
		}
	}
	return out
}

func explained(message string, at ast.Expr) Problem {
	if m := noName.FindStringSubmatch(message); m != nil {
		name, known, what := m[1], whole(""), "name"
		if at != nil && at.Kind() == ast.CallKind {
			known, what = functions, "function"
		}
		return suggest(fmt.Sprintf("there is no %s %q", what, name), name, known)
	}
	if m := noField.FindStringSubmatch(message); m != nil {
		above := ""
		if at != nil && at.Kind() == ast.SelectKind {
			above = pathOf(at.AsSelect().Operand())
		}
		known := whole(above)
		if strings.HasPrefix(above, "plugins.") {
			known = whole("plugin")
			for i, k := range known {
				known[i] = above + strings.TrimPrefix(k, "plugin")
			}
		}
		return suggest(fmt.Sprintf("there is no name %q", above+"."+m[1]), above+"."+m[1], known)
	}
	if m := noOverload.FindStringSubmatch(message); m != nil {
		function := m[1]
		if op := operator.FindStringSubmatch(function); op != nil {
			function = op[1]
		}
		return Problem{Message: fmt.Sprintf("%s cannot be applied to %s", strings.Trim(function, "_@"), typeName(m[2]))}
	}
	if m := noSelect.FindStringSubmatch(message); m != nil {
		return Problem{Message: typeName(m[1]) + " has no fields"}
	}
	message, _, _ = strings.Cut(message, " expecting ")
	return Problem{Message: "it is no expression: " + strings.ToLower(message[:1]) + message[1:]}
}

// suggest names what was meant, or all that there is.
func suggest(message, name string, known []string) Problem {
	if near := schema.Nearest(name, known); near != "" {
		return Problem{Message: message, Hint: fmt.Sprintf("did you mean %q?", near)}
	}
	return Problem{Message: message, Hint: "there are " + strings.Join(known, ", ")}
}

// typeName is the name of a type in our words.
func typeName(name string) string { return typePrefix.ReplaceAllString(name, "the record $1") }

// findExpr returns the expression of that ID, or nil.
func findExpr(tree *ast.AST, id int64) (found ast.Expr) {
	if tree == nil {
		return nil
	}
	ast.PostOrderVisit(tree.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		if e.ID() == id {
			found = e
		}
	}))
	return found
}
