package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

var sqliteDialect = &dialect{
	goose:    goose.DialectSQLite3,
	migrated: `SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '` + versionTable + `'`,
	ddl: strings.NewReplacer(
		"{{sequence}}", "INTEGER PRIMARY KEY AUTOINCREMENT",
		"{{clustered}}", "WITHOUT ROWID",
	),
	fault: sqliteFault,
	kind:  sqliteKind,
}

func sqliteFault(err error) fault {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return other
	}
	switch e.Code() {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
		return duplicate
	case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		return dangling
	case sqlite3.SQLITE_CONSTRAINT_NOTNULL:
		return missing
	}
	return other
}

func sqliteKind(err error) (error, bool) {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return nil, errors.Is(err, sql.ErrConnDone)
	}
	switch e.Code() & 0xff { // the rest of the code is a finer distinction
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return ErrBusy, true
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return ErrReadOnly, true
	case sqlite3.SQLITE_FULL:
		return ErrFull, true
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return ErrDamaged, true
	}
	return nil, true
}

// The settings of every connection. busy_timeout comes first, since the others
// may meet a lock; DESIGN.md has the reasons.
var (
	commonPragmas = []string{"busy_timeout(30000)", "foreign_keys(1)"}
	writerPragmas = []string{"synchronous(FULL)", "cache_size(-16384)", "temp_store(MEMORY)", "wal_autocheckpoint(4000)", "journal_size_limit(16777216)"}
	readerPragmas = []string{"query_only(1)", "cache_size(-4096)"}
)

// openSQLite opens the file, and creates it if there is none.
func openSQLite(ctx context.Context, path string, types entity.Table, pragmas ...string) (*Store, error) {
	path, err := filepath.Abs(path) // a later change of directory must not matter
	if err != nil {
		return nil, fmt.Errorf("database %s: %w", path, err)
	}
	if err := createFile(path); err != nil {
		return nil, err
	}
	s := &Store{dialect: sqliteDialect, owners: newOwners(), name: path, types: types}
	writes, err := sql.Open("sqlite", sqliteURI(path, commonPragmas, writerPragmas, pragmas))
	if err != nil {
		return nil, s.refused(err)
	}
	writes.SetMaxOpenConns(1)
	if err := s.prepareSQLite(ctx, writes); err != nil {
		return nil, errors.Join(s.refused(withDirectory(err)), writes.Close())
	}
	conn, err := writes.Conn(ctx)
	if err != nil {
		return nil, errors.Join(s.refused(err), writes.Close())
	}
	reads, err := sql.Open("sqlite", sqliteURI(path, commonPragmas, readerPragmas))
	if err != nil {
		return nil, errors.Join(s.refused(err), conn.Close(), writes.Close())
	}
	readers := max(4, runtime.GOMAXPROCS(0))
	reads.SetMaxOpenConns(readers)
	reads.SetMaxIdleConns(readers)
	prepared, w := newPrepared(reads), newWriter(conn)
	s.reads, s.looks, s.transact = prepared, detached{prepared}, w.transact
	s.release = func() error {
		return errors.Join(prepared.close(), reads.Close(), w.close(), writes.Close())
	}
	return s, nil
}

// openTemporary opens a database that is deleted when it is closed. It is a
// file, so that it behaves like other databases: SQLite's own in-memory
// databases block readers while somebody writes.
func openTemporary(ctx context.Context, types entity.Table) (*Store, error) {
	dir, err := os.MkdirTemp("", "konnect-*")
	if err != nil {
		return nil, fmt.Errorf("temporary database: %w", err)
	}
	s, err := openSQLite(ctx, filepath.Join(dir, "konnect.db"), types, "synchronous(OFF)")
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	closeFile := s.release
	s.release = func() error { return errors.Join(closeFile(), os.RemoveAll(dir)) }
	return s, nil
}

// createFile makes sure that the file exists and, since documents hold keys
// and passwords, that only its owner may read a new one.
func createFile(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err == nil {
		return file.Close()
	}
	if _, missing := os.Stat(filepath.Dir(path)); errors.Is(missing, fs.ErrNotExist) {
		return fmt.Errorf("database %s: the directory %s does not exist", path, filepath.Dir(path))
	}
	if _, known := os.Stat(path); known == nil && (errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS)) {
		return &DatabaseError{Database: path, Kind: ErrReadOnly, Err: err}
	}
	return &DatabaseError{Database: path, Err: err}
}

// sqliteURI is the name of a file, with any characters in its path, and the
// settings of its connections.
func sqliteURI(path string, pragmas ...[]string) string {
	slashed := filepath.ToSlash(path)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed // C:/…
	}
	query := url.Values{
		"_error_rc": {"1"}, // messages that belong to the error
		"_dqs":      {"0"}, // a misspelt column is no text
	}
	for _, list := range pragmas {
		for _, pragma := range list {
			query.Add("_pragma", pragma)
		}
	}
	uri := url.URL{Scheme: "file", Path: slashed, RawQuery: query.Encode()}
	return uri.String()
}

// withDirectory adds the usual reason why a writable file cannot be used: two
// more files have to be created beside it.
func withDirectory(err error) error {
	var e *sqlite.Error
	if errors.As(err, &e) && (e.Code() == sqlite3.SQLITE_READONLY_DIRECTORY || e.Code() == sqlite3.SQLITE_CANTOPEN) {
		return fmt.Errorf("%w; its directory must be writable as well", err)
	}
	return err
}

// prepareSQLite brings a file up to date. While it does so, no other process
// writes.
func (s *Store) prepareSQLite(ctx context.Context, db *sql.DB) error {
	if err := useWAL(ctx, db); err != nil {
		return err
	}
	current, err := s.isCurrent(ctx, db)
	if err != nil || current {
		return err
	}
	return s.bringUpToDate(ctx, db, "BEGIN IMMEDIATE")
}

// useWAL switches a new file to write-ahead logging; the file keeps that. If
// several processes do so at once, SQLite reports busy without waiting.
func useWAL(ctx context.Context, db *sql.DB) error {
	for attempt := 1; ; attempt++ {
		var mode string
		err := db.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode)
		if err == nil && mode != "wal" {
			err = db.QueryRowContext(ctx, "PRAGMA journal_mode = wal").Scan(&mode)
		}
		if err == nil && mode != "wal" {
			return fmt.Errorf("its file system does not support write-ahead logging (journal mode %s)", mode)
		}
		if kind, _ := sqliteKind(err); !errors.Is(kind, ErrBusy) || attempt == maxAttempts {
			return err
		}
		if err := pause(ctx, attempt); err != nil {
			return err
		}
	}
}
