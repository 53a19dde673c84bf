package store

import (
	"bytes"
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

const (
	// latest is the version of the last migration.
	latest int64 = 1
	// versionTable is where goose keeps which migrations a database has.
	versionTable = "goose_db_version"
)

// version returns the last migration that a database has, and refuses one
// that this program is too old for. exists counts the tables of the name
// versionTable.
func version(ctx context.Context, db *sql.DB, exists string) (int64, error) {
	var tables int
	if err := db.QueryRowContext(ctx, exists).Scan(&tables); err != nil || tables == 0 {
		return 0, err
	}
	var current int64
	query := `SELECT coalesce(max(version_id), 0) FROM ` + versionTable
	if err := db.QueryRowContext(ctx, query).Scan(&current); err != nil {
		return 0, err
	}
	if current > latest {
		return 0, fmt.Errorf("%w: it is at version %d, this program knows versions up to %d; use the newer program", ErrNewer, current, latest)
	}
	return current, nil
}

// migrate applies the migrations that a database lacks. The caller holds a lock
// that keeps others from doing the same.
func migrate(ctx context.Context, d *dialect, db *sql.DB, options ...goose.ProviderOption) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	options = append(options, goose.WithDisableGlobalRegistry(true), goose.WithTableName(versionTable))
	provider, err := goose.NewProvider(d.goose, db, spelled{files, d}, options...)
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
