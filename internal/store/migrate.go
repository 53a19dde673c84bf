package store

import (
	"bytes"
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

const (
	// latest is the version of the last migration.
	latest int64 = 2
	// versionTable is where goose keeps which migrations a database has.
	versionTable = "goose_db_version"
)

// isCurrent reports whether a database has all migrations, and rows that are
// derived by the present declarations.
func (s *Store) isCurrent(ctx context.Context, db *sql.DB) (bool, error) {
	current, err := version(ctx, db, s.dialect)
	if err != nil || current < latest {
		return false, err
	}
	stale, err := (&Tx{on: db, dialect: s.dialect}).outdated(ctx, s.types)
	return len(stale) == 0, err
}

// version returns the last migration of a database. It refuses a database that
// is newer than this program.
func version(ctx context.Context, db *sql.DB, d *dialect) (int64, error) {
	var there int
	if err := db.QueryRowContext(ctx, d.migrated).Scan(&there); err != nil || there == 0 {
		return 0, err
	}
	var current int64
	query := `SELECT coalesce(max(version_id), 0) FROM ` + versionTable
	if err := db.QueryRowContext(ctx, query).Scan(&current); err != nil {
		return 0, err
	}
	if current > latest {
		return 0, newerError(current)
	}
	return current, nil
}

// bringUpToDate applies missing migrations and derives rows anew, all in one
// transaction. The statements of begin open it so that others can neither write
// nor do the same. db has only one connection, so that everything it does is in
// the transaction.
func (s *Store) bringUpToDate(ctx context.Context, db *sql.DB, begin ...string) error {
	for attempt := 1; ; attempt++ {
		err := s.upgrade(ctx, db, begin)
		if err != nil {
			_, undo := db.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
			err = errors.Join(err, undo)
		}
		if s.dialect.fault(err) != conflict || attempt == maxAttempts {
			return err
		}
		if err := pause(ctx, attempt); err != nil {
			return err
		}
	}
}

func (s *Store) upgrade(ctx context.Context, db *sql.DB, begin []string) error {
	for _, statement := range begin {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	at, err := version(ctx, db, s.dialect) // another process may have been first
	if err == nil && at < latest {
		err = migrate(ctx, s.dialect, db)
	}
	if err != nil {
		return err
	}
	if err := (&Tx{on: db, dialect: s.dialect}).derive(ctx, s.types); err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, "COMMIT")
	return err
}

// migrate applies missing migrations in the open transaction.
func migrate(ctx context.Context, d *dialect, db *sql.DB) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(d.goose, db, spelled{files, d},
		goose.WithDisableGlobalRegistry(true), goose.WithTableName(versionTable), goose.WithIsolateDDL(true))
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate to version %d: %w", latest, err)
	}
	return nil
}

// spelled is the migrations in the words of a dialect.
type spelled struct {
	fs.FS
	dialect *dialect
}

func (s spelled) Open(name string) (fs.File, error) {
	file, err := s.FS.Open(name)
	if err != nil {
		return nil, err
	}
	if info, err := file.Stat(); err != nil || info.IsDir() {
		return file, err
	}
	text, err := io.ReadAll(file)
	if err != nil {
		return nil, err
	}
	return spelledFile{file, bytes.NewReader([]byte(s.dialect.ddl.Replace(string(text))))}, nil
}

type spelledFile struct {
	fs.File
	text *bytes.Reader
}

func (f spelledFile) Read(p []byte) (int, error) { return f.text.Read(p) }
