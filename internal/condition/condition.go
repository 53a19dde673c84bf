// Package condition judges the conditions of plugins: expressions in the Common
// Expression Language (CEL) that a request must meet for a plugin to run.
//
// [Check] says what is wrong with one: what cannot be an expression over the
// names that a request has is an error; what may fail while a request is
// served, or can never be true, is a warning. [UsesConsumer] tells whether one
// depends on who was authenticated, [Plugins] on which other plugins. names.go has
// the names and their types.
//
// The language itself is cel-go's. Nothing of it is set up before the first
// condition is judged, for most configurations have none. Conditions come from
// anybody: their length, their depth and what macros make of them are bounded,
// and they are never run.
//
// The package knows nothing of plugins, entities, Terraform or HTTP.
package condition

import (
	"fmt"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/types"
)

// MaxLength is how many characters a condition may have.
const MaxLength = 1024

// Bounds of an expression beside its length. People stay far below.
const (
	maxDepth = 64
	maxNodes = 10000
)

// Problem is one thing to say about a condition.
type Problem struct {
	Message string
	Hint    string // what would be right; may be empty
	Warning bool   // it is accepted, and may do what people do not expect
}

// String is the message with its hint.
func (p Problem) String() string {
	if p.Hint == "" {
		return p.Message
	}
	return p.Message + " (" + p.Hint + ")"
}

// environment is the language with the names of a request.
var environment = sync.OnceValues(func() (*cel.Env, error) {
	registry, err := types.NewRegistry()
	if err != nil {
		return nil, err
	}
	kept := cel.TypeParamType("T")
	return cel.NewCustomEnv(append(variables(),
		cel.CustomTypeProvider(provider{registry}), cel.CustomTypeAdapter(registry),
		cel.StdLib(),
		cel.Function("default", cel.Overload("default_any", []*cel.Type{kept, kept}, kept)),
		cel.ParserRecursionLimit(maxDepth), cel.ExpressionNodeLimit(maxNodes), cel.ParserExpressionSizeLimit(MaxLength), cel.ParserErrorRecoveryLimit(1),
		cel.ASTValidators(cel.ValidateRegexLiterals()),
	)...)
})

// Check returns what is wrong with a condition. With errors there are no
// warnings.
func Check(text string) []Problem {
	if n := utf8.RuneCountInString(text); n > MaxLength {
		return fault("it has %d characters", fmt.Sprintf("a condition has at most %d", MaxLength), n)
	}
	if strings.TrimSpace(text) == "" {
		return fault("it is empty", "leave it out, and the plugin runs for every request")
	}
	tree, problems := compile(text)
	if problems != nil {
		return problems
	}
	return newReader(tree.NativeRep()).warnings()
}

// UsesConsumer reports whether a condition asks for the consumer or its groups.
// What is no condition does not.
func UsesConsumer(text string) bool {
	r := read(text)
	return r != nil && r.usesConsumer()
}

// Plugins returns the names of the plugins that a condition asks for, in its own
// spelling: with underscores in place of hyphens. What is no condition has none.
func Plugins(text string) []string {
	if r := read(text); r != nil {
		return r.plugins()
	}
	return nil
}

// read returns what a condition reads, or nil for what is none.
func read(text string) *reader {
	if utf8.RuneCountInString(text) > MaxLength {
		return nil
	}
	tree, problems := compile(text)
	if problems != nil {
		return nil
	}
	return newReader(tree.NativeRep())
}

func fault(format, hint string, args ...any) []Problem {
	return []Problem{{Message: fmt.Sprintf(format, args...), Hint: hint}}
}

// compile reads a condition and checks its types.
func compile(text string) (*cel.Ast, []Problem) {
	env, err := environment()
	if err != nil {
		return nil, fault("%s", "", err) // a test would tell
	}
	parsed, issues := env.Parse(text)
	if issues.Err() != nil {
		return nil, explain(issues, nil)
	}
	tree := parsed.NativeRep()
	allowNull(tree)
	checked, issues := env.Check(parsed)
	if issues.Err() != nil {
		return nil, explain(issues, tree)
	}
	if out := checked.OutputType(); !out.IsExactType(cel.BoolType) && !out.IsExactType(cel.DynType) {
		return nil, fault("its result is %s, not true or false", "compare it with something", typeName(out.String()))
	}
	return checked, nil
}

// allowNull lets anything be compared with null: most of what a request has may
// be missing. To CEL only some types can.
func allowNull(tree *ast.AST) {
	factory := ast.NewExprFactory()
	next := ast.MaxID(tree)
	ast.PostOrderVisit(tree.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() != ast.CallKind || e.AsCall().FunctionName() != "_==_" && e.AsCall().FunctionName() != "_!=_" {
			return
		}
		for _, arg := range e.AsCall().Args() {
			if arg.Kind() == ast.LiteralKind && arg.AsLiteral() == types.NullValue {
				null := factory.NewLiteral(next, types.NullValue)
				arg.SetKindCase(factory.NewCall(arg.ID(), "dyn", null))
				next++
			}
		}
	}))
}
