package store

import (
	"context"
	"errors"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// insertAll inserts an entity and its entries, whose parts come as arrays, so
// that one prepared statement serves all of them.
const insertAll = `WITH e AS (
	INSERT INTO entities (scope, type, id, entries, body)
	VALUES ((SELECT seq FROM entities WHERE scope = 0 AND type = ? AND id = ?), ?, ?, ?, ?)
	RETURNING seq, scope, type
), u AS (
	INSERT INTO uniques (scope, type, name, value, entity)
	SELECT e.scope, e.type, v.name, v.value, e.seq FROM e CROSS JOIN unnest(?::text[], ?::text[]) AS v (name, value)
), t AS (
	INSERT INTO terms (scope, type, field, value, entity)
	SELECT e.scope, e.type, v.field, v.value, e.seq FROM e CROSS JOIN unnest(?::text[], ?::text[]) AS v (field, value)
), r AS (
	INSERT INTO refs (entity, field, target, type, referrer, on_delete)
	SELECT e.seq, v.field, (SELECT x.seq FROM entities x WHERE x.scope = e.scope AND x.type = v.target AND x.id = v.id), e.type, v.referrer, v.on_delete
	FROM e CROSS JOIN unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[]) AS v (field, target, id, referrer, on_delete)
) SELECT seq FROM e`

// errUnclear says that the database refused an entity or one of its entries. The
// next attempt inserts one after the other, to learn which one and why.
var errUnclear = errors.New("the database refused an entity or what it must not repeat or refers to")

// insertAtOnce inserts an entity with all of its entries. An entity that refers
// to itself is refused: the statement does not see it yet.
func (tx *Tx) insertAtOnce(ctx context.Context, s subject, owner, scope string) error {
	var names, values [3][]string
	var target, referrer, onDelete []string
	for _, e := range s.rows {
		value := e.value
		if e.table == refs {
			ref := reference(s.typ, e.name)
			if !storableID(value) {
				value = "" // the id of no entity
			}
			target, referrer, onDelete = append(target, ref.Target), append(referrer, s.typ.Singular), append(onDelete, string(ref.OnDelete))
		}
		names[e.table], values[e.table] = append(names[e.table], e.name), append(values[e.table], value)
	}
	var seq int64
	_, err := tx.one(ctx, []any{&seq}, insertAll, owner, entity.CanonicalID(scope), s.typ.Name, s.row.id, s.row.entries, s.row.body,
		names[uniques], values[uniques], names[terms], values[terms], names[refs], target, values[refs], referrer, onDelete)
	switch tx.dialect.fault(err) {
	case duplicate, missing, dangling:
		tx.lost = errUnclear
		return errUnclear
	}
	return err
}
