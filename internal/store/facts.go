package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// The rows of uniques, terms and refs are derived from documents by the
// declarations of the types. The database keeps these declarations, so that a
// program with other ones notices it, and derives the rows anew before it does
// anything else.

// form is the version of the form of entries: of the texts that
// [entity.Unique.Key] and indexText make of a value.
const form = 1

// facts are the declarations of a type by which rows of a table are derived, as
// text.
func facts(t *entity.Type, in table) (string, error) {
	var declared any
	switch in {
	case uniques:
		declared = t.Unique
	case terms:
		declared = termFields(t)
	case refs:
		declared = []any{t.Singular, t.References}
	}
	text, err := json.Marshal([]any{form, declared})
	return string(text), err
}

// outdated are the types whose rows were derived by other facts, by table.
type outdated map[table]entity.Table

// outdated compares what types declare with what the database was derived by.
func (tx *Tx) outdated(ctx context.Context, types entity.Table) (outdated, error) {
	known := map[place]string{}
	err := tx.query(ctx, func(scan func(...any) error) error {
		var p place
		var text string
		err := scan(&p.typ, &p.kind, &text)
		known[p] = text
		return err
	}, `SELECT type, kind, facts FROM facts ORDER BY type, kind`)
	if err != nil {
		return nil, err
	}
	return compareFacts(known, types)
}

// place is what a row of facts is about.
type place struct{ typ, kind string }

func compareFacts(known map[place]string, types entity.Table) (outdated, error) {
	out := outdated{}
	for _, t := range types {
		for _, in := range tables {
			text, err := facts(t, in)
			if err != nil {
				return nil, err
			}
			if known[place{t.Name, in.String()}] != text {
				out[in] = append(out[in], t)
			}
		}
	}
	return out, nil
}

// derivation fills tables anew, in one transaction.
type derivation struct {
	tx      *Tx
	types   outdated
	packed  []any // seqs of a page's entities, each with its entries, where these have changed
	misfits []Misfit
}

// derive brings the rows of all types up to date, and stores the facts. The
// error is *MisfitError if documents do not fit the declarations.
func (tx *Tx) derive(ctx context.Context, types entity.Table) error {
	stale, err := tx.outdated(ctx, types)
	if err != nil || len(stale) == 0 {
		return err
	}
	d := &derivation{tx: tx, types: stale}
	if err := d.run(ctx); err != nil {
		return err
	}
	if len(d.misfits) > 0 {
		return &MisfitError{Misfits: d.misfits}
	}
	return d.note(ctx)
}

func (d *derivation) run(ctx context.Context) error {
	// Nobody can add to an owner that is locked.
	err := d.tx.query(ctx, func(scan func(...any) error) error {
		var seq int64
		return scan(&seq)
	}, `SELECT e.seq FROM entities e WHERE e.scope = ?`+d.tx.dialect.lockDelete, root)
	if err != nil {
		return err
	}
	for in, types := range d.types {
		if err := d.tx.execIn(ctx, `DELETE FROM `+in.String()+` WHERE type IN (...)`, nil, namesOf(types)); err != nil {
			return err
		}
	}
	for after := root; ; {
		page, last, err := d.page(ctx, after)
		if err != nil || len(page) == 0 {
			return err
		}
		if err := d.fill(ctx, page); err != nil || len(d.misfits) >= maxMisfits {
			return err
		}
		after = last
	}
}

func namesOf(types entity.Table) []any {
	names := make([]any, len(types))
	for i, t := range types {
		names[i] = t.Name
	}
	return names
}

// all are the types with outdated rows.
func (d *derivation) all() entity.Table {
	var all entity.Table
	for _, types := range d.types {
		for _, t := range types {
			if !slices.Contains(all, t) {
				all = append(all, t)
			}
		}
	}
	return all
}

// errEnough ends a page.
var errEnough = errors.New("the page is large enough")

// page reads some of the entities after a place, and derives the rows of each.
func (d *derivation) page(ctx context.Context, after int64) (page []subject, last int64, err error) {
	types := d.all()
	var names []string
	for _, t := range types {
		names = append(names, t.Name)
	}
	in, args := list(names)
	size := 0
	err = d.tx.query(ctx, func(scan func(...any) error) error {
		var r row
		var name string
		if err := scan(&r.seq, &r.scope, &name, &r.id, &r.entries, &r.body); err != nil {
			return err
		}
		if size > batchBytes {
			return errEnough
		}
		size += len(r.body)
		last = r.seq
		s, err := d.subject(types.Named(name), r)
		page = append(page, s)
		return err
	}, `SELECT e.seq, e.scope, e.type, e.id, e.entries, e.body FROM entities e
		WHERE e.seq > ? AND e.type IN `+in+` ORDER BY e.seq LIMIT ?`+d.tx.dialect.lockUpdate,
		append(append([]any{after}, args...), batchDocuments)...)
	if errors.Is(err, errEnough) {
		err = nil
	}
	return page, last, err
}

func (d *derivation) subject(t *entity.Type, r row) (subject, error) {
	doc, err := Decode(r.body)
	if err != nil {
		return subject{}, err
	}
	all, wrong := entries(t, doc)
	d.reject(t, r, wrong)
	packed, err := pack(all)
	if packed != r.entries {
		d.packed = append(d.packed, r.seq, packed)
	}
	return subject{t, r, slices.DeleteFunc(all, func(e entry) bool { return !slices.Contains(d.types[e.table], t) })}, err
}

// reject notes what does not fit, if there is something.
func (d *derivation) reject(t *entity.Type, r row, why error) {
	if why != nil {
		d.misfits = append(d.misfits, Misfit{Type: t.Singular, ID: r.id, Err: why})
	}
}

// fill derives the rows of some entities.
func (d *derivation) fill(ctx context.Context, page []subject) error {
	if err := d.repack(ctx); err != nil {
		return err
	}
	found := len(d.misfits)
	err := d.tx.together(ctx, len(page),
		func() error { return d.tx.addAll(ctx, page) },
		func(i int) error { return d.addOne(ctx, page[i]) })
	if len(d.misfits) > found && errors.Is(err, errTogether) {
		return nil // the misfits are known
	}
	return err
}

// repack stores the new entries of the entities of a page. The bounds of the
// page keep SQLite from reading all entities for each of them.
func (d *derivation) repack(ctx context.Context) error {
	changed := d.packed
	d.packed = nil
	return inChunks(`UPDATE entities SET entries = v.column2 FROM (VALUES `, `(CAST(? AS BIGINT), ?)`, changed, func(query string, args []any) error {
		return d.tx.exec(ctx, query+`) AS v WHERE entities.seq = v.column1 AND entities.seq BETWEEN ? AND ?`,
			append(slices.Clone(args), args[0], args[len(args)-2])...)
	})
}

// addOne adds the entries that fit.
func (d *derivation) addOne(ctx context.Context, s subject) error {
	for _, e := range s.rows {
		misfit, err := d.misfit(ctx, s, e)
		switch {
		case err != nil:
			return err
		case misfit != nil:
			d.reject(s.typ, s.row, misfit)
		default:
			if err := d.tx.addEntries(ctx, s.typ, s.row, []entry{e}); err != nil {
				return err
			}
		}
	}
	return nil
}

// misfit says why an entry cannot be stored. It leaves out the value, which may
// be a secret.
func (d *derivation) misfit(ctx context.Context, s subject, e entry) (misfit, err error) {
	switch e.table {
	case uniques:
		var other string
		taken, err := d.tx.one(ctx, []any{&other}, `SELECT e.id FROM uniques u CROSS JOIN entities e
			WHERE u.scope = ? AND u.type = ? AND u.name = ? AND u.value = ? AND e.seq = u.entity`,
			s.row.scope, s.typ.Name, e.name, e.value)
		if err == nil && taken {
			u := s.typ.Unique[slices.IndexFunc(s.typ.Unique, func(u entity.Unique) bool { return u.Name == e.name })]
			return fmt.Errorf("has the same %s as %s (%s is unique)", strings.Join(u.Fields, ", "), other, u.Name), nil
		}
		return nil, err
	case refs:
		target := reference(s.typ, e.name).Target
		if storableID(e.value) {
			if _, found, err := d.tx.seqOf(ctx, s.row.scope, target, e.value); err != nil || found {
				return nil, err
			}
		}
		return fmt.Errorf("%s leads to no entity of type %s", e.name, target), nil
	}
	return nil, nil
}

// note stores the facts by which the rows are derived now.
func (d *derivation) note(ctx context.Context) error {
	var args []any
	for in, types := range d.types {
		if err := d.tx.execIn(ctx, `DELETE FROM facts WHERE kind = ? AND type IN (...)`, []any{in.String()}, namesOf(types)); err != nil {
			return err
		}
		for _, t := range types {
			text, err := facts(t, in)
			if err != nil {
				return err
			}
			args = append(args, t.Name, in.String(), text)
		}
	}
	return d.tx.execRows(ctx, `INSERT INTO facts (type, kind, facts) VALUES `, `(?, ?, ?)`, args)
}

// maxMisfits bounds how many misfits one error lists.
const maxMisfits = 20

// Misfit is a document that does not fit the declarations of its type.
type Misfit struct {
	Type string // in the singular: "route"
	ID   string
	Err  error
}

// MisfitError says that documents do not fit the present declarations: a value
// that has to be unique exists twice, or a reference leads nowhere. The
// database is unchanged.
type MisfitError struct {
	Misfits []Misfit // some of them, if there are many
}

func (e *MisfitError) Error() string {
	var b strings.Builder
	b.WriteString("it holds what this version of the program does not allow; change or delete it with the version that wrote it: ")
	for i, m := range e.Misfits {
		if i > 0 {
			b.WriteString("; ")
		}
		fmt.Fprintf(&b, "the %s %s %v", m.Type, m.ID, m.Err)
	}
	if len(e.Misfits) >= maxMisfits {
		b.WriteString("; and perhaps more")
	}
	return b.String()
}
