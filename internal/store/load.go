package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// ErrNotEmpty says that the database holds documents already.
var ErrNotEmpty = errors.New("the database is not empty")

// DocumentError says which of the documents given to [Store.Load] cannot be stored.
type DocumentError struct {
	Number int // from 1
	Err    error
}

func (e *DocumentError) Error() string { return fmt.Sprintf("document %d: %v", e.Number, e.Err) }

// Unwrap returns the cause.
func (e *DocumentError) Unwrap() error { return e.Err }

// Load fills an empty database with documents, in one transaction and in their
// order, in which an owner comes before what it owns; references may lead
// forward. Others cannot write meanwhile.
//
// Errors: ErrNotEmpty, *DocumentError around those of [Store.Insert], and
// whatever documents yields. The database stays empty then.
func (s *Store) Load(ctx context.Context, documents iter.Seq2[Document, error]) error {
	if !s.gate.TryRLock() {
		return ErrClosed
	}
	defer s.gate.RUnlock()
	var source error
	err := s.transact(ctx, true, func(on session) error {
		l := &loader{tx: &Tx{on: on, dialect: s.dialect, locking: true}, types: s.types, owners: map[owner]int64{}}
		var err error
		err, source = l.load(ctx, documents)
		return errors.Join(err, source)
	})
	switch {
	case source != nil:
		return source // whatever it is, it is no fault of the database
	case s.dialect.fault(err) == conflict:
		// The documents have been read and cannot be read again.
		return &DatabaseError{Database: s.name, Kind: ErrBusy, Err: err}
	}
	return s.explain(err)
}

// loader fills a database inside of a transaction. Documents go in many at a
// time, or every statement would wait for a server's answer.
type loader struct {
	tx     *Tx
	types  entity.Table
	owners map[owner]int64 // some of the seqs that were looked up
	number int             // of the document last seen
	batch  []*loading
	size   int // bytes of the batch
}

type owner struct{ typ, id string }

// loading is a document on its way.
type loading struct {
	number int
	typ    *entity.Type
	row    row
	rows   []entry // without those that refer to others
}

// What a batch holds, and how many owners are remembered.
const (
	batchDocuments = 256
	batchBytes     = 4 << 20
	maxOwners      = 4096
)

// load tells the errors of the source from its own.
func (l *loader) load(ctx context.Context, documents iter.Seq2[Document, error]) (err, source error) {
	if err := l.occupy(ctx); err != nil {
		return err, nil
	}
	for r, source := range documents {
		if source != nil {
			return nil, source
		}
		l.number++
		if err := l.add(ctx, r); err != nil {
			return err, nil
		}
	}
	if err := l.flush(ctx); err != nil {
		return err, nil
	}
	return l.connect(ctx), nil
}

// occupy makes sure that the database is empty, and stays so for everybody
// else: whoever inserts anything needs the root, which is locked.
func (l *loader) occupy(ctx context.Context) error {
	var seq int64
	found, err := l.tx.one(ctx, []any{&seq}, `SELECT e.seq FROM entities e WHERE e.seq = ?`+l.tx.dialect.lockDelete, root)
	if err == nil && !found {
		return fmt.Errorf("%w: the row that owns all others is missing", ErrDamaged)
	}
	if err != nil {
		return err
	}
	found, err = l.tx.one(ctx, []any{&seq}, `SELECT seq FROM entities WHERE seq > ? ORDER BY seq LIMIT 1`, root)
	if err == nil && found {
		return ErrNotEmpty
	}
	return err
}

// add puts a document into the batch.
func (l *loader) add(ctx context.Context, r Document) error {
	next, err := l.read(ctx, r)
	if err != nil {
		return l.at(l.number, err)
	}
	l.batch = append(l.batch, next)
	l.size += len(next.row.body)
	if len(l.batch) < batchDocuments && l.size < batchBytes {
		return nil
	}
	return l.flush(ctx)
}

// at names the document that an error is about, unless that is known.
func (l *loader) at(number int, err error) error {
	if known := (*DocumentError)(nil); err == nil || errors.As(err, &known) {
		return err
	}
	if _, own := l.tx.dialect.kind(err); own {
		return err
	}
	return &DocumentError{Number: number, Err: err}
}

func (l *loader) read(ctx context.Context, r Document) (*loading, error) {
	next := &loading{number: l.number, typ: l.types.Named(r.Type)}
	if next.typ == nil {
		return nil, fmt.Errorf("the type %q is not known", r.Type)
	}
	doc, err := decode(r.Body)
	if err != nil {
		return nil, err
	}
	var all []entry
	if next.row, all, err = newRow(next.typ, doc); err != nil {
		return nil, err
	}
	for _, e := range all {
		if e.table != refs {
			next.rows = append(next.rows, e)
		}
	}
	next.row.scope, err = l.owner(ctx, next.typ, r.Scope)
	return next, err
}

// owner returns the seq of a scope, which may still be in the batch.
func (l *loader) owner(ctx context.Context, t *entity.Type, scope string) (int64, error) {
	if scope == "" && t.Parent == nil {
		return root, nil
	}
	if scope == "" {
		return 0, fmt.Errorf("%s: no scope given: the id of the %s that owns it is missing", t.Name, outermost(t).Singular)
	}
	typ, err := ownerType(t, scope)
	if err != nil {
		return 0, err
	}
	key := owner{typ, entity.CanonicalID(scope)}
	if seq, ok := l.owners[key]; ok {
		return seq, nil
	}
	if err := l.flush(ctx); err != nil {
		return 0, err
	}
	if !storableID(scope) {
		return 0, notFound(outermost(t), scope)
	}
	seq, found, err := l.tx.seqOf(ctx, root, typ, scope)
	if err == nil && !found {
		err = notFound(outermost(t), scope)
	}
	if err != nil {
		return 0, err
	}
	if len(l.owners) >= maxOwners {
		clear(l.owners)
	}
	l.owners[key] = seq
	return seq, nil
}

// flush inserts the batch.
func (l *loader) flush(ctx context.Context) error {
	batch := l.batch
	l.batch, l.size = l.batch[:0], 0
	return l.together(ctx, len(batch),
		func() error { return l.insert(ctx, batch) },
		func(i int) error { return l.at(batch[i].number, l.insertOne(ctx, batch[i])) })
}

// together does something for n things at once and, if the database refuses
// that, one by one to learn which it refuses and why.
func (l *loader) together(ctx context.Context, n int, all func() error, one func(i int) error) error {
	if n == 0 {
		return nil
	}
	if err := l.tx.exec(ctx, `SAVEPOINT batch`); err != nil {
		return err
	}
	refused := all()
	if refused == nil {
		return l.tx.exec(ctx, `RELEASE SAVEPOINT batch`)
	}
	if l.tx.dialect.fault(refused) == other || l.tx.dialect.fault(refused) == conflict {
		return refused
	}
	if err := l.tx.exec(ctx, `ROLLBACK TO SAVEPOINT batch`); err != nil {
		return errors.Join(refused, err)
	}
	for i := range n {
		if err := one(i); err != nil {
			return err
		}
	}
	return refused // only together: there is no such case that is known
}

func (l *loader) insert(ctx context.Context, batch []*loading) error {
	if err := l.insertRows(ctx, batch); err != nil {
		return err
	}
	var unique, term []any
	for _, r := range batch {
		for _, e := range r.rows {
			args := []any{r.row.scope, r.typ.Name, e.name, e.value, r.row.seq}
			if e.table == uniques {
				unique = append(unique, args...)
			} else {
				term = append(term, args...)
			}
		}
	}
	if err := l.execRows(ctx, `INSERT INTO uniques (scope, type, name, value, entity) VALUES `, `(?, ?, ?, ?, ?)`, unique); err != nil {
		return err
	}
	return l.execRows(ctx, `INSERT INTO terms (scope, type, field, value, entity) VALUES `, `(?, ?, ?, ?, ?)`, term)
}

// place is what tells an entity from all others.
type place struct {
	scope   int64
	typ, id string
}

// insertRows also learns the seqs, which no database promises to return in
// the order of the rows.
func (l *loader) insertRows(ctx context.Context, batch []*loading) error {
	places := make(map[place]*loading, len(batch))
	var args []any
	for _, r := range batch {
		places[place{r.row.scope, r.typ.Name, r.row.id}] = r
		args = append(args, r.row.scope, r.typ.Name, r.row.id, r.row.entries, r.row.body)
	}
	return inChunks(`INSERT INTO entities (scope, type, id, entries, body) VALUES `, `(?, ?, ?, ?, ?)`, args, func(query string, args []any) error {
		return l.tx.query(ctx, func(scan func(...any) error) error {
			var seq int64
			var p place
			if err := scan(&seq, &p.scope, &p.typ, &p.id); err != nil {
				return err
			}
			r := places[p]
			if r == nil {
				return fmt.Errorf("the database says that it stored %s %q, which it was not given", p.typ, p.id)
			}
			r.row.seq = seq
			return nil
		}, query+` RETURNING seq, scope, type, id`, args...)
	})
}

func (l *loader) insertOne(ctx context.Context, r *loading) error {
	err := l.insertRows(ctx, []*loading{r})
	if l.tx.dialect.fault(err) == duplicate {
		return &UniqueError{Index: idField(r.typ), Fields: []string{idField(r.typ)}}
	}
	if err != nil {
		return err
	}
	return l.tx.addEntries(ctx, r.typ, r.row, r.rows)
}

func (l *loader) execRows(ctx context.Context, query, values string, args []any) error {
	return inChunks(query, values, args, func(query string, args []any) error { return l.tx.exec(ctx, query, args...) })
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

// pending is a foreign key to be set.
type pending struct {
	number int
	typ    *entity.Type
	row    row
	entry  entry
}

// connect sets the foreign keys of all documents, now that each target is
// there. It reads the documents again, a part at a time, so as not to keep
// what there may be any number of.
func (l *loader) connect(ctx context.Context) error {
	number := 0
	for after := root; ; {
		var wanted []pending
		read := 0
		err := l.tx.query(ctx, func(scan func(...any) error) error {
			var r row
			var typ string
			if err := scan(&r.seq, &r.scope, &typ, &r.body); err != nil {
				return err
			}
			after, read, number = r.seq, read+1, number+1
			more, err := l.references(number, l.types.Named(typ), r)
			wanted = append(wanted, more...)
			return err
		}, `SELECT seq, scope, type, body FROM entities WHERE seq > ? ORDER BY seq LIMIT ?`, after, batchDocuments)
		if err != nil {
			return err
		}
		if err := l.refer(ctx, wanted); err != nil || read < batchDocuments {
			return err
		}
	}
}

func (l *loader) references(number int, t *entity.Type, r row) ([]pending, error) {
	if len(t.References) == 0 {
		return nil, nil
	}
	doc, err := decode(r.body)
	if err != nil {
		return nil, err
	}
	all, err := entries(t, doc)
	if err != nil {
		return nil, err
	}
	var wanted []pending
	for _, e := range all {
		if e.table == refs {
			wanted = append(wanted, pending{number, t, row{seq: r.seq, scope: r.scope}, e})
		}
	}
	return wanted, nil
}

func (l *loader) refer(ctx context.Context, wanted []pending) error {
	const values = `(?, ?, (SELECT seq FROM entities WHERE scope = ? AND type = ? AND id = ?), ?, ?, ?)`
	var args []any
	for _, p := range wanted {
		ref := reference(p.typ, p.entry.name)
		if !storableID(p.entry.value) {
			return l.at(p.number, &ReferenceError{Field: ref.Field, Target: ref.Target, ID: p.entry.value})
		}
		args = append(args, p.row.seq, p.entry.name, p.row.scope, ref.Target, p.entry.value,
			p.typ.Name, p.typ.Singular, string(ref.OnDelete))
	}
	return l.together(ctx, len(wanted),
		func() error {
			return l.execRows(ctx, `INSERT INTO refs (entity, field, target, type, referrer, on_delete) VALUES `, values, args)
		},
		func(i int) error {
			p := wanted[i]
			return l.at(p.number, l.tx.addReference(ctx, p.typ, p.row, p.entry))
		})
}
