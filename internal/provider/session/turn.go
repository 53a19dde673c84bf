package session

import (
	"context"
	"sync"
	"time"
)

// turns are the changes that an apply makes in this process.
//
// Terraform does not order resources that only exclude each other, or of which
// one is deleted while another turns away from it. A change that meets such an
// obstacle waits for the obstacle's own turn. Nobody can tell whether that will
// come: Terraform shows what it does only when it does it. It is waited for
// while anything else goes on, and for a moment after that.
type turns struct {
	mu      sync.Mutex
	running map[*Turn]bool
	settled map[string]int // when an object had its turn
	time    int            // how many turns have ended
	news    chan struct{}  // closed when anything changes
	givenUp int
	many    bool // a turn may have been one of an earlier apply
}

// Turn is one change of one object.
type Turn struct {
	turns     *turns
	key       string // "" of an object that is to be made
	who       string
	awaits    string
	exchanged string // who waits for this one in turn, or ""
}

// Outcome is what came of waiting for an obstacle.
type Outcome int

const (
	// Stays says that nothing in this run moves the obstacle.
	Stays Outcome = iota
	// Moved says that the obstacle had its turn.
	Moved
	// Exchanged says that the obstacle waits for the very object that is in its way.
	Exchanged
)

const (
	// patience is how long a turn of which nothing is known yet is waited for
	// while nothing else goes on.
	patience = 2 * time.Second
	// impatient is how many may give up before nobody waits like that any more:
	// what is in the way of many belongs to somebody else.
	impatient = 3
)

// Begin begins the turn of an object, which messages call who.
func (s *Session) Begin(key, who string) *Turn {
	t := &Turn{turns: &s.turns, key: key, who: who}
	t.turns.change(func(all *turns) {
		if all.running == nil {
			all.running, all.settled = map[*Turn]bool{}, map[string]int{}
		}
		all.running[t] = true
	})
	return t
}

// Made gives a turn the key of the object that it made.
func (t *Turn) Made(key string) { t.turns.change(func(*turns) { t.key = key }) }

// End ends the turn, whatever came of it.
func (t *Turn) End() {
	t.turns.change(func(all *turns) {
		delete(all.running, t)
		all.time++
		if t.key != "" {
			all.settled[t.key] = all.time
		}
	})
}

// Now is a point in time between turns, for [Turn.Await].
func (t *Turn) Now() int {
	t.turns.mu.Lock()
	defer t.turns.mu.Unlock()
	return t.turns.time
}

// Await waits until the object that is in the way has had a turn that ended
// after a point in time, and returns what came of it and who the obstacle is,
// if it has a turn.
func (t *Turn) Await(ctx context.Context, key string, since int) (Outcome, string) {
	all := t.turns
	all.change(func(*turns) { t.awaits = key })
	defer all.change(func(*turns) { t.awaits = "" })
	all.mu.Lock()
	defer all.mu.Unlock()
	for {
		next := all.turnOf(key)
		switch settled := all.settled[key]; {
		case settled > since:
			return Moved, ""
		case t.exchanged != "" || all.closes(t):
			return Exchanged, t.exchanged
		case settled > 0 && next == nil && !all.many, ctx.Err() != nil, !all.wait(ctx):
			return Stays, next.name()
		}
	}
}

// wait waits for news, and reports false when there is none to wait for.
func (all *turns) wait(ctx context.Context) bool {
	news := all.newsToCome()
	var end <-chan time.Time
	if all.idle() {
		if all.givenUp >= impatient {
			return false
		}
		end = time.After(patience)
	}
	all.mu.Unlock()
	gaveUp := false
	select {
	case <-news:
	case <-ctx.Done():
	case <-end:
		gaveUp = true
	}
	all.mu.Lock()
	if gaveUp && news == all.news { // one at a time: that may let another turn begin
		all.givenUp++
		all.tell()
		return false
	}
	return true
}

// idle reports whether everybody waits.
func (all *turns) idle() bool {
	for t := range all.running {
		if t.awaits == "" {
			return false
		}
	}
	return true
}

// closes reports whether a turn waits, in the end, for itself, and tells all
// that do what they wait for: its turn may be over when they look.
func (all *turns) closes(t *Turn) bool {
	var ring []*Turn
	for next := t; next != nil && len(ring) <= len(all.running); next = all.turnOf(next.awaits) {
		if next == t && len(ring) > 0 {
			for i, member := range ring {
				member.exchanged = ring[(i+1)%len(ring)].who
			}
			all.tell()
			return true
		}
		ring = append(ring, next)
	}
	return false
}

func (all *turns) turnOf(key string) *Turn {
	for t := range all.running {
		if key != "" && t.key == key {
			return t
		}
	}
	return nil
}

func (t *Turn) name() string {
	if t == nil {
		return ""
	}
	return t.who
}

func (all *turns) newsToCome() <-chan struct{} {
	if all.news == nil {
		all.news = make(chan struct{})
	}
	return all.news
}

func (all *turns) change(what func(*turns)) {
	all.mu.Lock()
	defer all.mu.Unlock()
	what(all)
	all.tell()
}

func (all *turns) tell() {
	if all.news != nil {
		close(all.news)
		all.news = nil
	}
}
