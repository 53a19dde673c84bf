package store

import (
	"context"
	"database/sql"
	"errors"
	"sync"
)

// session runs statements: a connection pool, a connection or a transaction.
type session interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// preparer prepares statements, as database/sql does.
type preparer interface {
	session
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
}

// maxPrepared bounds the statements kept. The package has about thirty; only
// those of lists vary with the filters.
const maxPrepared = 256

// prepared is a session that parses every statement once. SQLite spends more
// time on parsing most of our statements than on running them.
type prepared struct {
	on preparer

	mu    sync.RWMutex
	stmts map[string]*sql.Stmt
}

func newPrepared(on preparer) *prepared {
	return &prepared{on: on, stmts: map[string]*sql.Stmt{}}
}

func (p *prepared) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	stmt, err := p.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	if stmt == nil {
		return p.on.ExecContext(ctx, query, args...)
	}
	return stmt.ExecContext(ctx, args...)
}

func (p *prepared) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	stmt, err := p.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	if stmt == nil {
		return p.on.QueryContext(ctx, query, args...)
	}
	return stmt.QueryContext(ctx, args...)
}

// stmt returns the prepared statement, or nil if there are too many already.
func (p *prepared) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	p.mu.RLock()
	stmt, ok := p.stmts[query]
	p.mu.RUnlock()
	if ok {
		return stmt, nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if stmt, ok := p.stmts[query]; ok || len(p.stmts) >= maxPrepared {
		return stmt, nil
	}
	stmt, err := p.on.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	p.stmts[query] = stmt
	return stmt, nil
}

// close releases the statements; the session below stays open.
func (p *prepared) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var errs []error
	for _, stmt := range p.stmts {
		errs = append(errs, stmt.Close())
	}
	clear(p.stmts)
	return errors.Join(errs...)
}
