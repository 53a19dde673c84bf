package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// root owns the entities that have no parent. Migrations insert its row.
const root int64 = 0

// row is an entity as the table holds it.
type row struct {
	seq     int64 // creation order, and what other tables refer to
	scope   int64 // seq of the owner
	id      string
	entries string // the entries, packed
	body    string
}

// newRow returns the row of a document, and what else its type derives from it.
func newRow(t *entity.Type, doc map[string]any) (r row, rows []entry, err error) {
	if r.id, err = idOf(t, doc); err != nil {
		return r, nil, err
	}
	if r.body, err = encode(doc); err != nil {
		return r, nil, err
	}
	if rows, err = entries(t, doc); err != nil {
		return r, nil, err
	}
	r.entries, err = pack(rows)
	return r, rows, err
}

// The ways to find a row. Each leads from the text id of a scope to its seq,
// and from there through an index to the row. The scope is a subquery, and
// CROSS JOIN keeps SQLite from changing the order: no database may choose the
// order itself, since it chooses badly while it takes the tables for empty.
const (
	inScope = ` = (SELECT seq FROM entities WHERE scope = 0 AND type = ? AND id = ?) `

	byID     = ` FROM entities e WHERE e.scope` + inScope + `AND e.type = ? AND e.id = ?`
	byUnique = ` FROM uniques u CROSS JOIN entities e WHERE u.scope` + inScope +
		`AND u.type = ? AND u.name = ? AND u.value = ? AND e.seq = u.entity`
	byTerm = ` FROM terms u CROSS JOIN entities e WHERE u.scope` + inScope +
		`AND u.type = ? AND u.field = ? AND u.value = ? AND e.seq = u.entity ORDER BY u.entity LIMIT 1`

	rowOf  = `SELECT e.seq, e.scope, e.id, e.entries, e.body`
	bodyOf = `SELECT e.body`
)

// addressable reports whether a key can address an entity of this type: a text
// that parses as a UUID is an id, any other a value of the type's Key.
func addressable(t *entity.Type, key string) bool {
	switch {
	case schema.IsUUID(key):
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
	from, args, err := way(t, scope, key)
	if err != nil {
		return r, err
	}
	found, err := tx.one(ctx, []any{&r.seq, &r.scope, &r.id, &r.entries, &r.body}, rowOf+from+lock, args...)
	if err == nil && !found {
		err = notFound(t, key)
	}
	if err == nil && lock != "" && from != byID {
		err = stillNamed(t, r, key)
	}
	return r, err
}

// body is what find returns of a row that nobody wants to lock.
func (tx *Tx) body(ctx context.Context, t *entity.Type, scope, key string) (body string, err error) {
	from, args, err := way(t, scope, key)
	if err != nil {
		return "", err
	}
	found, err := tx.one(ctx, []any{&body}, bodyOf+from, args...)
	if err == nil && !found {
		err = notFound(t, key)
	}
	return body, err
}

// way is the way to the row that a key addresses, or ErrNotFound if there can
// be no such row.
func way(t *entity.Type, scope, key string) (from string, args []any, err error) {
	owner, err := ownerType(t, scope)
	if err != nil {
		return "", nil, err
	}
	if !addressable(t, key) || !storableScope(scope) {
		return "", nil, notFound(t, key)
	}
	args = append(make([]any, 0, 5), owner, entity.CanonicalID(scope), t.Name)
	if schema.IsUUID(key) || idField(t) != "id" {
		return byID, append(args, entity.CanonicalID(key)), nil
	}
	if index, unique := uniqueOn(t, t.Key); unique {
		return byUnique, append(args, index.Name, indexText(key)), nil
	}
	return byTerm, append(args, t.Key, indexText(key)), nil
}

// stillNamed makes sure that the key of a row did not change while this
// transaction waited for its lock.
func stillNamed(t *entity.Type, r row, key string) error {
	rows, err := unpack(r.entries)
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

// ownerType returns the type whose ids are scopes: the type's outermost parent,
// or "" for the root.
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

func outermost(t *entity.Type) *entity.Type {
	for t.Parent != nil {
		t = t.Parent
	}
	return t
}
