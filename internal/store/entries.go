package store

import (
	"context"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

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
