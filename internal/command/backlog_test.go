package command

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// Every line is written once, and those of one goroutine in their order.
func TestBacklog(t *testing.T) {
	t.Parallel()
	const writers, lines = 16, 500
	var out bytes.Buffer
	b := newBacklog(&out)
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for i := range lines {
				fmt.Fprintf(b, "%d %d\n", w, i)
				if i%100 == 99 {
					b.flush()
				}
			}
		})
	}
	all.Wait()
	b.flush()
	next := map[int]int{}
	for line := range strings.Lines(out.String()) {
		var w, i int
		if _, err := fmt.Sscanf(line, "%d %d\n", &w, &i); err != nil || next[w] != i {
			t.Fatalf("%q comes after %d of its goroutine: %v", line, next[w], err)
		}
		next[w]++
	}
	for w := range writers {
		if next[w] != lines {
			t.Errorf("%d lines of goroutine %d, not %d", next[w], w, lines)
		}
	}
}

// A log that nobody reads keeps nobody waiting until a megabyte is full; then nothing is
// lost.
func TestBacklog_unread(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		out, to := io.Pipe()
		b := newBacklog(to)
		line := []byte(strings.Repeat("x", 1023) + "\n")
		var written atomic.Int64
		go func() {
			defer to.Close()
			for range 5000 {
				_, _ = b.Write(line)
				written.Add(1)
			}
			b.flush()
		}()
		synctest.Wait() // until the writer waits
		if n := int(written.Load()); n < backlogSize/len(line) || n == 5000 {
			t.Errorf("%d lines were taken while nobody read", n)
		}
		text, err := io.ReadAll(out)
		if err != nil || len(text) != 5000*len(line) {
			t.Errorf("%d bytes were written, not %d: %v", len(text), 5000*len(line), err)
		}
	})
}

// counter counts the lines that are written to it.
type counter struct{ lines atomic.Int64 }

func (c *counter) Write(text []byte) (int, error) {
	c.lines.Add(int64(bytes.Count(text, []byte("\n"))))
	return len(text), nil
}

// What is usual is written a moment later, what goes wrong at once.
func TestBacklog_urgent(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"text", "json"} {
		synctest.Test(t, func(t *testing.T) {
			var out counter
			log, flush := newLogger(&out, format)
			lines := func() int { return int(out.lines.Load()) }
			log.Info("one")
			synctest.Wait()
			if lines() != 0 {
				t.Errorf("%s: written at once", format)
			}
			<-time.After(backlogDelay)
			synctest.Wait()
			if lines() != 1 {
				t.Errorf("%s: not written after a moment", format)
			}
			log.Info("two")
			log.With("a", "b").WithGroup("c").Error("three")
			if lines() != 3 {
				t.Errorf("%s: not written at once", format)
			}
			log.Info("four")
			flush()
			if lines() != 4 {
				t.Errorf("%s: not written at the end", format)
			}
		})
	}
}

// BenchmarkBacklog writes a line of the access log to a pipe that is read, as a service
// manager does.
func BenchmarkBacklog(b *testing.B) {
	for _, direct := range []bool{true, false} {
		b.Run(map[bool]string{true: "direct", false: "backlog"}[direct], func(b *testing.B) {
			out, to, err := os.Pipe()
			if err != nil {
				b.Fatal(err)
			}
			defer out.Close()
			go io.Copy(io.Discard, out)
			log, flush := newLogger(to, "text")
			if direct {
				log = slog.New(slog.NewTextHandler(to, nil))
			}
			b.ReportAllocs()
			for b.Loop() {
				log.LogAttrs(b.Context(), slog.LevelInfo, "request", slog.String("request_id", "4711471147114711"),
					slog.String("method", "GET"), slog.String("path", "/v2/control-planes"), slog.Int("status", 200))
			}
			flush()
			_ = to.Close()
		})
	}
}
