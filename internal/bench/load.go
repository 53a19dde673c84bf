package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"
)

// target answers requests.
type target interface {
	name() string
	// client returns one that sends requests one after another.
	client(ctx context.Context) (client, error)
	// cpu is the time that the process which answers has used so far.
	cpu() (time.Duration, error)
}

type client interface {
	send(r request) (status int, err error)
	close() error
}

// line is what was measured of an operation.
type line struct {
	done      int
	took, cpu time.Duration
	latencies []time.Duration // sorted
}

func (l line) rate() float64 {
	if l.took == 0 {
		return 0
	}
	return float64(l.done) / l.took.Seconds()
}

// at returns the time within which a share of the requests were answered.
func (l line) at(share float64) time.Duration {
	if len(l.latencies) == 0 {
		return 0
	}
	return l.latencies[min(int(share*float64(len(l.latencies))), len(l.latencies)-1)]
}

func heading(out io.Writer) error {
	_, err := fmt.Fprintf(out, "%-19s %-10s %7s %9s %9s %9s %11s\n", "operation", "by", "clients", "a second", "median", "99 of 100", "CPU each")
	return err
}

func (l line) print(out io.Writer, operation, by string, clients int) error {
	each := time.Duration(0)
	if l.done > 0 {
		each = l.cpu / time.Duration(l.done)
	}
	_, err := fmt.Fprintf(out, "%-19s %-10s %7d %9.0f %9s %9s %11s\n", operation, by, clients, l.rate(),
		l.at(0.5).Round(time.Microsecond), l.at(0.99).Round(time.Microsecond), each.Round(time.Microsecond))
	return err
}

// load lets clients repeat an operation until the time is over or no work is
// left.
func load(ctx context.Context, w *world, t target, o operation, clients int, each time.Duration) (line, error) {
	workers := make([]worker, clients)
	for i := range workers {
		c, err := t.client(ctx)
		if err != nil {
			return line{}, err
		}
		defer c.close()
		workers[i].client = c
	}
	before, err := t.cpu()
	if err != nil {
		return line{}, err
	}
	start := time.Now()
	var wg sync.WaitGroup
	for i := range workers {
		wg.Go(func() { workers[i].work(w, o, start.Add(each)) })
	}
	wg.Wait()
	l := line{took: time.Since(start)}
	after, err := t.cpu()
	if err != nil {
		return line{}, err
	}
	l.cpu = after - before
	for _, one := range workers {
		if one.err != nil {
			return line{}, one.err
		}
		l.latencies = append(l.latencies, one.latencies...)
	}
	l.done = len(l.latencies)
	slices.Sort(l.latencies)
	return l, ctx.Err()
}

// worker is one client.
type worker struct {
	client    client
	latencies []time.Duration
	err       error
}

// work sends at least one request, even if it starts late.
func (k *worker) work(w *world, o operation, end time.Time) {
	var buffer []byte
	for now := time.Now(); k.latencies == nil || now.Before(end); {
		r, ok := o.next(w, buffer[:0])
		if !ok {
			return
		}
		status, err := k.client.send(r)
		if err == nil && status != o.status {
			err = fmt.Errorf("%s %s: answered with status %d, not %d", r.method, r.path, status, o.status)
		}
		if err != nil {
			k.err = err
			return
		}
		buffer = r.body
		then := now
		now = time.Now()
		k.latencies = append(k.latencies, now.Sub(then))
	}
}
