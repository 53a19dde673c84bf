package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// generation notices that a PostgreSQL database which this program has open is
// no longer for it: another version of the program has upgraded it, so that what
// this one writes would not be what the other one reads, or it cannot be written
// any more. From then on every connection is a new one, and is refused.
type generation struct {
	types entity.Table

	open  atomic.Bool  // the database is up to date, and watched
	times atomic.Int64 // how often it had been upgraded when it was last examined
	due   atomic.Int64 // when to look again, in Unix nanoseconds
	over  atomic.Bool
}

// glance is how often a process looks whether the database is still for it.
const glance = time.Second

// begin watches a database that was just brought up to date.
func (g *generation) begin(ctx context.Context, on session) error {
	// Whoever upgrades the database increases held, see preparePostgres.
	rows, err := on.QueryContext(ctx, `SELECT held FROM migration_lock WHERE id = 1`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var times int64
		if err := rows.Scan(&times); err != nil {
			return err
		}
		g.times.Store(times)
	}
	g.open.Store(true)
	return rows.Err()
}

// join prepares a new connection.
func (g *generation) join(ctx context.Context, conn *pgx.Conn) error {
	err := preferIndexes(ctx, conn)
	if err == nil {
		err = g.check(ctx, conn)
	}
	if err != nil {
		_ = conn.Close(ctx) // package stdlib leaves it open
	}
	return err
}

// reuse drops a connection of the pool if the database is no longer for this
// program.
func (g *generation) reuse(ctx context.Context, conn *pgx.Conn) error {
	now, due := time.Now().UnixNano(), g.due.Load()
	if now >= due && g.due.CompareAndSwap(due, now+int64(glance)) && g.check(ctx, conn) != nil || g.over.Load() {
		return driver.ErrBadConn
	}
	return nil
}

// errUnwritable says that a connection which could write no longer can. A new
// one is refused for the same reason, or leads to another server.
var errUnwritable = errors.New("the server has become read-only")

// check looks whether the database is still for this program.
func (g *generation) check(ctx context.Context, conn *pgx.Conn) error {
	if !g.open.Load() {
		return nil
	}
	var readOnly string
	var times, at int64
	err := conn.QueryRow(ctx, `SELECT current_setting('transaction_read_only'), held,
		(SELECT coalesce(max(version_id), 0) FROM `+versionTable+`) FROM migration_lock WHERE id = 1`).Scan(&readOnly, &times, &at)
	switch {
	case err != nil:
		return err
	case readOnly == "on":
		err = errUnwritable
	case at > latest:
		err = newerError(at)
	case times != g.times.Load():
		if err = g.examine(ctx, conn); err == nil {
			g.times.Store(times)
		}
	}
	g.over.Store(err != nil)
	return err
}

// examine compares by what rules rows were derived with what this version
// declares.
func (g *generation) examine(ctx context.Context, conn *pgx.Conn) error {
	rows, err := conn.Query(ctx, `SELECT type, kind, facts FROM facts ORDER BY type, kind`)
	if err != nil {
		return err
	}
	known := map[place]string{}
	var p place
	var text string
	if _, err := pgx.ForEachRow(rows, []any{&p.typ, &p.kind, &text}, func() error {
		known[p] = text
		return nil
	}); err != nil {
		return err
	}
	stale, err := compareFacts(known, g.types)
	if err == nil && len(stale) > 0 {
		err = fmt.Errorf("%w (it has derived the indexes anew)", ErrNewer)
	}
	return err
}

func newerError(at int64) error {
	return fmt.Errorf("%w (the database is at version %d, this program knows versions up to %d)", ErrNewer, at, latest)
}
