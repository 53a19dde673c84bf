package client

import (
	"context"
	"net/http"
	"sync"
	"testing"
)

// enterAll lets in as many as there is room for.
func enterAll(w *width) (rounds []int) {
	for {
		room, round := w.try()
		if room != nil {
			return rounds
		}
		rounds = append(rounds, round)
	}
}

func TestWidth(t *testing.T) {
	t.Parallel()
	var w width
	rounds := enterAll(&w)
	if len(rounds) != widest {
		t.Fatalf("%d at first", len(rounds))
	}
	for _, round := range rounds { // all were told at once
		w.leave(round, true)
	}
	for _, want := range []int{widest / 2, widest / 4, 4, 2, 1, 1} {
		if rounds = enterAll(&w); len(rounds) != want {
			t.Fatalf("%d at a time, want %d", len(rounds), want)
		}
		for _, round := range rounds {
			w.leave(round, true)
		}
	}
	for n := 1; n < widest; n++ { // once around each time
		rounds = enterAll(&w)
		for _, round := range rounds {
			w.leave(round, false)
		}
		if len(rounds) < n {
			t.Fatalf("%d at a time after %d rounds without refusal", len(rounds), n)
		}
	}
	rounds = enterAll(&w)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.enter(ctx); err == nil {
		t.Error("entered where there is no room")
	}
	for _, round := range rounds {
		w.leave(round, false)
	}
	if w.under != 0 {
		t.Errorf("%d are still under way", w.under)
	}
}

// A server that takes three at a time answers everybody in the end.
func TestWidth_busy(t *testing.T) {
	t.Parallel()
	c, mux, _ := setup(t)
	var mu sync.Mutex
	under := 0
	mux.HandleFunc("GET /v2/x", func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		under++
		busy := under > 3
		mu.Unlock()
		status := 200
		if busy {
			status = 429
		}
		answerJSON(status, `{"id":"x"}`)(w, r)
		mu.Lock()
		under--
		mu.Unlock()
	})
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			for range 10 {
				if err := c.Do(t.Context(), http.MethodGet, "/v2/x", nil, nil); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}
