package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"sync"
)

// writer lets transactions of a SQLite database take turns. SQLite has one
// writer at a time anyway, and most of a small transaction is waiting for the
// disk; so transactions that wait for their turn join the one that is open,
// each behind a savepoint of its own, and a single commit makes all of them
// durable before any of their callers hears of success.
//
// There is no goroutine for that, which saves switches between goroutines: a
// caller that finds nobody at work leads. In the end it passes the lead to the
// first caller that came too late to join.
type writer struct {
	conn    *sql.Conn
	on      *prepared
	session session

	mu      sync.Mutex
	leading bool   // somebody leads, or is just about to
	queue   []*job // those who wait, in order
}

// job is a caller that wants a turn.
type job struct {
	ctx     context.Context
	alone   bool // share no transaction: another job's fault undid the last one
	turn    chan role
	ran     chan error // the outcome of the caller's function
	verdict chan error // the outcome of the transaction
}

// role is what a job does in its turn.
type role bool

const (
	follow role = false // join the transaction that is open
	lead   role = true  // open the next one
)

// maxJoined bounds the callers that wait for one commit.
const maxJoined = 128

// errPanicked undoes the work of a function that panicked.
var errPanicked = errors.New("the function did not return")

// errUndone says that a transaction failed because of another one that shared
// its commit.
var errUndone = errors.New("the commit was shared with a transaction that failed")

func newWriter(conn *sql.Conn) *writer {
	on := newPrepared(conn)
	return &writer{conn: conn, on: on, session: detached{on}}
}

// detached runs statements to their end once they are begun: SQLite answers an
// interrupted statement by undoing the whole transaction, also the parts of
// others. And to watch out for an interruption takes two goroutines, which is
// more than to look up a row.
type detached struct{ on session }

func (d detached) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return d.on.ExecContext(context.WithoutCancel(ctx), query, args...)
}

func (d detached) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return d.on.QueryContext(context.WithoutCancel(ctx), query, args...)
}

// transact waits for a turn, runs fn on the caller's goroutine and returns when
// the outcome is on disk. If the context ends before the turn, the job gives it
// up; once fn has run, the context no longer matters.
func (w *writer) transact(ctx context.Context, alone bool, fn func(session) error) error {
	j := &job{ctx: ctx, alone: alone}
	if w.enter(j) == lead {
		return w.lead(ctx, alone, fn)
	}
	select {
	case what := <-j.turn:
		if what == lead {
			return w.lead(ctx, alone, fn)
		}
		j.run(w.session, fn)
		return <-j.verdict
	case err := <-j.verdict: // there was no transaction left to join
		return err
	case <-ctx.Done():
		w.leave(j)
		return ctx.Err()
	}
}

// enter lets a job lead if nobody else does; otherwise it waits.
func (w *writer) enter(j *job) role {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.leading {
		w.leading = true
		return lead
	}
	j.turn, j.ran, j.verdict = make(chan role), make(chan error, 1), make(chan error, 1)
	w.queue = append(w.queue, j)
	return follow
}

// leave ends a job's wait. If another job is just giving it a turn, that one
// notices the context.
func (w *writer) leave(j *job) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.queue = slices.DeleteFunc(w.queue, func(q *job) bool { return q == j })
}

// run uses the turn, and passes it on even if fn panics.
func (j *job) run(on session, fn func(session) error) {
	err := errPanicked
	defer func() { j.ran <- err }()
	err = fn(on)
}

// give gives a job its turn, unless the job no longer wants it.
func (j *job) give(r role) bool {
	select {
	case j.turn <- r:
		return true
	case <-j.ctx.Done():
		return false
	}
}

// next lets a waiting job lead, if there is one.
func (w *writer) next() {
	for {
		j := w.pop()
		if j == nil || j.give(lead) {
			return
		}
	}
}

// pop removes and returns the job that is to lead. If there is none, the next
// caller leads.
func (w *writer) pop() *job {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.queue) == 0 {
		w.leading = false
		return nil
	}
	return w.shift()
}

// company removes and returns the next job that can join, or nil.
func (w *writer) company() *job {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.queue) == 0 || w.queue[0].alone {
		return nil
	}
	return w.shift()
}

func (w *writer) shift() *job {
	j := w.queue[0]
	w.queue[0] = nil
	w.queue = w.queue[1:]
	return j
}

// lead runs fn in a transaction. Unless fn fails, it lets the waiting jobs
// join, commits and tells all of them. Then another job leads, even if fn
// panics.
func (w *writer) lead(ctx context.Context, alone bool, fn func(session) error) error {
	defer w.next()
	if err := w.exec(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	finished := false
	defer func() {
		if !finished {
			w.rollback()
		}
	}()
	if err := fn(w.session); err != nil {
		return err
	}
	finished = true
	if alone {
		return w.commit()
	}
	return w.commitTogether()
}

// result is what a job learns once the transaction is committed.
type result struct {
	job *job
	err error
}

// commitTogether lets waiting jobs join, commits, and tells them. It returns
// the outcome of the transaction.
func (w *writer) commitTogether() error {
	var results []result
	for len(results) < maxJoined {
		j := w.company()
		if j == nil {
			break
		}
		used, err, intact := w.join(j)
		if !intact {
			return w.giveUp(results, j, err)
		}
		if used {
			results = append(results, result{j, err})
		}
	}
	err := w.commit()
	for _, r := range results {
		if err != nil {
			r.err = err
		}
		r.job.verdict <- r.err
	}
	return err
}

// join gives a job its turn behind a savepoint. SQLite may undo the whole
// transaction, for instance without space; then the transaction is not intact.
func (w *writer) join(j *job) (used bool, err error, intact bool) {
	ctx := context.Background()
	if err := w.exec(ctx, "SAVEPOINT turn"); err != nil {
		return false, err, false
	}
	if used = j.give(follow); used {
		err = <-j.ran
	}
	if err != nil && w.exec(ctx, "ROLLBACK TO turn") != nil {
		return used, err, false
	}
	if failure := w.exec(ctx, "RELEASE turn"); failure != nil {
		return used, failure, false
	}
	return used, err, true
}

// giveUp ends a transaction that the database has undone. The job at fault gets
// the reason. The others may try again; it returns the error of the leader.
func (w *writer) giveUp(results []result, culprit *job, err error) error {
	w.rollback()
	culprit.verdict <- err
	undone := errors.Join(errRaced, errUndone)
	for _, r := range results {
		r.job.verdict <- undone
	}
	return undone
}

func (w *writer) commit() error {
	err := w.exec(context.Background(), "COMMIT")
	if err != nil {
		w.rollback()
	}
	return err
}

// rollback fails if the database has already rolled back, which does no harm.
func (w *writer) rollback() { _ = w.exec(context.Background(), "ROLLBACK") }

func (w *writer) exec(ctx context.Context, statement string) error {
	_, err := w.on.ExecContext(ctx, statement)
	return err
}

// close is called when no transaction is open, and none can begin.
func (w *writer) close() error { return errors.Join(w.on.close(), w.conn.Close()) }
