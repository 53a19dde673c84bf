package command

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"net/url"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/openkonnect/terraform-provider-konnect/internal/controlplane"
	"github.com/openkonnect/terraform-provider-konnect/internal/seed"
	"github.com/openkonnect/terraform-provider-konnect/internal/server"
	"github.com/openkonnect/terraform-provider-konnect/internal/ui"
)

// uiUsage is the help of ui.
const uiUsage = `Usage: terraform-provider-konnect ui --database DATABASE

Shows the control planes of a database to a browser on this machine, until it
gets a signal. The address that it prints has a token, which counts for this
time alone; nobody else on this machine gets in without it.

Options:
`

// uiCommand runs "ui".
func uiCommand(ctx context.Context, p process) int {
	s, err := readUISettings(ctx, p)
	if errors.Is(err, flag.ErrHelp) {
		return exitFine
	}
	if err != nil {
		return p.refused("ui", err, exitUsage)
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	if err := s.look(ctx, p); err != nil {
		return p.refused("ui", err, exitFailed)
	}
	return exitFine
}

func readUISettings(ctx context.Context, p process) (*settings, error) {
	flags := flag.NewFlagSet("ui", flag.ContinueOnError)
	flags.SetOutput(p.stdout)
	flags.Usage = func() {
		fmt.Fprint(p.stdout, uiUsage)
		flags.PrintDefaults()
	}
	s := &settings{logFormat: "text", maxBody: 4 << 20}
	databaseFlag(flags, p, &s.database)
	listen := flags.String("listen", "127.0.0.1:0", "`address` and port on this machine; 0 for any port that is free")
	if err := parse(flags, p.args); err != nil {
		return nil, err
	}
	if _, err := os.Stat(s.database); err != nil && !strings.Contains(s.database, "://") {
		return nil, fmt.Errorf("--database: %w", err) // there is nothing to look at
	}
	var err error
	if s.listen, err = listenAddress(ctx, "--listen", *listen); err != nil {
		return nil, err
	}
	if !s.listen.IP.IsLoopback() {
		return nil, fmt.Errorf("--listen: %s can be reached from other machines; serve shows its pages there", *listen)
	}
	s.token = "okat_" + rand.Text()
	return s, nil
}

// look serves the pages, and nothing else.
func (s *settings) look(ctx context.Context, p process) error {
	log, flush := newLogger(p.stderr, s.logFormat)
	defer flush()
	plane, err := controlplane.Open(ctx, controlplane.Options{Database: s.database, API: server.Options{Tokens: []string{s.token}, MaxBody: s.maxBody, Stopping: ctx.Done()}})
	if err != nil {
		return err
	}
	l := &listening{settings: s, log: log, registry: newRegistry(), ready: func(address string) {
		fmt.Fprintf(p.stdout, "http://%s%slogin#%s\n", address, ui.Path, url.QueryEscape(s.token))
	}}
	return errors.Join(l.serve(ctx, ui.New(ui.Options{API: plane, Bundled: controlplane.Bundled(), Schemas: seed.Schemas(), Logger: log})), plane.Close())
}
