package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

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
// order. An owner comes before the documents in it; references may lead
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
		l := &loader{tx: &Tx{on: on, dialect: s.dialect, owners: s.owners, locking: true}, types: s.types, owners: map[owner]int64{}}
		var err error
		err, source = l.load(ctx, documents)
		return errors.Join(err, source)
	})
	switch {
	case source != nil:
		return source // an error of the source, not of the database
	case s.dialect.fault(err) == conflict:
		// The documents have been read and cannot be read again.
		return &DatabaseError{Database: s.name, Kind: ErrBusy, Err: err}
	}
	return s.explain(err)
}

// loader fills a database in one transaction. It inserts many documents at a
// time, since each statement waits for a server's answer.
type loader struct {
	tx     *Tx
	types  entity.Table
	owners map[owner]int64 // some of the seqs that were looked up
	number int             // of the document last seen
	batch  []*loading
	size   int // bytes of the batch
}

type owner struct{ typ, id string }

// loading is a document that is being loaded.
type loading struct {
	subject // without, at first, the entries that refer to others

	number int
}

// Bounds of a batch, and of the owners that are remembered.
const (
	batchDocuments = 256
	batchBytes     = 4 << 20
	maxOwners      = 4096
)

// load separates the errors of the source from its own.
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

// occupy makes sure that the database is empty and stays so for all others:
// every insert needs the root, which it locks.
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

// at adds the document to an error, unless the error has it already.
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
	next := &loading{number: l.number, subject: subject{typ: l.types.Named(r.Type)}}
	if next.typ == nil {
		return nil, fmt.Errorf("the type %q is not known", r.Type)
	}
	doc, err := Decode(r.Body)
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
	return l.tx.together(ctx, len(batch),
		func() error { return l.insert(ctx, batch) },
		func(i int) error { return l.at(batch[i].number, l.insertOne(ctx, batch[i])) })
}

func (l *loader) insert(ctx context.Context, batch []*loading) error {
	if err := l.insertRows(ctx, batch); err != nil {
		return err
	}
	return l.tx.addAll(ctx, subjects(batch))
}

func subjects(batch []*loading) []subject {
	list := make([]subject, len(batch))
	for i, l := range batch {
		list[i] = l.subject
	}
	return list
}

// identity is what identifies an entity.
type identity struct {
	scope   int64
	typ, id string
}

// insertRows also returns the seqs. No database promises to return them in the
// order of the rows.
func (l *loader) insertRows(ctx context.Context, batch []*loading) error {
	known := make(map[identity]*loading, len(batch))
	var args []any
	for _, r := range batch {
		known[identity{r.row.scope, r.typ.Name, r.row.id}] = r
		args = append(args, r.row.scope, r.typ.Name, r.row.id, r.row.entries, r.row.body)
	}
	return inChunks(`INSERT INTO entities (scope, type, id, entries, body) VALUES `, `(?, ?, ?, ?, ?)`, args, func(query string, args []any) error {
		return l.tx.query(ctx, func(scan func(...any) error) error {
			var seq int64
			var is identity
			if err := scan(&seq, &is.scope, &is.typ, &is.id); err != nil {
				return err
			}
			r := known[is]
			if r == nil {
				return fmt.Errorf("the database says that it stored %s %q, which it was not given", is.typ, is.id)
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

// connect sets the foreign keys of all documents, now that each target exists.
// It reads the documents again, a part at a time, since there may be too many
// to keep.
func (l *loader) connect(ctx context.Context) error {
	number := 0
	for after := root; ; {
		var wanted []*loading
		read := 0
		err := l.tx.query(ctx, func(scan func(...any) error) error {
			var r row
			var typ string
			if err := scan(&r.seq, &r.scope, &typ, &r.body); err != nil {
				return err
			}
			after, read, number = r.seq, read+1, number+1
			next, err := l.references(number, l.types.Named(typ), r)
			if next != nil {
				wanted = append(wanted, next)
			}
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

func (l *loader) references(number int, t *entity.Type, r row) (*loading, error) {
	if len(t.References) == 0 {
		return nil, nil
	}
	doc, err := Decode(r.body)
	if err != nil {
		return nil, err
	}
	all, err := entries(t, doc)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(e entry) bool { return e.table != refs })
	return &loading{number: number, subject: subject{t, row{seq: r.seq, scope: r.scope}, all}}, nil
}

func (l *loader) refer(ctx context.Context, wanted []*loading) error {
	return l.tx.together(ctx, len(wanted),
		func() error { return l.tx.addAll(ctx, subjects(wanted)) },
		func(i int) error {
			w := wanted[i]
			return l.at(w.number, l.tx.addEntries(ctx, w.typ, w.row, w.rows))
		})
}
