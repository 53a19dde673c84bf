package store

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/pressly/goose/v3"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// OpenWith opens a SQLite file with further settings for its writer.
func OpenWith(ctx context.Context, path string, types entity.Table, pragmas ...string) (*Store, error) {
	return openSQLite(ctx, path, types, pragmas...)
}

// Cursors, for the fuzz test.
var (
	EncodeCursor = encodeCursor
	DecodeCursor = decodeCursor
)

// Dial connects to a server.
var Dial = dial

// Latest is the version that this program migrates to.
const Latest = latest

// Plant makes a database as an earlier program left it: of its version, with
// what the statements do, one on each line.
func Plant(ctx context.Context, dsn string, version int64, statements string) error {
	d, driver := postgresDialect, "pgx"
	if !strings.HasPrefix(dsn, "postgres") {
		d, driver, dsn = sqliteDialect, "sqlite", sqliteURI(dsn, commonPragmas)
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		return err
	}
	defer db.Close()
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(d.goose, db, spelled{files, d}, goose.WithDisableGlobalRegistry(true), goose.WithTableName(versionTable))
	if err != nil {
		return err
	}
	if _, err := provider.UpTo(ctx, version); err != nil {
		return err
	}
	for statement := range strings.Lines(statements) {
		if strings.HasPrefix(statement, "--") {
			continue
		}
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}

// Exec runs a statement past the rules of the package.
func (s *Store) Exec(ctx context.Context, statement string) error {
	return s.transact(ctx, false, func(on session) error {
		_, err := on.ExecContext(ctx, statement)
		return err
	})
}

// Count returns the first column of the first row.
func (s *Store) Count(ctx context.Context, query string) (n int, err error) {
	_, err = s.view().one(ctx, []any{&n}, query)
	return n, err
}

// Text returns the first column of the first row.
func (s *Store) Text(ctx context.Context, query string) (text string, err error) {
	_, err = s.view().one(ctx, []any{&text}, query)
	return text, err
}

// Texts returns the first column of all rows.
func (s *Store) Texts(ctx context.Context, query string) (texts []string, err error) {
	err = s.view().query(ctx, func(scan func(...any) error) error {
		var text string
		err := scan(&text)
		texts = append(texts, text)
		return err
	}, query)
	return texts, err
}

// Record notes every statement that the store runs from now on.
func Record(s *Store) (statements func() []string) {
	seen := map[string]bool{}
	reads, looks, transact := s.reads, s.looks, s.transact
	s.reads, s.looks = recorder{reads, seen}, recorder{looks, seen}
	s.transact = func(ctx context.Context, crowded bool, fn func(session) error) error {
		return transact(ctx, crowded, func(on session) error { return fn(recorder{on, seen}) })
	}
	return func() []string {
		s.reads, s.looks, s.transact = reads, looks, transact
		return slices.Sorted(maps.Keys(seen))
	}
}

type recorder struct {
	session
	seen map[string]bool
}

func (r recorder) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	r.seen[query] = true
	return r.session.ExecContext(ctx, query, args...)
}

func (r recorder) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	r.seen[query] = true
	return r.session.QueryContext(ctx, query, args...)
}

// Plan returns how SQLite goes about a statement, a line for each step.
func (s *Store) Plan(ctx context.Context, statement string) (steps []string, err error) {
	args := make([]any, strings.Count(statement, "?"))
	err = s.view().query(ctx, func(scan func(...any) error) error {
		var id, parent, unused int
		var step string
		err := scan(&id, &parent, &unused, &step)
		steps = append(steps, step)
		return err
	}, "EXPLAIN QUERY PLAN "+statement, args...)
	return steps, err
}

// Entries counts the entries that entities say they have in a table.
func (s *Store) Entries(ctx context.Context, name string) (n int, err error) {
	kinds := map[string]table{"uniques": uniques, "terms": terms, "refs": refs}
	err = s.view().query(ctx, func(scan func(...any) error) error {
		var text string
		if err := scan(&text); err != nil {
			return err
		}
		rows, err := unpack(text)
		for _, e := range rows {
			if e.table == kinds[name] {
				n++
			}
		}
		return err
	}, `SELECT entries FROM entities`)
	return n, err
}
