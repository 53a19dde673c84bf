package command

import (
	"io"
	"net"
	"slices"
	"sync"
	"testing"
)

// balancer is the one address of several servers. It leads connections to them
// in turn, and passes over those that take none.
type balancer struct {
	address string

	mu      sync.Mutex
	servers []string
	next    int
	open    map[net.Conn]bool
}

func newBalancer(t *testing.T, servers ...string) *balancer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b := &balancer{address: listener.Addr().String(), servers: servers, open: map[net.Conn]bool{}}
	var lines sync.WaitGroup
	lines.Go(func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			lines.Go(func() { b.lead(near) })
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		b.cut()
		lines.Wait()
	})
	return b
}

// lead passes on what both sides say, until one of them ends.
func (b *balancer) lead(near net.Conn) {
	defer near.Close()
	far := b.dial()
	if far == nil {
		return
	}
	defer far.Close()
	b.mu.Lock()
	b.open[near] = true
	b.mu.Unlock()
	var back sync.WaitGroup
	back.Go(func() {
		_, _ = io.Copy(near, far)
		_ = near.Close()
	})
	_, _ = io.Copy(far, near)
	_ = far.Close()
	back.Wait()
	b.mu.Lock()
	delete(b.open, near)
	b.mu.Unlock()
}

func (b *balancer) dial() net.Conn {
	b.mu.Lock()
	b.next++
	turn := append(slices.Clone(b.servers[b.next%len(b.servers):]), b.servers[:b.next%len(b.servers)]...)
	b.mu.Unlock()
	for _, server := range turn {
		if far, err := net.Dial("tcp", server); err == nil {
			return far
		}
	}
	return nil
}

// replace leads to another server from now on.
func (b *balancer) replace(old, server string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.servers[slices.Index(b.servers, old)] = server
}

// cut ends all connections at once.
func (b *balancer) cut() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for near := range b.open {
		_ = near.Close()
	}
}
