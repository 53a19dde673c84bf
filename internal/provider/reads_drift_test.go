package provider_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// weather is a bad way to a control plane: lists come in small pages, some requests
// meet a server that is too busy, and some answers break off in the middle.
type weather struct {
	next http.Handler

	mu     sync.Mutex
	dice   *rand.Rand
	faults int // that are left
}

const (
	fair = iota
	busy
	broken
)

// roll decides what becomes of a request.
func (f *weather) roll(method string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch n := f.dice.IntN(16); {
	case f.faults == 0 || n > 1:
		return fair
	case n == 0:
		f.faults--
		return busy
	case method == http.MethodGet:
		f.faults--
		return broken
	}
	return fair
}

func (f *weather) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if query := r.URL.Query(); query.Has("size") {
		query.Set("size", "3")
		r.URL.RawQuery = query.Encode()
	}
	switch f.roll(r.Method) {
	case busy:
		w.WriteHeader(http.StatusTooManyRequests)
	case broken:
		rec := httptest.NewRecorder()
		f.next.ServeHTTP(rec, r)
		w.Header().Set("Content-Type", rec.Header().Get("Content-Type"))
		w.Header().Set("Content-Length", fmt.Sprint(rec.Body.Len()))
		w.WriteHeader(rec.Code)
		_, _ = w.Write(rec.Body.Bytes()[:rec.Body.Len()/2])
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	default:
		f.next.ServeHTTP(w, r)
	}
}

// stormy is a control plane that is reached through bad weather, and what Terraform
// manages there.
type stormy struct {
	*world

	dice    *rand.Rand
	address string
	all     []managed
}

func newStormy(t *testing.T, seed uint64) *stormy {
	t.Helper()
	w := newWorld(t)
	way := &weather{next: w, dice: rand.New(rand.NewPCG(seed, 2)), faults: 12}
	server := httptest.NewServer(way)
	t.Cleanup(server.Close)
	return &stormy{w, rand.New(rand.NewPCG(seed, 1)), server.URL, populate(t, w)}
}

// connect begins another walk, over the network.
func (s *stormy) connect(t *testing.T) {
	t.Helper()
	if diags := s.p.Configure(t, object{"server_url": s.address, "personal_access_token": "a"}); len(diags) > 0 {
		t.Fatal(acctest.Text(diags))
	}
}

// edit changes and removes what can be, each with a chance of one in so many.
func (s *stormy) edit(t *testing.T, one int) {
	t.Helper()
	for _, m := range s.all {
		switch m.typ {
		case entity.Service, entity.Route, entity.Consumer, entity.ConsumerGroup, entity.Plugin:
		default:
			continue
		}
		if s.dice.IntN(one) > 0 || s.alone(t, m).IsNull() {
			continue
		}
		if m.typ != entity.Service && s.dice.IntN(3) == 0 {
			s.Remove(t, m.typ, s.Scope(), m.key)
			continue
		}
		s.Change(t, m.typ, s.Scope(), m.key, object{"tags": []any{fmt.Sprintf("t%d", s.dice.IntN(1000))}})
	}
}

// alone reads an object by itself, with a provider of its own and in good weather.
func (s *stormy) alone(t *testing.T, m managed) tftypes.Value {
	t.Helper()
	out, diags := s.Protocol(t).Read(t, m.resource, m.state)
	if len(diags) > 0 {
		t.Fatal(acctest.Text(diags))
	}
	return out
}

func (s *stormy) eachAlone(t *testing.T) (out []tftypes.Value) {
	t.Helper()
	for _, m := range s.all {
		out = append(out, s.alone(t, m))
	}
	return out
}

// together reads everything on one walk in any order, ten at a time, while
// something else happens.
func (s *stormy) together(t *testing.T, meanwhile func()) []tftypes.Value {
	t.Helper()
	s.connect(t)
	out := make([]tftypes.Value, len(s.all))
	places := make(chan int, len(s.all))
	for _, i := range s.dice.Perm(len(s.all)) {
		places <- i
	}
	close(places)
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			for i := range places {
				state, diags := s.p.Read(t, s.all[i].resource, s.all[i].state)
				if len(diags) > 0 {
					t.Error(acctest.Text(diags))
				}
				out[i] = state
			}
		})
	}
	meanwhile()
	wg.Wait()
	return out
}

// Whatever was changed behind Terraform's back, and however bad the way: a walk that
// reads by lists finds of each object what a request for it alone finds. Where it
// changes during the walk, it finds the object as it was before or after.
func TestRead_anyDrift(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			s := newStormy(t, seed)
			s.Requests()
			for round := range 3 {
				s.edit(t, 3)
				before := s.eachAlone(t)
				found := s.together(t, func() {
					if round > 0 {
						s.edit(t, 8)
					}
				})
				after := s.eachAlone(t)
				for i, m := range s.all {
					if !found[i].Equal(before[i]) && !found[i].Equal(after[i]) {
						t.Errorf("round %d: %s %s: together %v, alone %v, then %v", round, m.resource, m.key,
							acctest.Go(found[i]), acctest.Go(before[i]), acctest.Go(after[i]))
					}
				}
			}
			if lists := strings.Count(strings.Join(s.Requests(), "\n")+"\n", "/plugins\n"); lists < 3 {
				t.Errorf("plugins were listed %d times", lists)
			}
			s.ownWrites(t)
		})
	}
}

// ownWrites applies changes, and reads and plans what they touched on the same walk.
func (s *stormy) ownWrites(t *testing.T) {
	t.Helper()
	s.together(t, func() {}) // lists are at hand
	for i, m := range s.all {
		if m.typ != entity.Service {
			continue
		}
		config := s.in(object{"name": get(m.state, "name"), "host": "h.example", "tags": list(fmt.Sprintf("own%d", i))})
		state, diags := s.p.Apply(t, m.resource, config, s.refresh(t, m.resource, m.state))
		if len(diags) > 0 {
			t.Fatal(acctest.Text(diags))
		}
		s.settled(t, m.resource, config, state)
		for _, other := range s.all[:i] { // of this walk, which has lists of them again
			if read, diags := s.p.Read(t, other.resource, other.state); len(diags) > 0 || !read.Equal(s.alone(t, other)) {
				t.Errorf("after a write: %s %s: %s %v", other.resource, other.key, acctest.Text(diags), acctest.Go(read))
			}
		}
		if s.dice.IntN(2) == 0 {
			s.destroyed(t, m, state)
		}
	}
}

// destroyed deletes a service, and what belongs to it first, as Terraform does.
func (s *stormy) destroyed(t *testing.T, service managed, state tftypes.Value) {
	t.Helper()
	for _, m := range s.all {
		if m.typ != entity.Route && m.typ != entity.Plugin {
			continue
		}
		now := s.refresh(t, m.resource, m.state)
		if now.IsNull() || !strings.Contains(fmt.Sprint(acctest.Go(now)), service.key) {
			continue
		}
		if _, diags := s.p.Apply(t, m.resource, nil, now); len(diags) > 0 {
			t.Fatal(acctest.Text(diags))
		}
		if !s.refresh(t, m.resource, m.state).IsNull() {
			t.Errorf("%s %s is there after it was deleted", m.resource, m.key)
		}
	}
	if _, diags := s.p.Apply(t, service.resource, nil, state); len(diags) > 0 {
		t.Fatal(acctest.Text(diags))
	}
	if !s.refresh(t, service.resource, service.state).IsNull() {
		t.Errorf("service %s is there after it was deleted", service.key)
	}
}
