package store

import (
	"strings"
	"sync"
)

// owners remembers the seqs of scopes, so that a list needs one statement and
// not two. A seq is never used again: what is found in a scope by its seq is of
// that scope, and where nothing is found, [Tx.list] looks again whether the
// scope is still there, or there again.
type owners struct {
	mu   sync.RWMutex
	seqs map[owner]int64
}

func newOwners() *owners { return &owners{seqs: map[owner]int64{}} }

func (o *owners) get(of owner) (seq int64, known bool) {
	o.mu.RLock()
	defer o.mu.RUnlock()
	seq, known = o.seqs[of]
	return seq, known
}

func (o *owners) set(of owner, seq int64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.seqs) >= maxOwners {
		clear(o.seqs)
	}
	o.seqs[owner{of.typ, strings.Clone(of.id)}] = seq
}
