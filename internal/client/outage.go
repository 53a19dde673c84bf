package client

import (
	"sync"
	"time"
)

// outageMemory is how long requests fail at once after a control plane was
// found to be away. Terraform sends hundreds of requests, and each would wait
// for itself.
const outageMemory = 4 * time.Second

// outage remembers that the control plane cannot be reached or is silent. It
// begins when a request is given up for that and no other was answered
// meanwhile.
type outage struct {
	mu       sync.Mutex
	answered time.Time // when a request was last answered
	error    *Error
	until    time.Time
}

// learn is called for each request that is given up.
func (o *outage) learn(e *Error, now time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	began := now.Add(-e.Elapsed)
	if (e.fault == unsent || e.fault == silent) && o.answered.Before(began) {
		o.error, o.until = e, now.Add(outageMemory)
	}
}

// end is called for every answer of the control plane.
func (o *outage) end(now time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.error, o.answered = nil, now
}

// known returns the error of a request that need not be sent, or nil.
func (o *outage) known(request *call, now time.Time) *Error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.error == nil || !now.Before(o.until) {
		return nil
	}
	e := *o.error
	e.Method, e.Path = request.method, request.url.EscapedPath()
	e.MayHaveHappened = false
	return &e
}
