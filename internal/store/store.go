// Package store keeps documents of any [entity.Type] in a database, SQLite or
// PostgreSQL, and keeps them consistent: what a type declares unique is unique
// within a control plane, a foreign key leads to an entity of the same control
// plane, and deleting restricts or cascades as declared. The database's own
// UNIQUE and FOREIGN KEY constraints see to that, so it also holds between
// processes that share a database.
//
// [Open] returns a [Store]; its methods are one transaction each, and
// [Store.Update] makes one of several steps ([Tx]). Documents are decoded JSON
// whose numbers are [encoding/json.Number]. DESIGN.md says why the tables look
// the way they do, what a power cut can cost and what was checked on which
// database.
//
// The package does not judge documents by their schemas and knows nothing of
// HTTP, Lua or Terraform.
package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// Store is a database of documents. It is safe for any number of goroutines,
// and any number of processes may have the same database open.
//
// In all methods, scope is the id of the control plane (or other outermost
// parent) that holds the entity, "" for entities without a parent, and key is
// an id or, unless it parses as a UUID, a value of the type's Key.
type Store struct {
	dialect *dialect
	name    string // of the database, for errors
	types   entity.Table
	owners  *owners
	reads   session // each statement by itself
	looks   session // the same for statements that read a row or two
	// transact runs fn in a transaction of its own and commits it unless fn
	// fails. crowded says that an earlier attempt met other transactions.
	transact func(ctx context.Context, crowded bool, fn func(session) error) error
	release  func() error

	gate  sync.RWMutex // held for reading by every call, for writing once closed
	close sync.Once
}

// Close waits for the calls that are running and closes the database; later
// calls return ErrClosed.
func (s *Store) Close() (err error) {
	s.close.Do(func() {
		s.gate.Lock()
		err = s.explain(s.release())
	})
	return err
}

// Types are those of the documents that the database holds.
func (s *Store) Types() entity.Table { return s.types }

// Insert adds a document, which has its id. Errors: *UniqueError,
// *ReferenceError, and ErrNotFound when there is no such scope.
func (s *Store) Insert(ctx context.Context, t *entity.Type, scope string, doc map[string]any) error {
	return s.Update(ctx, func(tx *Tx) error { return tx.Insert(ctx, t, scope, doc) })
}

// Put reads the document, or nil if there is none, passes it to change and
// stores the result. When the result becomes visible, the document that change
// saw is still the present one. An error of change leaves everything as it was.
// The id of a document never changes; if an id addresses a new document, the
// document must have that id.
//
// change may be called more than once and must not use the store. Errors:
// those of change, *UniqueError, *ReferenceError, ErrNotFound when there is no
// such scope or the key cannot address a document of this type.
func (s *Store) Put(ctx context.Context, t *entity.Type, scope, key string, change func(old map[string]any) (map[string]any, error)) (map[string]any, error) {
	var doc map[string]any
	err := s.Update(ctx, func(tx *Tx) (err error) {
		doc, err = tx.Put(ctx, t, scope, key, change)
		return err
	})
	if err != nil {
		return nil, err
	}
	return doc, nil
}

// Get returns the document, or ErrNotFound.
func (s *Store) Get(ctx context.Context, t *entity.Type, scope, key string) (map[string]any, error) {
	if !s.gate.TryRLock() {
		return nil, ErrClosed
	}
	defer s.gate.RUnlock()
	doc, err := s.look().Get(ctx, t, scope, key)
	return doc, s.explain(err)
}

// Body is Get that leaves the document as it is stored: JSON on one line, with
// sorted keys and no spaces.
func (s *Store) Body(ctx context.Context, t *entity.Type, scope, key string) (string, error) {
	if !s.gate.TryRLock() {
		return "", ErrClosed
	}
	defer s.gate.RUnlock()
	body, err := s.look().Body(ctx, t, scope, key)
	return body, s.explain(err)
}

// Delete removes an entity with everything that cascades from it; deleting a
// control plane removes everything inside. Errors: ErrNotFound, and *InUseError
// when an entity that would stay refers to one that would go.
func (s *Store) Delete(ctx context.Context, t *entity.Type, scope, key string) error {
	return s.Update(ctx, func(tx *Tx) error { return tx.Delete(ctx, t, scope, key) })
}

// List returns a page of the documents that a query selects. Errors:
// ErrBadCursor, and ErrNotFound when there is no such scope.
func (s *Store) List(ctx context.Context, t *entity.Type, scope string, q Query) (Page, error) {
	if !s.gate.TryRLock() {
		return Page{}, ErrClosed
	}
	defer s.gate.RUnlock()
	page, err := s.view().List(ctx, t, scope, q)
	return page, s.explain(err)
}

// Bodies is List that leaves the documents as they are stored, see
// [Store.Body]: the page has Bodies instead of Docs.
func (s *Store) Bodies(ctx context.Context, t *entity.Type, scope string, q Query) (Page, error) {
	if !s.gate.TryRLock() {
		return Page{}, ErrClosed
	}
	defer s.gate.RUnlock()
	page, err := s.view().Bodies(ctx, t, scope, q)
	return page, s.explain(err)
}

func (s *Store) look() *Tx { return &Tx{on: s.looks, dialect: s.dialect, owners: s.owners} }

func (s *Store) view() *Tx { return &Tx{on: s.reads, dialect: s.dialect, owners: s.owners} }

// maxAttempts bounds how often a transaction is tried if others conflict with
// it; with the waits between them that is about two seconds.
const maxAttempts = 12

// Update runs fn in one transaction: if fn returns nil, all its changes become
// visible at once; if it returns an error, none does. fn may run more than
// once, must use the store only through tx, and should be quick, since other
// writers of a SQLite database wait for it.
func (s *Store) Update(ctx context.Context, fn func(tx *Tx) error) error {
	if !s.gate.TryRLock() {
		return ErrClosed
	}
	defer s.gate.RUnlock()
	apart := false
	for attempt := 1; ; attempt++ {
		err := s.transact(ctx, attempt > 1, func(on session) error {
			tx := &Tx{on: on, dialect: s.dialect, owners: s.owners, locking: true, apart: apart}
			if err := fn(tx); err != nil && tx.lost != errUnclear { //nolint:errorlint // only ever as it is
				return err
			}
			return tx.lost
		})
		if err == errUnclear { //nolint:errorlint // only ever as it is
			apart = true
			continue
		}
		if err == nil || !errors.Is(err, errRaced) && s.dialect.fault(err) != conflict {
			return s.explain(err)
		}
		if attempt == maxAttempts {
			return &DatabaseError{Database: s.name, Kind: ErrBusy, Err: err}
		}
		if err := pause(ctx, attempt); err != nil {
			return fmt.Errorf("database %s: waiting for other transactions: %w", s.name, err)
		}
	}
}

// pause waits before the next attempt: twice as long each time up to a bound,
// and for a random part of that, so that two transactions do not meet again.
func pause(ctx context.Context, attempt int) error {
	longest := min(time.Millisecond<<attempt, 300*time.Millisecond)
	timer := time.NewTimer(rand.N(longest))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// refused says which database could not be opened.
func (s *Store) refused(err error) error {
	kind, _ := s.dialect.kind(err)
	return &DatabaseError{Database: s.name, Kind: kind, Err: err}
}

// explain adds to the driver's errors which database failed and how.
func (s *Store) explain(err error) error {
	if err == nil {
		return nil
	}
	if kind, own := s.dialect.kind(err); own {
		return &DatabaseError{Database: s.name, Kind: kind, Err: err}
	}
	return err
}
