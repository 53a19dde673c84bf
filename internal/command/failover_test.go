package command

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/pgtest"
)

// failoversVariable says how often TestServe_failover goes through it.
const failoversVariable = "KONNECT_TEST_FAILOVERS"

func failovers(t *testing.T) int {
	t.Helper()
	text, ok := os.LookupEnv(failoversVariable)
	if !ok {
		return 1
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", failoversVariable, err)
	}
	return n
}

// TestServe_failover has two servers behind one address, a database on a primary
// and a standby, and clients that write all the time. The primary dies and the
// standby takes over, a server dies, connections are cut. Clients see nothing
// of it but that they wait; what was acknowledged is there, and nothing is there
// twice.
func TestServe_failover(t *testing.T) {
	t.Parallel()
	rounds := failovers(t)
	pair := pgtest.NewPair(t)
	database := databaseVariable + "=" + pair.Address()
	servers := []*served{quietly(startServe(t, []string{database})), quietly(startServe(t, []string{database}))}
	front := newBalancer(t, servers[0].address, servers[1].address)
	ctx, cancel := context.WithTimeout(t.Context(), time.Duration(rounds)*3*time.Minute)
	defer cancel()
	c := newCrew(ctx, t, "http://"+front.address)
	for round := range rounds {
		if round > 0 {
			pair.Rejoin()
		}
		c.goOn(t)
		died := time.Now()
		pair.KillPrimary()
		for _, s := range servers {
			awaitReady(ctx, t, s, http.StatusServiceUnavailable, "no database server that can be written answers")
			if status, body := s.ask(t, http.MethodGet, "/v2/control-planes", "", ""); status != http.StatusServiceUnavailable {
				t.Errorf("without a primary: %d %s", status, body)
			}
		}
		promoting := time.Now()
		pair.Promote()
		promoted := time.Now()
		for _, s := range servers {
			awaitReady(ctx, t, s, http.StatusOK, "ok")
		}
		ready := time.Now()
		c.goOn(t)
		t.Logf("primary killed: %.1f s without writes for all clients together; the promotion began after %.1f s, took %.1f s, and servers were ready %.1f s later",
			c.longestPause().Seconds(), promoting.Sub(died).Seconds(), promoted.Sub(promoting).Seconds(), ready.Sub(promoted).Seconds())

		if err := servers[0].cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		c.goOn(t)
		t.Logf("server killed: %.1f s without writes", c.longestPause().Seconds())
		again := quietly(startServe(t, []string{database}))
		front.replace(servers[0].address, again.address)
		servers[0] = again

		front.cut()
		c.goOn(t)
		t.Logf("connections cut: %.1f s without writes", c.longestPause().Seconds())
	}
	c.end(t)
}

// quietly reads a server's log to its end: one that nobody reads would stop the
// server.
func quietly(s *served) *served {
	go func() {
		for s.log.Scan() {
		}
	}()
	return s
}

// awaitReady waits until a server says so of itself.
func awaitReady(ctx context.Context, t *testing.T, s *served, want int, says string) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		status, body := s.ask(t, http.MethodGet, "/readyz", "", "")
		if status == want && strings.Contains(body, says) {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("readyz: %d %s, want %d", status, body, want)
		case <-tick.C:
		}
	}
}

// crew is clients that write all the time, with what they were told.
type crew struct {
	plane   string
	reader  *client.Client
	writers sync.WaitGroup
	stop    chan struct{}

	mu      sync.Mutex
	changed *sync.Cond
	done    []int // how often each writer has gone round
	retries int
	last    time.Time     // of all acknowledgements
	pause   time.Duration // the longest between two
	failed  bool

	retriesOf map[string]int  // services by name, with a field that changes
	routes    map[string]bool // by their only path: whether it is certain
}

const (
	crewClients = 2
	crewWriters = 4 // of each client
)

func newCrew(ctx context.Context, t *testing.T, address string) *crew {
	t.Helper()
	c := &crew{stop: make(chan struct{}), retriesOf: map[string]int{}, routes: map[string]bool{}, last: time.Now()}
	c.changed = sync.NewCond(&c.mu)
	c.reader = c.client(t, address)
	plane, err := c.reader.Create(ctx, client.Ref{Type: entity.ControlPlane}, map[string]any{"name": "demo"})
	if err != nil {
		t.Fatal(err)
	}
	c.plane = plane["id"].(string)
	c.done = make([]int, crewClients*crewWriters)
	for i := range crewClients {
		shared := c.client(t, address)
		for j := range crewWriters {
			w := &writer{crew: c, client: shared, number: i*crewWriters + j}
			c.writers.Go(func() { w.write(ctx, t) })
		}
	}
	return c
}

func (c *crew) client(t *testing.T, address string) *client.Client {
	t.Helper()
	out, err := client.New(client.Options{ServerURL: address, OnRetry: func(context.Context, client.RetryEvent) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.retries++
	}})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// goOn waits until every writer has gone round a few times more.
func (c *crew) goOn(t *testing.T) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, before := range append([]int(nil), c.done...) {
		for c.done[i] < before+3 && !c.failed {
			c.changed.Wait()
		}
	}
	if c.failed {
		t.FailNow()
	}
}

// acknowledged notes what a writer was told.
func (c *crew) acknowledged(note func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	note()
	now := time.Now()
	c.pause = max(c.pause, now.Sub(c.last))
	c.last = now
}

// longestPause is the longest time without an acknowledgement since it was last
// asked for.
func (c *crew) longestPause() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	pause := c.pause
	c.pause = 0
	return pause
}

// end stops the writers and compares what is there with what they were told.
func (c *crew) end(t *testing.T) {
	t.Helper()
	close(c.stop)
	c.writers.Wait()
	services, err := c.reader.List(t.Context(), c.ref(entity.Service, ""), nil)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for _, s := range services {
		n, err := strconv.Atoi(fmt.Sprint(s["retries"]))
		if err != nil {
			t.Fatal(err)
		}
		got[s["name"].(string)] = n
	}
	if diff := cmp.Diff(c.retriesOf, got); diff != "" || len(got) != len(services) {
		t.Errorf("%d services; acknowledged, and there: %s", len(services), diff)
	}
	routes, err := c.reader.List(t.Context(), c.ref(entity.Route, ""), nil)
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, r := range routes {
		count[r["paths"].([]any)[0].(string)]++
	}
	for path, certain := range c.routes {
		if n := count[path]; n > 1 || n == 0 && certain {
			t.Errorf("the route %s is there %d times; certain: %v", path, n, certain)
		}
		delete(count, path)
	}
	if len(count) > 0 {
		t.Errorf("routes that nobody was told of: %v", count)
	}
	t.Logf("%d services and %d routes, %d requests repeated", len(services), len(routes), c.retries)
}

func (c *crew) ref(typ *entity.Type, key string) client.Ref {
	return client.Ref{Type: typ, Parents: []string{c.plane}, Key: key}
}

// writer is one of a crew.
type writer struct {
	*crew

	client *client.Client
	number int
}

// write goes round until the end. No request may fail.
func (w *writer) write(ctx context.Context, t *testing.T) {
	for round := 0; ; round++ {
		select {
		case <-w.stop:
			return
		default:
		}
		err := w.round(ctx, fmt.Sprintf("s-%d-%d", w.number, round), round)
		w.mu.Lock()
		w.done[w.number]++
		w.failed = w.failed || err != nil
		w.changed.Broadcast()
		w.mu.Unlock()
		if err != nil {
			t.Errorf("writer %d, round %d: %v", w.number, round, err)
			return
		}
	}
}

// round creates, changes and, each third time, deletes a service, and posts what
// must not be posted twice.
func (w *writer) round(ctx context.Context, name string, round int) error {
	service := map[string]any{"name": name, "host": "a.example", "retries": 1}
	doc, err := w.client.Create(ctx, w.ref(entity.Service, ""), service)
	if err != nil {
		return fmt.Errorf("create: %w", err)
	}
	w.acknowledged(func() { w.retriesOf[name] = 1 })
	at := w.ref(entity.Service, doc["id"].(string))
	service["retries"] = 2
	if _, err := w.client.Put(ctx, at, service); err != nil {
		return fmt.Errorf("put: %w", err)
	}
	w.acknowledged(func() { w.retriesOf[name] = 2 })
	if round%3 == 0 {
		if err := w.client.Delete(ctx, at); err != nil && !doneBefore(err) {
			return fmt.Errorf("delete: %w", err)
		}
		w.acknowledged(func() { delete(w.retriesOf, name) })
	}
	if err := w.post(ctx, "own-"+name); err != nil {
		return fmt.Errorf("post with an id: %w", err)
	}
	return w.postNameless(ctx, "/"+name)
}

// doneBefore reports that a deletion was repeated, and had been carried out.
func doneBefore(err error) bool {
	e, ok := errors.AsType[*client.Error](err)
	return ok && errors.Is(err, client.ErrNotFound) && e.Attempts > 1
}

// post posts a service with an id of ours. Where the client cannot know whether
// that happened, the id finds out: nobody else has it. That it is not there yet
// proves nothing: a primary shows what it commits when its standby has it, and may
// die in between.
func (w *writer) post(ctx context.Context, name string) error {
	id := uuid.NewString()
	for doubtful := false; ; {
		_, err := w.client.Create(ctx, w.ref(entity.Service, ""), map[string]any{"id": id, "name": name, "host": "a.example", "retries": 3})
		e, failed := errors.AsType[*client.Error](err)
		doubtful = doubtful || failed && e.MayHaveHappened
		if err != nil && doubtful {
			_, err = w.client.Get(ctx, w.ref(entity.Service, id))
			if errors.Is(err, client.ErrNotFound) {
				continue
			}
		}
		if err == nil {
			w.acknowledged(func() { w.retriesOf[name] = 3 })
		}
		return err
	}
}

// postNameless posts a route that nothing keeps from being there twice.
func (w *writer) postNameless(ctx context.Context, path string) error {
	collection, err := w.ref(entity.Route, "").Path()
	if err != nil {
		return err
	}
	err = w.client.Do(ctx, http.MethodPost, collection, map[string]any{"paths": []any{path}}, nil)
	e, ok := errors.AsType[*client.Error](err)
	if err != nil && !(ok && e.MayHaveHappened) {
		return fmt.Errorf("post without an id: %w", err)
	}
	w.acknowledged(func() { w.routes[path] = err == nil })
	return nil
}
