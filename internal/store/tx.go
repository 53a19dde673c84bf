package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// Tx is a transaction, or the view of one read outside of any. Its methods
// promise what those of [Store] with the same names do; what they changed
// becomes visible to others, all of it, when the function given to
// [Store.Update] returns nil.
//
// A write that was refused half way cannot be undone by itself: after an error
// other than *InUseError, or than ErrNotFound for the entity itself, the
// transaction is lost; its methods and Update return the same error again.
type Tx struct {
	on      session
	dialect *dialect
	locking bool  // reads keep their rows from being deleted
	lost    error // what the transaction can no longer recover from
}

// settle remembers an error that spoils the transaction.
func (tx *Tx) settle(err error) error {
	var used *InUseError
	if err != nil && tx.lost == nil && !errors.Is(err, ErrNotFound) && !errors.As(err, &used) {
		tx.lost = err
	}
	return err
}

// root owns the entities that have no parent. Migrations insert its row.
const root int64 = 0

// row is an entity as the table holds it.
type row struct {
	seq   int64 // creation order, and what other tables refer to
	scope int64 // seq of the owner
	id    string
	body  string
}

// errRaced says that another transaction came first; trying again settles it.
var errRaced = errors.New("another transaction changed the same entities")

func (tx *Tx) exec(ctx context.Context, query string, args ...any) error {
	_, err := tx.on.ExecContext(ctx, tx.dialect.rewrite(query), args...)
	return err
}

// query runs a statement and hands its rows to scan one by one. The rows are
// closed when it returns, so that the connection is free again.
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

// one runs a statement that returns a row at most, and says whether it did.
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
	if tx.lost != nil {
		return nil, tx.lost
	}
	lock := ""
	if tx.locking {
		lock = tx.dialect.lockShare
	}
	r, err := tx.find(ctx, t, scope, key, lock)
	if err != nil {
		return nil, tx.settle(err)
	}
	return decode(r.body)
}

// The ways to find a row. Each leads from the text id of a scope to its seq,
// and from there through an index to the row. The scope is a subquery, and
// CROSS JOIN keeps SQLite from changing the order, so that no database has a
// choice, which it would make badly while it believes the tables to be empty.
const (
	rowOf   = `SELECT e.seq, e.scope, e.id, e.body FROM `
	inScope = ` = (SELECT seq FROM entities WHERE scope = 0 AND type = ? AND id = ?) `

	byID     = rowOf + `entities e WHERE e.scope` + inScope + `AND e.type = ? AND e.id = ?`
	byUnique = rowOf + `uniques u CROSS JOIN entities e WHERE u.scope` + inScope +
		`AND u.type = ? AND u.name = ? AND u.value = ? AND e.seq = u.entity`
	byTerm = rowOf + `terms u CROSS JOIN entities e WHERE u.scope` + inScope +
		`AND u.type = ? AND u.field = ? AND u.value = ? AND e.seq = u.entity ORDER BY u.entity LIMIT 1`
)

// addressable says whether a key can address an entity of this type at all:
// what parses as a UUID is an id, everything else a value of the type's Key.
func addressable(t *entity.Type, key string) bool {
	switch {
	case isUUID(key):
		return true
	case idField(t) != "id":
		return storableID(key)
	default:
		return t.Key != ""
	}
}

// find returns the row that a key addresses, or ErrNotFound.
func (tx *Tx) find(ctx context.Context, t *entity.Type, scope, key, lock string) (row, error) {
	var r row
	owner, err := ownerType(t, scope)
	if err != nil {
		return r, err
	}
	if !addressable(t, key) || !storableID(scope) && scope != "" {
		return r, notFound(t, key)
	}
	args := []any{owner, canonicalID(scope), t.Name}
	query := byID
	if index, unique := uniqueOn(t, t.Key); isUUID(key) || idField(t) != "id" {
		args = append(args, canonicalID(key))
	} else if unique {
		query, args = byUnique, append(args, index.Name, indexText(key))
	} else {
		query, args = byTerm, append(args, t.Key, indexText(key))
	}
	found, err := tx.one(ctx, []any{&r.seq, &r.scope, &r.id, &r.body}, query+lock, args...)
	if err == nil && !found {
		err = notFound(t, key)
	}
	if err == nil && lock != "" && query != byID {
		err = tx.stillNamed(ctx, t, r, key)
	}
	return r, err
}

// stillNamed makes sure that a row did not get another key while its lock was
// waited for.
func (tx *Tx) stillNamed(ctx context.Context, t *entity.Type, r row, key string) error {
	rows, err := tx.entriesOf(ctx, r.seq)
	if err != nil {
		return err
	}
	named := entry{terms, t.Key, indexText(key)}
	if index, unique := uniqueOn(t, t.Key); unique {
		named = entry{uniques, index.Name, indexText(key)}
	}
	if !slices.Contains(rows, named) {
		return errRaced
	}
	return nil
}

func notFound(t *entity.Type, key string) error {
	return fmt.Errorf("%s %q: %w", t.Singular, key, ErrNotFound)
}

// ownerType names the type of which scope is an id: the type's outermost
// parent, or "" for the root.
func ownerType(t *entity.Type, scope string) (string, error) {
	if scope == "" {
		return "", nil
	}
	if t.Parent == nil {
		return "", fmt.Errorf("%s has no parent, yet is looked for in %q", t.Name, scope)
	}
	owner := t.Parent
	for owner.Parent != nil {
		owner = owner.Parent
	}
	return owner.Name, nil
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
	r, err := newRow(t, doc)
	if err != nil {
		return err
	}
	rows, err := entries(t, doc)
	if err != nil {
		return err
	}
	owner, err := ownerType(t, scope)
	if err != nil {
		return err
	}
	_, err = tx.one(ctx, []any{&r.seq, &r.scope}, `INSERT INTO entities (scope, type, id, body)
		VALUES ((SELECT seq FROM entities WHERE scope = 0 AND type = ? AND id = ?), ?, ?, ?)
		RETURNING seq, scope`, owner, canonicalID(scope), t.Name, r.id, r.body)
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

func outermost(t *entity.Type) *entity.Type {
	for t.Parent != nil {
		t = t.Parent
	}
	return t
}

func newRow(t *entity.Type, doc map[string]any) (row, error) {
	id, err := idOf(t, doc)
	if err != nil {
		return row{}, err
	}
	body, err := encode(doc)
	return row{id: id, body: body}, err
}

// Put reads the document, or nil when there is none, hands it to change and
// stores what that returns: whatever change saw is still true when its result
// becomes visible. An error of change leaves everything as it was. The id of a
// document never changes; a new one addressed by a UUID must have that id.
//
// change may be called more than once. Errors: those of change, *UniqueError,
// *ReferenceError, ErrNotFound when there is no such scope.
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
	old, err := decode(r.body)
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
	named := !isUUID(key) && idField(t) == "id"
	if !named && id != canonicalID(key) {
		return nil, fmt.Errorf("%s %s: cannot be created with the id %s", t.Singular, key, id)
	}
	err = tx.Insert(ctx, t, scope, doc)
	if taken := (*UniqueError)(nil); errors.As(err, &taken) && addresses(t, doc, key, named, taken) {
		// Nothing was there a moment ago: somebody else has just created it,
		// and the next attempt will find it.
		tx.lost = errors.Join(errRaced, err)
		return nil, tx.lost
	}
	if err != nil {
		return nil, err
	}
	return doc, nil
}

// addresses says whether what was taken is what the document is put under.
func addresses(t *entity.Type, doc map[string]any, key string, named bool, taken *UniqueError) bool {
	if !named {
		return taken.Index == idField(t)
	}
	value, _ := field(doc, t.Key).(string)
	return value == key && slices.Equal(taken.Fields, []string{t.Key})
}

// replace stores a document over another and brings its entries up to date.
func (tx *Tx) replace(ctx context.Context, t *entity.Type, r row, doc map[string]any) error {
	now, err := newRow(t, doc)
	if err != nil {
		return err
	}
	if now.id != r.id {
		return fmt.Errorf("%s %s: the id cannot change to %s", t.Singular, r.id, now.id)
	}
	rows, err := entries(t, doc)
	if err != nil {
		return err
	}
	if now.body != r.body {
		if err := tx.exec(ctx, `UPDATE entities SET body = ? WHERE seq = ?`, now.body, r.seq); err != nil {
			return err
		}
	}
	current, err := tx.entriesOf(ctx, r.seq)
	if err != nil {
		return err
	}
	added, removed := difference(current, rows)
	if err := tx.removeEntries(ctx, t, r, removed); err != nil {
		return err
	}
	return tx.addEntries(ctx, t, r, added)
}

// difference says what leads from one set of entries to another.
func difference(from, to []entry) (added, removed []entry) {
	old := make(map[entry]bool, len(from))
	for _, e := range from {
		old[e] = true
	}
	for _, e := range to {
		if !old[e] {
			added = append(added, e)
		}
		delete(old, e)
	}
	for _, e := range from {
		if old[e] {
			removed = append(removed, e)
		}
	}
	return added, removed
}

// entriesOf reads the entries that an entity has in the tables: what is there
// decides, not what an earlier version of its type would have written.
func (tx *Tx) entriesOf(ctx context.Context, seq int64) ([]entry, error) {
	var rows []entry
	err := tx.query(ctx, func(scan func(...any) error) error {
		var e entry
		err := scan(&e.table, &e.name, &e.value)
		rows = append(rows, e)
		return err
	}, `SELECT 0, name, value FROM uniques WHERE entity = ?
		UNION ALL SELECT 1, field, value FROM terms WHERE entity = ?
		UNION ALL SELECT 2, r.field, e.id FROM refs r JOIN entities e ON e.seq = r.target WHERE r.entity = ?`,
		seq, seq, seq)
	return rows, err
}

func (tx *Tx) removeEntries(ctx context.Context, t *entity.Type, r row, rows []entry) error {
	for _, e := range rows {
		var err error
		switch e.table {
		case uniques:
			err = tx.exec(ctx, `DELETE FROM uniques WHERE scope = ? AND type = ? AND name = ? AND value = ? AND entity = ?`,
				r.scope, t.Name, e.name, e.value, r.seq)
		case terms:
			err = tx.exec(ctx, `DELETE FROM terms WHERE scope = ? AND type = ? AND field = ? AND value = ? AND entity = ?`,
				r.scope, t.Name, e.name, e.value, r.seq)
		case refs:
			err = tx.exec(ctx, `DELETE FROM refs WHERE entity = ? AND field = ?
				AND target IN (SELECT x.target FROM refs x JOIN entities e ON e.seq = x.target
					WHERE x.entity = ? AND x.field = ? AND e.id = ?)`,
				r.seq, e.name, r.seq, e.name, e.value)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) addEntries(ctx context.Context, t *entity.Type, r row, rows []entry) error {
	for _, e := range rows {
		var err error
		switch e.table {
		case uniques:
			err = tx.addUnique(ctx, t, r, e)
		case terms:
			err = tx.exec(ctx, `INSERT INTO terms (scope, type, field, value, entity) VALUES (?, ?, ?, ?, ?)`,
				r.scope, t.Name, e.name, e.value, r.seq)
		case refs:
			err = tx.addReference(ctx, t, r, e)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) addUnique(ctx context.Context, t *entity.Type, r row, e entry) error {
	err := tx.exec(ctx, `INSERT INTO uniques (scope, type, name, value, entity) VALUES (?, ?, ?, ?, ?)`,
		r.scope, t.Name, e.name, e.value, r.seq)
	if tx.dialect.fault(err) != duplicate {
		return err
	}
	for _, u := range t.Unique {
		if u.Name == e.name {
			return &UniqueError{Index: u.Name, Fields: u.Fields}
		}
	}
	return err
}

func (tx *Tx) addReference(ctx context.Context, t *entity.Type, r row, e entry) error {
	ref := reference(t, e.name)
	nowhere := &ReferenceError{Field: ref.Field, Target: ref.Target, ID: e.value}
	if !storableID(e.value) {
		return nowhere
	}
	err := tx.exec(ctx, `INSERT INTO refs (entity, field, target, type, referrer, on_delete)
		VALUES (?, ?, (SELECT seq FROM entities WHERE scope = ? AND type = ? AND id = ?), ?, ?, ?)`,
		r.seq, e.name, r.scope, ref.Target, e.value, t.Name, t.Singular, string(ref.OnDelete))
	if fault := tx.dialect.fault(err); fault == missing || fault == dangling {
		return nowhere
	}
	return err
}

// reference returns the foreign key of that field.
func reference(t *entity.Type, name string) entity.Reference {
	for _, r := range t.References {
		if r.Field == name {
			return r
		}
	}
	return entity.Reference{}
}
