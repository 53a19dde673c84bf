package luaschema

import (
	"context"
	"errors"
	"time"
)

// Bounds of one validation of an entity with all calls of a schema's functions
// in it, and of loading a schema. DESIGN.md says why they are what they are.
const (
	// MaxSteps is the number of instructions that may be executed, or of
	// units of work of similar size that library functions do instead.
	MaxSteps = 20_000_000
	// MaxTime is a backstop. The bound on steps ends code long before, so that
	// a busy machine gives the same verdict as an idle one.
	MaxTime = time.Minute
	// MaxMemory is how many bytes may be allocated in all. What is held at any
	// moment is never more than that.
	MaxMemory = 64 << 20
	// MaxAnswer is the size of all results, in bytes: their texts, and
	// valueSize for each value.
	MaxAnswer = 1 << 20
	valueSize = 8
	// MaxDepth is the number of nested calls.
	MaxDepth = 2000
	// MaxNesting is the number of nested pcalls and coroutines, and
	// MaxThreadDepth the number of nested calls inside each of them.
	MaxNesting     = 60
	MaxThreadDepth = 300
	// MaxValues bounds the local values of all nested calls.
	MaxValues = 128 << 10
	// MaxResult is the number of values in the table that a schema returns,
	// and MaxResultDepth how deep they are nested.
	MaxResult      = 100_000
	MaxResultDepth = 100
	// sourceCost is how many bytes a byte of source may take as a tree and as
	// code.
	sourceCost = 100
	// maxKept is how much a call may have allocated if its state is to be kept:
	// the stack of a state does not shrink.
	maxKept = 8 << 20
)

// Bounds that a run can exceed. Lua code cannot catch these errors.
var (
	ErrTime   = errors.New("the schema's code takes longer than a minute")
	ErrSteps  = errors.New("the schema's code runs for more than 20000000 instructions")
	ErrMemory = errors.New("the schema's code takes more than 64 MiB of memory")
	ErrAnswer = errors.New("the schema's code gives back more than 1 MiB")
)

// limits are the bounds that are counted while code runs.
type limits struct {
	time          time.Duration
	steps, memory int
}

var usualLimits = limits{time: MaxTime, steps: MaxSteps, memory: MaxMemory}

// account is what has been used of the bounds so far.
type account struct {
	steps   int
	memory  int
	answer  int
	started time.Time // zero until it matters
	err     error     // the bound that was exceeded
}

// budget counts what a run uses. It is the context of the Lua state: the
// interpreter calls Done before every instruction, also inside pcall and
// coroutines. No other hook reaches each of them. It belongs to one state and
// so to one goroutine at a time.
type budget struct {
	account
	limits limits
	parent context.Context
	done   <-chan struct{} // nil, or closed when the run has to end
}

// checkEvery is how many steps pass between looks at the bounds, a power of 2.
const checkEvery = 1 << 10

var closed = func() <-chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()

// begin starts a run, which continues to count from the account.
func (b *budget) begin(parent context.Context, a *account) {
	b.account, b.parent, b.done = *a, parent, nil
	if b.err != nil {
		b.done = closed
	}
}

// Done counts an instruction.
func (b *budget) Done() <-chan struct{} {
	b.steps++
	if b.steps&(checkEvery-1) == 0 {
		b.check()
	}
	return b.done
}

// check looks at all bounds. That takes too long to do it for each step.
func (b *budget) check() {
	switch {
	case b.err != nil:
	case b.parent.Err() != nil:
		b.end(b.parent.Err())
	case b.steps > b.limits.steps:
		b.end(ErrSteps)
	case b.started.IsZero():
		b.started = time.Now() // a short run never asks for the time
	case time.Since(b.started) > b.limits.time:
		b.end(ErrTime)
	}
}

func (b *budget) end(err error) { b.err, b.done = err, closed }

// work counts n steps that a library function is about to do, and reports
// whether it may.
func (b *budget) work(n int) bool {
	before := b.steps
	b.steps += n
	if before/checkEvery != b.steps/checkEvery {
		b.check()
	}
	return b.err == nil
}

// take counts n bytes and reports whether they may be allocated.
func (b *budget) take(n int) bool {
	if n < 0 || n > b.limits.memory-b.memory {
		b.end(ErrMemory)
		return false
	}
	b.memory += n
	return b.err == nil
}

// say counts n bytes of a result and reports whether they may be returned.
func (b *budget) say(n int) bool {
	if n > MaxAnswer-b.answer {
		b.end(ErrAnswer)
		return false
	}
	b.answer += n
	return true
}

// Err is part of context.Context.
func (b *budget) Err() error {
	if b.err != nil {
		return b.err
	}
	return b.parent.Err()
}

// Deadline is part of context.Context.
func (b *budget) Deadline() (time.Time, bool) { return b.parent.Deadline() }

// Value is part of context.Context.
func (b *budget) Value(key any) any { return b.parent.Value(key) }
