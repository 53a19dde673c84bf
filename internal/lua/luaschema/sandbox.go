package luaschema

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"github.com/openkonnect/terraform-provider-konnect/internal/lua/luapattern"
	"github.com/openkonnect/terraform-provider-konnect/internal/lua/luasyntax"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// sandbox is a Lua state that has run a program. It serves one goroutine at a
// time.
type sandbox struct {
	l              *lua.LState
	budget         *budget
	null           *lua.LUserData // ngx.null
	consumerGroups bool           // as in the program
	random         rand.PCG
	changes        changes
	names          map[lua.LValue]int // numbers that stand for addresses
	nesting        int
	opened         globalSet // globals that have been made
	stringLibrary  *lua.LTable
	ngx            *lua.LTable
	nullOnly       bool                  // ngx holds nothing but null
	loaded         map[string]lua.LValue // modules by name
	luaModules     bool                  // whether it has loaded modules that are written in Lua
	jsonArray      *lua.LTable           // metatables that make an array of a table for cjson
	jsonEmptyArray *lua.LTable
	coroutines     map[*lua.LState]*coroutine
	patterns       map[string]*luapattern.Pattern
	natives        map[*lua.LFunction]*schema.Function
	lifted         map[*schema.Function]*lua.LFunction
	result         *lua.LTable
	// functions are the functions of the result, in the order of the program's
	// paths; nil for those that this result lacks.
	functions []*lua.LFunction
}

// start runs the program in a fresh state, on the account.
func (p *program) start(ctx context.Context, a *account) (*sandbox, error) {
	s := newSandbox(p.limits)
	s.nullOnly = p.nullOnly
	s.openGlobals(p.globals)
	s.consumerGroups = p.consumerGroups
	s.random = *rand.NewPCG(p.seed, p.seed)
	s.budget.begin(ctx, a)
	s.budget.take(p.size * sourceCost)
	results, err := s.run(p.proto)
	s.budget.memory -= p.size * sourceCost // code is shared by all states
	if err != nil {
		return nil, p.startError(ctx, err)
	}
	if err := s.setResult(results); err != nil {
		return nil, err
	}
	s.findFunctions(p.paths)
	if err := s.settle(p); err != nil {
		return nil, p.startError(ctx, err)
	}
	return s, nil
}

func newSandbox(limits limits) *sandbox {
	s := &sandbox{
		l: lua.NewState(lua.Options{
			SkipOpenLibs:        true,
			CallStackSize:       MaxDepth,
			MinimizeStackMemory: true,   // few calls are nested, and a whole stack is most of a state
			RegistrySize:        1 << 9, // four times what a schema of sixty lines needs
			RegistryMaxSize:     MaxValues,
			RegistryGrowStep:    1 << 12,
		}),
		budget:  &budget{limits: limits, parent: context.Background()},
		null:    &lua.LUserData{Metatable: lua.LNil},
		loaded:  map[string]lua.LValue{},
		natives: map[*lua.LFunction]*schema.Function{},
		lifted:  map[*schema.Function]*lua.LFunction{},
	}
	// threads are made with these
	s.l.Options.CallStackSize = MaxThreadDepth
	s.l.Options.RegistrySize = 1 << 8
	s.l.Options.RegistryGrowStep = 1 << 10
	s.l.Options.RegistryMaxSize = MaxValues / 8
	s.l.SetContext(s.budget)
	s.openStrings()
	return s
}

// run runs a guarded chunk: the chunk takes the guarding functions and returns
// the source as a function.
func (s *sandbox) run(proto *lua.FunctionProto) ([]lua.LValue, error) {
	l := s.l
	outer, err := s.call(l.NewFunctionFromProto(proto), s.guards()...)
	if err != nil {
		return nil, err
	}
	return s.call(outer[0])
}

// guards are the guarding functions in the order in which a chunk takes them.
func (s *sandbox) guards() []lua.LValue {
	return []lua.LValue{
		s.native("concat", s.concat), s.native("set", s.set), s.native("key", s.key), s.native("spread", s.spread), s.native("spend", s.spend),
	}
}

// call calls a function from Go. After an error the state is of no use.
func (s *sandbox) call(fn lua.LValue, args ...lua.LValue) (results []lua.LValue, err error) {
	defer func() {
		// gopher-lua recovers from errors in Lua. Panics that reach this place
		// are its own faults, in states that it does not expect.
		if r := recover(); r != nil {
			err = fmt.Errorf("the Lua interpreter failed: %v", r)
		}
		if s.budget.err != nil {
			err = s.budget.err
		}
	}()
	l := s.l
	l.Push(fn)
	for _, arg := range args {
		l.Push(arg)
	}
	if err := l.PCall(len(args), lua.MultRet, nil); err != nil {
		return nil, err
	}
	results = make([]lua.LValue, l.GetTop())
	for i := range results {
		results[i] = l.Get(i + 1)
	}
	l.SetTop(0)
	return results, nil
}

func (s *sandbox) setResult(results []lua.LValue) error {
	var first lua.LValue = lua.LNil
	if len(results) > 0 {
		first = results[0]
	}
	table, ok := first.(*lua.LTable)
	switch {
	case ok:
		s.result = table
		return nil
	case first == lua.LNil:
		return &Error{Stage: Type, Message: "schema chunk returned nil", Hint: "end the schema with: return { name = ..., fields = { ... } }"}
	}
	return &Error{Stage: Type, Message: "schema chunk returned a " + first.Type().String(), Hint: "a schema is a table with name and fields"}
}

// startError is for errors of the chunk itself.
func (p *program) startError(ctx context.Context, err error) error {
	err = p.runError(ctx, err)
	if e := (*Error)(nil); errors.As(err, &e) && e.Hint == "" && e.Cause == nil && p.arguments {
		e.Hint = `an uploaded schema gets no module name in ...: write the plugin's name as text, name = "my-plugin"`
	}
	return err
}

// runError makes an *Error of what the program raised.
func (p *program) runError(ctx context.Context, err error) error {
	if cause := ctx.Err(); cause != nil {
		return cause
	}
	e := &Error{Stage: Run, Message: schema.Cut(withoutAddresses(errorText(err)))}
	for _, bound := range []error{ErrTime, ErrSteps, ErrMemory, ErrAnswer} {
		if errors.Is(err, bound) {
			e.Cause = bound
		}
	}
	e.Line = lineOf(e.Message)
	e.Message = p.named(e.Message, e.Line)
	e.Hint = hint(e.Message)
	return e
}

// named adds the name to an error about a call or an index: gopher-lua does not
// know it.
func (p *program) named(message string, line int) string {
	if place, ok := strings.CutSuffix(message, calledNothing); ok {
		if calls := p.calls[line]; len(calls) > 0 && len(calls) < 4 {
			return place + "attempt to call '" + strings.Join(calls, "' or '") + "', which is no function"
		}
		return message
	}
	place, rest, ok := strings.Cut(message, indexed)
	kind, field, both := strings.Cut(rest, indexedWith)
	if !ok || !both {
		return message
	}
	objects := p.objects[luasyntax.FieldAt{Line: line, Name: strings.TrimSuffix(field, "'")}]
	if len(objects) != 1 || objects[0] == "" {
		return message
	}
	return place + "attempt to index '" + objects[0] + "' (a " + kind + " value)"
}

// lineOf reads the line from "schema.lua:12: message".
func lineOf(message string) int {
	rest, ok := strings.CutPrefix(message, sourceName+":")
	if !ok {
		return 0
	}
	digits, _, _ := strings.Cut(rest, ":")
	line, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return line
}

// errorText is the text of an error in Lua's words.
func errorText(err error) string {
	var api *lua.ApiError
	if !errors.As(err, &api) {
		return err.Error()
	}
	switch value := api.Object.(type) {
	case lua.LString:
		return luaWords(string(value))
	case *lua.LTable:
		return "the schema raised an error that is a table"
	default:
		return luaWords(value.String())
	}
}
