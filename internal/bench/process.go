package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"time"

	"github.com/openkonnect/terraform-provider-konnect/internal/controlplane"
	"github.com/openkonnect/terraform-provider-konnect/internal/server"
)

// The server is this program again, with the address of its database in the
// environment. It prints a line with its own address, answers each line of its
// input with its usage, and ends when its input ends.
const serveVariable = "KONNECT_BENCH_SERVE"

// usage is the processor time and the memory of a server process.
type usage struct {
	CPU  time.Duration
	Peak uint64 // bytes of memory that the process had at most
	Heap uint64 // bytes in use after a collection, if one was asked for
}

// collect is the line that asks for a collection first.
const collect = "collect"

func serve(ctx context.Context, dsn string, in io.Reader, out io.Writer) error {
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer null.Close()
	plane, err := controlplane.Open(ctx, controlplane.Options{
		Database: dsn,
		API:      server.Options{Logger: slog.New(slog.NewTextHandler(null, nil))},
	})
	if err != nil {
		return err
	}
	var listen net.ListenConfig
	listener, err := listen.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return errors.Join(err, plane.Close())
	}
	server := &http.Server{Handler: plane, ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }() // ends with Close
	if _, err := fmt.Fprintln(out, listener.Addr()); err != nil {
		return err
	}
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		u, err := used(lines.Text() == collect)
		if err == nil {
			err = json.NewEncoder(out).Encode(u)
		}
		if err != nil {
			return err
		}
	}
	return errors.Join(server.Close(), plane.Close())
}

// used says what this process has used.
func used(collected bool) (u usage, err error) {
	if u.CPU, u.Peak, err = resources(); err != nil || !collected {
		return u, err
	}
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	u.Heap = m.HeapAlloc
	return u, nil
}

// process is a server in another process.
type process struct {
	cmd     *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
	address string
}

func startServer(ctx context.Context, dsn string) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, self) //nolint:gosec // this program itself
	cmd.Env = append(os.Environ(), serveVariable+"="+dsn)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &process{cmd: cmd, in: in, out: bufio.NewReader(out)}
	line, err := p.out.ReadString('\n')
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the server did not start: %w", err), cmd.Wait())
	}
	p.address = line[:len(line)-1]
	return p, nil
}

func (p *process) stop() {
	_ = p.in.Close()
	_ = p.cmd.Wait() // whatever it says, the figures are in
}

func (p *process) ask(line string) (u usage, err error) {
	if _, err := fmt.Fprintln(p.in, line); err != nil {
		return u, err
	}
	answer, err := p.out.ReadBytes('\n')
	if err != nil {
		return u, err
	}
	return u, json.Unmarshal(answer, &u)
}

func (p *process) name() string { return "HTTP" }

func (p *process) client(ctx context.Context) (client, error) { return dial(ctx, p.address) }

func (p *process) cpu() (time.Duration, error) {
	u, err := p.ask("")
	return u.CPU, err
}

func (p *process) memory() (usage, error) { return p.ask(collect) }
