package client

import (
	"context"
	"sync"
)

// widest is how many requests of a client are under way at most; connections
// are as many.
const widest = 32

// width bounds how many requests are under way at a time: half as many after the
// server was too busy for one, and one more after as many successes as there may
// be requests. Where a limit is shared, whoever waits for the same time and
// comes back in the same number meets it again.
type width struct {
	mu       sync.Mutex
	narrowed int     // how often the limit was halved
	lost     float64 // how far the limit is below the widest
	under    int
	room     chan struct{} // closed when there is; nil while nobody waits
}

// enter waits for room, and returns what leave wants to know.
func (w *width) enter(ctx context.Context) (round int, err error) {
	for {
		room, round := w.try()
		if room == nil {
			return round, nil
		}
		select {
		case <-room:
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
}

func (w *width) try() (room <-chan struct{}, round int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if float64(w.under) < widest-w.lost {
		w.under++
		return nil, w.narrowed
	}
	if w.room == nil {
		w.room = make(chan struct{})
	}
	return w.room, 0
}

// leave ends a request. Those that were under way together narrow the width once
// together.
func (w *width) leave(round int, busy bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.under--
	limit := widest - w.lost
	switch {
	case !busy:
		w.lost = max(w.lost-1/limit, 0)
	case round == w.narrowed:
		w.narrowed++
		w.lost = widest - max(min(limit, float64(w.under+1))/2, 1)
	}
	if w.room != nil {
		close(w.room)
		w.room = nil
	}
}
