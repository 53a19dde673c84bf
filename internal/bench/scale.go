package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// scale measures Terraform itself with the provider, on a served control plane,
// and beside it Terraform with as many objects of its own: the floor, below
// which no provider can be.
type scale struct {
	sizes   []int
	mixed   bool
	floor   bool
	applied int // up to this size everything is applied; what is larger is grown
	traffic disturbance
}

func readScale(args []string) (*scale, error) {
	var s scale
	flags := flag.NewFlagSet("bench scale", flag.ContinueOnError)
	sizes := flags.String("sizes", "100,1000,10000", "how many plugins there are")
	flags.BoolVar(&s.mixed, "mixed", true, "measure services, routes, consumers, groups and members, too")
	flags.BoolVar(&s.floor, "floor", true, "measure Terraform by itself, too")
	flags.IntVar(&s.applied, "applied", 2000, "up to how many plugins are applied; a state of more is made of copies, and only plans are measured")
	flags.DurationVar(&s.traffic.latency, "latency", 0, "how much later each answer comes")
	flags.Float64Var(&s.traffic.busy, "busy", 0, "the share of requests that is answered with 429")
	err := flags.Parse(args)
	if err == nil && flags.NArg() > 0 {
		err = fmt.Errorf("%q is more than it takes", flags.Arg(0))
	}
	if err == nil {
		s.sizes, err = numbers("-sizes", *sizes)
	}
	return &s, err
}

func (s *scale) run(ctx context.Context, out io.Writer) error {
	bin, err := os.MkdirTemp("", "konnect-scale-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(bin)
	if err := build(ctx, bin); err != nil {
		return err
	}
	for _, size := range s.sizes {
		if err := s.stage(ctx, out, bin, fmt.Sprintf("%d plugins", size), size, plugins); err != nil {
			return err
		}
		if !s.mixed || size > s.applied {
			continue
		}
		if err := s.stage(ctx, out, bin, fmt.Sprintf("%d mixed", size), size, mixed); err != nil {
			return err
		}
	}
	return nil
}

// steps are what is measured, in this order.
var steps = []struct {
	name, before string
	writes       bool
	args         []string
}{
	{name: "apply", writes: true, args: []string{"apply", "-auto-approve"}},
	{name: "no-op plan", args: []string{"plan", "-detailed-exitcode"}},
	{name: "plan with one change", args: []string{"plan", "-var=changed=b"}},
	{name: "plan after drift", before: "drift", args: []string{"plan"}},
	{name: "destroy", writes: true, args: []string{"destroy", "-auto-approve"}},
}

// stage measures one configuration on a new control plane.
func (s *scale) stage(ctx context.Context, out io.Writer, bin, name string, size int, blocks func(int) []block) error {
	dir, err := os.MkdirTemp(bin, "stage-*")
	if err != nil {
		return err
	}
	server, err := startServer(ctx, filepath.Join(dir, "konnect.db"))
	if err != nil {
		return err
	}
	defer server.stop()
	between, err := newProxy(ctx, server.address, s.traffic)
	if err != nil {
		return err
	}
	defer between.close()
	resources := len(blocks(size))
	ours := func(n int) string { return preamble(between.address) + text(blocks(n)) }
	st := &stage{scale: s, size: size, server: server.address}
	if st.ours, err = newFolder(bin, filepath.Join(dir, "ours"), ours(size)); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(out, "\n%s, %d resources; answers come %s later, %.0f%% are 429\n", name, resources, s.traffic.latency, 100*s.traffic.busy); err != nil {
		return err
	}
	if size > s.applied {
		if err := grown(ctx, st.ours, ours, server.address, size); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	for _, step := range steps {
		if size > s.applied && step.writes {
			continue
		}
		if step.before == "drift" {
			if err := drift(ctx, server.address, 10); err != nil {
				return err
			}
		}
		between.forget()
		m, err := st.ours.run(ctx, step.args...)
		if err != nil {
			return fmt.Errorf("%s, %s: %w", name, step.name, err)
		}
		if st.floor == nil && s.floor {
			each := st.ours.stateSize() / resources
			if err := st.begin(ctx, bin, filepath.Join(dir, "floor"), func(n int) string { return textOfFloor(blocks(n), each) }); err != nil {
				return fmt.Errorf("%s, floor: %w", name, err)
			}
		}
		least := time.Duration(0)
		if st.floor != nil {
			f, err := st.floor.run(ctx, step.args...)
			if err != nil {
				return fmt.Errorf("%s, %s, floor: %w", name, step.name, err)
			}
			least = f.wall
		}
		if err := m.print(out, step.name, between.calls(), least, resources); err != nil {
			return err
		}
	}
	return nil
}

// stage is one configuration, and the floor beside it.
type stage struct {
	*scale

	size        int
	server      string
	ours, floor *folder
}

// begin makes the floor, grown if ours is.
func (s *stage) begin(ctx context.Context, bin, path string, configuration func(n int) string) (err error) {
	if s.floor, err = newFolder(bin, path, configuration(s.size)); err != nil || s.size <= s.applied {
		return err
	}
	return grown(ctx, s.floor, configuration, "", s.size)
}

// measured is what a command took.
type measured struct {
	wall time.Duration
	used usage // by the processes of the provider, together
}

func (m measured) print(out io.Writer, step string, calls fmt.Stringer, floor time.Duration, resources int) error {
	_, err := fmt.Fprintf(out, "%s: %s, %.1f s", step, calls, m.wall.Seconds())
	if floor > 0 {
		_, more := fmt.Fprintf(out, " (floor %.1f s, %.2f times that)", floor.Seconds(), m.wall.Seconds()/floor.Seconds())
		err = errors.Join(err, more)
	}
	_, more := fmt.Fprintf(out, ", provider %.1f s of CPU (%.2f ms each), %d MiB at most\n",
		m.used.CPU.Seconds(), m.used.CPU.Seconds()*1000/float64(resources), m.used.Peak>>20)
	return errors.Join(err, more)
}
