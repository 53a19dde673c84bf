package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// belongings is a little of everything that a document can have.
var belongings = []struct{ typ, scope, doc string }{
	{"control_planes", "", `{"id":"#cp","name":"one"}`},
	{"control_planes", "", `{"id":"#cp2","name":"two","labels":{"a":"b"}}`},
	{"memberships", "", `{"id":"#m","group":{"id":"#cp"},"member":{"id":"#cp2"}}`},
	{"certificates", "#cp", `{"id":"#ca","name":"first"}`},
	{"services", "#cp", `{"id":"#s","name":"a","tags":["x","y"],"ca_certificates":["#ca"],"n":1.50}`},
	{"services", "#cp2", `{"id":"#s","name":"a","text":"<\u0000&>"}`},
	{"routes", "#cp", `{"id":"#r","name":null,"service":{"id":"#s"}}`},
	{"consumers", "#cp", `{"id":"#c","username":"u","custom_id":"LONG"}`},
	{"plugins", "#cp", `{"id":"#p","name":"limit","service":{"id":"#s"},"tags":["x"]}`},
	{"plugins", "#cp", `{"id":"#p2","name":"limit","consumer":{"id":"#c"},"instance_name":"mine"}`},
	{"credentials", "#cp", `{"id":"#k","key":"secret","consumer":{"id":"#c"}}`},
	{"guards", "#cp", `{"id":"#g","credential":{"id":"#k"}}`},
	{"plugin_schemas", "#cp", `{"name":"greeter","lua_schema":"return {\n}"}`},
	{"vaults", "#cp", `{"id":"#v","prefix":"v","config":{"certificate":"#ca"}}`},
	{"nodes", "#cp", `{"id":"#n1","name":"n1"}`},
	{"nodes", "#cp", `{"id":"#n2","name":"n2","parent":{"id":"#n1"}}`},
	{"realms", "", `{"id":"#realm","name":"r"}`},
	{"persons", "#realm", `{"id":"#person","username":"u"}`},
	{"keys", "#realm", `{"id":"#key","person":{"id":"#person"}}`},
}

// settle fills a database with belongings, and has some refer to later ones.
func settle(t *testing.T, s *store.Store) {
	t.Helper()
	for _, b := range belongings {
		doc := strings.ReplaceAll(b.doc, "LONG", strings.Repeat("long", 1000))
		mustInsert(t, s, types.Named(b.typ), strings.Trim(shorthand.expand(`"`+b.scope+`"`), `"`), doc)
	}
	circle := func(old map[string]any) (map[string]any, error) {
		old["parent"] = map[string]any{"id": id("n2")}
		return old, nil
	}
	if _, err := s.Put(t.Context(), nodes, id("cp"), "n1", circle); err != nil {
		t.Fatal(err)
	}
}

// snapshot reads everything.
func snapshot(t *testing.T, s *store.Store) (docs []store.Document) {
	t.Helper()
	err := s.Snapshot(t.Context(), func(d store.Document) error {
		docs = append(docs, d)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return docs
}

func yielding(docs []store.Document, last error) iter.Seq2[store.Document, error] {
	return func(yield func(store.Document, error) bool) {
		for _, d := range docs {
			if !yield(d, nil) {
				return
			}
		}
		if last != nil {
			yield(store.Document{}, last)
		}
	}
}

// entriesIn says what the tables beside entities hold.
func entriesIn(t *testing.T, s *store.Store) (counts []int) {
	t.Helper()
	for _, query := range []string{
		`SELECT count(*) FROM uniques u JOIN entities e ON e.seq = u.entity AND e.scope = u.scope AND e.type = u.type`,
		`SELECT count(*) FROM terms u JOIN entities e ON e.seq = u.entity AND e.scope = u.scope AND e.type = u.type`,
		`SELECT count(*) FROM refs r JOIN entities e ON e.seq = r.entity AND e.type = r.type JOIN entities f ON f.seq = r.target`,
		`SELECT count(*) FROM refs WHERE on_delete = 'cascade'`,
		`SELECT count(*) FROM refs WHERE entity < target`,
	} {
		n, err := s.Count(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		counts = append(counts, n)
	}
	return counts
}

// A loaded database has the same documents and constraints as the first one.
func TestLoad_everything(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		from := open(t, sqliteFile(t))
		settle(t, from)
		want := snapshot(t, from)
		s := open(t, dsn)
		if err := s.Load(t.Context(), yielding(want, nil)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, snapshot(t, s)); diff != "" {
			t.Error(diff)
		}
		counts := entriesIn(t, s)
		if diff := cmp.Diff(entriesIn(t, from), counts); diff != "" || counts[4] == 0 {
			t.Errorf("%v: %s", counts, diff)
		}
		used := (*store.InUseError)(nil)
		if err := s.Delete(t.Context(), certificates, id("cp"), id("ca")); !errors.As(err, &used) {
			t.Errorf("a certificate in use is deleted: %v", err)
		}
		mustInsert(t, s, services, id("cp"), `{"id":"#later","name":"b"}`)
		if got := all(t, s, services, id("cp")); len(got) != 2 || got[1]["name"] != "b" {
			t.Errorf("the newest is not the last: %v", got)
		}
	})
}

// Loading many documents at a time gives the same as loading few, and an error
// names the document.
func TestLoad_many(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		docs := []store.Document{{Type: "control_planes", Body: `{"id":"` + id("cp") + `","name":"one"}`}}
		for i := range 1000 {
			docs = append(docs,
				store.Document{Type: "services", Scope: id("cp"), Body: fmt.Sprintf(`{"id":%q,"name":"s%d"}`, id(fmt.Sprint("s", i)), i)},
				store.Document{Type: "routes", Scope: id("cp"), Body: fmt.Sprintf(`{"id":%q,"service":{"id":%q}}`, id(fmt.Sprint("r", i)), id(fmt.Sprint("s", 999-i)))})
		}
		s := open(t, dsn)
		for _, tt := range []struct {
			name   string
			change func([]store.Document)
			number int
		}{
			{"unique", func(docs []store.Document) { docs[1201].Body = strings.Replace(docs[1201].Body, "s600", "s3", 1) }, 1202},
			{"id", func(docs []store.Document) { docs[1202] = docs[2] }, 1203},
			{"reference", func(docs []store.Document) {
				docs[1602].Body = fmt.Sprintf(`{"id":%q,"service":{"id":%q}}`, id("r"), id("nowhere"))
			}, 1603},
		} {
			bad := append([]store.Document{}, docs...)
			tt.change(bad)
			wrong := (*store.DocumentError)(nil)
			if err := s.Load(t.Context(), yielding(bad, nil)); !errors.As(err, &wrong) || wrong.Number != tt.number {
				t.Errorf("%s: got %v, want document %d", tt.name, err, tt.number)
			}
		}
		if err := s.Load(t.Context(), yielding(docs, nil)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(docs, snapshot(t, s)); diff != "" {
			t.Error(diff)
		}
	})
}

// Every fault is reported, and the database stays empty.
func TestLoad_refused(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		plane := store.Document{Type: "control_planes", Body: `{"id":"` + id("cp") + `","name":"one"}`}
		broken := errors.New("the source broke")
		for _, tt := range []struct {
			name string
			doc  store.Document
			last error
			want string
		}{
			{"unknown type", store.Document{Type: "gadgets", Scope: id("cp"), Body: `{"id":"x"}`}, nil, `document 2: the type "gadgets" is not known`},
			{"no type", store.Document{Scope: id("cp"), Body: `{"id":"x"}`}, nil, `document 2: the type "" is not known`},
			{"no JSON", store.Document{Type: "services", Scope: id("cp"), Body: `{"id":`}, nil, `document 2: decode stored document`},
			{"two documents", store.Document{Type: "services", Scope: id("cp"), Body: `{"id":"x"}{}`}, nil, `something follows the value`},
			{"a list", store.Document{Type: "services", Scope: id("cp"), Body: `[]`}, nil, `document 2: decode stored document`},
			{"no id", store.Document{Type: "services", Scope: id("cp"), Body: `{"name":"x"}`}, nil, `document 2: services: id must be a text`},
			{"NUL in the id", store.Document{Type: "services", Scope: id("cp"), Body: `{"id":"\u0000"}`}, nil, `document 2: services: id must be a text`},
			{"no scope", store.Document{Type: "services", Body: `{"id":"x"}`}, nil, `document 2: services: no scope given: the id of the control_plane`},
			{"scope not there", store.Document{Type: "services", Scope: id("cp2"), Body: `{"id":"x"}`}, nil, `document 2: control_plane "` + id("cp2") + `": not found`},
			{"scope of another type", store.Document{Type: "persons", Scope: id("cp"), Body: `{"id":"x"}`}, nil, `document 2: realm "` + id("cp") + `": not found`},
			{"scope that no database holds", store.Document{Type: "services", Scope: "\x00", Body: `{"id":"x"}`}, nil, `document 2: control_plane`},
			{"scope of a root", store.Document{Type: "realms", Scope: id("cp"), Body: `{"id":"x"}`}, nil, `document 2: realms has no parent`},
			{"foreign key", store.Document{Type: "routes", Scope: id("cp"), Body: `{"id":"x","service":{"id":"y"}}`}, nil, `document 2: service: no entity of type services has the id "y"`},
			{"foreign key with NUL", store.Document{Type: "routes", Scope: id("cp"), Body: `{"id":"x","service":"\u0000"}`}, nil, `document 2: service: no entity of type services`},
			{"foreign key that is none", store.Document{Type: "routes", Scope: id("cp"), Body: `{"id":"x","service":5}`}, nil, `document 2: routes: service: a foreign key must be`},
			{"unique name", store.Document{Type: "control_planes", Body: `{"id":"x","name":"one"}`}, nil, `document 2: another entity has the same name`},
			{"same id", plane, nil, `document 2: another entity has the same id`},
			{"source", store.Document{Type: "services", Scope: id("cp"), Body: `{"id":"x"}`}, broken, broken.Error()},
			{"source with an errno", store.Document{Type: "services", Scope: id("cp"), Body: `{"id":"x"}`}, &os.PathError{Op: "read", Path: "dump", Err: os.ErrDeadlineExceeded}, "read dump"},
		} {
			err := s.Load(t.Context(), yielding([]store.Document{plane, tt.doc}, tt.last))
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "database") {
				t.Errorf("%s: got %v, want %s", tt.name, err, tt.want)
			}
			if got := snapshot(t, s); len(got) > 0 {
				t.Fatalf("%s: %d documents stayed", tt.name, len(got))
			}
		}
	})
}

func TestLoad_notEmpty(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		mustInsert(t, s, realms, "", `{"id":"#r","name":"here"}`)
		docs := []store.Document{{Type: "realms", Body: `{"id":"x","name":"there"}`}}
		if err := s.Load(t.Context(), yielding(docs, nil)); !errors.Is(err, store.ErrNotEmpty) {
			t.Errorf("got %v", err)
		}
		if got := all(t, s, realms, ""); len(got) != 1 {
			t.Errorf("the database holds %v", got)
		}
	})
}

// A writer waits while a database is loaded, and then finds the documents.
func TestLoad_concurrent(t *testing.T) {
	onShared(t, func(t *testing.T, dsn string) {
		s, other := open(t, dsn), open(t, dsn)
		written := make(chan error, 1)
		source := func(yield func(store.Document, error) bool) {
			go func() {
				written <- other.Insert(t.Context(), realms, "", map[string]any{"id": id("mine"), "name": "r"})
			}()
			for _, name := range []string{"first", "second"} {
				if !yield(store.Document{Type: "realms", Body: fmt.Sprintf(`{"id":%q,"name":"r"}`, id(name))}, nil) {
					return
				}
			}
		}
		// Two realms of one name: refused, and the writer gets its turn.
		if err := s.Load(t.Context(), source); err == nil {
			t.Error("a name was stored twice")
		}
		if err := <-written; err != nil {
			t.Error(err)
		}
		if got := all(t, s, realms, ""); len(got) != 1 || got[0]["id"] != id("mine") {
			t.Errorf("the database holds %v", got)
		}
	})
}

func TestLoad_cancelled(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		ctx, cancel := context.WithCancel(t.Context())
		source := func(yield func(store.Document, error) bool) {
			for i := 0; yield(store.Document{Type: "realms", Body: fmt.Sprintf(`{"id":"%d","name":"%d"}`, i, i)}, nil); i++ {
				if i == 300 {
					cancel()
				}
			}
		}
		if err := s.Load(ctx, source); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		if got := snapshot(t, s); len(got) > 0 {
			t.Errorf("%d documents stayed", len(got))
		}
	})
}

// A snapshot is of one moment, whatever happens while it is taken.
func TestSnapshot_moment(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		settle(t, s)
		want := snapshot(t, s)
		var got []store.Document
		err := s.Snapshot(t.Context(), func(d store.Document) error {
			if got = append(got, d); len(got) == 1 {
				mustInsert(t, s, realms, "", `{"id":"#late","name":"late"}`)
				if err := s.Delete(t.Context(), realms, "", id("realm")); err != nil {
					t.Error(err)
				}
				touch := func(old map[string]any) (map[string]any, error) {
					old["n"] = json.Number("2")
					return old, nil
				}
				if _, err := s.Put(t.Context(), services, id("cp"), "a", touch); err != nil {
					t.Error(err)
				}
			}
			return nil
		})
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%v: %s", err, diff)
		}
		if after := snapshot(t, s); cmp.Equal(want, after) {
			t.Error("nothing has changed")
		}
	})
}

func TestSnapshot_ended(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		settle(t, s)
		full := &os.PathError{Op: "write", Path: "dump", Err: os.ErrDeadlineExceeded}
		if err := s.Snapshot(t.Context(), func(store.Document) error { return full }); !errors.Is(err, full) || strings.Contains(err.Error(), "database") {
			t.Errorf("got %v", err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if err := s.Snapshot(t.Context(), func(store.Document) error { return nil }); !errors.Is(err, store.ErrClosed) {
			t.Errorf("got %v", err)
		}
		if err := s.Load(t.Context(), yielding(nil, nil)); !errors.Is(err, store.ErrClosed) {
			t.Errorf("got %v", err)
		}
	})
}
