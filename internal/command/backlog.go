package command

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"time"
)

// backlog writes a log a moment later, many lines at a time: no request waits for
// whoever reads the log, and most cost no call of the system. What goes wrong is written
// at once, with all that came before.
type backlog struct {
	to io.Writer

	mu      sync.Mutex
	changed sync.Cond
	lines   []byte // that are not written yet
	spare   []byte // room for later ones
	waking  bool   // a flush is to come
	writing bool
	timer   *time.Timer // of the flush
}

const (
	backlogDelay = 20 * time.Millisecond
	// backlogChunk is how many bytes are written without delay, and backlogSize how
	// many wait at most: then requests do.
	backlogChunk = 64 << 10
	backlogSize  = 1 << 20
)

func newBacklog(to io.Writer) *backlog {
	b := &backlog{to: to}
	b.changed.L = &b.mu
	b.timer = time.AfterFunc(backlogDelay, b.flush)
	return b
}

// Write implements [io.Writer].
func (b *backlog) Write(line []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.lines) >= backlogSize {
		b.changed.Wait()
	}
	before := len(b.lines)
	b.lines = append(b.lines, line...)
	switch {
	case before < backlogChunk && len(b.lines) >= backlogChunk:
		b.timer.Reset(0)
	case !b.waking:
		b.timer.Reset(backlogDelay)
	}
	b.waking = true
	return len(line), nil
}

// flush returns when everything that was there is written.
func (b *backlog) flush() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for b.writing {
		b.changed.Wait()
	}
	b.waking = false
	if len(b.lines) == 0 {
		return
	}
	lines := b.lines
	b.lines, b.spare = b.spare[:0], nil
	b.writing = true
	b.mu.Unlock()
	_, _ = b.to.Write(lines) // nobody could be told
	b.mu.Lock()
	b.spare, b.writing = lines, false
	b.changed.Broadcast()
}

// urgent is a handler whose log is a backlog.
type urgent struct {
	slog.Handler
	backlog *backlog
}

// Handle implements [slog.Handler].
func (u urgent) Handle(ctx context.Context, record slog.Record) error {
	err := u.Handler.Handle(ctx, record)
	if record.Level >= slog.LevelWarn {
		u.backlog.flush()
	}
	return err
}

// WithAttrs implements [slog.Handler].
func (u urgent) WithAttrs(attributes []slog.Attr) slog.Handler {
	return urgent{u.Handler.WithAttrs(attributes), u.backlog}
}

// WithGroup implements [slog.Handler].
func (u urgent) WithGroup(name string) slog.Handler {
	return urgent{u.Handler.WithGroup(name), u.backlog}
}
