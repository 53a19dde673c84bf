package client

import (
	"sync"
	"time"
)

// outageMemory is how long nobody tries an address to which no connection came
// about. Terraform asks for hundreds of things; each would wait for itself.
const outageMemory = 4 * time.Second

// outage remembers that the control plane cannot be reached, once a request
// has been given up for that.
type outage struct {
	mu    sync.Mutex
	error *Error
	until time.Time
}

// learn is told of each request that is given up.
func (o *outage) learn(e *Error, now time.Time) {
	if e.fault != unsent {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.error, o.until = e, now.Add(outageMemory)
}

// end is called for whatever the control plane answers.
func (o *outage) end() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.error = nil
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
	return &e
}
