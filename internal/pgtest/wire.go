package pgtest

import (
	"bytes"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
)

// Wire leads to a server, and is cut where a test says so.
type Wire struct {
	Address string // of the database

	cut     atomic.Pointer[cut] // what comes next
	down    atomic.Bool
	silence sync.RWMutex // held for writing while nothing arrives
}

// cut ends the first connection on which a text is sent.
type cut struct {
	at      []byte
	arrives bool
}

// NewWire leads to the server of an address, until the test ends.
func NewWire(t testing.TB, dsn string) *Wire {
	t.Helper()
	address, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := address.Host
	address.Host = listener.Addr().String()
	w := &Wire{Address: address.String()}
	var lines sync.WaitGroup
	lines.Go(func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			l := &line{near: near}
			if w.down.Load() || !l.reach(server) {
				_ = near.Close()
				continue
			}
			lines.Go(l.answer)
			lines.Go(func() { l.send(w) })
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		lines.Wait()
	})
	return w
}

// CutAt ends the next connection on which a text is sent: before that arrives,
// or when the server has done what it says. The answer is lost. There is no
// other connection until [Wire.Mend].
func (w *Wire) CutAt(text string, arrives bool) { w.cut.Store(&cut{[]byte(text), arrives}) }

// Mend lets connections through again.
func (w *Wire) Mend() { w.down.Store(false) }

// Silence lets nothing arrive at the server until the function that it returns is
// called. Connections stay.
func (w *Wire) Silence() (end func()) {
	w.silence.Lock()
	return w.silence.Unlock
}

// line is one connection of a wire.
type line struct {
	near  net.Conn
	far   *net.TCPConn
	quiet atomic.Bool // no answer arrives any more
}

func (l *line) reach(server string) bool {
	far, err := net.Dial("tcp", server)
	if err != nil {
		return false
	}
	l.far = far.(*net.TCPConn)
	return true
}

// answer passes on what the server says, to its end.
func (l *line) answer() {
	defer func() { _ = l.near.Close() }()
	text := make([]byte, 1<<16)
	for {
		n, err := l.far.Read(text)
		if err != nil {
			return
		}
		if !l.quiet.Load() {
			_, _ = l.near.Write(text[:n]) // where nobody listens, nobody sends either
		}
	}
}

// send passes on what the client says, up to a cut.
func (l *line) send(w *Wire) {
	defer func() { _ = l.far.CloseWrite() }()
	text := make([]byte, 1<<16)
	for {
		n, err := l.near.Read(text)
		if err != nil {
			return
		}
		w.silence.RLock()
		w.silence.RUnlock() //nolint:staticcheck // it only waits
		c := w.cut.Load()
		if c != nil && bytes.Contains(text[:n], c.at) && w.cut.CompareAndSwap(c, nil) {
			l.quiet.Store(true)
			w.down.Store(true)
			if c.arrives {
				_, _ = l.far.Write(text[:n])
			}
			return
		}
		if _, err := l.far.Write(text[:n]); err != nil {
			return
		}
	}
}
