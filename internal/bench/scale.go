package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// scale measures Terraform itself with the provider, on a served control plane,
// and beside it Terraform with as many objects of its own: the floor. A plan without
// changes is also made with a provider that does nothing: no other can be below that.
type scale struct {
	sizes   []int
	mixed   bool
	floor   bool
	only    string // part of the names of steps
	applied int    // up to this size everything is applied; what is larger is grown
	traffic disturbance
}

func readScale(args []string) (*scale, error) {
	var s scale
	flags := flag.NewFlagSet("bench scale", flag.ContinueOnError)
	sizes := flags.String("sizes", "100,1000,10000", "how many plugins there are")
	flags.BoolVar(&s.mixed, "mixed", true, "measure services, routes, consumers, groups and members, too")
	flags.BoolVar(&s.floor, "floor", true, "measure Terraform by itself, too")
	flags.StringVar(&s.only, "only", "", "only steps whose name contains this; an apply comes before, and is not shown")
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

// step is a command of Terraform's, and what it has to say about ours: a plan that
// finds something else took another time, too.
type step struct {
	name    string
	writes  bool
	still   bool // nothing changes
	drifted int  // so many entities are changed behind its back before
	args    []string
	says    string
}

// steps are what is measured, in this order.
var steps = []step{
	{name: "apply", writes: true, args: []string{"apply", "-auto-approve"}, says: " 0 changed, 0 destroyed."},
	{name: "no-op plan", still: true, args: []string{"plan", "-detailed-exitcode"}, says: "No changes."},
	{name: "plan with one change", args: []string{"plan", "-var=changed=b"}, says: "Plan: 0 to add, 1 to change, 0 to destroy."},
	{name: "plan after drift", drifted: 10, args: []string{"plan"}, says: "Plan: 0 to add, %d to change, 0 to destroy."},
	{name: "destroy", writes: true, args: []string{"destroy", "-auto-approve"}, says: "Destroy complete!"},
}

// stage is one configuration on a new control plane, and the floor beside it.
type stage struct {
	*scale

	bin, dir    string
	size        int
	blocks      func(int) []block
	server      *process
	between     *proxy
	ours, floor *folder
}

// stage measures one configuration, and leaves nothing on the disk.
func (s *scale) stage(ctx context.Context, out io.Writer, bin, name string, size int, blocks func(int) []block) (err error) {
	st := &stage{scale: s, bin: bin, size: size, blocks: blocks}
	if st.dir, err = os.MkdirTemp(bin, "stage-*"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(st.dir)) }()
	if st.server, err = startServer(ctx, filepath.Join(st.dir, "konnect.db")); err != nil {
		return err
	}
	defer st.server.stop()
	if st.between, err = newProxy(ctx, st.server.address, s.traffic); err != nil {
		return err
	}
	defer st.between.close()
	if _, err := fmt.Fprintf(out, "\n%s, %d resources; answers come %s later, %.0f%% are 429\n", name, len(blocks(size)), s.traffic.latency, 100*s.traffic.busy); err != nil {
		return err
	}
	if err := st.measure(ctx, out); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// measure prints a line for each step. What is not to be shown is not done, but for
// the apply on which the others rest.
func (s *stage) measure(ctx context.Context, out io.Writer) error {
	if err := s.begin(ctx); err != nil {
		return err
	}
	for _, step := range steps {
		shown := strings.Contains(step.name, s.only)
		if !shown && step.name != steps[0].name || s.isGrown() && step.writes {
			continue
		}
		m, under, err := s.step(ctx, step)
		if err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
		if !shown {
			continue
		}
		if err := m.print(out, step.name, s.between.calls(), under, len(s.blocks(s.size))); err != nil {
			return err
		}
	}
	return nil
}

// bounds are what the same step takes without the provider.
type bounds struct {
	floor measured // with objects of Terraform's own
	idle  measured // with a provider that does nothing
}

// step runs Terraform with the provider, and without.
func (s *stage) step(ctx context.Context, step step) (m measured, under bounds, err error) {
	says := step.says
	if step.drifted > 0 {
		changed, err := drift(ctx, s.server.address, step.drifted)
		if err != nil {
			return m, under, err
		}
		says = fmt.Sprintf(says, changed)
	}
	s.between.forget()
	if m, err = s.ours.says(ctx, says, step.args...); err != nil || !s.scale.floor {
		return m, under, err
	}
	if step.still {
		if under.idle, err = s.ours.idle().says(ctx, says, step.args...); err != nil {
			return m, under, fmt.Errorf("idle: %w", err)
		}
	}
	under.floor, err = s.least(ctx, step)
	return m, under, err
}

// least runs the same step with nothing but objects of Terraform's own.
func (s *stage) least(ctx context.Context, step step) (m measured, err error) {
	if s.floor == nil {
		if err := s.beginFloor(ctx); err != nil {
			return m, fmt.Errorf("floor: %w", err)
		}
	}
	if m, err = s.floor.run(ctx, step.args...); err != nil {
		return m, fmt.Errorf("floor: %w", err)
	}
	return m, nil
}

func (s *stage) isGrown() bool { return s.size > s.applied }

// begin writes the configuration, and grows a large one.
func (s *stage) begin(ctx context.Context) (err error) {
	configuration := func(n int) string { return preamble(s.between.address) + text(s.blocks(n)) }
	if s.ours, err = newFolder(s.bin, filepath.Join(s.dir, "ours"), configuration(s.size)); err != nil || !s.isGrown() {
		return err
	}
	return grown(ctx, s.ours, configuration, s.server.address, s.size)
}

// beginFloor does so for the floor, whose objects are as large as ours in state.
func (s *stage) beginFloor(ctx context.Context) (err error) {
	each := s.ours.stateSize() / len(s.blocks(s.size))
	configuration := func(n int) string { return textOfFloor(s.blocks(n), each) }
	if s.floor, err = newFolder(s.bin, filepath.Join(s.dir, "floor"), configuration(s.size)); err != nil || !s.isGrown() {
		return err
	}
	return grown(ctx, s.floor, configuration, "", s.size)
}

// measured is what a command took.
type measured struct {
	said string // the end of it
	wall time.Duration
	cpu  time.Duration // of Terraform and all that it started
	used usage         // by the processes of the provider, together
}

// print prints a line. Beside the time on the clock, which other programs make longer,
// it has that of the processors, which says the same on a busy machine.
func (m measured) print(out io.Writer, step string, calls fmt.Stringer, under bounds, resources int) error {
	_, err := fmt.Fprintf(out, "%s: %s, %s, %s of CPU in all, provider %.1f s of it (%.2f ms each), %d MiB at most\n", step, calls,
		beside(m.wall, under.floor.wall, under.idle.wall), beside(m.cpu, under.floor.cpu, under.idle.cpu),
		m.used.CPU.Seconds(), m.used.CPU.Seconds()*1000/float64(resources), m.used.Peak>>20)
	return err
}

// beside tells a time, and those under it that were measured.
func beside(d, floor, idle time.Duration) string {
	var under []string
	for _, u := range []struct {
		name string
		time time.Duration
	}{{"floor", floor}, {"idle", idle}} {
		if u.time > 0 {
			under = append(under, fmt.Sprintf("%s %.1f s, %.2f times that", u.name, u.time.Seconds(), d.Seconds()/u.time.Seconds()))
		}
	}
	if under == nil {
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return fmt.Sprintf("%.1f s (%s)", d.Seconds(), strings.Join(under, "; "))
}
