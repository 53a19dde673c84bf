// Package pgtest gives a test a PostgreSQL database of its own on the server
// that the environment names ([New]), or servers of its own to kill ([Own],
// [NewPair]). It is used by tests only and knows nothing of what they keep there.
package pgtest

import (
	"context"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Variable names the environment variable with the address of a server that
// tests may use.
const Variable = "KONNECT_TEST_POSTGRES_DSN"

// New returns the address of an empty database that ends with the test, and
// skips the test where there is no server to have it.
func New(t testing.TB) string {
	t.Helper()
	dsn := os.Getenv(Variable)
	if dsn == "" {
		t.Skipf("%s is not set: not tested on PostgreSQL", Variable)
	}
	schema := "test_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	administer(t, dsn, "CREATE SCHEMA "+schema)
	t.Cleanup(func() { administer(t, dsn, "DROP SCHEMA "+schema+" CASCADE") })
	address, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	query := address.Query()
	query.Set("search_path", schema)
	address.RawQuery = query.Encode()
	return address.String()
}

func administer(t testing.TB, dsn, statement string) {
	t.Helper()
	ctx := context.Background() // also runs after the test's own context has ended
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatalf("%s: %v", Variable, err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, statement); err != nil {
		t.Fatal(err)
	}
}
