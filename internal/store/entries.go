package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
)

// difference returns the entries to remove and to add to get from one set to
// another.
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

// pack renders entries for the row of their entity. They tell which rows of the
// other tables have to be removed; what the type would derive today may differ.
// An index from entities to entries would do the same, but every transaction
// would write a page of it and one of a similar index.
func pack(rows []entry) (string, error) {
	text := append(make([]byte, 0, 256), '[')
	for i, e := range rows {
		if i > 0 {
			text = append(text, ',')
		}
		text = append(strconv.AppendInt(text, int64(e.table), 10), ',')
		var err error
		if text, err = jsonvalue.AppendText(text, e.name); err != nil {
			return "", err
		}
		if text, err = jsonvalue.AppendText(append(text, ','), e.value); err != nil {
			return "", err
		}
	}
	return string(append(text, ']')), nil
}

// unpack is the inverse of pack.
func unpack(text string) ([]entry, error) {
	v, err := jsonvalue.Parse(text, 1)
	list, ok := v.([]any)
	if err != nil || !ok || len(list)%3 != 0 {
		return nil, fmt.Errorf("%w: entries of an entity read %.100q", ErrDamaged, text)
	}
	rows := make([]entry, 0, len(list)/3)
	for three := range slices.Chunk(list, 3) {
		number, _ := three[0].(json.Number)
		kind, err := strconv.Atoi(string(number))
		name, isName := three[1].(string)
		value, isValue := three[2].(string)
		if err != nil || !isName || !isValue {
			return nil, fmt.Errorf("%w: entries of an entity read %.100q", ErrDamaged, text)
		}
		rows = append(rows, entry{table(kind), name, value})
	}
	return rows, nil
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
	var term []any
	for _, e := range rows {
		var err error
		switch e.table {
		case uniques:
			err = tx.addUnique(ctx, t, r, e)
		case terms:
			term = append(term, r.scope, t.Name, e.name, e.value, r.seq)
		case refs:
			err = tx.addReference(ctx, t, r, e)
		}
		if err != nil {
			return err
		}
	}
	return tx.addTerms(ctx, term)
}

// addTerms adds rows of five values each, a few at a time.
func (tx *Tx) addTerms(ctx context.Context, args []any) error {
	const width, few = 5, 8
	for some := range slices.Chunk(args, width*few) {
		values := strings.Repeat(`, (?, ?, ?, ?, ?)`, len(some)/width)
		if err := tx.exec(ctx, `INSERT INTO terms (scope, type, field, value, entity) VALUES`+values[1:], some...); err != nil {
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
	err := tx.exec(ctx, `INSERT INTO refs (entity, field, target, type, referrer, on_delete) VALUES `+refValues, referenceRow(subject{typ: t, row: r}, e)...)
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
