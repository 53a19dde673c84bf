package store_test

import (
	"context"
	"errors"
	"net"
	"net/url"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/openkonnect/terraform-provider-konnect/internal/pgtest"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// beside is an address with another host before its own.
func beside(t *testing.T, host, dsn string) string {
	t.Helper()
	address, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	address.Host = host + "," + address.Host
	return address.String()
}

// mute is a server that takes connections and says nothing, as one does whose
// machine hangs. It counts them.
func mute(t *testing.T) (host string, count *atomic.Int64) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	count = new(atomic.Int64)
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			count.Add(1)
			context.AfterFunc(t.Context(), func() { conn.Close() })
		}
	})
	t.Cleanup(func() {
		listener.Close()
		wg.Wait()
	})
	return listener.Addr().String(), count
}

// Of several servers the one that can be written is used. One that is gone
// costs its time when the database is opened, and not for each connection.
func TestOpen_servers(t *testing.T) {
	t.Parallel()
	silent, asked := mute(t)
	gone, err := url.Parse(nobodyThere(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, host := range map[string]string{"gone": gone.Host, "silent": silent} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, beside(t, host, pgtest.New(t)))
			before := asked.Load()
			mustInsert(t, s, controlPlanes, "", `{"id":"#cp","name":"one"}`)
			var wg sync.WaitGroup
			for range crowd {
				wg.Go(func() {
					_, err := s.Put(t.Context(), services, id("cp"), "counter", increment)
					if err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			if name == "silent" && (before == 0 || asked.Load() != before) {
				t.Errorf("the silent server was asked %d times at first and %d times in all", before, asked.Load())
			}
		})
	}
}

// A database that becomes read-only while it is open is left; the store goes on
// when it can be written again.
func TestOpen_becomesReadOnly(t *testing.T) {
	t.Parallel()
	dsn := pgtest.Own(t)
	s := open(t, dsn)
	mustInsert(t, s, controlPlanes, "", `{"id":"#cp","name":"one"}`)
	set := func(value string) {
		conn, err := pgx.Connect(t.Context(), dsn)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(t.Context())
		for _, statement := range []string{"SET transaction_read_only = off", "ALTER SYSTEM SET default_transaction_read_only = " + value, "SELECT pg_reload_conf()"} {
			if _, err := conn.Exec(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
	}
	get := func() error {
		_, err := s.Get(t.Context(), controlPlanes, "", id("cp"))
		return err
	}
	set("on")
	err := until(get, func(err error) bool { return err != nil })
	mustBe(t, store.ErrUnreachable, err)
	set("off")
	mustBe(t, nil, until(get, func(err error) bool { return err == nil }))
	mustInsert(t, s, controlPlanes, "", `{"id":"#cp2","name":"two"}`)
}

// until does something until its outcome is good enough.
func until(do func() error, enough func(error) bool) error {
	for {
		if err := do(); enough(err) {
			return err
		}
	}
}

// A program that runs while a newer one upgrades its database is refused from
// then on, and goes on if that is taken back.
func TestOpen_upgradedMeanwhile(t *testing.T) {
	t.Parallel()
	const forward = `INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, true)`
	const back = `DELETE FROM goose_db_version WHERE version_id = 999`
	dsn := pgtest.New(t)
	s := open(t, dsn)
	mustInsert(t, s, controlPlanes, "", `{"id":"#cp","name":"one"}`)
	write := func() error {
		_, err := s.Put(t.Context(), services, id("cp"), "counter", increment)
		return err
	}
	mustBe(t, nil, administer(t, dsn, forward))
	err := until(write, func(err error) bool { return err != nil })
	if !errors.Is(err, store.ErrNewer) || !strings.Contains(err.Error(), "version 999") {
		t.Errorf("got %v", err)
	}
	mustBe(t, store.ErrNewer, write())
	mustBe(t, nil, administer(t, dsn, back))
	mustBe(t, nil, until(write, func(err error) bool { return err == nil }))

	// One that declares types in another way, with the same migrations.
	together(t, 2, func() *exec.Cmd { return process(t, "change", dsn) })
	mustBe(t, store.ErrNewer, until(write, func(err error) bool { return err != nil }))
	mustInsert(t, open(t, dsn), controlPlanes, "", `{"id":"#cp2","name":"two"}`)
}

func administer(t *testing.T, dsn, statement string) error {
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		return err
	}
	_, err = conn.Exec(t.Context(), statement)
	return errors.Join(err, conn.Close(t.Context()))
}

// A connection that ends before the commit leaves nothing behind, and one that
// ends during it does not say what it left. The error tells the two apart.
func TestUpdate_cut(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		at      string // what the client sends
		arrives bool   // before the connection ends
		want    error
		stored  bool
	}{
		"before the commit":      {`"unmistakable"`, true, store.ErrUnreachable, false},
		"before it arrives":      {"commit", false, store.ErrUndecided, false},
		"before its answer":      {"commit", true, store.ErrUndecided, true},
		"before the transaction": {"begin", false, store.ErrUnreachable, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dsn := pgtest.New(t)
			w := pgtest.NewWire(t, dsn)
			s := open(t, w.Address)
			mustInsert(t, s, controlPlanes, "", `{"id":"#cp","name":"one"}`)
			w.CutAt(tt.at, tt.arrives)
			err := s.Insert(t.Context(), services, id("cp"), map[string]any{"id": id("x"), "name": "unmistakable"})
			mustBe(t, tt.want, err)
			if fault := (*store.DatabaseError)(nil); !errors.As(err, &fault) {
				t.Errorf("%v does not name the database", err)
			}
			_, err = open(t, dsn).Get(t.Context(), services, id("cp"), id("x"))
			if (err == nil) != tt.stored {
				t.Errorf("afterwards: %v, want it stored: %v", err, tt.stored)
			}
		})
	}
}
