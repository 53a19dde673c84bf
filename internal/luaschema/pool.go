package luaschema

import (
	"context"
	"fmt"
	"sync"

	lua "github.com/yuin/gopher-lua"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// pool keeps states that have run a program, for later calls of its functions.
type pool struct{ states sync.Pool }

// put returns a state after a run that went well. One that has allocated much
// over time is dropped, since its code may hold on to all of that.
func (p *pool) put(s *sandbox) {
	if s.budget.held+s.budget.memory <= maxHeld {
		p.states.Put(s)
	}
}

// state takes a state from the pool, or runs the program in a fresh one.
func (p *program) state(ctx context.Context) (*sandbox, error) {
	if s, ok := p.pool.states.Get().(*sandbox); ok {
		return s, nil
	}
	return p.start(ctx)
}

// function makes a closure of the program's function with that number. It may
// be called by any number of goroutines: each call has a state to itself.
func (p *program) function(number, line int) *schema.Function {
	return &schema.Function{
		Name: fmt.Sprintf("%s:%d", sourceName, line),
		Call: func(ctx context.Context, args ...any) ([]any, error) {
			s, err := p.state(ctx)
			if err != nil {
				return nil, err
			}
			fn, err := s.function(p, number)
			if err != nil {
				return nil, err
			}
			results, err := s.callFunction(ctx, p, fn, args)
			if err != nil {
				return nil, err
			}
			p.pool.put(s)
			return results, nil
		},
	}
}

// function finds a function of the program in this state's own result.
func (s *sandbox) function(p *program, number int) (*lua.LFunction, error) {
	if number < len(s.functions) && s.functions[number] != nil {
		return s.functions[number], nil
	}
	var at lua.LValue = s.result
	for _, step := range p.paths[number] {
		table, ok := at.(*lua.LTable)
		if !ok {
			break
		}
		at = table.RawGet(step)
	}
	fn, ok := at.(*lua.LFunction)
	if !ok {
		return nil, &Error{Stage: Run, Message: "the schema returns different functions each time it runs"}
	}
	for len(s.functions) <= number {
		s.functions = append(s.functions, nil)
	}
	s.functions[number] = fn
	return fn, nil
}

// callFunction calls a function with Go values under a budget of its own.
func (s *sandbox) callFunction(ctx context.Context, p *program, fn *lua.LFunction, args []any) ([]any, error) {
	s.budget.begin(ctx)
	values := make([]lua.LValue, len(args))
	for i, arg := range args {
		values[i] = s.lift(arg)
	}
	results, err := s.call(fn, values...)
	if err != nil {
		return nil, p.runError(ctx, err)
	}
	c := converter{sandbox: s}
	out := make([]any, len(results))
	for i, result := range results {
		if out[i], err = c.value(result); err != nil {
			return nil, err
		}
	}
	return out, nil
}
