package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/pgtest"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// If a database cannot be opened, the error says which and why.
func TestOpen_refused(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		make func(t *testing.T) (dsn string)
		is   error
		want []string // parts of the message; DSN stands for the address
	}{
		{"nothing", fixed(""), nil, []string{"no database named", "path of a file"}},
		{"a URI", fixed("file:konnect.db"), nil, []string{"not a file: address"}},
		{"no such directory", below("missing/konnect.db"), nil, []string{"DSN", "missing does not exist"}},
		{"a directory", below(""), nil, []string{"DSN", "is a directory"}},
		{"a file for a directory", below("file/konnect.db"), nil, []string{"DSN", "not a directory"}},
		{"another kind of file", file(strings.Repeat("something else\n", 500)), store.ErrDamaged, []string{"DSN", "not an intact database"}},
		{"a damaged database", damaged, store.ErrDamaged, []string{"DSN", "not an intact database"}},
		{"a newer database", newer, store.ErrNewer, []string{"DSN", "version 999", fmt.Sprint("up to ", store.Latest)}},
		{"a newer server database", newerPostgres, store.ErrNewer, []string{"version 999", fmt.Sprint("up to ", store.Latest)}},
		{"an address that is none", fixed("postgres://[::1"), nil, []string{"address of the database"}},
		{"nobody there", nobodyThere, nil, []string{"postgres://127.0.0.1:", "/somewhere", "connect"}},
		{"a read-only server database", readOnlyPostgres, store.ErrUnreachable, []string{"can be written", "read only"}},
		{"nobody at two places", twiceNobody, store.ErrUnreachable, []string{"postgres://127.0.0.1:", ",127.0.0.1:", "/somewhere", "; failed to connect"}},
		{"a server that only reads", fixed("postgres://user:secret@a,b/x?target_session_attrs=standby"), nil, []string{"target_session_attrs=standby", "leave it out"}},
		{"a server that perhaps only reads", fixed("postgres://a/x?sslmode=disable&target_session_attrs=prefer%2Dstandby"), nil, []string{"target_session_attrs=prefer-standby"}},
		{"no such server", fixed("postgres://a/x?target_session_attrs=best"), nil, []string{"target_session_attrs", "best"}},
		{"one connection", fixed("postgres://a/x?pool_max_conns=1"), nil, []string{"pool_max_conns is a number of connections, 2 or more", `"1"`}},
		{"no number of connections", fixed("postgres://a/x?pool_max_conns=many"), nil, []string{`not "many"`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dsn := test.make(t)
			s, err := store.Open(t.Context(), dsn, types)
			if err == nil {
				s.Close()
				t.Fatal("it was opened")
			}
			if test.is != nil && !errors.Is(err, test.is) {
				t.Errorf("%v: is not %q", err, test.is)
			}
			for _, part := range test.want {
				if !strings.Contains(err.Error(), strings.ReplaceAll(part, "DSN", dsn)) {
					t.Errorf("%v: does not say %q", err, part)
				}
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("%v: tells the password", err)
			}
		})
	}
}

func fixed(dsn string) func(*testing.T) string { return func(*testing.T) string { return dsn } }

func below(path string) func(*testing.T) string {
	return func(t *testing.T) string {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		return filepath.Join(dir, path)
	}
}

func file(text string) func(*testing.T) string {
	return func(t *testing.T) string {
		path := sqliteFile(t)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
}

// damaged is a database whose first page was overwritten behind its header.
func damaged(t *testing.T) string {
	path := populated(t)
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteAt([]byte(strings.Repeat("x", 4000)), 100)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

func populated(t *testing.T) string {
	path := sqliteFile(t)
	s, err := store.Open(t.Context(), path, types)
	if err != nil {
		t.Fatal(err)
	}
	mustInsert(t, s, controlPlanes, "", `{"id":"#cp","name":"one"}`)
	mustBe(t, nil, s.Close())
	return path
}

func newer(t *testing.T) string {
	path := populated(t)
	upgrade(t, path)
	return path
}

func newerPostgres(t *testing.T) string {
	dsn := pgtest.New(t)
	upgrade(t, dsn)
	return dsn
}

// upgrade does to a database what a later version of the program would.
func upgrade(t *testing.T, dsn string) {
	s := open(t, dsn)
	if err := s.Exec(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, true)`); err != nil {
		t.Fatal(err)
	}
	mustBe(t, nil, s.Close())
}

func nobodyThere(t *testing.T) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return "postgres://user:secret@" + listener.Addr().String() + "/somewhere?sslmode=disable"
}

func twiceNobody(t *testing.T) string {
	another, err := url.Parse(nobodyThere(t))
	if err != nil {
		t.Fatal(err)
	}
	return beside(t, another.Host, nobodyThere(t))
}

func readOnlyPostgres(t *testing.T) string {
	return withSetting(t, pgtest.New(t), "default_transaction_read_only", "on")
}

func withSetting(t *testing.T, dsn, name, value string) string {
	t.Helper()
	address, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	query := address.Query()
	query.Set(name, value)
	address.RawQuery = query.Encode()
	return address.String()
}

func TestOpen_cancelled(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := store.Open(ctx, dsn, types)
		mustBe(t, context.Canceled, err)
	})
}

// An open database keeps its file when the process changes directory, and any
// character may be in its path.
func TestOpen_path(t *testing.T) {
	t.Chdir(t.TempDir())
	s := open(t, "a ?%20#&é.db")
	t.Chdir(t.TempDir())
	mustInsert(t, s, controlPlanes, "", `{"id":"#cp","name":"one"}`)
	page, err := s.List(t.Context(), controlPlanes, "", store.Query{})
	if err != nil || len(page.Docs) != 1 {
		t.Errorf("got %v, %v", page, err)
	}
	if files, _ := filepath.Glob("*"); len(files) > 0 {
		t.Errorf("files in the new directory: %v", files)
	}
}

// Documents hold secrets: other users of the machine must not read them.
func TestOpen_private(t *testing.T) {
	t.Parallel()
	path := sqliteFile(t)
	s := open(t, path)
	mustInsert(t, s, controlPlanes, "", `{"id":"#cp","name":"one"}`)
	files, err := filepath.Glob(path + "*")
	if err != nil || len(files) != 3 {
		t.Fatalf("files: %v, %v", files, err)
	}
	for _, name := range files {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", name, info.Mode())
		}
	}
}

// A database of one's own leaves nothing behind.
func TestOpen_memory(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	a, b := open(t, ":memory:"), open(t, "file::memory:?cache=shared")
	mustInsert(t, a, controlPlanes, "", `{"id":"#cp","name":"one"}`)
	mustInsert(t, b, controlPlanes, "", `{"id":"#cp","name":"one"}`)
	mustBe(t, nil, errors.Join(a.Close(), b.Close()))
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// Without space, acknowledged writes stay and no others do; writing goes on
// once there is space.
func TestInsert_full(t *testing.T) {
	t.Parallel()
	s, err := store.OpenWith(t.Context(), sqliteFile(t), types, "max_page_count(120)")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	mustBe(t, nil, fillUp(t.Context(), s, func() error { return s.Exec(t.Context(), "PRAGMA max_page_count = 1000") }))
	checkTables(t, s)
}

// fillUp inserts until there is no space left, looks at what is there, makes
// room and goes on.
func fillUp(ctx context.Context, s *store.Store, makeRoom func() error) error {
	if err := s.Insert(ctx, controlPlanes, "", map[string]any{"id": id("cp"), "name": "one"}); err != nil {
		return err
	}
	insert := func(name string) error {
		return s.Insert(ctx, services, id("cp"), map[string]any{"id": id(name), "name": name, "text": strings.Repeat("x", 500)})
	}
	want := map[string]bool{}
	var mu sync.Mutex
	refusals := make([]error, 8)
	var wg sync.WaitGroup
	for i := range refusals {
		wg.Go(func() {
			for n := 0; refusals[i] == nil; n++ {
				name := fmt.Sprint(i, "-", n)
				if refusals[i] = insert(name); refusals[i] == nil {
					mu.Lock()
					want[name] = true
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	for _, err := range refusals {
		if !errors.Is(err, store.ErrFull) || !strings.Contains(err.Error(), ".db: no space left for the database") {
			return fmt.Errorf("got %w, want ErrFull with the path", err)
		}
	}
	if err := sameNames(ctx, s, want); err != nil {
		return err
	}
	if err := makeRoom(); err != nil {
		return err
	}
	want["afterwards"] = true
	return errors.Join(insert("afterwards"), sameNames(ctx, s, want))
}

// sameNames compares what services there are.
func sameNames(ctx context.Context, s *store.Store, want map[string]bool) error {
	page, err := s.List(ctx, services, id("cp"), store.Query{Size: 1 << 20})
	if err != nil {
		return err
	}
	got := map[string]bool{}
	for _, doc := range page.Docs {
		got[doc["name"].(string)] = true
	}
	if diff := cmp.Diff(want, got); diff != "" || len(got) == 0 {
		return fmt.Errorf("acknowledged and there (-want +got):\n%s", diff)
	}
	return nil
}

// A damaged page is reported with the path when it is met.
func TestList_damaged(t *testing.T) {
	t.Parallel()
	path := sqliteFile(t)
	s := open(t, path)
	mustInsert(t, s, controlPlanes, "", `{"id":"#cp","name":"one"}`)
	for n := range 50 {
		mustInsert(t, s, services, id("cp"), fmt.Sprintf(`{"id":"%s","name":"%d","text":"%s"}`, id(fmt.Sprint(n)), n, strings.Repeat("x", 1000)))
	}
	mustBe(t, nil, s.Close())
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for at := len(text) / 2; at < len(text); at++ {
		text[at] = 0xee
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	s = open(t, path)
	_, err = s.List(t.Context(), services, id("cp"), store.Query{})
	if !errors.Is(err, store.ErrDamaged) || !strings.Contains(err.Error(), path) {
		t.Errorf("got %v, want ErrDamaged with the path", err)
	}
}

// If another process locks the database, a call does not wait longer than its
// caller wants.
func TestInsert_busy(t *testing.T) {
	t.Parallel()
	path := populated(t)
	s := open(t, path)
	other, err := sql.Open("sqlite", path+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	tx, err := other.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	result := make(chan error)
	go func() {
		result <- s.Insert(ctx, services, id("cp"), map[string]any{"id": id("s1"), "name": "a"})
	}()
	if _, err := s.Get(t.Context(), controlPlanes, "", id("cp")); err != nil {
		t.Errorf("reading beside a writer: %v", err)
	}
	cancel()
	mustBe(t, context.Canceled, <-result)
	mustBe(t, nil, tx.Rollback())
	mustInsert(t, s, services, id("cp"), `{"id":"#s1","name":"a"}`)
}

// A call that waits longer than the database allows reports that it is busy.
func TestInsert_busyTooLong(t *testing.T) {
	t.Parallel()
	path := populated(t)
	s := open(t, path)
	mustBe(t, nil, s.Exec(t.Context(), "PRAGMA busy_timeout = 1"))
	other := open(t, path)
	err := other.Update(t.Context(), func(tx *store.Tx) error {
		if err := tx.Insert(t.Context(), services, id("cp"), map[string]any{"id": id("s1"), "name": "a"}); err != nil {
			return err
		}
		err := s.Insert(t.Context(), services, id("cp"), map[string]any{"id": id("s2"), "name": "b"})
		if !errors.Is(err, store.ErrBusy) || !strings.Contains(err.Error(), path) {
			t.Errorf("got %v, want ErrBusy with the path", err)
		}
		return nil
	})
	mustBe(t, nil, err)
}

// Text that is not UTF-8 is refused, not replaced; numbers must be numbers.
func TestInsert_unstorable(t *testing.T) {
	t.Parallel()
	s := open(t, ":memory:")
	for name, value := range map[string]any{
		"text":    "\xff",
		"key":     map[string]any{"\xff": "x"},
		"element": []any{"ok", "\xff"},
		"type":    make(chan int),
	} {
		if err := s.Insert(t.Context(), controlPlanes, "", map[string]any{"id": id("cp"), "value": value}); err == nil {
			t.Errorf("%s was stored", name)
		}
	}
}
