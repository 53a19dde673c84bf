package store

import (
	"context"
	"database/sql"
	"errors"
)

// writer lets transactions of a SQLite database take turns. SQLite has one
// writer at a time anyway, and most of a small transaction is waiting for the
// disk; so transactions that wait for their turn join the one that is open,
// each behind a savepoint of its own, and a single commit makes all of them
// durable before any of their callers hears of success.
type writer struct {
	conn    *sql.Conn
	on      *prepared
	session session
	jobs    chan *job
	stop    chan struct{} // closed to end the loop
	stopped chan struct{} // closed when it has ended
}

// job is a caller's wish for a turn.
type job struct {
	ctx     context.Context
	alone   bool // share no transaction: another's fault undid the last one
	turn    chan session
	ran     chan error // what came of the caller's function
	verdict chan error // what came of the transaction
}

// maxJoined bounds the callers that wait for one commit.
const maxJoined = 128

// errPanicked undoes what a function did that did not return.
var errPanicked = errors.New("the function did not return")

// errUndone says that a transaction failed through the fault of another that
// it shared a commit with.
var errUndone = errors.New("the commit was shared with a transaction that failed")

func newWriter(conn *sql.Conn) *writer {
	on := newPrepared(conn)
	w := &writer{
		conn:    conn,
		on:      on,
		session: detached{on},
		jobs:    make(chan *job),
		stop:    make(chan struct{}),
		stopped: make(chan struct{}),
	}
	go w.loop()
	return w
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
	j := &job{
		ctx: ctx, alone: alone,
		turn:    make(chan session),
		ran:     make(chan error, 1),
		verdict: make(chan error, 1),
	}
	select {
	case w.jobs <- j:
	case <-ctx.Done():
		return ctx.Err()
	case <-w.stop:
		return ErrClosed
	}
	select {
	case on := <-j.turn:
		j.run(on, fn)
	case err := <-j.verdict: // there was no transaction to be had
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
	return <-j.verdict
}

// run uses the turn, and passes it on even when fn panics.
func (j *job) run(on session, fn func(session) error) {
	err := errPanicked
	defer func() { j.ran <- err }()
	err = fn(on)
}

func (w *writer) loop() {
	defer close(w.stopped)
	var next *job
	for {
		if next == nil {
			select {
			case next = <-w.jobs:
			case <-w.stop:
				return
			}
		}
		next = w.commitTogether(next)
	}
}

// result is what a job will hear once the transaction is committed.
type result struct {
	job *job
	err error
}

// commitTogether runs a job and, unless it fails, those that are waiting for it
// to end, commits and tells all of them. It returns a job that wants to be
// alone, if it met one.
func (w *writer) commitTogether(first *job) (next *job) {
	if err := w.exec(first.ctx, "BEGIN IMMEDIATE"); err != nil {
		first.verdict <- err
		return nil
	}
	used, err := w.turn(first)
	if !used || err != nil {
		first.verdict <- err
		_ = w.exec(context.Background(), "ROLLBACK") // fails when the database did so itself
		return nil
	}
	results := []result{{first, nil}}
	for !first.alone && len(results) < maxJoined {
		if next = w.waiting(); next == nil || next.alone {
			break
		}
		used, err, intact := w.join(next)
		if !intact {
			w.giveUp(results, next, err)
			return nil
		}
		if used {
			results = append(results, result{next, err})
		}
		next = nil
	}
	err = w.exec(context.Background(), "COMMIT")
	if err != nil {
		_ = w.exec(context.Background(), "ROLLBACK") // fails when the database did so itself
	}
	for _, r := range results {
		if err != nil {
			r.err = err
		}
		r.job.verdict <- r.err
	}
	return next
}

// waiting returns a job that is waiting for a turn, or nil.
func (w *writer) waiting() *job {
	select {
	case j := <-w.jobs:
		return j
	default:
		return nil
	}
}

// turn gives a job its turn, and says whether it was used and what came of it.
func (w *writer) turn(j *job) (used bool, err error) {
	select {
	case j.turn <- w.session:
		return true, <-j.ran
	case <-j.ctx.Done():
		return false, nil
	}
}

// join gives a job its turn behind a savepoint. The transaction around it is no
// longer intact when SQLite has undone all of it, for want of space say.
func (w *writer) join(j *job) (used bool, err error, intact bool) {
	ctx := context.Background()
	if err := w.exec(ctx, "SAVEPOINT turn"); err != nil {
		return false, err, false
	}
	used, err = w.turn(j)
	if err != nil && w.exec(ctx, "ROLLBACK TO turn") != nil {
		return used, err, false
	}
	if failure := w.exec(ctx, "RELEASE turn"); failure != nil {
		return used, failure, false
	}
	return used, err, true
}

// giveUp ends a transaction that the database has undone. The one job at fault
// hears why, the others may try again.
func (w *writer) giveUp(results []result, culprit *job, err error) {
	_ = w.exec(context.Background(), "ROLLBACK") // fails when the database did so itself
	culprit.verdict <- err
	for _, r := range results {
		r.job.verdict <- errors.Join(errRaced, errUndone)
	}
}

func (w *writer) exec(ctx context.Context, statement string) error {
	_, err := w.on.ExecContext(ctx, statement)
	return err
}

// close ends the loop after the transaction that is open.
func (w *writer) close() error {
	close(w.stop)
	<-w.stopped
	return errors.Join(w.on.close(), w.conn.Close())
}
