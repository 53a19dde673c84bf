package command

import (
	"bufio"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// pipes is a listener whose connections are pipes, so that a test with a clock
// of its own can use them.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
}

// Accept implements [net.Listener].
func (p *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.conns:
		return conn, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

// Close implements [net.Listener].
func (p *pipes) Close() error {
	close(p.closed)
	return nil
}

// Addr implements [net.Listener].
func (*pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }

// slowly runs a test with a clock of its own: minutes pass at once. connect
// starts the server that serve would start, and returns a client's end.
func slowly(t *testing.T, test func(t *testing.T, connect func(http.HandlerFunc) net.Conn)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		test(t, func(handler http.HandlerFunc) net.Conn {
			listener := &pipes{make(chan net.Conn), make(chan struct{})}
			serving := newServer(usual, usual.keep(handler), slog.New(slog.DiscardHandler))
			go func() { _ = serving.Serve(listener) }()
			here, there := net.Pipe()
			listener.conns <- there
			t.Cleanup(func() {
				_ = here.Close()
				_ = serving.Close()
				<-time.After(time.Minute) // for connections that the server gave up and lingers over
			})
			return here
		})
	})
}

// drip writes byte after byte until the other side is tired of it, and says how
// long that took.
func drip(conn net.Conn, every time.Duration) time.Duration {
	start := time.Now()
	gone := make(chan struct{})
	go func() {
		_, _ = io.Copy(io.Discard, conn)
		close(gone)
	}()
	for {
		select {
		case <-gone:
			return time.Since(start)
		case <-time.After(every):
			_, _ = conn.Write([]byte("x"))
		}
	}
}

func TestPace_header(t *testing.T) {
	t.Parallel()
	slowly(t, func(t *testing.T, connect func(http.HandlerFunc) net.Conn) {
		conn := connect(http.NotFound)
		if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nX-Slow: "); err != nil {
			t.Fatal(err)
		}
		if took := drip(conn, time.Second); took > 11*time.Second {
			t.Errorf("a header could be written for %s", took)
		}
	})
}

func TestPace_body(t *testing.T) {
	t.Parallel()
	slowly(t, func(t *testing.T, connect func(http.HandlerFunc) net.Conn) {
		read := make(chan error, 1)
		conn := connect(func(_ http.ResponseWriter, r *http.Request) {
			_, err := io.ReadAll(r.Body)
			read <- err
		})
		if _, err := io.WriteString(conn, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		if took := drip(conn, 5*time.Second); took > 36*time.Second {
			t.Errorf("a body could be written for %s", took)
		}
		if err := <-read; err == nil {
			t.Error("half a body was taken for a whole one")
		}
	})
}

// A large body on a slow line arrives, although it takes minutes.
func TestPace_slowBody(t *testing.T) {
	t.Parallel()
	const size = 4 << 20
	slowly(t, func(t *testing.T, connect func(http.HandlerFunc) net.Conn) {
		conn := connect(func(w http.ResponseWriter, r *http.Request) {
			n, err := io.Copy(io.Discard, r.Body)
			fmt.Fprintf(w, "%d %v", n, err)
		})
		start := time.Now()
		if _, err := fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n", size); err != nil {
			t.Fatal(err)
		}
		chunk := make([]byte, 32<<10)
		for range size / len(chunk) {
			<-time.After(time.Second)
			if _, err := conn.Write(chunk); err != nil {
				t.Fatalf("cut off after %s: %v", time.Since(start), err)
			}
		}
		answer := answerOf(t, conn, 0)
		if answer != fmt.Sprint(size, " <nil>") || time.Since(start) < 2*time.Minute {
			t.Errorf("after %s: %s", time.Since(start), answer)
		}
	})
}

// So does a long list.
func TestPace_slowAnswer(t *testing.T) {
	t.Parallel()
	list := strings.Repeat("list ", 1<<20)
	slowly(t, func(t *testing.T, connect func(http.HandlerFunc) net.Conn) {
		conn := connect(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, list) })
		start := time.Now()
		if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: h\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		answer := answerOf(t, conn, time.Second)
		if answer != list || time.Since(start) < 2*time.Minute {
			t.Errorf("after %s: %d bytes of %d", time.Since(start), len(answer), len(list))
		}
	})
}

// answerOf reads an answer, 32 KiB at a time with a rest between them.
func answerOf(t *testing.T, conn net.Conn, rest time.Duration) string {
	t.Helper()
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for err == nil {
		<-time.After(rest)
		_, err = io.CopyN(&b, res.Body, 32<<10)
	}
	_ = res.Body.Close()
	return b.String()
}

// Whoever asks for a list and does not take it is not waited for.
func TestPace_stalledAnswer(t *testing.T) {
	t.Parallel()
	slowly(t, func(t *testing.T, connect func(http.HandlerFunc) net.Conn) {
		took := make(chan time.Duration, 1)
		conn := connect(func(w http.ResponseWriter, _ *http.Request) {
			start := time.Now()
			if _, err := w.Write(make([]byte, 1<<20)); err == nil {
				t.Error("the answer was written, though nobody read it")
			}
			took <- time.Since(start)
		})
		if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: h\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		if waited, want := <-took, usual.allows(1<<20); waited > want+time.Second {
			t.Errorf("waited for %s, want %s", waited, want)
		}
	})
}

func TestPace_idle(t *testing.T) {
	t.Parallel()
	slowly(t, func(t *testing.T, connect func(http.HandlerFunc) net.Conn) {
		conn := connect(http.NotFound)
		if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: h\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		answer := bufio.NewReader(conn)
		res, err := http.ReadResponse(answer, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, res.Body)
		_ = res.Body.Close()
		start := time.Now()
		if _, err := answer.ReadByte(); err == nil || time.Since(start) > 3*time.Minute {
			t.Errorf("an idle connection is kept: %v after %s", err, time.Since(start))
		}
	})
}

func TestServer_largeHeader(t *testing.T) {
	t.Parallel()
	slowly(t, func(t *testing.T, connect func(http.HandlerFunc) net.Conn) {
		conn := connect(http.NotFound)
		go func() {
			_, _ = fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: h\r\nX-Large: %s\r\n\r\n", strings.Repeat("x", 100<<10))
		}()
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
			t.Errorf("got %d", res.StatusCode)
		}
	})
}
