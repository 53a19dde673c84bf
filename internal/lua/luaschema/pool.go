package luaschema

import (
	"context"
	"fmt"
	"sync"

	lua "github.com/yuin/gopher-lua"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// pool keeps states in which only the program's chunk has run, for later calls
// of its functions.
type pool struct{ states sync.Pool }

// validation is shared by all calls that judge one entity.
type validation struct {
	account
	program *program
	state   *sandbox // one that remembers calls of this validation, or nil
}

// validation finds the validation that a function is called in, or begins one.
func (p *program) validation(ctx context.Context) *validation {
	judgement := schema.JudgementOf(ctx)
	if judgement == nil {
		return &validation{program: p}
	}
	if v, ok := judgement.Memory.(*validation); ok && v.program == p {
		return v
	}
	v := &validation{program: p}
	judgement.Memory = v
	return v
}

// take returns a state for the validation: one that it has already changed, one
// from the pool, or a new one.
func (v *validation) take(ctx context.Context) (*sandbox, error) {
	if s := v.state; s != nil {
		v.state = nil
		return s, nil
	}
	if s, ok := v.program.pool.states.Get().(*sandbox); ok {
		return s, nil
	}
	return v.program.start(ctx, &account{})
}

// put takes a state back after a call that went well. One that remembers the
// call serves this validation only.
func (v *validation) put(s *sandbox) {
	switch {
	case !s.unchanged(v.program):
		s.changes.changed = true
		v.state = s
	case s.budget.memory-v.memory <= maxKept:
		s.forget()
		v.program.pool.states.Put(s)
	}
	v.account = s.budget.account
}

// drop notes that a call failed, so that its state cannot be used any more. The
// validation pays for the next state, always the same, whether or not the pool
// has one.
func (v *validation) drop(s *sandbox) {
	v.account = s.budget.account
	v.steps += v.program.startSteps
}

// function makes a closure of the program's function with that number. Any
// number of goroutines may call it: each call has a state to itself.
func (p *program) function(number, line int) *schema.Function {
	return &schema.Function{
		Name: fmt.Sprintf("%s:%d", sourceName, line),
		Call: func(ctx context.Context, args ...any) ([]any, error) {
			v := p.validation(ctx)
			if v.err != nil {
				return nil, p.runError(ctx, v.err)
			}
			s, err := v.take(ctx)
			if err != nil {
				return nil, err
			}
			results, err := s.callFunction(ctx, v, number, args)
			if err != nil {
				v.drop(s)
				return nil, err
			}
			v.put(s)
			return results, nil
		},
	}
}

// findFunctions looks for the program's functions in this state's own result.
func (s *sandbox) findFunctions(paths [][]lua.LValue) {
	s.functions = make([]*lua.LFunction, len(paths))
	for i, path := range paths {
		var at lua.LValue = s.result
		for _, step := range path {
			table, ok := at.(*lua.LTable)
			if !ok {
				break
			}
			at = table.RawGet(step)
		}
		s.functions[i], _ = at.(*lua.LFunction)
	}
}

// callFunction calls a function with Go values on behalf of a validation.
func (s *sandbox) callFunction(ctx context.Context, v *validation, number int, args []any) ([]any, error) {
	s.budget.begin(ctx, &v.account)
	fn := s.functions[number]
	if fn == nil {
		return nil, &Error{Stage: Run, Message: "the schema returns different functions each time it runs"}
	}
	values := make([]lua.LValue, len(args))
	for i, arg := range args {
		values[i] = s.lift(arg)
	}
	results, err := s.call(fn, values...)
	if err != nil {
		return nil, v.program.runError(ctx, err)
	}
	out, err := s.answer(results)
	if s.budget.err != nil {
		err = v.program.runError(ctx, s.budget.err)
	}
	return out, err
}

// answer converts the results of a function. If the first one is false or nil,
// the others say what is wrong: texts for users, which are cut.
func (s *sandbox) answer(results []lua.LValue) ([]any, error) {
	c := converter{sandbox: s, answers: true}
	if len(results) > 0 {
		c.messages = !lua.LVAsBool(results[0]) || results[0] == lua.LValue(s.null)
	}
	if !c.messages && len(results) > 1 {
		results = results[:1]
	}
	out := make([]any, len(results))
	for i, result := range results {
		var err error
		if out[i], err = c.value(result); err != nil {
			return nil, err
		}
	}
	return out, nil
}
