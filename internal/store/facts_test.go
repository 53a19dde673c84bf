package store_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// plantFirst makes a database as the first version of the program left it.
func plantFirst(t testing.TB, dsn string) {
	t.Helper()
	text, err := os.ReadFile("testdata/version1.sql")
	if err != nil {
		t.Fatal(err)
	}
	statements := string(text)
	if strings.HasPrefix(dsn, "postgres") {
		statements += "ALTER TABLE entities ALTER COLUMN seq RESTART WITH 100\n"
	}
	if err := store.Plant(t.Context(), dsn, 1, statements); err != nil {
		t.Fatal(err)
	}
}

// A database of the first version is taken over as it is: every document,
// with the entries that a new database has of it.
func TestOpen_version1(t *testing.T) {
	onShared(t, func(t *testing.T, dsn string) {
		plantFirst(t, dsn)
		s := open(t, dsn)
		fresh := open(t, sqliteFile(t))
		settle(t, fresh)
		if diff := cmp.Diff(snapshot(t, fresh), snapshot(t, s)); diff != "" {
			t.Errorf("documents (-new +old):\n%s", diff)
		}
		if diff := cmp.Diff(entriesIn(t, fresh), entriesIn(t, s)); diff != "" {
			t.Errorf("entries (-new +old):\n%s", diff)
		}
		checkTables(t, s)
		var taken *store.UniqueError
		if err := s.Insert(t.Context(), services, id("cp"), map[string]any{"id": id("new"), "name": "a"}); !errors.As(err, &taken) {
			t.Errorf("a name that is taken: %v", err)
		}
		mustInsert(t, s, services, id("cp"), `{"id":"#new","name":"b","client_certificate":{"id":"#ca"}}`)
		mustBe(t, nil, s.Delete(t.Context(), controlPlanes, "", id("cp2")))
		checkTables(t, s)
		loaded := open(t, sqliteFile(t))
		if err := loaded.Load(t.Context(), yielding(snapshot(t, s), nil)); err != nil {
			t.Fatal(err)
		}
		checkTables(t, loaded)
	})
}

// parcels are a type that changes from one program to the next.
func parcels(change func(*entity.Type)) entity.Table {
	p := &entity.Type{Name: "parcels", Singular: "parcel", ID: "id", Key: "name", Parent: controlPlanes}
	if change != nil {
		change(p)
	}
	return entity.Table{controlPlanes, certificates, p}
}

func uniqueLabel(t *entity.Type) { t.Unique = unique("label") }

func refersTo(field string, what entity.OnDelete) func(*entity.Type) {
	return func(t *entity.Type) {
		t.References = []entity.Reference{{Field: field, Target: "certificates", OnDelete: what}}
	}
}

// A program's other declarations hold for the documents that are there, or the
// database is refused and unchanged.
func TestOpen_changedRow(t *testing.T) {
	t.Parallel()
	const secret = "top-secret"
	nulls := func(equal bool) func(*entity.Type) {
		return func(t *entity.Type) {
			t.Unique = []entity.Unique{{Name: "pair", Fields: []string{"label", "box"}, NullsEqual: equal}}
		}
	}
	delete := func(typ *entity.Type, key string) func(*store.Store, *entity.Type) error {
		return func(s *store.Store, parcels *entity.Type) error {
			if typ == nil {
				typ = parcels
			}
			return s.Delete(t.Context(), typ, id("cp"), id(key))
		}
	}
	insert := func(doc string) func(*store.Store, *entity.Type) error {
		return func(s *store.Store, parcels *entity.Type) error {
			return s.Insert(t.Context(), parcels, id("cp"), parse(t, shorthand.expand(doc)))
		}
	}
	filtered := func(want int, q store.Query) func(*store.Store, *entity.Type) error {
		return func(s *store.Store, parcels *entity.Type) error {
			page, err := s.List(t.Context(), parcels, id("cp"), q)
			if err == nil && len(page.Docs) != want {
				err = fmt.Errorf("%d documents, want %d", len(page.Docs), want)
			}
			return err
		}
	}
	var taken *store.UniqueError
	var used *store.InUseError
	var nowhere *store.ReferenceError
	for name, c := range map[string]struct {
		before, after func(*entity.Type)
		docs          []string
		misfits       []string // what the refusal says
		then          func(*store.Store, *entity.Type) error
		want          any // the error, or a pointer to one
	}{
		"a new uniqueness": {
			after: uniqueLabel, docs: []string{`{"id":"#a","label":"x"}`, `{"id":"#b"}`, `{"id":"#c","label":null}`},
			then: insert(`{"id":"#d","label":"x"}`), want: &taken,
		},
		"a new uniqueness that does not hold": {
			after: uniqueLabel, docs: []string{`{"id":"#a","label":"` + secret + `"}`, `{"id":"#b","label":"` + secret + `"}`, `{"id":"#c","label":"z"}`},
			misfits: []string{"the parcel " + id("b") + " has the same label as " + id("a") + " (label is unique)"},
		},
		"several that do not hold": {
			after: uniqueLabel, docs: []string{`{"id":"#a","label":"x"}`, `{"id":"#b","label":"y"}`, `{"id":"#c","label":"x"}`, `{"id":"#d","label":"y"}`},
			misfits: []string{id("c") + " has the same label as " + id("a"), id("d") + " has the same label as " + id("b")},
		},
		"a uniqueness that goes": {
			before: uniqueLabel, docs: []string{`{"id":"#a","label":"x"}`}, then: insert(`{"id":"#b","label":"x"}`),
		},
		"nulls that become equal": {
			before: nulls(false), after: nulls(true), docs: []string{`{"id":"#a","label":"x"}`, `{"id":"#b","label":"x"}`},
			misfits: []string{id("b") + " has the same label, box as " + id("a") + " (pair is unique)"},
		},
		"a unique set of other fields": {
			before: uniqueLabel, after: func(t *entity.Type) { t.Unique = []entity.Unique{{Name: "label", Fields: []string{"box"}}} },
			docs: []string{`{"id":"#a","label":"x","box":"y"}`, `{"id":"#b","label":"y","box":"x"}`}, // each takes the other's value
			then: insert(`{"id":"#c","label":"x","box":"x"}`), want: &taken,
		},
		"a new reference": {
			after: refersTo("seal", entity.Restrict), docs: []string{`{"id":"#a","seal":{"id":"#CA"}}`, `{"id":"#b","seal":null}`},
			then: delete(certificates, "ca"), want: &used,
		},
		"a new reference in plain text": {
			after: refersTo("seal", entity.Restrict), docs: []string{`{"id":"#a","seal":"#ca"}`},
			then: insert(`{"id":"#b","seal":"#none"}`), want: &nowhere,
		},
		"a new reference that dangles": {
			after: refersTo("seal", entity.Restrict), docs: []string{`{"id":"#a","seal":"` + secret + `"}`, `{"id":"#b","seal":{"id":"#ca"}}`},
			misfits: []string{"the parcel " + id("a") + " seal leads to no entity of type certificates"},
		},
		"a new reference that is none": {
			after: refersTo("seal", entity.Restrict), docs: []string{`{"id":"#a","seal":7}`},
			misfits: []string{"the parcel " + id("a") + " parcels: seal: a foreign key must be"},
		},
		"a reference that goes": {
			before: refersTo("seal", entity.Restrict), docs: []string{`{"id":"#a","seal":{"id":"#ca"}}`}, then: delete(certificates, "ca"),
		},
		"a reference that cascades": {
			before: refersTo("seal", entity.Restrict), after: refersTo("seal", entity.Cascade), docs: []string{`{"id":"#a","seal":{"id":"#ca"}}`},
			then: func(s *store.Store, parcels *entity.Type) error {
				return errors.Join(delete(certificates, "ca")(s, parcels), filtered(0, store.Query{})(s, parcels))
			},
		},
		"a new filter": {
			after: func(t *entity.Type) { t.EqualFilters = []string{"label"} }, docs: []string{`{"id":"#a","label":"x"}`, `{"id":"#b","label":"y"}`},
			then: filtered(1, store.Query{Equal: map[string]string{"label": "x"}}),
		},
		"a filter that goes": {
			before: func(t *entity.Type) { t.EqualFilters = []string{"label"} }, docs: []string{`{"id":"#a","label":"x"}`},
			then: filtered(1, store.Query{Equal: map[string]string{"label": "x"}, Tags: nil}),
		},
		"a type that others were written without": {
			docs: []string{`{"id":"#a"}`}, then: insert(`{"id":"#b"}`),
		},
	} {
		for _, d := range databases {
			if !d.shared {
				continue
			}
			t.Run(name+"/"+d.name, func(t *testing.T) {
				t.Parallel()
				dsn := d.fresh(t)
				before, after := parcels(c.before), parcels(c.after)
				s := openOf(t, dsn, before)
				mustInsert(t, s, controlPlanes, "", `{"id":"#cp","name":"one"}`)
				mustInsert(t, s, certificates, id("cp"), `{"id":"#ca"}`)
				for _, doc := range c.docs {
					doc = strings.ReplaceAll(doc, "#CA", strings.ToUpper(id("ca")))
					mustInsert(t, s, before[2], id("cp"), doc)
				}
				kept := rowsOf(t, s)
				mustBe(t, nil, s.Close())

				s, err := store.Open(t.Context(), dsn, after)
				if len(c.misfits) > 0 {
					refusedAsMisfit(t, err, c.misfits, secret)
					if diff := cmp.Diff(kept, rowsOf(t, openOf(t, dsn, before))); diff != "" {
						t.Errorf("a refused database has changed:\n%s", diff)
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				defer s.Close()
				checkTables(t, s)
				err = c.then(s, after[2])
				if c.want == nil && err != nil || c.want != nil && (err == nil || !errors.As(err, c.want)) {
					t.Errorf("then: got %v, want %T", err, c.want)
				}
				checkTables(t, s)
			})
		}
	}
}

func openOf(t *testing.T, dsn string, types entity.Table) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), dsn, types)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func refusedAsMisfit(t *testing.T, err error, says []string, secret string) {
	t.Helper()
	var misfit *store.MisfitError
	var database *store.DatabaseError
	if !errors.As(err, &misfit) || !errors.As(err, &database) {
		t.Fatalf("got %v, want *MisfitError", err)
	}
	for _, part := range says {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("does not say %q:\n%v", part, err)
		}
	}
	if len(misfit.Misfits) != len(says) || strings.Contains(err.Error(), secret) {
		t.Errorf("says too much: %v", err)
	}
}

// rowsOf is all that a database holds, table by table.
func rowsOf(t *testing.T, s *store.Store) (rows []string) {
	t.Helper()
	for table, columns := range map[string]string{
		"entities":         "seq || '/' || scope || '/' || type || '/' || id || '/' || entries || '/' || body",
		"uniques":          "scope || '/' || type || '/' || name || '/' || value || '/' || entity",
		"terms":            "scope || '/' || type || '/' || field || '/' || value || '/' || entity",
		"refs":             "entity || '/' || field || '/' || target || '/' || type || '/' || referrer || '/' || on_delete",
		"facts":            "type || '/' || kind || '/' || facts",
		"goose_db_version": "'' || version_id",
	} {
		texts, err := s.Texts(t.Context(), "SELECT "+columns+" FROM "+table)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range texts {
			rows = append(rows, table+": "+text)
		}
	}
	slices.Sort(rows)
	return rows
}

// insertMany inserts n documents, which get their ids.
func insertMany(t *testing.T, s *store.Store, typ *entity.Type, n int, doc func(int) string) {
	t.Helper()
	err := s.Update(t.Context(), func(tx *store.Tx) error {
		for i := range n {
			one := parse(t, shorthand.expand(doc(i)))
			one["id"] = id(fmt.Sprint(i))
			if err := tx.Insert(t.Context(), typ, id("cp"), one); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Many conflicts are told in part.
func TestOpen_manyMisfits(t *testing.T) {
	onShared(t, func(t *testing.T, dsn string) {
		before := parcels(nil)
		s := openOf(t, dsn, before)
		mustInsert(t, s, controlPlanes, "", `{"id":"#cp","name":"one"}`)
		insertMany(t, s, before[2], 600, func(int) string { return `{"label":"same"}` })
		mustBe(t, nil, s.Close())
		_, err := store.Open(t.Context(), dsn, parcels(uniqueLabel))
		var misfit *store.MisfitError
		if !errors.As(err, &misfit) || len(misfit.Misfits) < 20 || len(misfit.Misfits) > 300 || !strings.Contains(err.Error(), "and perhaps more") {
			t.Errorf("got %.300v", err)
		}
	})
}

// changed are the types of the tests as a later program may have them.
func changed() entity.Table {
	out := slices.Clone(types)
	for i, t := range out {
		if t == credentials {
			out[i] = &entity.Type{
				Name: t.Name, Singular: t.Singular, ID: t.ID, Parent: t.Parent, References: t.References, EqualFilters: []string{"kind"},
				Unique: []entity.Unique{{Name: "key", Fields: []string{"key", "consumer"}}},
			}
		}
	}
	return out
}

// Processes that derive the same anew take turns. If one of them is killed, the
// next finds the database unchanged or complete.
func TestKill_derivation(t *testing.T) {
	t.Parallel()
	for _, d := range databases {
		if !d.shared {
			continue
		}
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			dsn := d.fresh(t)
			s := open(t, dsn)
			mustInsert(t, s, controlPlanes, "", `{"id":"#cp","name":"one"}`)
			mustInsert(t, s, consumers, id("cp"), `{"id":"#c","username":"u"}`)
			insertMany(t, s, credentials, 1000, func(n int) string { return fmt.Sprintf(`{"key":"%d","kind":"k","consumer":{"id":"#c"}}`, n) })
			mustBe(t, nil, s.Close())
			for turn := range max(2, kills(t)/20) {
				role, now := "change", changed()
				if turn%2 == 1 {
					role, now = "open", types
				}
				killed := process(t, role, dsn)
				if err := killed.Start(); err != nil {
					t.Fatal(err)
				}
				for range rand.IntN(20_000) {
					_, _ = os.Stat(dsn)
				}
				_ = killed.Process.Kill() // it may have finished
				_ = killed.Wait()
				if turn%4 == 0 {
					together(t, 4, func() *exec.Cmd { return process(t, role, dsn) })
				}
				s := openOf(t, dsn, now)
				checkTables(t, s)
				if n, err := s.Count(t.Context(), `SELECT count(*) FROM uniques WHERE type = 'credentials'`); err != nil || n != 1000 {
					t.Fatalf("%d keys, %v", n, err)
				}
				if n, err := s.Count(t.Context(), `SELECT count(*) FROM terms WHERE field = 'kind'`); err != nil || n != 1000*(1-turn%2) {
					t.Fatalf("%d kinds, %v", n, err)
				}
				mustBe(t, nil, s.Close())
			}
		})
	}
}
