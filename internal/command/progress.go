package command

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"time"
)

// How often progress is shown: to a person as it comes, in a log by the minute.
// What is done within a second shows none.
const (
	unseen   = time.Second
	toPeople = 200 * time.Millisecond
	toLogs   = time.Minute
)

// eraseLine makes a terminal forget the line that it shows.
const eraseLine = "\r\x1b[K"

// progress says how far long work has come. It is our own since the libraries
// for it draw by clocks of their own, in goroutines that must be waited for;
// here the work itself calls, and the clock is a field.
type progress struct {
	to       io.Writer
	terminal bool // a person sees one line that changes
	now      func() time.Time

	work        string
	begun, last time.Time
}

// newProgress shows nothing where nobody asked and no person looks on.
func (p process) newProgress(asked bool) *progress {
	terminal := isTerminal(p.stderr)
	if !asked && !terminal {
		return &progress{to: io.Discard, now: time.Now}
	}
	return &progress{to: p.stderr, terminal: terminal, now: time.Now}
}

// report says that so much of some work is done; a total of 0 is not known.
func (g *progress) report(work string, done, total int) {
	now := g.now()
	if work != g.work {
		g.work, g.begun, g.last = work, now, now
		if g.terminal {
			g.last = now.Add(unseen - toPeople)
		}
	}
	if now.Sub(g.last) < g.every() {
		return
	}
	g.last = now
	line := g.line(done, total, now.Sub(g.begun))
	if g.terminal {
		fmt.Fprint(g.to, eraseLine+line)
		return
	}
	fmt.Fprintln(g.to, line)
}

// every is the time between two lines.
func (g *progress) every() time.Duration {
	if g.terminal {
		return toPeople
	}
	return toLogs
}

// line says what is done of how much, at which rate, and when it ends if it
// goes on like that.
func (g *progress) line(done, total int, took time.Duration) string {
	rate := float64(done) / took.Seconds()
	if total == 0 {
		return fmt.Sprintf("%s: %d, %.0f/s", g.work, done, rate)
	}
	text := fmt.Sprintf("%s: %d of %d, %.0f/s", g.work, done, total, rate)
	if done > 0 {
		left := time.Duration(math.Ceil(float64(total-done)/rate)) * time.Second
		text += fmt.Sprintf(", %s left", left)
	}
	return text
}

// end makes place for what is said next.
func (g *progress) end() {
	if g.terminal {
		fmt.Fprint(g.to, eraseLine)
	}
}

// counted calls report for each line that is read or written.
type counted struct {
	to     io.Writer
	from   io.Reader
	report func(lines int)
	lines  int
}

func (c *counted) Write(text []byte) (int, error) {
	n, err := c.to.Write(text)
	c.count(text[:n])
	return n, err
}

func (c *counted) Read(text []byte) (int, error) {
	n, err := c.from.Read(text)
	c.count(text[:n])
	return n, err
}

func (c *counted) count(text []byte) {
	c.lines += bytes.Count(text, []byte("\n"))
	c.report(c.lines)
}
