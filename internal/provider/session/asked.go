package session

import "sync"

// asked keeps the answers to questions that are asked once each.
type asked[K comparable, V any] struct {
	mu      sync.Mutex
	answers map[K]func() V
	always  bool // nothing is kept
}

// ask returns the answer to a question, and asks it if nobody has done so yet.
// Others that ask at the same time wait for the same answer.
func (a *asked[K, V]) ask(key K, question func() V) V {
	if a.always {
		return question()
	}
	a.mu.Lock()
	answer := a.answers[key]
	if answer == nil {
		answer = a.keep(key, sync.OnceValue(question))
	}
	a.mu.Unlock()
	return answer()
}

// note keeps an answer that came unasked.
func (a *asked[K, V]) note(key K, v V) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.keep(key, func() V { return v })
}

// askAlways keeps nothing from now on. It comes before all questions.
func (a *asked[K, V]) askAlways() { a.always = true }

// forget lets the question be asked again.
func (a *asked[K, V]) forget(key K) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.answers, key)
}

func (a *asked[K, V]) keep(key K, answer func() V) func() V {
	if a.answers == nil {
		a.answers = map[K]func() V{}
	}
	a.answers[key] = answer
	return answer
}
