package session

import "sync"

// claims are the unique values that the resources of one configuration take.
//
// They are counted when Terraform validates, which it does exactly once for each
// instance of a plan. It plans a replacement twice, and does not say for which
// instance. terraform validate looks at blocks, not at instances, and has no
// provider configuration: nothing is counted there.
type claims struct {
	mu    sync.Mutex
	ended bool // what comes may belong to another walk
	taken map[string]string
}

// end stops the counting.
func (c *claims) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = true
}

// Claim takes a key for an object of this configuration, and returns who has it
// already, or "".
func (s *Session) Claim(key, who string) string { return s.claims.take(key, who) }

// EndWalk stops the counting of claims and forgets lists of the control plane:
// another command of Terraform's begins, and it may be one that does not
// configure the provider.
func (s *Session) EndWalk() {
	s.claims.end()
	if s.API != nil {
		s.API.EndTrip()
	}
}

// take claims a key and returns who has it already, or "".
func (c *claims) take(key, who string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended {
		return ""
	}
	if holder, ok := c.taken[key]; ok {
		return holder
	}
	if c.taken == nil {
		c.taken = map[string]string{}
	}
	c.taken[key] = who
	return ""
}
