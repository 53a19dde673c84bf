package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/openkonnect/terraform-provider-konnect/internal/controlplane"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/seed"
	"github.com/openkonnect/terraform-provider-konnect/internal/server"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/access"
	"github.com/openkonnect/terraform-provider-konnect/internal/ui"
)

const (
	// tokenVariable holds a token that may do everything. There is no flag for
	// it: arguments can be read by everybody on the machine.
	tokenVariable = "KONNECT_SERVE_TOKEN"
	// databaseVariable names the database, for addresses with a password.
	databaseVariable = "KONNECT_SERVE_DATABASE"
	// xForwardedFor is the header that most proxies write.
	xForwardedFor = "X-Forwarded-For"
)

// settings of serve.
type settings struct {
	listen     *net.TCPAddr
	metrics    *net.TCPAddr // nil: nowhere
	database   string
	token      string
	logFormat  string
	tlsCert    string
	tlsKey     string
	maxBody    int64
	rate       access.Rate
	proxies    *access.Proxies
	drainDelay time.Duration
	limited    bool // to as many entities of each type as Konnect takes
	noUI       bool
}

// serve serves a control plane until it gets SIGINT or SIGTERM. The second
// signal ends it at once.
func serve(ctx context.Context, p process) int {
	s, err := readSettings(ctx, p)
	if errors.Is(err, flag.ErrHelp) {
		return exitFine
	}
	if err != nil {
		return p.refused("serve", err, exitUsage)
	}
	log, flush := newLogger(p.stderr, s.logFormat)
	defer flush()
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	if err := s.serve(ctx, log); err != nil {
		log.Error("cannot serve", "error", err.Error())
		return exitFailed
	}
	return exitFine
}

// readSettings reads the arguments, the token's file and the environment.
func readSettings(ctx context.Context, p process) (*settings, error) {
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	flags.SetOutput(p.stdout)
	flags.Usage = func() {
		fmt.Fprintf(p.stdout, "Serves a control plane over HTTP, with the API of Konnect's. Clients need a token: one that\n"+
			"\"token create\" made, or the one in %s or --token-file, which may do everything.\n"+
			"On a loopback address they need none until there is one.\n\n", tokenVariable)
		flags.PrintDefaults()
	}
	s := &settings{}
	listen := flags.String("listen", "127.0.0.1:8787", "`address` and port; others than loopback need a token")
	metrics := flags.String("metrics-listen", "", "`address` and port for Prometheus, at /metrics, without a token; none by default")
	databaseFlag(flags, p, &s.database)
	tokenFile := flags.String("token-file", "", "`file` that holds a token that may do everything")
	flags.StringVar(&s.logFormat, "log-format", "text", "text or json")
	flags.StringVar(&s.tlsCert, "tls-cert", "", "`file` with the certificate and its chain, in PEM; read again when it changes")
	flags.StringVar(&s.tlsKey, "tls-key", "", "`file` with the certificate's key, in PEM")
	flags.Int64Var(&s.maxBody, "max-body", 4<<20, "longest body of a request, in `bytes`")
	flags.Float64Var(&s.rate.PerSecond, "rate-limit", 0, "`requests` per second for each token; 0 for no limit")
	flags.IntVar(&s.rate.Burst, "rate-burst", 0, "`requests` at once after a pause; by default those of one second")
	proxies := flags.String("trusted-proxies", "", "`addresses` and networks of proxies, separated by commas, that say whom a request comes from; none by default")
	header := flags.String("forwarded-header", xForwardedFor, "the `header` by which they say so, X-Forwarded-For or Forwarded")
	flags.BoolVar(&s.limited, "konnect-limits", false, "take no more entities of a kind than Konnect does by default, such as 100 control planes")
	flags.BoolVar(&s.noUI, "no-ui", false, "serve no pages for browsers at "+ui.Path)
	flags.DurationVar(&s.drainDelay, "drain-delay", 0, "how long to go on serving after a signal while /readyz says no, for load balancers to notice")
	if err := parse(flags, p.args); err != nil {
		return nil, err
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	var err error
	if s.proxies, err = trustedProxies(*header, *proxies); err != nil {
		return nil, err
	}
	if s.token, err = readToken(p.env(tokenVariable), *tokenFile); err != nil {
		return nil, err
	}
	if *metrics != "" {
		if s.metrics, err = listenAddress(ctx, "--metrics-listen", *metrics); err != nil {
			return nil, err
		}
	}
	s.listen, err = listenAddress(ctx, "--listen", *listen)
	return s, err
}

// trustedProxies reads which proxies may name the addresses of clients, and in
// which header.
func trustedProxies(header, list string) (*access.Proxies, error) {
	if list == "" {
		if header != xForwardedFor {
			return nil, errors.New("--forwarded-header goes with --trusted-proxies")
		}
		return nil, nil
	}
	addresses := strings.Split(list, ",")
	for i := range addresses {
		addresses[i] = strings.TrimSpace(addresses[i])
	}
	proxies, err := access.TrustProxies(header, addresses)
	if err != nil {
		return nil, fmt.Errorf("--trusted-proxies: %w", err)
	}
	return proxies, nil
}

// databaseFlag names the database by a flag or the environment.
func databaseFlag(flags *flag.FlagSet, p process, database *string) {
	byDefault := "konnect.db"
	if fromEnv := p.env(databaseVariable); fromEnv != "" {
		byDefault = fromEnv
	}
	flags.StringVar(database, "database", byDefault, "`path` of a SQLite file, or a postgres:// address, which may name several hosts (postgres://h1,h2/konnect); also "+databaseVariable)
	if f := flags.Lookup("database"); byDefault != "konnect.db" {
		f.DefValue = controlplane.DatabaseName(byDefault) // help shows no password
	}
}

// check refuses what makes no sense, and completes the rest.
func (s *settings) check() error {
	switch {
	case s.logFormat != "text" && s.logFormat != "json":
		return fmt.Errorf("--log-format is text or json, not %q", s.logFormat)
	case s.database == "":
		return errors.New("--database is empty: name a file or a postgres:// address")
	case s.maxBody < 1:
		return errors.New("--max-body is at least 1")
	case !(s.rate.PerSecond >= 0 && s.rate.PerSecond <= 1e9):
		return errors.New("--rate-limit is a number of requests per second, 0 for no limit")
	case s.rate.Burst < 0, s.rate.Burst > 0 && s.rate.PerSecond == 0:
		return errors.New("--rate-burst is a number of requests, and goes with --rate-limit")
	case s.drainDelay < 0:
		return errors.New("--drain-delay is a time such as 10s")
	}
	if s.rate.Burst == 0 {
		s.rate.Burst = max(1, int(s.rate.PerSecond))
	}
	return nil
}

// parse parses the options of a command that takes nothing else.
func parse(flags *flag.FlagSet, args []string) error {
	if err := parseFlags(flags, args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("%q is more than %s takes (%s -h lists the settings)", flags.Arg(0), flags.Name(), flags.Name())
	}
	return nil
}

// parseFlags keeps the flag package from printing all flags at each mistake.
func parseFlags(flags *flag.FlagSet, args []string) error {
	help, output := flags.Usage, flags.Output()
	flags.Usage = func() {}
	flags.SetOutput(io.Discard)
	err := flags.Parse(args)
	flags.SetOutput(output)
	flags.Usage = help
	if errors.Is(err, flag.ErrHelp) {
		help()
		return err
	}
	if err != nil {
		return fmt.Errorf("%w (%s -h lists the settings)", err, flags.Name())
	}
	return nil
}

// readToken takes the token from the environment or from a file.
func readToken(fromEnv, file string) (string, error) {
	if file == "" {
		return cleanToken(fromEnv, tokenVariable)
	}
	if fromEnv != "" {
		return "", fmt.Errorf("the token is given twice, by %s and by --token-file: keep one", tokenVariable)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("--token-file: %w", err)
	}
	token, err := cleanToken(string(text), file)
	if err == nil && token == "" {
		return "", fmt.Errorf("--token-file: %s is empty", file)
	}
	return token, err
}

// cleanToken drops the line break at the end of a file. Others are mistakes,
// such as a file with several tokens.
func cleanToken(token, source string) (string, error) {
	token = strings.TrimSpace(token)
	if strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", fmt.Errorf("the token in %s holds a blank, a line break or another character that cannot be sent", source)
	}
	return token, nil
}

// newLogger returns a log, and a function that writes what waits.
func newLogger(w io.Writer, format string) (_ *slog.Logger, flush func()) {
	b := newBacklog(w)
	if format == "json" {
		return slog.New(urgent{slog.NewJSONHandler(b, nil), b}), b.flush
	}
	return slog.New(urgent{slog.NewTextHandler(b, nil), b}), b.flush
}

// serve opens the database and answers requests until ctx ends.
func (s *settings) serve(ctx context.Context, log *slog.Logger) error {
	certificate, err := newCertificate(s.tlsCert, s.tlsKey, log)
	if err != nil {
		return err
	}
	registry := newRegistry()
	o := server.Options{
		Guard: access.GuardedByFirst, RateLimit: s.rate, Proxies: s.proxies, MaxBody: s.maxBody,
		Logger: log, Metrics: registry, Stopping: ctx.Done(),
	}
	if s.token != "" {
		o.Tokens = []string{s.token}
	}
	if s.limited {
		o.Limits = entity.Types().Limits()
	}
	if !s.listen.IP.IsLoopback() {
		o.Guard = access.Guarded
	}
	plane, err := controlplane.Open(ctx, controlplane.Options{Database: s.database, API: o})
	if err != nil {
		return err
	}
	l := &listening{settings: s, log: log, certificate: certificate, registry: registry}
	err = l.guard(ctx, plane)
	if err == nil {
		err = l.serve(ctx, s.withPages(plane, log))
	}
	return errors.Join(err, plane.Close())
}

// withPages puts pages for browsers beside the API. Processes with the same token
// know each other's logins.
func (s *settings) withPages(api http.Handler, log *slog.Logger) http.Handler {
	if s.noUI {
		return api
	}
	return ui.Beside(api, ui.New(ui.Options{API: api, Bundled: controlplane.Bundled(), Schemas: seed.Schemas(), Secret: s.token, Proxied: s.proxies != nil, Logger: log}))
}
