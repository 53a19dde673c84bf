package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/openkonnect/terraform-provider-konnect/internal/controlplane"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// kinds are the plugins that are stored on each service: their name, and the
// config that they need.
var kinds = []struct{ name, config string }{
	{"rate-limiting", `{"minute":60,"hour":100000,"limit_by":"consumer","policy":"redis","redis":{"host":"redis.internal.example","port":6379}}`},
	{"cors", `{"origins":["https://shop.example"],"methods":["GET","POST"],"max_age":3600}`},
	{"key-auth", `{"key_names":["apikey"],"hide_credentials":true}`},
	{"request-transformer", `{"add":{"headers":["x-team:orders"]},"remove":{"querystring":["debug"]}}`},
	{"acl", `{"allow":["orders","shop"]}`},
	{"ip-restriction", `{"allow":["10.0.0.0/8","192.168.0.0/16"]}`},
	{"http-log", `{"http_endpoint":"https://logs.internal.example/kong"}`},
	{"proxy-cache", `{"strategy":"memory","content_type":["application/json"],"cache_ttl":30}`},
}

// world is a database and what the benchmark knows of it.
type world struct {
	plane *controlplane.ControlPlane
	store *store.Store
	id    string // of the control plane
	core  string // path of its entities

	service map[string]any   // a stored one, from which others are made
	plugins []map[string]any // one of each kind

	services []string // ids of those with plugins
	stored   []string // ids of plugins
	limits   []pair   // some rate-limiting plugins, with their services
	half     string   // cursor that leads to the middle of the plugins

	mu    sync.Mutex
	free  []string     // services without plugins
	named atomic.Int64 // names that were given
}

type pair struct{ plugin, service string }

// newWorld creates a control plane and stores plugins in it, by passing
// complete documents to the store.
func newWorld(ctx context.Context, dsn string, stored int) (w *world, err error) {
	w = &world{}
	defer func() {
		if err != nil {
			w.close()
		}
	}()
	if w.plane, err = controlplane.Open(ctx, controlplane.Options{Database: dsn}); err != nil {
		return w, err
	}
	if w.store, err = store.Open(ctx, dsn, entity.Types()); err != nil {
		return w, err
	}
	if err := w.samples(ctx); err != nil {
		return w, err
	}
	if err := w.fill(ctx, max(stored-len(kinds), 0)/len(kinds)); err != nil {
		return w, err
	}
	return w, w.findHalf(ctx)
}

func (w *world) close() {
	if w.plane != nil {
		_ = w.plane.Close() // nothing is written any more
	}
	if w.store != nil {
		_ = w.store.Close()
	}
}

// post creates something by way of the API and returns its id.
func (w *world) post(ctx context.Context, path, body string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, path, bytes.NewBufferString(body))
	if err != nil {
		return "", err
	}
	a := &kept{answer: answer{header: http.Header{}}}
	w.plane.ServeHTTP(a, req)
	if a.status != http.StatusCreated {
		return "", fmt.Errorf("POST %s: status %d: %s", path, a.status, a.body.Bytes())
	}
	var doc struct{ ID string }
	return doc.ID, errors.Join(json.Unmarshal(a.body.Bytes(), &doc))
}

// kept is an answer that keeps its body.
type kept struct {
	answer

	body bytes.Buffer
}

func (k *kept) Write(p []byte) (int, error) {
	k.WriteHeader(http.StatusOK)
	return k.body.Write(p)
}

// samples creates one of each kind, and reads the documents that the server
// made of them.
func (w *world) samples(ctx context.Context) (err error) {
	if w.id, err = w.post(ctx, "/v2/control-planes", `{"name":"bench"}`); err != nil {
		return err
	}
	w.core = "/v2/control-planes/" + w.id + "/core-entities"
	service, err := w.post(ctx, w.core+"/services", string(appendService(nil, "sample")))
	if err != nil {
		return err
	}
	if w.service, err = w.store.Get(ctx, entity.Service, w.id, service); err != nil {
		return err
	}
	for _, kind := range kinds {
		body := fmt.Sprintf(`{"name":%q,"service":{"id":%q},"config":%s,"tags":["bench"]}`, kind.name, service, kind.config)
		id, err := w.post(ctx, w.core+"/plugins", body)
		if err != nil {
			return err
		}
		doc, err := w.store.Get(ctx, entity.Plugin, w.id, id)
		if err != nil {
			return err
		}
		w.plugins = append(w.plugins, doc)
		w.know(service, id, kind.name)
	}
	w.services = append(w.services, service)
	return nil
}

func (w *world) know(service, plugin, kind string) {
	w.stored = append(w.stored, plugin)
	if kind == kinds[0].name && len(w.limits) < 1000 {
		w.limits = append(w.limits, pair{plugin, service})
	}
}

// writers is how many transactions fill a database at the same time, and
// together how many services each of them adds.
const (
	writers  = 4
	together = 64
)

// fill adds services with a plugin of each kind.
func (w *world) fill(ctx context.Context, services int) error {
	first := len(w.services)
	for range services {
		w.services = append(w.services, uuid.NewString())
	}
	added := w.services[first:]
	ids := make([][]string, len(added))
	err := w.batches(ctx, len(added), func(tx *store.Tx, i int) error {
		ids[i] = nil
		if err := w.insertService(ctx, tx, added[i]); err != nil {
			return err
		}
		for _, sample := range w.plugins {
			doc := maps.Clone(sample)
			id := uuid.NewString()
			doc["id"], doc["service"] = id, map[string]any{"id": added[i]}
			if err := tx.Insert(ctx, entity.Plugin, w.id, doc); err != nil {
				return err
			}
			ids[i] = append(ids[i], id)
		}
		return nil
	})
	for i, list := range ids {
		for kind, id := range list {
			w.know(added[i], id, kinds[kind].name)
		}
	}
	return err
}

func (w *world) insertService(ctx context.Context, tx *store.Tx, id string) error {
	doc := maps.Clone(w.service)
	doc["id"], doc["name"] = id, "service-"+id
	return tx.Insert(ctx, entity.Service, w.id, doc)
}

// batches runs insert for every number below n, many in one transaction.
func (w *world) batches(ctx context.Context, n int, insert func(tx *store.Tx, i int) error) error {
	var next atomic.Int64
	errs := make([]error, writers)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() {
			for errs[i] == nil {
				first := int(next.Add(together)) - together
				if first >= n {
					return
				}
				errs[i] = w.store.Update(ctx, func(tx *store.Tx) error {
					for k := first; k < min(first+together, n); k++ {
						if err := insert(tx, k); err != nil {
							return err
						}
					}
					return nil
				})
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// findHalf reads the first half of the plugins, and keeps the cursor.
func (w *world) findHalf(ctx context.Context) error {
	for left := len(w.stored) / 2; left > 0; left -= 1000 {
		page, err := w.store.List(ctx, entity.Plugin, w.id, store.Query{Size: min(left, 1000), After: w.half})
		if err != nil {
			return err
		}
		w.half = page.Next
	}
	return nil
}

// prepare makes sure that an operation has enough work for that time.
func (w *world) prepare(ctx context.Context, o operation, each time.Duration) error {
	missing := int(float64(o.services)*each.Seconds()) - len(w.free)
	if missing <= 0 {
		return nil
	}
	ids := make([]string, missing)
	for i := range ids {
		ids[i] = uuid.NewString()
	}
	w.free = append(w.free, ids...)
	return w.batches(ctx, len(ids), func(tx *store.Tx, i int) error { return w.insertService(ctx, tx, ids[i]) })
}

func (w *world) freeService() (id string, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.free) == 0 {
		return "", false
	}
	id = w.free[len(w.free)-1]
	w.free = w.free[:len(w.free)-1]
	return id, true
}

func (w *world) anyService() string { return w.services[rand.IntN(len(w.services))] }

func (w *world) anyPlugin() string { return w.stored[rand.IntN(len(w.stored))] }

// list asks for a page.
func (w *world) list(path string) request {
	return request{method: http.MethodGet, path: w.core + path}
}
