// Command bench measures how fast a control plane is and prints a table:
//
//	go run ./internal/bench [-for 1s] [-repeat N] [-stored 0,10000,100000] [-postgres DSN]
//
//	go run ./internal/bench scale [-sizes 100,1000,10000] [-only STEP] [-latency 0s] [-busy 0]
//
// The first creates, replaces, reads and lists services and plugins, with one client
// and with sixteen, over HTTP on loopback and by calling the handler, with more
// and more plugins stored. Over HTTP the server is another process with an
// access log. The clients share the machine's cores with it, so they are bare
// connections that send prepared requests and read as little of an answer as
// possible.
//
// SQLite is a file in a new temporary directory (TMPDIR chooses the disk);
// PostgreSQL is used, in a schema of its own, where its address is given or
// in KONNECT_TEST_POSTGRES_DSN.
//
// The second runs the real terraform with the provider: apply, plans and destroy
// of that many plugins, with a proxy before the server that counts the calls.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"time"
)

// settings say what is measured, and for how long.
type settings struct {
	each     time.Duration // for each line of the table
	repeat   int           // the best of so many counts
	stored   []int
	clients  []int
	only     string // part of the names of operations
	postgres string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if dsn, ok := os.LookupEnv(serveVariable); ok {
		exit(serve(ctx, dsn, os.Stdin, os.Stdout))
	}
	if provider, ok := os.LookupEnv(providerVariable); ok {
		exit(provide(ctx, provider, os.Getenv(usageVariable)))
	}
	if len(os.Args) > 1 && os.Args[1] == "scale" {
		s, err := readScale(os.Args[2:])
		if err == nil {
			err = s.run(ctx, os.Stdout)
		}
		exit(err)
	}
	s, err := readSettings(os.Args[1:])
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		exit(err)
	}
	exit(s.run(ctx, os.Stdout))
}

func exit(err error) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "bench: %v\n", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func readSettings(args []string) (*settings, error) {
	var s settings
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.DurationVar(&s.each, "for", time.Second, "how long each line is measured")
	flags.IntVar(&s.repeat, "repeat", 1, "measure each line so often and show the best")
	stored := flags.String("stored", "0,10000,100000", "how many plugins are stored at the start")
	clients := flags.String("clients", "1,16", "how many clients there are")
	flags.StringVar(&s.only, "only", "", "only operations whose name contains this")
	flags.StringVar(&s.postgres, "postgres", os.Getenv("KONNECT_TEST_POSTGRES_DSN"), "address of a PostgreSQL database")
	err := flags.Parse(args)
	if err == nil && flags.NArg() > 0 {
		err = fmt.Errorf("%q is more than it takes", flags.Arg(0))
	}
	if err == nil {
		s.stored, err = numbers("-stored", *stored)
	}
	if err == nil {
		s.clients, err = numbers("-clients", *clients)
	}
	return &s, err
}

func numbers(name, text string) (list []int, err error) {
	for part := range strings.SplitSeq(text, ",") {
		n, err := strconv.Atoi(part)
		if err != nil || n < 0 {
			return nil, fmt.Errorf("%s: %q is not a number", name, part)
		}
		list = append(list, n)
	}
	return list, nil
}

// run measures every database at every size.
func (s *settings) run(ctx context.Context, out io.Writer) error {
	for _, d := range databases {
		for _, stored := range s.stored {
			if err := s.stage(ctx, out, d, stored); err != nil {
				return fmt.Errorf("%s, %d stored: %w", d.name, stored, err)
			}
		}
	}
	return nil
}

// stage measures one database at one size.
func (s *settings) stage(ctx context.Context, out io.Writer, d database, stored int) error {
	dsn, drop, err := d.fresh(ctx, s.postgres)
	if errors.Is(err, errNoAddress) {
		_, err = fmt.Fprintf(out, "\n%s: not measured, %v\n", d.name, err)
		return err
	}
	if err != nil {
		return err
	}
	defer drop()
	w, err := newWorld(ctx, dsn, stored)
	if err != nil {
		return err
	}
	defer w.close()
	if _, err := fmt.Fprintf(out, "\n%s, %d plugins stored at the start\n", d.name, len(w.stored)); err != nil {
		return err
	}
	return s.measure(ctx, out, w, dsn)
}

// measure prints the lines of a stage.
func (s *settings) measure(ctx context.Context, out io.Writer, w *world, dsn string) error {
	child, err := startServer(ctx, dsn)
	if err != nil {
		return err
	}
	defer child.stop()
	targets := []target{child, &inProcess{handler: w.plane}}
	if err := heading(out); err != nil {
		return err
	}
	for _, o := range operations {
		if !strings.Contains(o.name, s.only) {
			continue
		}
		for _, t := range targets {
			for _, clients := range s.clients {
				l, err := s.line(ctx, w, t, o, clients)
				if err != nil {
					return fmt.Errorf("%s, %s, %d clients: %w", o.name, t.name(), clients, err)
				}
				if err := l.print(out, o.name, t.name(), clients); err != nil {
					return err
				}
			}
		}
	}
	m, err := child.memory()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "memory of the server: %d MiB at most, %d MiB of heap in use after a collection\n", m.Peak>>20, m.Heap>>20)
	return err
}

func (s *settings) line(ctx context.Context, w *world, t target, o operation, clients int) (best line, err error) {
	for range s.repeat {
		if err := w.prepare(ctx, o, s.each); err != nil {
			return best, err
		}
		l, err := load(ctx, w, t, o, clients, s.each)
		if err != nil {
			return best, err
		}
		if l.rate() > best.rate() {
			best = l
		}
	}
	return best, nil
}
