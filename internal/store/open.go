package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// Open opens a database and brings it up to date. The dsn is the path of a
// SQLite file, which is created if it does not exist, the address of a
// PostgreSQL database (postgres://…), or ":memory:" for an empty database of
// one's own, which is deleted when it is closed. types are the types of its
// documents.
func Open(ctx context.Context, dsn string, types entity.Table) (*Store, error) {
	switch {
	case dsn == "":
		return nil, fmt.Errorf("no database named: give the path of a file or a postgres:// address")
	case dsn == ":memory:", strings.HasPrefix(dsn, "file::memory:"):
		return openTemporary(ctx, types)
	case strings.HasPrefix(dsn, "file:"):
		return nil, fmt.Errorf("database %s: give the path of a file, not a file: address", dsn)
	case strings.HasPrefix(dsn, "postgres://"), strings.HasPrefix(dsn, "postgresql://"):
		return openPostgres(ctx, dsn, types)
	default:
		return openSQLite(ctx, dsn, types)
	}
}
