package store

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// doomed are the entities that a deletion removes: one entity and, over any
// number of steps, those whose foreign key to it cascades.
const doomed = `WITH RECURSIVE doomed (seq) AS (
	SELECT CAST(? AS BIGINT)
	UNION SELECT r.entity FROM doomed d CROSS JOIN refs r WHERE r.target = d.seq AND r.on_delete = 'cascade') `

// Delete removes an entity with everything that cascades from it; deleting a
// control plane removes everything inside. Errors: ErrNotFound, and *InUseError
// when an entity that would stay refers to one that would go.
func (tx *Tx) Delete(ctx context.Context, t *entity.Type, scope, key string) error {
	if tx.lost != nil {
		return tx.lost
	}
	return tx.settle(tx.delete(ctx, t, scope, key))
}

func (tx *Tx) delete(ctx context.Context, t *entity.Type, scope, key string) error {
	r, err := tx.find(ctx, t, scope, key, tx.dialect.lockDelete)
	if err != nil {
		return err
	}
	if err := tx.checkUnused(ctx, r.seq); err != nil {
		return err
	}
	var seqs []any
	err = tx.query(ctx, func(scan func(...any) error) error {
		var seq int64
		err := scan(&seq)
		seqs = append(seqs, seq)
		return err
	}, doomed+`SELECT seq FROM doomed`, r.seq)
	if err != nil {
		return err
	}
	err = tx.remove(ctx, r.scope == root, seqs)
	if tx.dialect.fault(err) == dangling {
		return errors.Join(errRaced, err) // somebody referred to it just now; the next attempt names it
	}
	return err
}

func (tx *Tx) checkUnused(ctx context.Context, seq int64) error {
	var by string
	found, err := tx.one(ctx, []any{&by}, doomed+`SELECT r.referrer FROM doomed d CROSS JOIN refs r
		WHERE r.target = d.seq AND r.on_delete <> 'cascade' AND r.entity NOT IN (SELECT seq FROM doomed) LIMIT 1`, seq)
	if err != nil {
		return err
	}
	if found {
		return &InUseError{By: by}
	}
	return nil
}

// remove deletes the entities and the entities in them. It deletes references
// first: not every database delays its checks to the end of a statement. It
// deletes entries last, when others can no longer add any.
func (tx *Tx) remove(ctx context.Context, owners bool, seqs []any) error {
	gone, err := tx.indexed(ctx, seqs)
	if err != nil {
		return err
	}
	statements := []string{`DELETE FROM refs WHERE entity IN (...)`}
	if owners {
		statements = append(statements,
			`DELETE FROM refs WHERE entity IN (SELECT seq FROM entities WHERE scope IN (...))`,
			`DELETE FROM entities WHERE scope IN (...)`,
			`DELETE FROM uniques WHERE scope IN (...)`,
			`DELETE FROM terms WHERE scope IN (...)`)
	}
	statements = append(statements, `DELETE FROM entities WHERE seq IN (...)`)
	for _, statement := range statements {
		if err := tx.execIn(ctx, statement, nil, seqs); err != nil {
			return err
		}
	}
	for _, g := range gone {
		if err := tx.execIn(ctx, g.statement, g.args, g.values); err != nil {
			return err
		}
	}
	return nil
}

// group is rows of uniques or terms that one statement removes: args are the
// values that they share, values those in which they differ.
type group struct {
	statement    string
	args, values []any
}

// indexed returns the entries of entities. It locks the entities, so that
// nobody adds other entries meanwhile.
func (tx *Tx) indexed(ctx context.Context, seqs []any) ([]*group, error) {
	g := groups{known: map[kin]*group{}}
	err := inLists(`SELECT e.seq, e.scope, e.type, e.entries FROM entities e WHERE e.seq IN (...)`, nil, seqs, func(query string, args []any) error {
		return tx.query(ctx, func(scan func(...any) error) error {
			var r row
			var typ string
			if err := scan(&r.seq, &r.scope, &typ, &r.entries); err != nil {
				return err
			}
			rows, err := unpack(r.entries)
			for _, e := range rows {
				g.add(r, typ, e)
			}
			return err
		}, query+tx.dialect.lockDelete, args...)
	})
	return g.list, err
}

// groups gathers entries that one statement can remove.
type groups struct {
	list  []*group
	known map[kin]*group
}

// kin is what all entries of a group share.
type kin struct {
	table            table
	scope            int64
	typ, name, value string
}

func (g *groups) add(r row, typ string, e entry) {
	k := kin{e.table, r.scope, typ, e.name, ""}
	one := &group{args: []any{r.scope, typ, e.name}}
	value := any(e.value)
	switch e.table {
	case refs:
		return
	case uniques:
		one.statement = `DELETE FROM uniques WHERE scope = ? AND type = ? AND name = ? AND value IN (...)`
	case terms:
		one.statement = `DELETE FROM terms WHERE scope = ? AND type = ? AND field = ? AND value = ? AND entity IN (...)`
		one.args, value, k.value = append(one.args, e.value), r.seq, e.value
	}
	if g.known[k] == nil {
		g.known[k] = one
		g.list = append(g.list, one)
	}
	g.known[k].values = append(g.known[k].values, value)
}

// sizes of the lists in statements. There are only a few, so that few different
// statements have to be prepared.
var sizes = []int{1, 16, 256}

// execIn runs a statement for all values, a few at a time, in place of (...).
func (tx *Tx) execIn(ctx context.Context, query string, args, values []any) error {
	return inLists(query, args, values, func(query string, args []any) error { return tx.exec(ctx, query, args...) })
}

// inLists passes on a statement with a few values at a time in place of (...),
// until all values have had their turn.
func inLists(query string, args, values []any, run func(query string, args []any) error) error {
	for len(values) > 0 {
		i := 0
		for i < len(sizes)-1 && sizes[i] < len(values) {
			i++
		}
		n := min(sizes[i], len(values))
		all := append(slices.Clone(args), values[:n]...)
		for len(all) < len(args)+sizes[i] {
			all = append(all, values[0])
		}
		in := `(?` + strings.Repeat(`, ?`, sizes[i]-1) + `)`
		if err := run(strings.Replace(query, `(...)`, in, 1), all); err != nil {
			return err
		}
		values = values[n:]
	}
	return nil
}
