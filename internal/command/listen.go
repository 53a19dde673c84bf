package command

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/openkonnect/terraform-provider-konnect/internal/controlplane"
)

// lastRequests is how long requests may take to end once no more are accepted.
const lastRequests = 30 * time.Second

// listenAddress resolves the address that a flag names.
func listenAddress(ctx context.Context, name, text string) (*net.TCPAddr, error) {
	host, service, err := net.SplitHostPort(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %q is not an address with a port, such as 127.0.0.1:8787", name, text)
	}
	port, err := net.DefaultResolver.LookupPort(ctx, "tcp", service)
	if err != nil {
		return nil, fmt.Errorf("%s: %q is not a port", name, service)
	}
	address := &net.TCPAddr{Port: port}
	if host != "" {
		ips, err := net.DefaultResolver.LookupIPAddr(ctx, host)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		address.IP, address.Zone = ips[0].IP, ips[0].Zone
	}
	return address, nil
}

// listening is a control plane on its way to the network.
type listening struct {
	*settings

	log         *slog.Logger
	certificate *certificate // nil: without TLS
	registry    *prometheus.Registry
	guarded     bool                 // requests need a token
	ready       func(address string) // told instead of the log, if it is not nil
}

// guard finds out whether there is a token. Without one it refuses an address
// that others can reach.
func (l *listening) guard(ctx context.Context, plane *controlplane.ControlPlane) error {
	tokens, err := plane.Tokens().List(ctx)
	if err != nil {
		return err
	}
	l.guarded = l.token != "" || len(tokens) > 0
	if !l.guarded && !l.listen.IP.IsLoopback() {
		return fmt.Errorf("--listen: %s can be reached from other machines, and there is no token to ask for: "+
			"make one (terraform-provider-konnect token create), set %s or --token-file, or listen on 127.0.0.1", l.listen, tokenVariable)
	}
	return nil
}

// serve answers requests until ctx ends, and then those that have begun.
func (l *listening) serve(ctx context.Context, handler http.Handler) error {
	if !l.guarded {
		handler = localOnly(handler)
	}
	ended := make(chan error, 2)
	scraped, scraping, err := l.serveMetrics(ended)
	if err != nil {
		return err
	}
	defer func() { _ = scraped.Close() }()
	listener, err := net.ListenTCP("tcp", l.listen)
	if err != nil {
		return err
	}
	serving := newServer(usual, usual.keep(handler), l.log)
	go func() { ended <- l.accept(serving, listener) }()
	if l.ready == nil {
		l.announce(listener.Addr().String(), scraping)
	} else {
		l.ready(listener.Addr().String())
	}
	select {
	case err := <-ended:
		return errors.Join(err, serving.Close())
	case <-ctx.Done():
		return l.shutdown(serving, ended)
	}
}

func (l *listening) accept(serving *http.Server, listener net.Listener) error {
	if l.certificate == nil {
		return serving.Serve(listener)
	}
	serving.TLSConfig = l.certificate.config()
	return serving.ServeTLS(listener, "", "")
}

func (l *listening) announce(address, metrics string) {
	l.log.Info("listening", "address", address, "database", controlplane.DatabaseName(l.database),
		"token", l.guarded, "tls", l.certificate != nil, "metrics", metrics)
	if l.certificate == nil && !l.listen.IP.IsLoopback() {
		l.log.Warn("tokens travel unencrypted: set --tls-cert and --tls-key, or put a proxy that speaks https in front")
	}
}

// serveMetrics begins to serve metrics, where that is asked for, and says at
// which address.
func (l *listening) serveMetrics(ended chan<- error) (scraped *http.Server, address string, err error) {
	scraped = newServer(usual, metricsHandler(l.registry, l.log), l.log)
	if l.metrics == nil {
		return scraped, "none", nil
	}
	listener, err := net.ListenTCP("tcp", l.metrics)
	if err != nil {
		return nil, "", fmt.Errorf("--metrics-listen: %w", err)
	}
	go func() { ended <- scraped.Serve(listener) }()
	return scraped, listener.Addr().String(), nil
}

// newServer limits how long a slow or hostile client can hold a connection:
// while a header is read, while the connection is idle and, with a pace, before
// a body or an answer begins.
func newServer(p pace, handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       p.pause,
		WriteTimeout:      2 * p.pause,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
	}
}

// shutdown keeps serving while /readyz tells load balancers to go elsewhere,
// then takes no new requests and lets those that began end.
func (l *listening) shutdown(serving *http.Server, ended <-chan error) error {
	l.log.Info("shutting down", "drain_delay", l.drainDelay.String(), "at_most", lastRequests.String())
	select {
	case err := <-ended:
		return err
	case <-time.After(l.drainDelay):
	}
	ctx, cancel := context.WithTimeout(context.Background(), lastRequests)
	defer cancel()
	if err := serving.Shutdown(ctx); err != nil {
		return errors.Join(fmt.Errorf("requests were cut off after %s: %w", lastRequests, err), serving.Close())
	}
	l.log.Info("stopped")
	return nil
}
