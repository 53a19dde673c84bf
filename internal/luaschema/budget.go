package luaschema

import (
	"context"
	"errors"
	"time"
)

// Bounds of one run: of loading a schema, and of each call of one of its
// functions.
const (
	// MaxTime is how long a run may take.
	MaxTime = time.Second
	// MaxSteps is the number of instructions that a run may execute, or of
	// units of work of similar size that library functions do for it. It is
	// about what MaxTime allows on a fast machine.
	MaxSteps = 20_000_000
	// MaxMemory is what a run may allocate, in bytes: a sum over everything
	// that was allocated, so an upper bound of what is held at any moment.
	MaxMemory = 64 << 20
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
	// sourceCost is what a byte of source may take as tree and as code.
	sourceCost = 100
	// maxHeld is what a state may have allocated over all its runs before
	// it is replaced by a fresh one.
	maxHeld = 8 << 20
)

// Bounds that a run can exceed. Lua code cannot catch these errors.
var (
	ErrTime   = errors.New("the schema's code takes longer than 1s")
	ErrSteps  = errors.New("the schema's code runs for more than 20000000 instructions")
	ErrMemory = errors.New("the schema's code takes more than 64 MiB of memory")
)

// limits are the bounds of a run that are counted while it runs.
type limits struct {
	time          time.Duration
	steps, memory int
}

var usualLimits = limits{time: MaxTime, steps: MaxSteps, memory: MaxMemory}

// budget counts what a run uses. It is the context of the Lua state, whose Done
// the interpreter asks before every instruction: that is the one hook that
// reaches each of them, also inside pcall and coroutines. It belongs to one
// state and so to one goroutine at a time.
type budget struct {
	limits  limits
	parent  context.Context
	done    <-chan struct{} // nil, or closed when the run has to end
	err     error
	steps   int
	memory  int
	held    int // memory of earlier runs
	started time.Time
}

// checkEvery is how many steps pass between looks at the clock, a power of 2.
const checkEvery = 1 << 10

var closed = func() <-chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()

// begin starts a run.
func (b *budget) begin(parent context.Context) {
	b.held += b.memory
	b.parent, b.done, b.err = parent, nil, nil
	b.steps, b.memory, b.started = 0, 0, time.Time{}
}

// Done counts an instruction.
func (b *budget) Done() <-chan struct{} {
	b.steps++
	if b.steps&(checkEvery-1) == 0 {
		b.check()
	}
	return b.done
}

// check looks at the bounds that are too dear to look at each time.
func (b *budget) check() {
	switch {
	case b.err != nil:
	case b.parent.Err() != nil:
		b.end(b.parent.Err())
	case b.steps > b.limits.steps:
		b.end(ErrSteps)
	case b.started.IsZero():
		b.started = time.Now() // a short run need not ask for the time
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
