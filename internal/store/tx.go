package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Tx is a transaction, or the view of a single read. Its methods promise the
// same as those of [Store] with the same names; their changes become visible to
// others, all at once, when the function given to [Store.Update] returns nil.
//
// A write that fails half way cannot be undone alone: after an error other than
// *InUseError, or ErrNotFound for the entity itself, the transaction is lost.
// Its methods and Update then return the same error again.
type Tx struct {
	on      session
	dialect *dialect
	owners  *owners
	locking bool  // reads keep their rows from being deleted
	apart   bool  // each constraint gets a statement of its own
	lost    error // the error after which the transaction is lost
}

// settle remembers an error after which the transaction is lost.
func (tx *Tx) settle(err error) error {
	var used *InUseError
	if err != nil && tx.lost == nil && !errors.Is(err, ErrNotFound) && !errors.As(err, &used) {
		tx.lost = err
	}
	return err
}

// errRaced says that another transaction came first; the next attempt succeeds.
var errRaced = errors.New("another transaction changed the same entities")

func (tx *Tx) exec(ctx context.Context, query string, args ...any) error {
	_, err := tx.on.ExecContext(ctx, tx.dialect.rewrite(query), args...)
	return err
}

// query runs a statement and passes its rows to scan one by one. It closes the
// rows before it returns, so that the connection is free again.
func (tx *Tx) query(ctx context.Context, scan func(scan func(dest ...any) error) error, query string, args ...any) error {
	rows, err := tx.on.QueryContext(ctx, tx.dialect.rewrite(query), args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows.Scan); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return rows.Close()
}

// one runs a statement that returns at most one row, and reports whether it
// did.
func (tx *Tx) one(ctx context.Context, dest []any, query string, args ...any) (found bool, err error) {
	err = tx.query(ctx, func(scan func(...any) error) error {
		found = true
		return scan(dest...)
	}, query, args...)
	return found, err
}

// Get returns the document, or ErrNotFound. In a transaction, others cannot
// delete the entity until the transaction ends.
func (tx *Tx) Get(ctx context.Context, t *entity.Type, scope, key string) (map[string]any, error) {
	body, err := tx.Body(ctx, t, scope, key)
	if err != nil {
		return nil, err
	}
	return Decode(body)
}

// Body is Get that leaves the document as it is stored.
func (tx *Tx) Body(ctx context.Context, t *entity.Type, scope, key string) (body string, err error) {
	switch {
	case tx.lost != nil:
		return "", tx.lost
	case tx.locking:
		var r row
		r, err = tx.find(ctx, t, scope, key, tx.dialect.lockShare)
		body = r.body
	default:
		body, err = tx.body(ctx, t, scope, key)
	}
	return body, tx.settle(err)
}

// Insert adds a document. Errors: *UniqueError, *ReferenceError, and
// ErrNotFound when there is no such scope.
func (tx *Tx) Insert(ctx context.Context, t *entity.Type, scope string, doc map[string]any) error {
	if tx.lost != nil {
		return tx.lost
	}
	return tx.settle(tx.insert(ctx, t, scope, doc))
}

func (tx *Tx) insert(ctx context.Context, t *entity.Type, scope string, doc map[string]any) error {
	r, rows, err := newRow(t, doc)
	if err != nil {
		return err
	}
	owner, err := ownerType(t, scope)
	if err != nil {
		return err
	}
	if !storableScope(scope) {
		return notFound(outermost(t), scope)
	}
	if tx.dialect.insertsAtOnce && !tx.apart {
		return tx.insertAtOnce(ctx, subject{t, r, rows}, owner, scope)
	}
	_, err = tx.one(ctx, []any{&r.seq, &r.scope}, `INSERT INTO entities (scope, type, id, entries, body)
		VALUES ((SELECT seq FROM entities WHERE scope = 0 AND type = ? AND id = ?), ?, ?, ?, ?)
		RETURNING seq, scope`, owner, entity.CanonicalID(scope), t.Name, r.id, r.entries, r.body)
	switch tx.dialect.fault(err) {
	case duplicate:
		return &UniqueError{Index: idField(t), Fields: []string{idField(t)}}
	case missing, dangling:
		tx.lost = notFound(outermost(t), scope)
		return tx.lost
	}
	if err != nil {
		return err
	}
	return tx.addEntries(ctx, t, r, rows)
}

// Put is [Store.Put] as a step of a transaction. After an error of change the
// transaction can go on.
func (tx *Tx) Put(ctx context.Context, t *entity.Type, scope, key string, change func(old map[string]any) (map[string]any, error)) (map[string]any, error) {
	if tx.lost != nil {
		return nil, tx.lost
	}
	r, err := tx.find(ctx, t, scope, key, tx.dialect.lockUpdate)
	if errors.Is(err, ErrNotFound) && addressable(t, key) {
		return tx.create(ctx, t, scope, key, change)
	}
	if err != nil {
		return nil, tx.settle(err)
	}
	old, err := Decode(r.body)
	if err != nil {
		return nil, err
	}
	doc, err := change(old)
	if err != nil {
		return nil, err
	}
	return doc, tx.settle(tx.replace(ctx, t, r, doc))
}

func (tx *Tx) create(ctx context.Context, t *entity.Type, scope, key string, change func(map[string]any) (map[string]any, error)) (map[string]any, error) {
	doc, err := change(nil)
	if err != nil {
		return nil, err
	}
	id, err := idOf(t, doc)
	if err != nil {
		return nil, err
	}
	named := !schema.IsUUID(key) && idField(t) == "id"
	if !named && id != entity.CanonicalID(key) {
		return nil, fmt.Errorf("%s %s: cannot be created with the id %s", t.Singular, key, id)
	}
	err = tx.Insert(ctx, t, scope, doc)
	if taken := (*UniqueError)(nil); errors.As(err, &taken) && addresses(t, doc, key, named, taken) {
		// A moment ago there was no document: another transaction has just
		// created it, and the next attempt will find it.
		tx.lost = errors.Join(errRaced, err)
		return nil, tx.lost
	}
	if err != nil {
		return nil, err
	}
	return doc, nil
}

// addresses reports whether the document has the id or key that it is stored
// under.
func addresses(t *entity.Type, doc map[string]any, key string, named bool, taken *UniqueError) bool {
	if !named {
		return taken.Index == idField(t)
	}
	value, _ := field(doc, t.Key).(string)
	return value == key && slices.Equal(taken.Fields, []string{t.Key})
}

// replace stores a document over another and brings its entries up to date.
func (tx *Tx) replace(ctx context.Context, t *entity.Type, r row, doc map[string]any) error {
	now, rows, err := newRow(t, doc)
	if err != nil {
		return err
	}
	if now.id != r.id {
		return fmt.Errorf("%s %s: the id cannot change to %s", t.Singular, r.id, now.id)
	}
	if now.entries != r.entries || now.body != r.body {
		if err := tx.exec(ctx, `UPDATE entities SET entries = ?, body = ? WHERE seq = ?`, now.entries, now.body, r.seq); err != nil {
			return err
		}
	}
	if now.entries == r.entries {
		return nil
	}
	current, err := unpack(r.entries)
	if err != nil {
		return err
	}
	added, removed := difference(current, rows)
	if err := tx.removeEntries(ctx, t, r, removed); err != nil {
		return err
	}
	return tx.addEntries(ctx, t, r, added)
}
