package store_test

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// dsnVariable names the PostgreSQL database that the suite may use.
const dsnVariable = "KONNECT_TEST_POSTGRES_DSN"

// databases are what every test of behaviour runs on. Each call of fresh gives
// the address of an empty database of its own, so that all run in parallel.
var databases = []struct {
	name   string
	shared bool // several stores can have it open
	fresh  func(t testing.TB) (dsn string)
}{
	{"sqlite", true, sqliteFile},
	{"memory", false, func(testing.TB) string { return ":memory:" }},
	{"postgres", true, postgresSchema},
}

func sqliteFile(t testing.TB) string {
	return filepath.Join(t.TempDir(), "konnect.db")
}

// postgresSchema makes a schema for one test.
func postgresSchema(t testing.TB) string {
	t.Helper()
	dsn := os.Getenv(dsnVariable)
	if dsn == "" {
		t.Skipf("%s is not set: not tested on PostgreSQL", dsnVariable)
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
		t.Fatalf("%s: %v", dsnVariable, err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, statement); err != nil {
		t.Fatal(err)
	}
}

// onEach runs a test on every database, in parallel.
func onEach(t *testing.T, test func(t *testing.T, dsn string)) {
	t.Helper()
	onSome(t, false, test)
}

// onShared runs a test on the databases that several stores can have open.
func onShared(t *testing.T, test func(t *testing.T, dsn string)) {
	t.Helper()
	onSome(t, true, test)
}

func onSome(t *testing.T, shared bool, test func(t *testing.T, dsn string)) {
	t.Helper()
	t.Parallel()
	for _, d := range databases {
		if shared && !d.shared {
			continue
		}
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			test(t, d.fresh(t))
		})
	}
}

// open opens a database until the test ends.
func open(t testing.TB, dsn string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}
