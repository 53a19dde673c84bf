// Package luasyntax reads Lua source from outside: Lua 5.1 as LuaJIT
// understands it, with goto, all its escapes and its messages.
//
// [Parse] turns a source into a [Chunk], whose tree is gopher-lua's, so that
// gopher-lua compiles and runs it. gopher-lua's own parser knows neither \x nor
// \z, has no limits and says little about mistakes. Here everything that could
// overwhelm the stages that follow is bounded: size, nesting, and how often
// gopher-lua's compiler would search through constants and variables.
// [Chunk.Guard] rewrites the tree so that everything that takes memory when it
// runs goes through functions that count.
//
// The package knows nothing of schemas and runs nothing.
package luasyntax

import (
	"fmt"

	"github.com/yuin/gopher-lua/ast"
)

// Bounds of a source.
const (
	// MaxSource is the size of the longest source, in bytes.
	MaxSource = 256 << 10
	// MaxLevels bounds nesting of blocks, functions, tables, parentheses and
	// operators that group to the right, as in LuaJIT.
	MaxLevels = 200
	// MaxChain bounds operators that group to the left, chains of calls and
	// indexes, and branches of an if.
	MaxChain = 2000
	// MaxFunctions is the number of functions that a source may hold.
	MaxFunctions = 1000
	// MaxLocals is the number of local variables of one function, as in LuaJIT.
	MaxLocals = 200
	// MaxItems is the number of list items that one table constructor may hold.
	MaxItems = 25_000
	// MaxGotos is the number of goto statements, and of labels, of one function.
	MaxGotos = 200
	// maxLookups bounds the comparisons that gopher-lua's compiler makes while
	// it searches constants and variables one by one.
	maxLookups = 64 << 20
)

// Error is a mistake in a source, in LuaJIT's words.
type Error struct {
	Name    string // of the source
	Line    int
	Message string
}

// Error gives place and message, as Lua does.
func (e *Error) Error() string { return fmt.Sprintf("%s:%d: %s", e.Name, e.Line, e.Message) }

// Chunk is a parsed source.
type Chunk struct {
	Name  string
	Stmts []ast.Stmt
	// Requires are the modules that the source names in calls of require.
	Requires []Require
	// Calls are the functions that each line calls, as the source writes them:
	// "f", "t.f" or "t:f". It keeps only the first few of a line.
	Calls map[int][]string
	// Objects are the values whose fields a line reads, as the source writes
	// them: "t" or "t.f", or "" for anything but such a name. It keeps only the
	// first few of a line.
	Objects map[FieldAt][]string
	// Variables are the names of all variables that the source reads or assigns,
	// local and global.
	Variables map[string]bool
	// Arguments tells whether the chunk looks at its own arguments.
	Arguments bool
}

// FieldAt is a field that is read on a line.
type FieldAt struct {
	Line int
	Name string
}

// Require is a call of require with a literal name.
type Require struct {
	Module string
	Line   int
}

// Parse reads a source. The name stands for it in messages. The error is an
// *[Error].
func Parse(name, source string) (chunk *Chunk, err error) {
	defer func() {
		switch mistake := recover().(type) {
		case nil:
		case *Error:
			mistake.Name = name
			chunk, err = nil, mistake
		default:
			panic(mistake)
		}
	}()
	p := &parser{lex: lexer{text: source, line: 1}, calls: map[int][]string{}, objects: map[FieldAt][]string{}, variables: map[string]bool{}}
	stmts := p.parse()
	return &Chunk{Name: name, Stmts: stmts, Requires: p.requires, Calls: p.calls, Objects: p.objects, Variables: p.variables, Arguments: p.usesArguments}, nil
}
