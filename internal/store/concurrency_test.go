package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/pgtest"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

const goroutines = 32 // on each of two stores

// onTwo runs work on two stores of one database at the same time.
func onTwo(t *testing.T, dsn string, work func(s *store.Store, worker int)) *store.Store {
	t.Helper()
	stores := []*store.Store{open(t, dsn), open(t, dsn)}
	mustInsert(t, stores[0], controlPlanes, "", `{"id":"#cp","name":"one"}`)
	var wg sync.WaitGroup
	for worker := range goroutines * len(stores) {
		wg.Go(func() { work(stores[worker%len(stores)], worker) })
	}
	wg.Wait()
	return stores[0]
}

func mustInsert(t testing.TB, s *store.Store, typ *entity.Type, scope, doc string) {
	t.Helper()
	if err := s.Insert(t.Context(), typ, scope, parse(t, shorthand.expand(doc))); err != nil {
		t.Fatalf("insert %s: %v", doc, err)
	}
}

func all(t testing.TB, s *store.Store, typ *entity.Type, scope string) []map[string]any {
	t.Helper()
	var docs []map[string]any
	for after := ""; ; {
		page, err := s.List(t.Context(), typ, scope, store.Query{After: after})
		if err != nil {
			t.Fatal(err)
		}
		docs = append(docs, page.Docs...)
		if after = page.Next; after == "" {
			return docs
		}
	}
}

// No update is lost, whether the document is there already or comes to be.
func TestPut_concurrent(t *testing.T) {
	const rounds = 10
	onShared(t, func(t *testing.T, dsn string) {
		s := onTwo(t, dsn, func(s *store.Store, _ int) {
			for range rounds {
				if _, err := s.Put(t.Context(), services, id("cp"), "counter", increment); err != nil {
					t.Error(err)
				}
			}
		})
		docs := all(t, s, services, id("cp"))
		if len(docs) != 1 || docs[0]["n"] != json.Number(strconv.Itoa(rounds*2*goroutines)) {
			t.Errorf("got %v, want one service that has counted to %d", docs, rounds*2*goroutines)
		}
	})
}

func increment(old map[string]any) (map[string]any, error) {
	if old == nil {
		old = map[string]any{"id": uuid.NewString(), "name": "counter", "n": json.Number("0")}
	}
	n, err := old["n"].(json.Number).Int64()
	old["n"] = json.Number(strconv.FormatInt(n+1, 10))
	return old, err
}

// If several want the same name, one gets it and the others get the error.
func TestInsert_concurrent(t *testing.T) {
	const names = 20
	onShared(t, func(t *testing.T, dsn string) {
		var got [names]atomic.Int32
		s := onTwo(t, dsn, func(s *store.Store, _ int) {
			for name := range names {
				err := s.Insert(t.Context(), services, id("cp"), map[string]any{"id": uuid.NewString(), "name": fmt.Sprint(name)})
				if taken := (*store.UniqueError)(nil); err == nil {
					got[name].Add(1)
				} else if !errors.As(err, &taken) || taken.Index != "name" {
					t.Error(err)
				}
			}
		})
		for name := range names {
			if n := got[name].Load(); n != 1 {
				t.Errorf("%d inserts of name %d succeeded, want 1", n, name)
			}
		}
		if n := len(all(t, s, services, id("cp"))); n != names {
			t.Errorf("there are %d services, want %d", n, names)
		}
	})
}

// Names that move between documents stay unique, and a document put under a
// name has that name.
func TestPut_renamed(t *testing.T) {
	const rounds = 4
	onShared(t, func(t *testing.T, dsn string) {
		onTwo(t, dsn, func(s *store.Store, worker int) {
			for round := range rounds {
				name := strconv.Itoa((worker + round) % 3)
				_, err := s.Put(t.Context(), services, id("cp"), name, func(old map[string]any) (map[string]any, error) {
					if old == nil {
						return map[string]any{"id": uuid.NewString(), "name": name}, nil
					}
					if old["name"] != name {
						t.Errorf("looked for %s, found %v", name, old)
					}
					old["name"] = strconv.Itoa(rand.IntN(6))
					return old, nil
				})
				if taken := (*store.UniqueError)(nil); err != nil && !errors.As(err, &taken) {
					t.Error(err)
				}
			}
		})
	})
}

// Whatever is created and deleted at once, no foreign key leads nowhere.
func TestDelete_concurrent(t *testing.T) {
	const rounds = 15
	onShared(t, func(t *testing.T, dsn string) {
		s := onTwo(t, dsn, func(s *store.Store, worker int) {
			for round := range rounds {
				service := map[string]any{"id": id(fmt.Sprint("s", round%3))}
				err := churn(t.Context(), s, worker%4, service, fmt.Sprint(worker, "-", round))
				if !expected(err) {
					t.Error(err)
				}
			}
		})
		there := map[any]bool{nil: true}
		for _, doc := range all(t, s, services, id("cp")) {
			there[doc["id"]] = true
		}
		for _, typ := range []*entity.Type{routes, plugins} {
			for _, doc := range all(t, s, typ, id("cp")) {
				if service, _ := doc["service"].(map[string]any); !there[service["id"]] {
					t.Errorf("%s of a service that is gone: %v", typ.Singular, doc)
				}
			}
		}
		checkTables(t, s)
	})
}

// churn does one of the things that get into each other's way.
func churn(ctx context.Context, s *store.Store, what int, service map[string]any, name string) error {
	scope := id("cp")
	key := service["id"].(string)
	switch what {
	case 0:
		_, err := s.Put(ctx, services, scope, key, func(map[string]any) (map[string]any, error) {
			return map[string]any{"id": key, "name": key}, nil
		})
		return err
	case 1:
		return s.Delete(ctx, services, scope, key)
	case 2:
		return s.Insert(ctx, plugins, scope, map[string]any{"id": uuid.NewString(), "name": name, "service": service})
	}
	route := uuid.NewString()
	if err := s.Insert(ctx, routes, scope, map[string]any{"id": route, "name": name, "service": service}); err != nil {
		return err
	}
	return s.Delete(ctx, routes, scope, route)
}

// expected reports whether competition explains an error.
func expected(err error) bool {
	var missing *store.ReferenceError
	var used *store.InUseError
	return err == nil || errors.Is(err, store.ErrNotFound) || errors.As(err, &missing) || errors.As(err, &used)
}

// A deleted control plane takes along entities that are being written into it.
func TestDelete_scopeConcurrent(t *testing.T) {
	const rounds = 10
	onShared(t, func(t *testing.T, dsn string) {
		s := onTwo(t, dsn, func(s *store.Store, worker int) {
			for round := range rounds {
				var err error
				if worker == 0 {
					err = replaceScope(t.Context(), s)
				} else {
					key := fmt.Sprint(worker, "-", round)
					err = s.Insert(t.Context(), services, id("cp"), map[string]any{"id": id(key), "name": key})
				}
				if !expected(err) {
					t.Error(err)
				}
			}
		})
		if err := s.Delete(t.Context(), controlPlanes, "", id("cp")); err != nil {
			t.Fatal(err)
		}
		for _, table := range []string{"entities", "uniques", "refs", "terms"} {
			n, err := s.Count(t.Context(), "SELECT count(*) FROM "+table)
			if want := map[string]int{"entities": 1}[table]; err != nil || n != want {
				t.Errorf("%s: %d rows are left (%v), want %d", table, n, err, want)
			}
		}
	})
}

func replaceScope(ctx context.Context, s *store.Store) error {
	return s.Update(ctx, func(tx *store.Tx) error {
		if err := tx.Delete(ctx, controlPlanes, "", id("cp")); err != nil {
			return err
		}
		return tx.Insert(ctx, controlPlanes, "", map[string]any{"id": id("cp"), "name": "one"})
	})
}

// checkTables looks for rows that no entity accounts for, and the reverse.
func checkTables(t testing.TB, s *store.Store) {
	t.Helper()
	for what, query := range map[string]string{
		"orphans in uniques":  `SELECT count(*) FROM uniques WHERE entity NOT IN (SELECT seq FROM entities)`,
		"orphans in terms":    `SELECT count(*) FROM terms WHERE entity NOT IN (SELECT seq FROM entities)`,
		"orphans in refs":     `SELECT count(*) FROM refs WHERE entity NOT IN (SELECT seq FROM entities)`,
		"dangling refs":       `SELECT count(*) FROM refs WHERE target NOT IN (SELECT seq FROM entities)`,
		"entities of nowhere": `SELECT count(*) FROM entities WHERE scope NOT IN (SELECT seq FROM entities)`,
		"services unnamed":    `SELECT count(*) FROM entities WHERE type = 'services' AND seq NOT IN (SELECT entity FROM uniques)`,
	} {
		if n, err := s.Count(t.Context(), query); err != nil || n != 0 {
			t.Errorf("%s: %d, %v", what, n, err)
		}
	}
	for _, name := range []string{"uniques", "terms", "refs"} {
		has, err := s.Count(t.Context(), "SELECT count(*) FROM "+name)
		says, unreadable := s.Entries(t.Context(), name)
		if err := errors.Join(err, unreadable); err != nil || has != says {
			t.Errorf("%s has %d rows, entities say %d (%v)", name, has, says, err)
		}
	}
}

// A call that fails in a shared transaction leaves the others alone.
func TestUpdate_mixed(t *testing.T) {
	const rounds = 10
	refused := errors.New("refused")
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		mustInsert(t, s, controlPlanes, "", `{"id":"#cp","name":"one"}`)
		var wg sync.WaitGroup
		for worker := range goroutines {
			wg.Go(func() {
				for round := range rounds {
					name := fmt.Sprint(worker, "-", round)
					err := s.Update(t.Context(), func(tx *store.Tx) error {
						for part := range 2 {
							doc := map[string]any{"id": uuid.NewString(), "name": fmt.Sprint(name, "-", part)}
							if err := tx.Insert(t.Context(), services, id("cp"), doc); err != nil {
								return err
							}
						}
						if worker%2 == 0 {
							return refused
						}
						return nil
					})
					if worker%2 == 0 && err != refused || worker%2 == 1 && err != nil { //nolint:errorlint // the very error that the function returned
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if n, want := len(all(t, s, services, id("cp"))), goroutines/2*rounds*2; n != want {
			t.Errorf("there are %d services, want %d", n, want)
		}
		checkTables(t, s)
	})
}

// A function that panics, or ends its goroutine, undoes its transaction and
// leaves the store in order.
func TestUpdate_panics(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		func() {
			defer func() {
				if got := recover(); got != "on purpose" {
					t.Errorf("recovered %v", got)
				}
			}()
			_ = s.Update(t.Context(), func(tx *store.Tx) error {
				mustBe(t, nil, tx.Insert(t.Context(), controlPlanes, "", map[string]any{"id": id("cp"), "name": "one"}))
				panic("on purpose")
			})
		}()
		mustInsert(t, s, controlPlanes, "", `{"id":"#cp","name":"one"}`)
	})
}

func mustBe(t testing.TB, want, got error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("got error %v, want %v", got, want)
	}
}

// Waiting for others ends with the context, and so does a transaction.
func TestUpdate_cancelled(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		mustInsert(t, s, controlPlanes, "", `{"id":"#cp","name":"one"}`)
		same := func(old map[string]any) (map[string]any, error) { return old, nil }
		waiting, cancel := context.WithCancel(t.Context())
		_, err := s.Put(t.Context(), controlPlanes, "", id("cp"), func(old map[string]any) (map[string]any, error) {
			result := make(chan error)
			go func() {
				_, err := s.Put(waiting, controlPlanes, "", id("cp"), same)
				result <- err
			}()
			cancel()
			mustBe(t, context.Canceled, <-result)
			return old, nil
		})
		mustBe(t, nil, err)

		inside, cancel := context.WithCancel(t.Context())
		mustBe(t, context.Canceled, s.Update(inside, func(tx *store.Tx) error {
			cancel()
			return tx.Insert(inside, services, id("cp"), map[string]any{"id": id("s1"), "name": "a"})
		}))
		_, err = s.Get(t.Context(), services, id("cp"), "a")
		mustBe(t, store.ErrNotFound, err)

		_, err = s.Get(waiting, controlPlanes, "", id("cp"))
		mustBe(t, context.Canceled, err)
		_, err = s.List(waiting, controlPlanes, "", store.Query{})
		mustBe(t, context.Canceled, err)
		if _, err := s.Get(t.Context(), controlPlanes, "", id("cp")); err != nil {
			t.Errorf("after a cancelled call: %v", err)
		}
	})
}

// Every call that begins before Close succeeds; every later one reports that
// the store is closed.
func TestClose_concurrent(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		mustInsert(t, s, controlPlanes, "", `{"id":"#cp","name":"one"}`)
		var wg sync.WaitGroup
		for range goroutines {
			wg.Go(func() {
				for {
					if err := s.Insert(t.Context(), services, id("cp"), map[string]any{"id": uuid.NewString()}); err != nil {
						mustBe(t, store.ErrClosed, err)
						break
					}
				}
				_, err := s.Get(t.Context(), controlPlanes, "", id("cp"))
				mustBe(t, store.ErrClosed, err)
				_, err = s.List(t.Context(), controlPlanes, "", store.Query{})
				mustBe(t, store.ErrClosed, err)
			})
		}
		mustBe(t, nil, s.Close())
		wg.Wait()
		mustBe(t, nil, s.Close())
	})
}

// A write that failed half way cannot be ignored; other errors can.
func TestUpdate_lost(t *testing.T) {
	service := func(name string, more ...string) map[string]any {
		doc := map[string]any{"id": id(name), "name": name}
		for _, ref := range more {
			doc["client_certificate"] = map[string]any{"id": id(ref)}
		}
		return doc
	}
	tests := []struct {
		name string
		call func(ctx context.Context, tx *store.Tx) error
		lost bool
	}{
		{"id taken", func(ctx context.Context, tx *store.Tx) error {
			return tx.Insert(ctx, services, id("cp"), service("known"))
		}, true},
		{"name taken", func(ctx context.Context, tx *store.Tx) error {
			return tx.Insert(ctx, services, id("cp"), map[string]any{"id": id("x"), "name": "known"})
		}, true},
		{"reference missing", func(ctx context.Context, tx *store.Tx) error {
			return tx.Insert(ctx, services, id("cp"), service("x", "nowhere"))
		}, true},
		{"scope missing", func(ctx context.Context, tx *store.Tx) error {
			return tx.Insert(ctx, services, id("nowhere"), service("x"))
		}, true},
		{"put with a reference missing", func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Put(ctx, services, id("cp"), "known", func(map[string]any) (map[string]any, error) {
				return service("known", "nowhere"), nil
			})
			return err
		}, true},
		{"put refused by its function", func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Put(ctx, services, id("cp"), "known", func(map[string]any) (map[string]any, error) {
				return nil, errors.New("refused")
			})
			return err
		}, false},
		{"get of nothing", func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Get(ctx, services, id("cp"), "x")
			return err
		}, false},
		{"delete of nothing", func(ctx context.Context, tx *store.Tx) error {
			return tx.Delete(ctx, services, id("cp"), "x")
		}, false},
		{"delete in use", func(ctx context.Context, tx *store.Tx) error {
			return tx.Delete(ctx, services, id("cp"), "known")
		}, false},
		{"bad cursor", func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.List(ctx, services, id("cp"), store.Query{After: "x"})
			return err
		}, false},
	}
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		mustInsert(t, s, controlPlanes, "", `{"id":"#cp","name":"one"}`)
		mustInsert(t, s, services, id("cp"), `{"id":"#known","name":"known"}`)
		mustInsert(t, s, routes, id("cp"), `{"id":"#r1","service":{"id":"#known"}}`)
		for _, test := range tests {
			var refused, later error
			err := s.Update(t.Context(), func(tx *store.Tx) error {
				refused = test.call(t.Context(), tx)
				later = tx.Insert(t.Context(), services, id("cp"), service(test.name))
				return nil
			})
			if refused == nil {
				t.Errorf("%s: it was allowed", test.name)
			}
			if test.lost && (!errors.Is(err, refused) || !errors.Is(later, refused)) || !test.lost && (err != nil || later != nil) {
				t.Errorf("%s: refused with %v, then %v, at the end %v", test.name, refused, later, err)
			}
			if _, err := s.Get(t.Context(), services, id("cp"), test.name); errors.Is(err, store.ErrNotFound) != test.lost {
				t.Errorf("%s: what came later: %v", test.name, err)
			}
		}
		checkTables(t, s)
	})
}

// A transaction sees its own changes; others see all of them or none.
func TestUpdate_isolated(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		err := s.Update(t.Context(), func(tx *store.Tx) error {
			mustBe(t, nil, tx.Insert(t.Context(), controlPlanes, "", map[string]any{"id": id("cp"), "name": "one"}))
			if _, err := tx.Get(t.Context(), controlPlanes, "", id("cp")); err != nil {
				t.Errorf("inside: %v", err)
			}
			page, err := tx.List(t.Context(), controlPlanes, "", store.Query{})
			if err != nil || len(page.Docs) != 1 {
				t.Errorf("inside: %v, %v", page, err)
			}
			_, err = s.Get(t.Context(), controlPlanes, "", id("cp"))
			mustBe(t, store.ErrNotFound, err)
			return nil
		})
		mustBe(t, nil, err)
		if _, err := s.Get(t.Context(), controlPlanes, "", id("cp")); err != nil {
			t.Errorf("afterwards: %v", err)
		}
	})
}

// A document that a transaction has read cannot be deleted before the
// transaction ends, so that its conclusions still hold.
func TestGet_keeps(t *testing.T) {
	const rounds = 20
	onShared(t, func(t *testing.T, dsn string) {
		onTwo(t, dsn, func(s *store.Store, worker int) {
			for range rounds {
				name := fmt.Sprint("plugin-", worker/4)
				if err := relate(t.Context(), s, worker%4, name); !expected(err) {
					t.Error(err)
				}
				plugin, err := relation(t.Context(), s, name)
				if plugin && err != nil {
					t.Errorf("a plugin %s without its schema: %v", name, err)
				}
			}
		})
	})
}

// relate creates and deletes a plugin schema and a plugin that uses it. The
// store does not know of that relation, which goes by name.
func relate(ctx context.Context, s *store.Store, what int, name string) error {
	scope, plugin := id("cp"), id(name)
	return s.Update(ctx, func(tx *store.Tx) error {
		switch what {
		case 0:
			err := tx.Insert(ctx, schemas, scope, map[string]any{"name": name})
			if taken := (*store.UniqueError)(nil); errors.As(err, &taken) {
				return store.ErrNotFound // nothing to do
			}
			return err
		case 1:
			if _, err := tx.Get(ctx, schemas, scope, name); err != nil {
				return err
			}
			_, err := tx.Put(ctx, plugins, scope, plugin, func(map[string]any) (map[string]any, error) {
				return map[string]any{"id": plugin, "name": name}, nil
			})
			return err
		case 2:
			return tx.Delete(ctx, plugins, scope, plugin)
		}
		if err := tx.Delete(ctx, schemas, scope, name); err != nil {
			return err
		}
		page, err := tx.List(ctx, plugins, scope, store.Query{Equal: map[string]string{"name": name}})
		if err == nil && len(page.Docs) > 0 {
			return &store.InUseError{By: "plugin"}
		}
		return err
	})
}

// relation looks for a plugin and its schema in one transaction, in the order
// in which the schema cannot go missing between the two.
func relation(ctx context.Context, s *store.Store, name string) (plugin bool, err error) {
	failed := s.Update(ctx, func(tx *store.Tx) error {
		_, missing := tx.Get(ctx, plugins, id("cp"), id(name))
		plugin = missing == nil
		_, err = tx.Get(ctx, schemas, id("cp"), name)
		return nil
	})
	return plugin, errors.Join(err, failed)
}

// Stores that find no tables create them at the same moment, and none minds
// that another one was first. PostgreSQL tells the others so in several ways,
// which is why it is tried on several databases.
func TestOpen_concurrent(t *testing.T) {
	t.Parallel()
	for range 12 {
		dsn := pgtest.New(t)
		var wg sync.WaitGroup
		for range 12 {
			wg.Go(func() {
				s, err := store.Open(t.Context(), dsn, types)
				if err != nil {
					t.Error(err)
					return
				}
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}
}
