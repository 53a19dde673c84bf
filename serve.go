package main

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
)

// tokenVariable holds the token that serve asks of its clients. There is no
// flag for it: arguments can be read by everybody on the machine.
const tokenVariable = "KONNECT_SERVE_TOKEN"

// lastRequests is how long requests may take to end after a signal.
const lastRequests = 30 * time.Second

// settings of serve.
type settings struct {
	listen    *net.TCPAddr
	database  string
	token     string
	logFormat string
}

// serve serves a control plane until it gets SIGINT or SIGTERM. The second
// signal ends it at once.
func serve(ctx context.Context, p process) int {
	s, err := readSettings(ctx, p)
	if errors.Is(err, flag.ErrHelp) {
		return exitFine
	}
	if err != nil {
		fmt.Fprintf(p.stderr, "terraform-provider-konnect serve: %v\n", err)
		return exitUsage
	}
	log := newLogger(p.stderr, s.logFormat)
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
		fmt.Fprintf(p.stdout, "Serves a control plane over HTTP, with the API of Konnect's.\n"+
			"Clients need the token in %s or --token-file, if there is one.\n\n", tokenVariable)
		flags.PrintDefaults()
	}
	listen := flags.String("listen", "127.0.0.1:8787", "`address` and port; others than loopback need a token")
	database := flags.String("database", "konnect.db", "`path` of a SQLite file, or a postgres:// address")
	tokenFile := flags.String("token-file", "", "`file` that holds the token")
	logFormat := flags.String("log-format", "text", "text or json")
	if err := parse(flags, p.args); err != nil {
		return nil, err
	}
	s := &settings{database: *database, logFormat: *logFormat}
	if s.logFormat != "text" && s.logFormat != "json" {
		return nil, fmt.Errorf("--log-format is text or json, not %q", s.logFormat)
	}
	if s.database == "" {
		return nil, errors.New("--database is empty: name a file or a postgres:// address")
	}
	var err error
	if s.token, err = readToken(p.env(tokenVariable), *tokenFile); err != nil {
		return nil, err
	}
	s.listen, err = listenAddress(ctx, *listen, s.token != "")
	return s, err
}

// parse keeps the flag package from printing everything at each mistake.
func parse(flags *flag.FlagSet, args []string) error {
	help := flags.Usage
	flags.Usage = func() {}
	output := flags.Output()
	flags.SetOutput(io.Discard)
	err := flags.Parse(args)
	flags.SetOutput(output)
	switch {
	case errors.Is(err, flag.ErrHelp):
		help()
		return err
	case err != nil:
		return fmt.Errorf("%w (serve -h lists the settings)", err)
	case flags.NArg() > 0:
		return fmt.Errorf("%q is more than serve takes (serve -h lists the settings)", flags.Arg(0))
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

// listenAddress resolves the address, and refuses one that others can reach
// unless they need a token.
func listenAddress(ctx context.Context, text string, guarded bool) (*net.TCPAddr, error) {
	host, service, err := net.SplitHostPort(text)
	if err != nil {
		return nil, fmt.Errorf("--listen: %q is not an address with a port, such as 127.0.0.1:8787", text)
	}
	port, err := net.DefaultResolver.LookupPort(ctx, "tcp", service)
	if err != nil {
		return nil, fmt.Errorf("--listen: %q is not a port", service)
	}
	address := &net.TCPAddr{Port: port}
	if host != "" {
		ips, err := net.DefaultResolver.LookupIPAddr(ctx, host)
		if err != nil {
			return nil, fmt.Errorf("--listen: %w", err)
		}
		address.IP, address.Zone = ips[0].IP, ips[0].Zone
	}
	if !address.IP.IsLoopback() && !guarded {
		return nil, fmt.Errorf("--listen: %s can be reached from other machines, and without a token everybody there could change everything: "+
			"set %s or --token-file, or listen on 127.0.0.1", text, tokenVariable)
	}
	return address, nil
}

func newLogger(w io.Writer, format string) *slog.Logger {
	if format == "json" {
		return slog.New(slog.NewJSONHandler(w, nil))
	}
	return slog.New(slog.NewTextHandler(w, nil))
}

// serve opens the database and answers requests until ctx ends.
func (s *settings) serve(ctx context.Context, log *slog.Logger) error {
	o := controlplane.Options{Database: s.database, Logger: log}
	if s.token != "" {
		o.Tokens = []string{s.token}
	}
	plane, err := controlplane.Open(ctx, o)
	if err != nil {
		return err
	}
	err = s.listenAndServe(ctx, log, plane)
	return errors.Join(err, plane.Close())
}

func (s *settings) listenAndServe(ctx context.Context, log *slog.Logger, handler http.Handler) error {
	listener, err := net.ListenTCP("tcp", s.listen)
	if err != nil {
		return err
	}
	if s.token == "" {
		handler = localOnly(handler)
	}
	server := newServer(handler, log)
	log.Info("listening", "address", listener.Addr().String(), "database", controlplane.DatabaseName(s.database), "token", s.token != "")
	if s.token != "" && !s.listen.IP.IsLoopback() {
		log.Warn("tokens travel unencrypted: put a proxy that speaks https in front")
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		return shutdown(server, log)
	}
}

// newServer bounds what a slow or hostile client can hold. Answers are made in
// milliseconds; the time to write them is that of a long list on a slow line.
func newServer(handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
	}
}

// shutdown takes no new requests and lets those that began end.
func shutdown(server *http.Server, log *slog.Logger) error {
	log.Info("shutting down", "at_most", lastRequests.String())
	ctx, cancel := context.WithTimeout(context.Background(), lastRequests)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		return errors.Join(fmt.Errorf("requests were cut off after %s: %w", lastRequests, err), server.Close())
	}
	log.Info("stopped")
	return nil
}
