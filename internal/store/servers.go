package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// servers connects to the one of several PostgreSQL servers that can be
// written, whichever that is at the time: a primary and its standbys change
// places. It begins with the server that it found last, so that one that is
// gone costs its time once and not for each connection.
type servers struct {
	each []driver.Connector
	last atomic.Int32

	mu     sync.Mutex
	failed error // there was none; so it is believed for a moment
	until  time.Time
}

// outageMemory is how long a search that found nobody answers for others. A
// pool connects one by one, and each of many requests would wait for a search
// of its own.
const outageMemory = 250 * time.Millisecond

// How long one server may take to let somebody in. Where there is another to
// try, a machine that is gone must not hold up everybody for long.
const (
	patienceForOne     = 10 * time.Second
	patienceForSeveral = 3 * time.Second
)

// poolSize is the parameter that bounds the connections of a process; pgx's own
// pool calls it so.
const poolSize = "pool_max_conns"

// address is what the address of a database says.
type address struct {
	servers []*pgx.ConnConfig
	conns   int
	name    string // without credentials
}

// parseAddress reads an address, which may name several hosts.
func parseAddress(dsn string) (*address, error) {
	if err := refuseStandby(dsn); err != nil {
		return nil, err
	}
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, err // pgx leaves the password out
	}
	a := &address{}
	if a.conns, err = connections(config.RuntimeParams); err != nil {
		return nil, err
	}
	config.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsReadWrite
	config.DialFunc = dial
	a.servers = apart(config)
	if !strings.Contains(dsn, "connect_timeout=") {
		for _, server := range a.servers {
			server.ConnectTimeout = patience(len(a.servers))
		}
	}
	hosts := make([]string, len(a.servers))
	for i, server := range a.servers {
		hosts[i] = net.JoinHostPort(server.Host, strconv.Itoa(int(server.Port)))
	}
	a.name = "postgres://" + strings.Join(hosts, ",") + "/" + config.Database
	return a, nil
}

func patience(servers int) time.Duration {
	if servers > 1 {
		return patienceForSeveral
	}
	return patienceForOne
}

var targetSession = regexp.MustCompile(`[?&]target_session_attrs=([^&#]*)`)

// refuseStandby refuses an address that asks for a server which only reads.
// Others may be left to say what holds anyway.
func refuseStandby(dsn string) error {
	asked := os.Getenv("PGTARGETSESSIONATTRS")
	if m := targetSession.FindStringSubmatch(dsn); m != nil {
		asked, _ = url.QueryUnescape(m[1]) // what is no text is none of these
	}
	switch asked {
	case "read-only", "standby", "prefer-standby":
		return fmt.Errorf("target_session_attrs=%s asks for a server that only reads: "+
			"leave it out, or write read-write, for a server that can be written is always looked for", asked)
	}
	return nil
}

// connections takes from the parameters how many connections there may be.
func connections(parameters map[string]string) (int, error) {
	text, ok := parameters[poolSize]
	delete(parameters, poolSize) // the server does not know it
	if !ok {
		return max(16, 4*runtime.GOMAXPROCS(0)), nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 2 {
		return 0, fmt.Errorf("%s is a number of connections, 2 or more, not %q", poolSize, text)
	}
	return n, nil
}

// apart makes a configuration of each server. pgx has one list, in which a
// server may stand twice: with TLS and without.
func apart(config *pgx.ConnConfig) []*pgx.ConnConfig {
	var out []*pgx.ConnConfig
	ways := append([]*pgconn.FallbackConfig{{Host: config.Host, Port: config.Port, TLSConfig: config.TLSConfig}}, config.Fallbacks...)
	for _, way := range ways {
		if n := len(out); n > 0 && out[n-1].Host == way.Host && out[n-1].Port == way.Port {
			out[n-1].Fallbacks = append(out[n-1].Fallbacks, way)
			continue
		}
		server := config.Copy()
		server.Host, server.Port, server.TLSConfig, server.Fallbacks = way.Host, way.Port, way.TLSConfig, nil
		out = append(out, server)
	}
	return out
}

// connector connects to the servers of the address.
func (a *address) connector(options ...stdlib.OptionOpenDB) *servers {
	s := &servers{}
	for _, server := range a.servers {
		s.each = append(s.each, stdlib.GetConnector(*server, options...))
	}
	return s
}

// Driver implements [driver.Connector].
func (s *servers) Driver() driver.Driver { return stdlib.GetDefaultDriver() }

// Connect implements [driver.Connector].
func (s *servers) Connect(ctx context.Context) (driver.Conn, error) {
	if err := s.outage(); err != nil {
		return nil, err
	}
	var away awayError
	first := int(s.last.Load())
	for i := range s.each {
		at := (first + i) % len(s.each)
		conn, err := s.each[at].Connect(ctx)
		if err == nil {
			s.last.Store(int32(at))
			return conn, nil
		}
		if ctx.Err() != nil || errors.Is(err, ErrNewer) {
			return nil, err
		}
		away = append(away, err)
	}
	s.believe(away)
	return nil, away
}

func (s *servers) outage() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if time.Now().Before(s.until) {
		return s.failed
	}
	return nil
}

func (s *servers) believe(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failed, s.until = err, time.Now().Add(outageMemory)
}

// awayError is why none of the servers could be used.
type awayError []error

func (e awayError) Error() string {
	texts := make([]string, len(e))
	for i, err := range e {
		texts[i] = strings.Join(strings.Fields(err.Error()), " ") // pgx writes lines
	}
	return strings.Join(texts, "; ")
}

func (e awayError) Unwrap() []error { return e }

// turnedAway reports that a server answered and will not let this program in:
// somebody has to mend the address, the password or the permissions.
func (e awayError) turnedAway() bool {
	var refused *pgconn.PgError
	if !errors.As(error(e), &refused) {
		return false
	}
	const authorization, noDatabase, noPrivilege = "28", "3D000", "42501"
	return strings.HasPrefix(refused.Code, authorization) || refused.Code == noDatabase || refused.Code == noPrivilege
}
