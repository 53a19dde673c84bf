package schema

import (
	"context"
	"fmt"
)

// run is the state of one call.
type run struct {
	ctx context.Context
	// judgement is the context of functions; nil before the first one.
	judgement *Judgement
	said      int // bytes of messages
	searched  int // steps of patterns
	op        Op
	auto      Auto
	path      Path
	open      bool // the subschema is not known yet: abstract fields pass
	raised    bool // a rule or function failed instead of judging
	// complete says that the entity has just been processed, so that records
	// need not be searched for missing fields.
	complete bool
	// verbatim says that processing copied a default which is not complete.
	verbatim bool
	// given is the current value before it was completed, or nil if that is not
	// known. Fields that it lacks were filled in.
	given any
	// translated says that processing met a shorthand field, which may have
	// set more than defaults.
	translated bool
	// known says that processing met no unknown value, so that there is no need
	// to look for one before every custom function.
	known bool
	now   any // see timestamp
	nowOf Type
	// found are the values of the fields of the entity check that is under way.
	found []any
	steps [12]Step // where path starts out
	room  [4]any   // where found starts out
}

func newRun(ctx context.Context, op Op) *run {
	r := &run{ctx: ctx, op: op}
	r.path, r.found = r.steps[:0], r.room[:0]
	return r
}

// unknownIn reports whether a value has parts that are not known yet.
func (r *run) unknownIn(v any) bool { return !r.known && HasUnknown(v) }

func (r *run) pop() { r.path = r.path[:len(r.path)-1] }

// violation makes a leaf of the error tree at the current path.
func (r *run) violation(f *Field, rule, message string) *Violation {
	if rule == "raised" {
		r.raised = true
	}
	return &Violation{Path: append(Path(nil), r.path...), Message: r.bounded(message), Rule: rule, Field: f}
}

// custom calls a custom validator. If its first result is true in Lua, the
// value is good; otherwise the second result says what is wrong.
func (r *run) custom(fn *Function, v any) outcome {
	if r.unknownIn(v) {
		return fine
	}
	if fn.Check != nil {
		if message := fn.Check(v); message != nil {
			return customFault(message, v)
		}
		return fine
	}
	results, err := fn.Call(r.function(), v)
	if err != nil {
		return raised("the custom validator failed: %v", err)
	}
	if len(results) > 0 && truthy(results[0]) {
		return fine
	}
	var message any
	if len(results) > 1 {
		message = results[1]
	}
	return customFault(message, v)
}

func customFault(message, v any) outcome {
	switch message := message.(type) {
	case nil:
		return broken("failed validating: %s", toText(v))
	case string:
		return broken("%s", message)
	}
	return outcome{broken: true, value: message, text: fmt.Sprint(message)}
}

// truthy reports whether a value is true in Lua. nil stands for Lua's nil and
// null.
func truthy(v any) bool { return v != nil && v != false }
