package store_test

import (
	"path/filepath"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/pgtest"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// databases are what every test of behaviour runs on. Each call of fresh gives
// the address of an empty database of its own, so that all run in parallel.
var databases = []struct {
	name   string
	shared bool // several stores can have it open
	fresh  func(t testing.TB) (dsn string)
}{
	{"sqlite", true, sqliteFile},
	{"memory", false, func(testing.TB) string { return ":memory:" }},
	{"postgres", true, pgtest.New},
}

func sqliteFile(t testing.TB) string {
	return filepath.Join(t.TempDir(), "konnect.db")
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
	s, err := store.Open(t.Context(), dsn, types)
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
