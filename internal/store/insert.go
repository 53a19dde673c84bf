package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// Parts of a statement that inserts an entity with all its entries, a row of
// values for each. The rows are spelled out and not taken from arrays: how many
// these hold changes the costs that PostgreSQL expects, and it would plan the
// statement anew each time, which takes longer than to run it.
const (
	insertEntity = `WITH e AS (INSERT INTO entities (scope, type, id, entries, body)
		VALUES ((SELECT seq FROM entities WHERE scope = 0 AND type = ? AND id = ?), ?, ?, ?, ?) RETURNING seq, scope, type)`
	insertUniques = `, u AS (INSERT INTO uniques (scope, type, name, value, entity)
		SELECT e.scope, e.type, v.name, v.value, e.seq FROM e CROSS JOIN (VALUES %s) AS v (name, value))`
	insertTerms = `, t AS (INSERT INTO terms (scope, type, field, value, entity)
		SELECT e.scope, e.type, v.field, v.value, e.seq FROM e CROSS JOIN (VALUES %s) AS v (field, value) WHERE v.value IS NOT NULL)`
	insertRefs = `, r AS (INSERT INTO refs (entity, field, target, type, referrer, on_delete)
		SELECT e.seq, v.field, (SELECT x.seq FROM entities x WHERE x.scope = e.scope AND x.type = v.target AND x.id = v.id), e.type, v.referrer, v.on_delete
		FROM e CROSS JOIN (VALUES %s) AS v (field, target, id, referrer, on_delete))`
	insertedSeq = ` SELECT seq FROM e`
)

// entryColumns are the values of an entry in these parts, by its table.
var entryColumns = [...]struct {
	part   string
	values string
}{
	uniques: {insertUniques, `(?::text, ?::text)`},
	terms:   {insertTerms, `(?::text, ?::text)`},
	refs:    {insertRefs, `(?::text, ?::text, ?::text, ?::text, ?::text)`},
}

// insertStatement returns the statement for an entity with so many entries in
// each table.
func insertStatement(entries [3]int) string {
	var b strings.Builder
	b.WriteString(insertEntity)
	for table, n := range entries {
		if n > 0 {
			columns := entryColumns[table]
			fmt.Fprintf(&b, columns.part, columns.values+strings.Repeat(`, `+columns.values, n-1))
		}
	}
	b.WriteString(insertedSeq)
	return b.String()
}

// errUnclear says that the database refused an entity or one of its entries. The
// next attempt inserts one after the other, to learn which one and why.
var errUnclear = errors.New("the database refused an entity or what it must not repeat or refers to")

// insertAtOnce inserts an entity with all of its entries. An entity that refers
// to itself is refused: the statement does not see it yet.
func (tx *Tx) insertAtOnce(ctx context.Context, s subject, owner, scope string) error {
	var entries [3][]any
	for _, e := range s.rows {
		args := append(entries[e.table], e.name)
		if e.table == refs {
			args = append(args, reference(s.typ, e.name).Target)
			if !storableID(e.value) {
				e.value = "" // the id of no entity
			}
		}
		args = append(args, e.value)
		if e.table == refs {
			args = append(args, s.typ.Singular, string(reference(s.typ, e.name).OnDelete))
		}
		entries[e.table] = args
	}
	// There are few different statements if the many numbers of tags are
	// rounded up.
	for n := len(entries[terms]) / 2; n&(n-1) != 0; n++ {
		entries[terms] = append(entries[terms], nil, nil)
	}
	args := []any{owner, entity.CanonicalID(scope), s.typ.Name, s.row.id, s.row.entries, s.row.body}
	var counts [3]int
	for table, some := range entries {
		counts[table] = len(some) / strings.Count(entryColumns[table].values, `?`)
		args = append(args, some...)
	}
	var seq int64
	_, err := tx.one(ctx, []any{&seq}, insertStatement(counts), args...)
	switch tx.dialect.fault(err) {
	case duplicate, missing, dangling:
		tx.lost = errUnclear
		return errUnclear
	}
	return err
}
