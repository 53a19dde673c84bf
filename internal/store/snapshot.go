package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Document is a document outside its database, with all that is needed to store
// it again.
type Document struct {
	Type  string // name of its entity.Type
	Scope string // as in the methods of [Store]
	Body  string // the document: a JSON object on one line
}

// beginner opens transactions.
type beginner interface {
	BeginTx(ctx context.Context, options *sql.TxOptions) (*sql.Tx, error)
}

// BeginTx opens a transaction that does not use the prepared statements.
func (p *prepared) BeginTx(ctx context.Context, options *sql.TxOptions) (*sql.Tx, error) {
	on, ok := p.on.(beginner)
	if !ok {
		return nil, errNoSnapshot
	}
	return on.BeginTx(ctx, options)
}

var errNoSnapshot = errors.New("the readers of the database open no transactions")

// Snapshot calls fn with every document, all as of one moment, in the order of
// creation. It holds one document at a time, however many there are, and
// keeps nobody from writing meanwhile. An error of fn ends it and is returned.
func (s *Store) Snapshot(ctx context.Context, fn func(Document) error) error {
	if !s.gate.TryRLock() {
		return ErrClosed
	}
	defer s.gate.RUnlock()
	on, ok := s.reads.(beginner)
	if !ok {
		return errNoSnapshot
	}
	// REPEATABLE READ is PostgreSQL's name for a view that others do not
	// change; every transaction of SQLite has one.
	tx, err := on.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return s.explain(err)
	}
	defer tx.Rollback() // it only read
	var theirs error
	err = (&Tx{on: tx, dialect: s.dialect, owners: s.owners}).documents(ctx, func(r Document) error {
		theirs = fn(r)
		return theirs
	})
	if theirs != nil {
		return theirs // an error of fn, not of the database
	}
	return s.explain(err)
}

// Documents returns how many the database holds at this moment.
func (s *Store) Documents(ctx context.Context) (n int, err error) {
	if !s.gate.TryRLock() {
		return 0, ErrClosed
	}
	defer s.gate.RUnlock()
	_, err = s.view().one(ctx, []any{&n}, `SELECT count(*) FROM entities`)
	return n, s.explain(err)
}

// documents reads all documents. The id of the owner is a subquery, so that no
// database joins and sorts everything before it hands out the first row.
func (tx *Tx) documents(ctx context.Context, fn func(Document) error) error {
	return tx.query(ctx, func(scan func(...any) error) error {
		var r Document
		if err := scan(&r.Scope, &r.Type, &r.Body); err != nil {
			return fmt.Errorf("read documents: %w", err)
		}
		return fn(r)
	}, `SELECT (SELECT o.id FROM entities o WHERE o.seq = e.scope), e.type, e.body
		FROM entities e WHERE e.seq > ? ORDER BY e.seq`, root)
}
