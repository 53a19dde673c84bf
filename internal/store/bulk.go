package store

import (
	"context"
	"errors"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// subject is an entity and the entries to add for it.
type subject struct {
	typ  *entity.Type
	row  row
	rows []entry
}

// addAll adds the entries of many entities, with few statements.
func (tx *Tx) addAll(ctx context.Context, subjects []subject) error {
	var unique, term, refer []any
	for _, s := range subjects {
		for _, e := range s.rows {
			switch e.table {
			case uniques:
				unique = append(unique, s.row.scope, s.typ.Name, e.name, e.value, s.row.seq)
			case terms:
				term = append(term, s.row.scope, s.typ.Name, e.name, e.value, s.row.seq)
			case refs:
				refer = append(refer, referenceRow(s, e)...)
			}
		}
	}
	err := tx.execRows(ctx, `INSERT INTO uniques (scope, type, name, value, entity) VALUES `, `(?, ?, ?, ?, ?)`, unique)
	if err == nil {
		err = tx.execRows(ctx, `INSERT INTO terms (scope, type, field, value, entity) VALUES `, `(?, ?, ?, ?, ?)`, term)
	}
	if err == nil {
		err = tx.execRows(ctx, `INSERT INTO refs (entity, field, target, type, referrer, on_delete) VALUES `, refValues, refer)
	}
	return err
}

// refValues are the values of a row of refs. A missing target is NULL, which
// the table refuses.
const refValues = `(?, ?, (SELECT seq FROM entities WHERE scope = ? AND type = ? AND id = ?), ?, ?, ?)`

// referenceRow fills in refValues. No entity has an empty id.
func referenceRow(s subject, e entry) []any {
	ref, id := reference(s.typ, e.name), e.value
	if !storableID(id) {
		id = ""
	}
	return []any{s.row.seq, e.name, s.row.scope, ref.Target, id, s.typ.Name, s.typ.Singular, string(ref.OnDelete)}
}

// errTogether says that the database refused things together, and accepted each
// of them alone.
var errTogether = errors.New("the database refuses them together")

// together does something for n things at once. If the database refuses that,
// it does it one by one, to learn which one the database refuses and why.
func (tx *Tx) together(ctx context.Context, n int, all func() error, one func(i int) error) error {
	if n == 0 {
		return nil
	}
	if err := tx.exec(ctx, `SAVEPOINT batch`); err != nil {
		return err
	}
	refused := all()
	if refused == nil {
		return tx.exec(ctx, `RELEASE SAVEPOINT batch`)
	}
	if f := tx.dialect.fault(refused); f == other || f == conflict {
		return refused
	}
	if err := tx.exec(ctx, `ROLLBACK TO SAVEPOINT batch`); err != nil {
		return errors.Join(refused, err)
	}
	for i := range n {
		if err := one(i); err != nil {
			return err
		}
	}
	return errors.Join(errTogether, refused)
}

func (tx *Tx) execRows(ctx context.Context, query, values string, args []any) error {
	return inChunks(query, values, args, func(query string, args []any) error { return tx.exec(ctx, query, args...) })
}

// inChunks runs a statement with as many rows of values at a time as sizes
// allow.
func inChunks(query, values string, args []any, run func(query string, args []any) error) error {
	width := strings.Count(values, "?")
	for len(args) > 0 {
		n := sizes[0]
		for _, size := range sizes {
			if size*width <= len(args) {
				n = size
			}
		}
		err := run(query+values+strings.Repeat(`, `+values, n-1), args[:n*width])
		if err != nil {
			return err
		}
		args = args[n*width:]
	}
	return nil
}
