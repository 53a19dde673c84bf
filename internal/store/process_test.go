package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/openkonnect/terraform-provider-konnect/internal/pgtest"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// Processes other than the test's own are this test binary again, with a role.
const roleVariable = "KONNECT_TEST_STORE_ROLE"

// roles say what such a process does with a database. It reports on out.
var roles = map[string]func(ctx context.Context, dsn string, out io.Writer) error{
	"open":   opened(func(context.Context, *store.Store, io.Writer) error { return nil }),
	"count":  opened(countUp),
	"churn":  opened(churnFamilies),
	"change": openChanged,
}

func TestMain(m *testing.M) {
	role, ok := roles[os.Getenv(roleVariable)]
	if !ok {
		os.Exit(m.Run())
	}
	if err := role(context.Background(), os.Args[1], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// opened is a role that begins with opening the database.
func opened(role func(context.Context, *store.Store, io.Writer) error) func(context.Context, string, io.Writer) error {
	return func(ctx context.Context, dsn string, out io.Writer) error {
		s, err := store.Open(ctx, dsn, types)
		if err != nil {
			return err
		}
		return errors.Join(role(ctx, s, out), s.Close())
	}
}

// openChanged is a role that opens the database as a later program does.
func openChanged(ctx context.Context, dsn string, _ io.Writer) error {
	s, err := store.Open(ctx, dsn, changed())
	if err != nil {
		return err
	}
	return s.Close()
}

// process prepares another process that plays a role.
func process(t *testing.T, role, dsn string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], dsn)
	cmd.Env = append(os.Environ(), roleVariable+"="+role)
	cmd.Stderr = os.Stderr
	return cmd
}

// What the goroutines of each of two processes do at the same time.
const (
	crowd  = 64
	rounds = 3
)

// countUp counts in one document with many goroutines, and inserts names that
// every other process wants as well.
func countUp(ctx context.Context, s *store.Store, out io.Writer) error {
	err := s.Insert(ctx, controlPlanes, "", map[string]any{"id": id("cp"), "name": "one"})
	if taken := (*store.UniqueError)(nil); err != nil && !errors.As(err, &taken) {
		return err
	}
	errs := make([]error, crowd)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() {
			for n := range rounds {
				_, err := s.Put(ctx, services, id("cp"), "counter", increment)
				if err != nil {
					errs[i] = err
					return
				}
				err = s.Insert(ctx, routes, id("cp"), map[string]any{"id": uuid.NewString(), "name": fmt.Sprint(i, "-", n)})
				if err == nil {
					fmt.Fprintln(out, "mine")
				} else if taken := (*store.UniqueError)(nil); !errors.As(err, &taken) {
					errs[i] = err
					return
				}
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// Two processes open a new database at once and write to it with many
// goroutines: no update is lost, names stay unique, nobody waits for ever and
// nobody is turned away.
func TestProcesses(t *testing.T) {
	const processes = 2
	onShared(t, func(t *testing.T, dsn string) {
		outputs := together(t, processes, func() *exec.Cmd { return process(t, "count", dsn) })
		s := open(t, dsn)
		doc, err := s.Get(t.Context(), services, id("cp"), "counter")
		if want := strconv.Itoa(processes * crowd * rounds); err != nil || fmt.Sprint(doc["n"]) != want {
			t.Errorf("counted to %v (%v), want %s", doc["n"], err, want)
		}
		inserted := strings.Count(outputs, "mine")
		if n := len(all(t, s, routes, id("cp"))); n != crowd*rounds || inserted != n {
			t.Errorf("%d names were inserted and %d are there, want %d", inserted, n, crowd*rounds)
		}
		checkTables(t, s)
	})
}

// Many processes open a new database at once: one sets it up, all can use it.
func TestOpen_together(t *testing.T) {
	onShared(t, func(t *testing.T, dsn string) {
		together(t, 8, func() *exec.Cmd { return process(t, "open", dsn) })
		mustInsert(t, open(t, dsn), controlPlanes, "", `{"id":"#cp","name":"one"}`)
	})
}

// together runs processes at the same time, all of which must end well, and
// returns what they said.
func together(t *testing.T, processes int, make func() *exec.Cmd) string {
	t.Helper()
	outputs := slices.Repeat([]string{""}, processes)
	var wg sync.WaitGroup
	for i := range processes {
		cmd := make()
		wg.Go(func() {
			said, err := cmd.Output()
			if err != nil {
				t.Errorf("process %d: %v", i, err)
			}
			outputs[i] = string(said)
		})
	}
	wg.Wait()
	return strings.Join(outputs, "")
}

// A family is a consumer with what cascades from it: it comes in one
// transaction and goes in one.
const children = 3

func insertFamily(ctx context.Context, s *store.Store, consumer string) error {
	return s.Update(ctx, func(tx *store.Tx) error {
		scope := id("cp")
		if err := tx.Insert(ctx, consumers, scope, map[string]any{"id": consumer, "username": "user-" + consumer}); err != nil {
			return err
		}
		for range children {
			credential := uuid.NewString()
			err := tx.Insert(ctx, credentials, scope, map[string]any{
				"id": credential, "key": credential, "consumer": map[string]any{"id": consumer},
			})
			if err != nil {
				return err
			}
			err = tx.Insert(ctx, audits, scope, map[string]any{"id": uuid.NewString(), "credential": map[string]any{"id": credential}})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// churnFamilies inserts and deletes families until it is killed. It says what
// it is about to delete, and what is done.
func churnFamilies(ctx context.Context, s *store.Store, out io.Writer) error {
	err := s.Insert(ctx, controlPlanes, "", map[string]any{"id": id("cp"), "name": "one"})
	if taken := (*store.UniqueError)(nil); err != nil && !errors.As(err, &taken) {
		return err
	}
	errs := make(chan error)
	for range 4 {
		go func() {
			for {
				consumer := uuid.NewString()
				if err := insertFamily(ctx, s, consumer); err != nil {
					errs <- err
					return
				}
				fmt.Fprintln(out, "inserted", consumer)
				if rand.IntN(3) > 0 {
					continue
				}
				fmt.Fprintln(out, "deleting", consumer)
				if err := s.Delete(ctx, consumers, id("cp"), consumer); err != nil {
					errs <- err
					return
				}
				fmt.Fprintln(out, "deleted", consumer)
			}
		}()
	}
	return <-errs
}

// killsVariable says how often TestKill kills a writer.
const killsVariable = "KONNECT_TEST_KILLS"

// kills is how often: two hundred times take some twenty seconds, mostly for
// looking at what was left.
func kills(t *testing.T) int {
	t.Helper()
	text, ok := os.LookupEnv(killsVariable)
	if !ok {
		return 200
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", killsVariable, err)
	}
	return n
}

// killsPerFile bounds how large a database gets, since all of it is checked
// after every kill.
const killsPerFile = 30

// Writers are killed at any moment, two at a time: the database stays sound,
// all that they acknowledged is there, and nothing is there in part.
func TestKill(t *testing.T) {
	t.Parallel()
	for left := kills(t); left > 0 && !t.Failed(); left -= killsPerFile {
		killWriters(t, sqliteFile(t), min(left, killsPerFile), 80)
	}
}

// The same for those that write to a server, of which a connection that ends
// is all that it sees.
func TestKill_postgres(t *testing.T) {
	t.Parallel()
	killWriters(t, pgtest.New(t), min(kills(t)/5, 10*killsPerFile), 16)
}

// killWriters has each writer say a number of lines, at most so many, first.
func killWriters(t *testing.T, dsn string, kills, lines int) {
	said := map[string]string{} // consumer: the last that was said of it
	for killed := 0; killed < kills && !t.Failed(); killed += 2 {
		var wg sync.WaitGroup
		heard := make([][]string, 2)
		for i := range heard {
			wg.Go(func() { heard[i] = killAfter(t, process(t, "churn", dsn), 1+rand.IntN(lines)) })
		}
		wg.Wait()
		for _, line := range append(heard[0], heard[1]...) {
			if what, consumer, ok := strings.Cut(line, " "); ok {
				said[consumer] = what
			}
		}
		checkFamilies(t, dsn, said)
	}
}

// killAfter starts a process, kills it when it has said so many lines, and
// returns every whole line that it said.
func killAfter(t *testing.T, cmd *exec.Cmd, lines int) []string {
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Error(err)
		return nil
	}
	if err := cmd.Start(); err != nil {
		t.Error(err)
		return nil
	}
	var heard []string
	reader := bufio.NewReader(out)
	for {
		line, err := reader.ReadString('\n')
		if err != nil { // what is not a whole line was not yet said
			break
		}
		heard = append(heard, strings.TrimSpace(line))
		if len(heard) == lines {
			if err := cmd.Process.Kill(); err != nil {
				t.Error(err)
			}
		}
	}
	if err := cmd.Wait(); err == nil || len(heard) < lines {
		t.Errorf("the writer ended by itself: %v", err)
	}
	return heard
}

func checkFamilies(t *testing.T, dsn string, said map[string]string) {
	t.Helper()
	s, err := store.Open(t.Context(), dsn, types)
	if err != nil {
		t.Error(err)
		return
	}
	defer s.Close()
	if !strings.HasPrefix(dsn, "postgres:") {
		if verdict, err := s.Text(t.Context(), "PRAGMA integrity_check"); err != nil || verdict != "ok" {
			t.Errorf("integrity check: %s, %v", verdict, err)
		}
	}
	checkTables(t, s)
	credentialsOf, auditsOf := map[any]int{}, map[any]int{}
	owner := map[any]any{}
	for _, doc := range all(t, s, credentials, id("cp")) {
		consumer := doc["consumer"].(map[string]any)["id"]
		credentialsOf[consumer]++
		owner[doc["id"]] = consumer
	}
	for _, doc := range all(t, s, audits, id("cp")) {
		auditsOf[owner[doc["credential"].(map[string]any)["id"]]]++
	}
	there := map[any]bool{}
	for _, doc := range all(t, s, consumers, id("cp")) {
		consumer := doc["id"]
		there[consumer] = true
		if credentialsOf[consumer] != children || auditsOf[consumer] != children {
			t.Errorf("consumer %s has %d credentials and %d audits, want %d", consumer, credentialsOf[consumer], auditsOf[consumer], children)
		}
	}
	if len(credentialsOf) != len(there) || len(auditsOf) != len(there) {
		t.Errorf("%d consumers, but credentials of %d and audits of %d", len(there), len(credentialsOf), len(auditsOf))
	}
	for consumer, what := range said {
		if what == "inserted" && !there[consumer] || what == "deleted" && there[consumer] {
			t.Errorf("consumer %s: %s was acknowledged, yet it is there: %v", consumer, what, there[consumer])
		}
	}
}

// A process killed while it sets up a new database leaves one that the next
// can set up, or use.
func TestKill_migration(t *testing.T) {
	t.Parallel()
	for range max(1, kills(t)/3) {
		dsn := sqliteFile(t)
		cmd := process(t, "open", dsn)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for { // until the file is there; what follows is a matter of luck, as it should be
			if _, err := os.Stat(dsn); err == nil {
				break
			}
		}
		for range rand.IntN(200) {
			_, _ = os.Stat(dsn)
		}
		_ = cmd.Process.Kill() // it may have finished
		_ = cmd.Wait()
		s, err := store.Open(t.Context(), dsn, types)
		if err != nil {
			t.Fatal(err)
		}
		mustInsert(t, s, controlPlanes, "", `{"id":"#cp","name":"one"}`)
		mustBe(t, nil, s.Close())
	}
}
