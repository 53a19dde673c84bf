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
// There is no goroutine for that: whoever finds nobody at work leads, which
// costs no switch between goroutines, and in the end lets the first of those
// who came too late lead.
type writer struct {
	conn    *sql.Conn
	on      *prepared
	session session

	mu      sync.Mutex
	leading bool   // somebody leads, or is just about to
	queue   []*job // those who wait, in order
}

// job is a caller's wish for a turn.
type job struct {
	ctx     context.Context
	alone   bool // share no transaction: another's fault undid the last one
	turn    chan role
	ran     chan error // what came of the caller's function
	verdict chan error // what came of the transaction
}

// role is what a job does when its turn has come.
type role bool

const (
	follow role = false // join the transaction that is open
	lead   role = true  // open the next one
)

// maxJoined bounds the callers that wait for one commit.
const maxJoined = 128

// errPanicked undoes what a function did that did not return.
var errPanicked = errors.New("the function did not return")

// errUndone says that a transaction failed through the fault of another that
// it shared a commit with.
var errUndone = errors.New("the commit was shared with a transaction that failed")

func newWriter(conn *sql.Conn) *writer {
	on := newPrepared(conn)
	return &writer{conn: conn, on: on, session: detached{on}}
}

// detached runs statements to their end once they are begun: SQLite answers an
// interrupted statement by undoing the whole transaction, also the parts of
// others.
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

// transact waits for a turn, runs fn on the caller's goroutine and returns
// when the outcome is on disk. A context that ends gives up the turn; once fn
// has run it no longer matters.
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

// enter has a job lead when nobody else does, and wait otherwise.
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

// leave ends a job's wait. Who is just giving it its turn sees to its context.
func (w *writer) leave(j *job) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.queue = slices.DeleteFunc(w.queue, func(q *job) bool { return q == j })
}

// run uses the turn, and passes it on even when fn panics.
func (j *job) run(on session, fn func(session) error) {
	err := errPanicked
	defer func() { j.ran <- err }()
	err = fn(on)
}

// give gives a job its turn, unless it no longer wants it.
func (j *job) give(r role) bool {
	select {
	case j.turn <- r:
		return true
	case <-j.ctx.Done():
		return false
	}
}

// next lets another lead, if any are waiting.
func (w *writer) next() {
	for {
		j := w.pop()
		if j == nil || j.give(lead) {
			return
		}
	}
}

// pop takes out the job that is to lead. Without one, whoever comes leads.
func (w *writer) pop() *job {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.queue) == 0 {
		w.leading = false
		return nil
	}
	return w.shift()
}

// company takes out the job that waits to join, or none.
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

// lead runs fn in a transaction and, unless it fails, those that are waiting
// for it to end, commits and tells all of them. Then another leads, even when
// fn panics.
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

// result is what a job will hear once the transaction is committed.
type result struct {
	job *job
	err error
}

// commitTogether lets those who wait join, commits, and tells them. It returns
// what came of the transaction.
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

// join gives a job its turn behind a savepoint. The transaction around it is no
// longer intact when SQLite has undone all of it, for want of space say.
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

// giveUp ends a transaction that the database has undone. The one job at fault
// hears why, the others, of which it returns the leader's, may try again.
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

// rollback fails when the database has done so itself, which is as well.
func (w *writer) rollback() { _ = w.exec(context.Background(), "ROLLBACK") }

func (w *writer) exec(ctx context.Context, statement string) error {
	_, err := w.on.ExecContext(ctx, statement)
	return err
}

// close is called when no transaction is open, and none can begin.
func (w *writer) close() error { return errors.Join(w.on.close(), w.conn.Close()) }
