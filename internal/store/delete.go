package store

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// doomed is what goes when an entity goes: itself and, over any number of
// steps, whatever refers to it by a foreign key that cascades.
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

// remove deletes the entities, and what they own. References go first: not
// every database postpones its checks to the end of a statement.
func (tx *Tx) remove(ctx context.Context, owners bool, seqs []any) error {
	statements := []string{`DELETE FROM refs WHERE entity IN (...)`}
	if owners {
		statements = append(statements,
			`DELETE FROM refs WHERE entity IN (SELECT seq FROM entities WHERE scope IN (...))`,
			`DELETE FROM entities WHERE scope IN (...)`)
	}
	statements = append(statements, `DELETE FROM entities WHERE seq IN (...)`)
	for _, statement := range statements {
		if err := tx.execIn(ctx, statement, seqs); err != nil {
			return err
		}
	}
	return nil
}

// sizes of the lists that statements are written for, so that there are few
// different statements to prepare.
var sizes = []int{1, 16, 256}

// execIn runs a statement for all values, some at a time, in place of (...).
func (tx *Tx) execIn(ctx context.Context, query string, values []any) error {
	for len(values) > 0 {
		i := 0
		for i < len(sizes)-1 && sizes[i] < len(values) {
			i++
		}
		n := min(sizes[i], len(values))
		args := slices.Grow(slices.Clone(values[:n]), sizes[i]-n)
		for len(args) < sizes[i] {
			args = append(args, values[0])
		}
		in := `(?` + strings.Repeat(`, ?`, sizes[i]-1) + `)`
		if err := tx.exec(ctx, strings.Replace(query, `(...)`, in, 1), args...); err != nil {
			return err
		}
		values = values[n:]
	}
	return nil
}
