package store

import "context"

// OpenWith opens a SQLite file with further settings for its writer.
func OpenWith(ctx context.Context, path string, pragmas ...string) (*Store, error) {
	return openSQLite(ctx, path, pragmas...)
}

// Cursors, for the fuzz test.
var (
	EncodeCursor = encodeCursor
	DecodeCursor = decodeCursor
)

// Latest is the version that this program migrates to.
const Latest = latest

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
