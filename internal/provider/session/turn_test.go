package session

import (
	"testing"
	"testing/synctest"
)

// Two that wait for each other are told of each other, even when the other has given up.
func TestTurn_exchange(t *testing.T) {
	t.Parallel()
	for range 50 {
		synctest.Test(t, func(t *testing.T) {
			s := New(nil)
			a, b := s.Begin("x/a", "first"), s.Begin("x/b", "second")
			told := make(chan string)
			go func() {
				outcome, who := b.Await(t.Context(), "x/a", b.Now())
				if outcome == Moved { // so it seems: the other's turn is over
					outcome, who = b.Await(t.Context(), "x/a", b.Now())
				}
				if outcome != Exchanged {
					t.Errorf("second: %v", outcome)
				}
				told <- who
			}()
			synctest.Wait()
			if outcome, who := a.Await(t.Context(), "x/b", a.Now()); outcome != Exchanged || who != "second" {
				t.Errorf("first: %v, %q", outcome, who)
			}
			a.End()
			if who := <-told; who != "first" {
				t.Errorf("the second waits for %q", who)
			}
			b.End()
		})
	}
}

// What had its turn stays as it is, unless that may have been in an earlier apply.
func TestTurn_earlier(t *testing.T) {
	t.Parallel()
	for many, want := range map[bool]Outcome{false: Stays, true: Moved} {
		synctest.Test(t, func(t *testing.T) {
			s := New(nil)
			if many {
				s.ForManyWalks()
			}
			s.Begin("x/a", "first").End()
			b := s.Begin("x/b", "second")
			told := make(chan Outcome, 1)
			go func() {
				outcome, _ := b.Await(t.Context(), "x/a", b.Now())
				told <- outcome
			}()
			synctest.Wait() // until it waits, or does not
			s.Begin("x/a", "first").End()
			if outcome := <-told; outcome != want {
				t.Errorf("for many walks %v: %v, want %v", many, outcome, want)
			}
		})
	}
}

// Where walks do not say where they begin, nothing is known from before.
func TestForManyWalks(t *testing.T) {
	t.Parallel()
	for many, want := range map[bool]int{false: 1, true: 3} {
		s, questions := New(nil), 0
		if many {
			s.ForManyWalks()
		}
		for range 3 {
			s.others.ask("plane", func() []string { questions++; return nil })
		}
		if questions != want {
			t.Errorf("for many walks %v: asked %d times, want %d", many, questions, want)
		}
		if first, again := s.Claim("key", "first"), s.Claim("key", "second"); first != "" || (again == "") != many {
			t.Errorf("for many walks %v: held by %q, then by %q", many, first, again)
		}
	}
}
