//go:build unix

package store_test

import (
	"bufio"
	"errors"
	"math/rand/v2"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/openkonnect/terraform-provider-konnect/internal/pgtest"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// A PostgreSQL server of which a process is killed ends all others, and comes
// back from its log: what it had acknowledged to writers is there, nothing is
// there in part, and a store that was open goes on.
func TestCrash_postgres(t *testing.T) {
	t.Parallel()
	dsn := pgtest.Own(t)
	s := open(t, dsn)
	mustInsert(t, s, controlPlanes, "", `{"id":"#cp","name":"one"}`)
	said := map[string]string{}
	for range max(3, kills(t)/50) {
		var wg sync.WaitGroup
		heard := make([][]string, 2)
		for i := range heard {
			wg.Go(func() { heard[i] = hear(t, process(t, "churn", dsn), 5+rand.IntN(60), func() { crash(t, dsn) }) })
		}
		wg.Wait()
		for _, line := range append(heard[0], heard[1]...) {
			if what, consumer, ok := strings.Cut(line, " "); ok {
				said[consumer] = what
			}
		}
		recovered(t, s)
		checkFamilies(t, dsn, said)
		if t.Failed() {
			return
		}
	}
}

// crash kills the process that serves one of the connections.
func crash(t *testing.T, dsn string) {
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		return // it has crashed just now
	}
	defer conn.Close(t.Context())
	var pid int
	err = conn.QueryRow(t.Context(), `SELECT pid FROM pg_stat_activity
		WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1`).Scan(&pid)
	if err != nil {
		return
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		t.Error(err)
	}
}

// hear returns all that a writer says until its database fails, which happens
// once it has said so many lines.
func hear(t *testing.T, cmd *exec.Cmd, lines int, happens func()) (heard []string) {
	cmd.Stderr = nil // it will complain
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Error(err)
		return nil
	}
	reader := bufio.NewReader(out)
	for {
		line, err := reader.ReadString('\n')
		if err != nil {
			break
		}
		if heard = append(heard, strings.TrimSpace(line)); len(heard) == lines {
			happens()
		}
	}
	if err := cmd.Wait(); err == nil {
		t.Error("a writer that lost its database says nothing of it")
	}
	return heard
}

// recovered waits until a store that was open all the time works again.
func recovered(t *testing.T, s *store.Store) {
	t.Helper()
	for {
		_, err := s.Get(t.Context(), controlPlanes, "", id("cp"))
		if err == nil {
			return
		}
		if fault := (*store.DatabaseError)(nil); !errors.As(err, &fault) {
			t.Fatalf("after a crash: %v", err)
		}
	}
}
