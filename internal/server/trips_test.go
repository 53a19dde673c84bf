package server_test

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/openkonnect/terraform-provider-konnect/internal/pgtest"
	"github.com/openkonnect/terraform-provider-konnect/internal/server"
)

// A request waits for PostgreSQL as seldom as it can: each wait is a way to
// another machine and back.
func TestServer_roundTrips(t *testing.T) {
	t.Parallel()
	w := watched(t, pgtest.New(t))
	s := &session{handler: newServerOn(t, w.address, server.Options{}), vars: map[string]string{}}
	s.createControlPlane(t)
	s.run(t, row{Do: "PUT {core}/services/" + benchOther, Body: []byte(`{"name":"web","host":"h","tags":["a"]}`), Status: http.StatusOK})
	s.run(t, row{Do: "PUT {core}/plugins/" + benchPlugin, Body: []byte(`{"name":"cors"}`), Status: http.StatusOK})
	for _, tt := range []struct {
		name   string
		do     string
		body   string // %d is another number each time
		status int
		trips  int
	}{
		{"create a service", "POST {core}/services", `{"name":"s%d","host":"h","tags":["a","b","c"]}`, http.StatusCreated, 3},
		{"create a route", "POST {core}/routes", `{"name":"r%d","paths":["/%[1]d"],"service":{"id":"` + benchOther + `"}}`, http.StatusCreated, 3},
		{"create a plugin", "POST {core}/plugins", `{"name":"key-auth","instance_name":"p%d","route":{"id":"{route}"}}`, http.StatusCreated, 3},
		{"create a consumer", "POST {core}/consumers", `{"username":"u%d","custom_id":"c%[1]d"}`, http.StatusCreated, 3},
		{"replace a service", "PUT {core}/services/" + benchOther, `{"name":"web","host":"h%d","tags":["a"]}`, http.StatusOK, 4},
		{"get a service by its id", "GET {core}/services/" + benchOther, "", http.StatusOK, 1},
		{"get a service by its name", "GET {core}/services/web", "", http.StatusOK, 1},
		{"get a plugin", "GET {core}/plugins/" + benchPlugin, "", http.StatusOK, 1},
		{"list services", "GET {core}/services", "", http.StatusOK, 1},
		{"list services by a tag", "GET {core}/services?tags=a", "", http.StatusOK, 1},
		{"list plugins", "GET {core}/plugins", "", http.StatusOK, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var statements []string
			for i := range 3 { // the first ones prepare their statements
				s.vars["route"] = s.newRoute(t, tt.name, i)
				body := tt.body
				if strings.Contains(body, "%") {
					body = fmt.Sprintf(body, i)
				}
				w.reset()
				s.run(t, row{Do: tt.do, Body: []byte(body), Status: tt.status})
				statements = w.reset()
			}
			if len(statements) != tt.trips {
				t.Errorf("%d round trips, want %d:\n%s", len(statements), tt.trips, strings.Join(statements, "\n"))
			}
			t.Logf("%s", strings.Join(statements, "\n"))
		})
	}
}

// newRoute makes a route for a plugin, each of which needs one of its own.
func (s *session) newRoute(t *testing.T, name string, i int) string {
	t.Helper()
	s.run(t, row{
		Do: "POST {core}/routes", Body: fmt.Appendf(nil, `{"name":%q,"paths":["/"]}`, strings.ReplaceAll(name, " ", "-")+fmt.Sprint(i)),
		Status: http.StatusCreated, Save: map[string]string{"route": "id"},
	})
	return s.vars["route"]
}

// wiretap is between a program and PostgreSQL, and notes what the program waits
// for.
type wiretap struct {
	address string

	mu      sync.Mutex
	names   map[string]string // of prepared statements
	waiting []string          // statements since the last wait
	trips   []string          // of each wait, its statements
}

// watched returns a way to a database that notes what passes.
func watched(t *testing.T, dsn string) *wiretap {
	t.Helper()
	address, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	to := address.Host
	query := address.Query()
	query.Set("sslmode", "disable")
	address.Host, address.RawQuery = listener.Addr().String(), query.Encode()
	w := &wiretap{address: address.String(), names: map[string]string{}}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go w.pass(conn, to)
		}
	}()
	return w
}

// pass connects a program with the database until one of them ends.
func (w *wiretap) pass(program net.Conn, to string) {
	defer program.Close()
	database, err := net.Dial("tcp", to)
	if err != nil {
		return
	}
	defer database.Close()
	go func() {
		_, _ = io.Copy(program, database)
		_ = program.Close()
	}()
	for head := 4; ; head = 5 { // the first message has no kind
		message := make([]byte, head)
		if _, err := io.ReadFull(program, message); err != nil {
			return
		}
		rest := make([]byte, binary.BigEndian.Uint32(message[head-4:])-4)
		if _, err := io.ReadFull(program, rest); err != nil {
			return
		}
		if head == 5 {
			w.note(message[0], rest)
		}
		if _, err := database.Write(append(message, rest...)); err != nil {
			return
		}
	}
}

// note knows the messages with which a program prepares a statement, has it
// run, and waits for the answers to all that it has sent.
func (w *wiretap) note(kind byte, message []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch kind {
	case 'P':
		var parse pgproto3.Parse
		if parse.Decode(message) == nil {
			w.names[parse.Name] = parse.Query
		}
	case 'B':
		var bind pgproto3.Bind
		if bind.Decode(message) == nil {
			w.waiting = append(w.waiting, w.names[bind.PreparedStatement])
		}
	case 'Q':
		var query pgproto3.Query
		if query.Decode(message) == nil && !strings.HasPrefix(query.String, "--") { // a rested connection is asked whether it is still there
			w.trips = append(w.trips, query.String)
		}
	case 'S':
		w.trips = append(w.trips, strings.Join(w.waiting, "; "))
		w.waiting = nil
	}
}

// reset returns what was noted, and forgets it.
func (w *wiretap) reset() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	trips := w.trips
	w.trips = nil
	return trips
}
