// Package recent remembers what was last made of texts: neighbours in a
// configuration have mostly the same ones ([Memory]), and many a text comes again
// soon ([Table]).
package recent

import "sync/atomic"

// Memory has the last few values that were made of texts. It may be used
// concurrently; whoever gets a value shares it. The zero value is empty.
type Memory[V any] struct {
	last [4]atomic.Pointer[made[V]]
	next atomic.Uint32
}

type made[V any] struct {
	text  string
	value V
}

// longest is how long a text may be to be remembered.
const longest = 16 << 10

// Find returns what was made of a text, if that is remembered.
func (m *Memory[V]) Find(text []byte) (v V, ok bool) {
	for i := range m.last {
		if one := m.last[i].Load(); one != nil && one.text == string(text) {
			return one.value, true
		}
	}
	return v, false
}

// Keep notes what was made of a text, in place of the oldest.
func (m *Memory[V]) Keep(text string, v V) {
	if len(text) <= longest {
		m.last[m.next.Add(1)%uint32(len(m.last))].Store(&made[V]{text, v})
	}
}
