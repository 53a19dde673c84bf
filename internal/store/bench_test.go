package store_test

import (
	"encoding/json"
	"fmt"
	"iter"
	"testing"

	"github.com/google/uuid"

	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// plugin is a document of usual size.
func plugin(name string) map[string]any {
	limits := map[string]any{}
	for _, unit := range []string{"second", "minute", "hour", "day", "month", "year"} {
		limits[unit] = json.Number("100")
	}
	return map[string]any{
		"id": uuid.NewString(), "name": "rate-limiting", "instance_name": name, "enabled": true,
		"created_at": json.Number("1700000000"), "updated_at": json.Number("1700000000"),
		"protocols": []any{"grpc", "grpcs", "http", "https"}, "tags": []any{"team-a", "prod"},
		"config": map[string]any{
			"limits": limits, "limit_by": "consumer", "policy": "local", "fault_tolerant": true, "hide_client_headers": false,
			"error_code": json.Number("429"), "error_message": "API rate limit exceeded", "sync_rate": json.Number("-1"),
			"redis": map[string]any{
				"host": nil, "port": json.Number("6379"), "timeout": json.Number("2000"), "username": nil, "password": nil,
				"database": json.Number("0"), "ssl": false, "ssl_verify": false, "server_name": nil,
			},
		},
	}
}

// Each operation on a store that holds nothing and on one that holds ten
// thousand plugins: the two should cost the same.
func BenchmarkStore(b *testing.B) {
	for _, database := range databases {
		for _, stored := range []int{0, 10_000} {
			b.Run(fmt.Sprintf("%s/%d", database.name, stored), func(b *testing.B) {
				s := open(b, database.fresh(b))
				fill(b, s, stored)
				benchmarkOperations(b, s)
			})
		}
	}
}

func fill(b *testing.B, s *store.Store, stored int) {
	mustInsert(b, s, controlPlanes, "", `{"id":"#cp","name":"one"}`)
	for first := 0; first < stored; first += 1000 {
		err := s.Update(b.Context(), func(tx *store.Tx) error {
			for i := first; i < min(first+1000, stored); i++ {
				name := fmt.Sprint("stored-", i)
				service := map[string]any{"id": id(name), "name": name}
				if err := tx.Insert(b.Context(), services, id("cp"), service); err != nil {
					return err
				}
				doc := plugin(name)
				doc["service"] = map[string]any{"id": id(name)}
				if err := tx.Insert(b.Context(), plugins, id("cp"), doc); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func benchmarkOperations(b *testing.B, s *store.Store) {
	ctx, scope := b.Context(), id("cp")
	must := func(b *testing.B, err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	insert := func(b *testing.B) {
		doc := plugin(uuid.NewString())
		doc["name"] = doc["instance_name"]
		must(b, s.Insert(ctx, plugins, scope, doc))
	}
	b.Run("insert", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			insert(b)
		}
	})
	b.Run("insert-parallel", func(b *testing.B) {
		b.ReportAllocs()
		b.SetParallelism(8)
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				insert(b)
			}
		})
	})
	doc := plugin("known")
	must(b, s.Insert(ctx, plugins, scope, doc))
	key := doc["id"].(string)
	b.Run("put", func(b *testing.B) {
		b.ReportAllocs()
		for n := 0; b.Loop(); n++ {
			_, err := s.Put(ctx, plugins, scope, key, func(old map[string]any) (map[string]any, error) {
				old["updated_at"] = json.Number(fmt.Sprint(n))
				return old, nil
			})
			must(b, err)
		}
	})
	b.Run("get", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, err := s.Get(ctx, plugins, scope, key)
			must(b, err)
		}
	})
	for name, q := range map[string]store.Query{
		"list":      {},
		"list-tags": {Tags: []string{"team-a", "prod"}},
		"list-any":  {Tags: []string{"team-a", "prod"}, AnyTag: true},
		"list-name": {Equal: map[string]string{"name": "rate-limiting"}},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, err := s.List(ctx, plugins, scope, q)
				must(b, err)
			}
		})
	}
	b.Run("delete", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			b.StopTimer()
			doc := plugin(uuid.NewString())
			doc["name"] = doc["instance_name"]
			must(b, s.Insert(ctx, plugins, scope, doc))
			b.StartTimer()
			must(b, s.Delete(ctx, plugins, scope, doc["id"].(string)))
		}
	})
}

// Opening a database of a hundred thousand entities, of which all rows have to
// be derived anew.
func BenchmarkOpen_derivation(b *testing.B) {
	const stored = 50_000 // services, and as many plugins
	for _, database := range databases {
		if !database.shared {
			continue
		}
		b.Run(database.name, func(b *testing.B) {
			dsn := database.fresh(b)
			s := open(b, dsn)
			if err := s.Load(b.Context(), many(stored)); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				b.StopTimer()
				if err := s.Exec(b.Context(), `DELETE FROM facts`); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
				open(b, dsn)
			}
		})
	}
}

func many(stored int) iter.Seq2[store.Document, error] {
	return func(yield func(store.Document, error) bool) {
		document := func(typ, scope string, doc map[string]any) bool {
			body, err := json.Marshal(doc)
			return yield(store.Document{Type: typ, Scope: scope, Body: string(body)}, err)
		}
		if !document("control_planes", "", map[string]any{"id": id("cp"), "name": "one"}) {
			return
		}
		for i := range stored {
			name := fmt.Sprint("stored-", i)
			doc := plugin(name)
			doc["service"] = map[string]any{"id": id(name)}
			if !document("services", id("cp"), map[string]any{"id": id(name), "name": name}) || !document("plugins", id("cp"), doc) {
				return
			}
		}
	}
}
