package recent

import (
	"bytes"
	"hash/maphash"
	"sync/atomic"
)

// Table has what was made of more texts than a [Memory], each in a place that the
// text alone chooses, so that a text is found at once or not at all. It may be used
// concurrently; whoever gets a value shares it. The zero value is empty.
type Table[V any] struct {
	places [32]atomic.Pointer[noted[V]]
}

type noted[V any] struct {
	text  []byte
	value V
}

var seed = maphash.MakeSeed()

func (t *Table[V]) place(text []byte) *atomic.Pointer[noted[V]] {
	return &t.places[maphash.Bytes(seed, text)%uint64(len(t.places))]
}

// Find returns what was made of a text, if that is still there.
func (t *Table[V]) Find(text []byte) (v V, ok bool) {
	if one := t.place(text).Load(); one != nil && bytes.Equal(one.text, text) {
		return one.value, true
	}
	return v, false
}

// Keep notes what was made of a text, which nobody may change afterwards.
func (t *Table[V]) Keep(text []byte, v V) {
	if len(text) <= longest {
		t.place(text).Store(&noted[V]{text, v})
	}
}
