package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// errNoAddress: there is no such database to measure.
var errNoAddress = errors.New("no address is given")

// database is one kind of database. What fresh makes, drop removes.
type database struct {
	name  string
	fresh func(ctx context.Context, postgres string) (dsn string, drop func(), err error)
}

var databases = []database{
	{"SQLite", func(context.Context, string) (string, func(), error) {
		dir, err := os.MkdirTemp("", "konnect-bench-*")
		if err != nil {
			return "", nil, err
		}
		return filepath.Join(dir, "konnect.db"), func() { _ = os.RemoveAll(dir) }, nil
	}},
	{"PostgreSQL", freshSchema},
}

func freshSchema(ctx context.Context, dsn string) (string, func(), error) {
	if dsn == "" {
		return "", nil, fmt.Errorf("%w: -postgres", errNoAddress)
	}
	schema := "bench_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	if err := administer(ctx, dsn, "CREATE SCHEMA "+schema); err != nil {
		return "", nil, err
	}
	address, err := url.Parse(dsn)
	if err != nil {
		return "", nil, err
	}
	query := address.Query()
	query.Set("search_path", schema)
	address.RawQuery = query.Encode()
	drop := func() {
		if err := administer(context.WithoutCancel(ctx), dsn, "DROP SCHEMA "+schema+" CASCADE"); err != nil {
			fmt.Fprintf(os.Stderr, "bench: schema %s is left behind: %v\n", schema, err)
		}
	}
	return address.String(), drop, nil
}

func administer(ctx context.Context, dsn, statement string) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, statement)
	return err
}
