// Package luaschema loads a plugin's schema.lua, which comes from outside: it
// runs the chunk in a sandbox and makes a [schema.Schema] of the table that it
// returns. The result is the same kind of schema that bundled plugins have; Lua
// functions come out as [schema.Function] closures that run in the same sandbox
// whenever a value is validated.
//
// A chunk runs as on a hosted control plane: it gets no module name as an
// argument, cannot reach files, processes, the environment or other schemas,
// and can require the modules that schemas are written against (typedefs
// first), all of them ours. [MaxSteps] and the constants beside it bound it;
// DESIGN.md explains how. Every failure is an [*Error] that names the stage at
// which it happened.
//
// The package knows nothing of HTTP, databases, Terraform or of any plugin.
package luaschema

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"

	lua "github.com/yuin/gopher-lua"

	"github.com/openkonnect/terraform-provider-konnect/internal/lua/luasyntax"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Stage is how far loading got.
type Stage string

// The stages of loading.
const (
	Compile    Stage = "compile"    // the source is not Lua
	Run        Stage = "run"        // the chunk raised an error
	Type       Stage = "type"       // the chunk returned no table of a form that schemas have
	Metaschema Stage = "metaschema" // the table breaks the rules for schemas
	Subschema  Stage = "subschema"  // good by itself, but it does not fit into the plugin entity
)

// sourceName stands for the source in messages.
const sourceName = "schema.lua"

// Error says why a schema does not load.
type Error struct {
	Stage Stage
	// Message is Lua's or Kong's text. It begins with "schema.lua:<line>:"
	// where Lua knows the line.
	Message string
	Line    int // 0 if not known
	// Hint says what to do, for mistakes that many make; empty for others.
	Hint string
	// Errors is the tree of the stage metaschema.
	Errors *schema.Errors
	// Cause is the bound that was exceeded, one of the Err variables, or for
	// the stage subschema a *[schema.Misfit]. It is nil for all other failures.
	Cause error
}

// Error gives the message and the hint.
func (e *Error) Error() string {
	if e.Hint == "" {
		return e.Message
	}
	return e.Message + " (" + e.Hint + ")"
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Plugin is a loaded schema.
type Plugin struct {
	Name string
	// Def is what the chunk returned.
	Def schema.Def
	// Schema is the whole plugin entity, specialised by this schema.
	Schema *schema.Schema
	// Requires are the modules that the source requires by name, also in
	// functions that did not run.
	Requires []luasyntax.Require
}

// Load runs a source and makes a plugin of it: a subschema of parent, which is
// the plugins entity. Refs resolves references to other entities. The error is
// an *[Error], or the context's.
func Load(ctx context.Context, source string, parent *schema.Schema, refs func(entity string) *schema.Schema) (*Plugin, error) {
	return load(ctx, source, usualLimits, parent, refs)
}

func load(ctx context.Context, source string, limits limits, parent *schema.Schema, refs func(entity string) *schema.Schema) (*Plugin, error) {
	p, err := prepare(source)
	if err != nil {
		return nil, err
	}
	p.limits = limits
	p.consumerGroups = parent.Field("consumer_group") != nil
	judgement := schema.Judge(ctx) // the bounds hold for all of it
	def, err := p.define(judgement)
	if err != nil {
		return nil, err
	}
	if errs := schema.CheckDefinition(judgement, any(def)); errs != nil {
		return nil, &Error{Stage: Metaschema, Message: errs.Summary(), Errors: errs}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	sub, err := schema.Compile(def, refs)
	if err != nil {
		return nil, &Error{Stage: Subschema, Message: err.Error()}
	}
	whole, err := parent.Specialize(sub)
	if err != nil {
		return nil, &Error{Stage: Subschema, Message: err.Error(), Cause: err}
	}
	name, _ := def["name"].(string)
	return &Plugin{Name: name, Def: def, Schema: whole, Requires: p.requires}, nil
}

// Name runs a source only far enough to learn the plugin's name.
func Name(ctx context.Context, source string) (string, error) {
	p, err := prepare(source)
	if err != nil {
		return "", err
	}
	p.consumerGroups = true
	s, err := p.start(ctx, &account{})
	if err != nil {
		return "", err
	}
	name, ok := s.result.RawGetString("name").(lua.LString)
	if !ok || name == "" {
		return "", &Error{Stage: Type, Message: "the schema has no name", Hint: `write name = "my-plugin" beside fields`}
	}
	return string(name), nil
}

// program is a compiled source; states run it.
type program struct {
	proto    *lua.FunctionProto
	limits   limits
	size     int
	globals  globalSet // those that the source can get at
	nullOnly bool      // it can get at nothing of ngx but null
	// consumerGroups tells whether plugins can belong to consumer groups. The
	// open-source gateway has none.
	consumerGroups bool
	requires       []luasyntax.Require
	// arguments tells whether the source looks at its arguments. It gets none.
	arguments bool
	// calls and objects are those of the chunk.
	calls   map[int][]string
	objects map[luasyntax.FieldAt][]string
	// assigned are the globals that functions assign, and assignsOuter tells
	// whether one assigns a variable of the chunk.
	assigned     []string
	assignsOuter bool
	seed         uint64 // for random numbers: a schema gets the same ones each time
	startSteps   int    // how many steps the chunk takes
	pool         pool
	paths        [][]lua.LValue // where in the result each function stands
}

// refused are modules that run code from configurations. A schema that requires
// one does not load, even if the call is in a function that never runs.
var refused = []string{"kong.tools.sandbox", "kong.tools.kong-lua-sandbox", "kong.tools.sandbox.kong", "kong.tools.sandbox.environment"}

func prepare(source string) (*program, error) {
	chunk, err := luasyntax.Parse(sourceName, source)
	if err != nil {
		return nil, compileError(err)
	}
	for _, r := range chunk.Requires {
		if slices.Contains(refused, r.Module) {
			message := fmt.Sprintf("module '%s' not found:", r.Module)
			return nil, &Error{Stage: Run, Message: fmt.Sprintf("%s:%d: %s", sourceName, r.Line, message), Line: r.Line, Hint: hint(message)}
		}
	}
	proto, err := compile(chunk, sourceName)
	if err != nil {
		return nil, compileError(err)
	}
	seed := fnv.New64a()
	_, _ = seed.Write([]byte(source)) // never fails
	main := proto.FunctionPrototypes[0]
	return &program{
		proto: proto, limits: usualLimits, size: len(source), globals: globalsOf(chunk), nullOnly: !chunk.Variables["_G"] && namesNullOnly(source), requires: chunk.Requires, arguments: chunk.Arguments, calls: chunk.Calls, objects: chunk.Objects,
		assigned: assignedGlobals(main), assignsOuter: assignsOuter(main), seed: seed.Sum64(),
	}, nil
}

// compile turns the compiler's panics, which a strange tree may cause, into
// errors.
func compile(chunk *luasyntax.Chunk, name string) (proto *lua.FunctionProto, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &luasyntax.Error{Name: name, Line: 1, Message: fmt.Sprintf("cannot be compiled: %v", r)}
		}
	}()
	proto, err = lua.Compile(chunk.Guard(), name)
	if mistake := (*lua.CompileError)(nil); errors.As(err, &mistake) {
		return nil, &luasyntax.Error{Name: name, Line: max(mistake.Line, 1), Message: mistake.Message}
	}
	if err == nil {
		tame(proto)
	}
	return proto, err
}

// tame changes gopher-lua's tree in two points. It makes plain calls of tail
// calls: a frame remembers each of them, and every error's stack trace lists
// them. And it keeps functions from getting a table of their arguments, which
// Lua 5.0 had and LuaJIT has not.
func tame(proto *lua.FunctionProto) {
	const opcodeShift = 26
	for i, instruction := range proto.Code {
		if instruction>>opcodeShift == uint32(lua.OP_TAILCALL) {
			proto.Code[i] = instruction&(1<<opcodeShift-1) | uint32(lua.OP_CALL)<<opcodeShift
		}
	}
	proto.IsVarArg &^= lua.VarArgNeedsArg
	for _, inner := range proto.FunctionPrototypes {
		tame(inner)
	}
}

func compileError(err error) error {
	e := &Error{Stage: Compile, Message: err.Error()}
	if mistake := (*luasyntax.Error)(nil); errors.As(err, &mistake) {
		e.Line = mistake.Line
		e.Hint = syntaxHint(mistake.Message)
	}
	return e
}

// define runs the program for the first time and converts its result.
func (p *program) define(ctx context.Context) (schema.Def, error) {
	v := p.validation(ctx)
	s, err := p.start(ctx, &v.account)
	if err != nil {
		return nil, err
	}
	p.startSteps = s.budget.steps
	def, err := s.definition(p)
	if s.budget.err != nil {
		err = p.runError(ctx, s.budget.err)
	}
	if err != nil {
		return nil, err
	}
	v.put(s)
	return def, nil
}
