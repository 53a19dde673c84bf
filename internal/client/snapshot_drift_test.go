package client_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// storm disturbs what a control plane answers, and shows it in small pages.
type storm struct {
	next http.Handler

	mu     sync.Mutex
	dice   *rand.Rand
	faults float64 // the share of answers that are none
	calls  int
}

func (s *storm) roll() (kind int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	if s.dice.Float64() >= s.faults {
		return -1
	}
	return s.dice.IntN(4)
}

func (s *storm) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	kind := s.roll()
	if query := r.URL.Query(); query.Has("size") {
		query.Set("size", "7")
		r.URL.RawQuery = query.Encode()
	}
	switch kind {
	case 0:
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(http.StatusTooManyRequests)
		return
	case 1:
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	case -1:
		s.next.ServeHTTP(w, r)
		return
	}
	rec := httptest.NewRecorder()
	s.next.ServeHTTP(rec, r)
	for k, v := range rec.Header() {
		w.Header()[k] = v
	}
	if r.Method != http.MethodGet || kind == 2 {
		panic(http.ErrAbortHandler) // the answer is lost
	}
	w.WriteHeader(rec.Code)
	_, _ = io.WriteString(w, rec.Body.String()[:rec.Body.Len()/2]) // half of it, as if it were all
	panic(http.ErrAbortHandler)
}

// stepped is a clock on which waiting takes no time.
type stepped struct {
	mu  sync.Mutex
	now time.Time
}

func (c *stepped) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *stepped) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	return ctx.Err()
}

// key addresses an entity of the world.
type key struct {
	typ *entity.Type
	id  string
}

// A walk that reads through snapshots finds of each entity a form that it had
// during the walk, and what was changed before the walk in its latest form,
// whatever happens to answers, in this process and over HTTP.
func TestRead_drift(t *testing.T) {
	t.Parallel()
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			d := newDrift(t, seed)
			for range 4 {
				d.edit(t, d.dice.IntN(12)) // between two walks
				d.walk(t)
			}
			d.ownWrites(t)
		})
	}
}

type drift struct {
	world *acctest.World
	storm *storm
	api   *client.Client
	dice  *rand.Rand

	mu    sync.Mutex
	known []key
	forms map[key][]map[string]any // since the walk began; nil stands for gone
}

func newDrift(t *testing.T, seed uint64) *drift {
	t.Helper()
	w := acctest.NewWorld(t)
	dice := rand.New(rand.NewPCG(seed, 1))
	faults := []float64{0, 0.1, 0.3}[seed%3]
	s := &storm{next: w, dice: rand.New(rand.NewPCG(seed, 2)), faults: faults}
	clock := &stepped{now: time.Now()}
	opts := client.Options{Now: clock.Now, Sleep: clock.Sleep, RetryBudget: time.Hour}
	if seed%2 == 0 {
		opts.Transport = client.HandlerTransport(s)
	} else {
		server := httptest.NewServer(s)
		t.Cleanup(server.Close)
		opts.ServerURL = server.URL
	}
	api, err := client.New(opts)
	if err != nil {
		t.Fatal(err)
	}
	d := &drift{world: w, storm: s, api: api, dice: dice, forms: map[key][]map[string]any{}}
	for range 20 {
		d.make(t)
	}
	return d
}

func (d *drift) ref(k key) client.Ref {
	return client.Ref{Type: k.typ, Parents: d.world.Scope(), Key: k.id}
}

// make stores a service with a plugin, and a consumer.
func (d *drift) make(t *testing.T) {
	t.Helper()
	n := len(d.known)
	service := d.world.Make(t, entity.Service, d.world.Scope(), acctest.Object{"name": fmt.Sprintf("s%d", n), "host": "h.example"})
	plugin := d.world.Make(t, entity.Plugin, d.world.Scope(), acctest.Object{"name": "acl", "service": acctest.Object{"id": service["id"]}, "config": acctest.Object{"allow": []any{"a"}}})
	consumer := d.world.Make(t, entity.Consumer, d.world.Scope(), acctest.Object{"username": fmt.Sprintf("c%d", n)})
	for typ, doc := range map[*entity.Type]map[string]any{entity.Service: service, entity.Plugin: plugin, entity.Consumer: consumer} {
		id, _ := doc["id"].(string)
		d.known = append(d.known, key{typ, id})
		d.note(t, key{typ, id})
	}
}

// note reads the form of an entity, behind all storms.
func (d *drift) note(t *testing.T, k key) {
	t.Helper()
	doc, err := d.world.Client.Get(context.Background(), d.ref(k))
	if err != nil && !errors.Is(err, client.ErrNotFound) {
		t.Error(err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.forms[k] = append(d.forms[k], doc)
}

// edit changes and deletes entities behind the back of the client, and adds
// others.
func (d *drift) edit(t *testing.T, times int) {
	t.Helper()
	for range times {
		k := d.known[d.dice.IntN(len(d.known))]
		doc, err := d.world.Client.Get(context.Background(), d.ref(k))
		switch {
		case d.dice.IntN(8) == 0:
			d.make(t)
		case err != nil:
			continue
		case d.dice.IntN(4) == 0:
			if err := d.world.Client.Delete(context.Background(), d.ref(k)); err != nil {
				t.Error(err)
			}
			d.noteAll(t) // plugins go with their service
		default:
			doc["tags"] = []any{fmt.Sprintf("t%d", d.dice.IntN(1000))}
			if _, err := d.world.Client.Put(context.Background(), d.ref(k), doc); err != nil {
				t.Error(err)
			}
			d.note(t, k)
		}
	}
}

func (d *drift) noteAll(t *testing.T) {
	for _, k := range d.known {
		d.note(t, k)
	}
}

// walk reads everything, ten at a time, while edits go on.
func (d *drift) walk(t *testing.T) {
	t.Helper()
	d.mu.Lock()
	for k, forms := range d.forms {
		d.forms[k] = forms[len(forms)-1:]
	}
	d.mu.Unlock()
	work := make(chan key, len(d.known))
	walked := slices.Clone(d.known)
	d.dice.Shuffle(len(walked), func(i, j int) { walked[i], walked[j] = walked[j], walked[i] })
	for _, k := range walked {
		work <- k
	}
	close(work)
	found := map[key]map[string]any{}
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			for k := range work {
				doc, err := d.api.Read(context.Background(), d.ref(k), client.Once)
				if err != nil && !errors.Is(err, client.ErrNotFound) {
					t.Errorf("%s %s: %v", k.typ.Title, k.id, err)
				}
				d.mu.Lock()
				found[k] = doc
				d.mu.Unlock()
			}
		})
	}
	d.edit(t, d.dice.IntN(6))
	wg.Wait()
	for _, k := range walked {
		if !slices.ContainsFunc(d.forms[k], func(form map[string]any) bool { return cmp.Equal(form, found[k]) }) {
			t.Errorf("%s %s: read %v, which it never was: %v", k.typ.Title, k.id, found[k], d.forms[k])
		}
	}
}

// ownWrites reads again what this client wrote.
func (d *drift) ownWrites(t *testing.T) {
	t.Helper()
	ctx := context.Background()
	for range 20 {
		k := d.known[d.dice.IntN(len(d.known))]
		doc, err := d.api.Read(ctx, d.ref(k), client.Often)
		if err != nil {
			continue
		}
		doc["tags"] = []any{fmt.Sprintf("own-%d", d.dice.IntN(1000))}
		put, err := d.api.Put(ctx, d.ref(k), doc)
		if err != nil {
			t.Fatal(err)
		}
		read, err := d.api.Read(ctx, d.ref(k), client.Often)
		if diff := cmp.Diff(put, read); diff != "" || err != nil {
			t.Errorf("after a write: %v %s", err, diff)
		}
	}
	for _, k := range slices.Clone(d.known) {
		if k.typ != entity.Service {
			continue
		}
		if err := d.api.Delete(ctx, d.ref(k)); err != nil && !errors.Is(err, client.ErrNotFound) {
			t.Fatal(err)
		}
	}
	for _, k := range d.known {
		if _, err := d.api.Read(ctx, d.ref(k), client.Often); k.typ == entity.Plugin && !errors.Is(err, client.ErrNotFound) {
			t.Errorf("a plugin of a deleted service: %v", err)
		}
	}
	all, _, err := d.api.Survey(ctx, d.ref(key{entity.Consumer, ""}), true)
	listed, again := d.world.Client.List(ctx, d.ref(key{entity.Consumer, ""}), nil)
	if diff := cmp.Diff(listed, all); diff != "" || err != nil || again != nil {
		t.Errorf("%v %v %s", err, again, diff)
	}
}
