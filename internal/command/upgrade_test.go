package command

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/openkonnect/terraform-provider-konnect/internal/pgtest"
)

// TestServe_upgrade has servers start together on a database without tables,
// each of which would create them: one does. When a newer version has upgraded
// the database, those that run say so and serve nothing more, and those that
// start say so and end.
func TestServe_upgrade(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	env := []string{databaseVariable + "=" + database}
	servers := make([]*served, 4)
	for i := range servers {
		servers[i] = launchServe(t, env)
	}
	for _, s := range servers {
		s.listens(t)
		quietly(s)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, database)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var times, versions int
	err = conn.QueryRow(ctx, `SELECT count(*), count(DISTINCT version_id) FROM goose_db_version`).Scan(&times, &versions)
	if err != nil || times != versions || versions < 2 {
		t.Errorf("%d migrations were applied %d times: %v", versions, times, err)
	}

	servers[0].create(t, "/v2/control-planes", "", `{"name":"demo"}`)
	if _, err := conn.Exec(ctx, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, true)`); err != nil {
		t.Fatal(err)
	}
	const advice = "upgraded by a newer version of this program: stop this one and start the newer one"
	for _, s := range servers {
		awaitReady(ctx, t, s, http.StatusServiceUnavailable, advice)
		for method, body := range map[string]string{http.MethodGet: "", http.MethodPost: `{"name":"late"}`} {
			if status, answer := s.ask(t, method, "/v2/control-planes", "", body); status != http.StatusServiceUnavailable || !strings.Contains(answer, advice) {
				t.Errorf("%s: %d %s", method, status, answer)
			}
		}
		if status, _ := s.ask(t, http.MethodGet, "/healthz", "", ""); status != http.StatusOK {
			t.Errorf("healthz: %d", status)
		}
	}
	got := runProgram(t, env, "serve", "--listen", "127.0.0.1:0")
	if got.code != exitFailed || !strings.Contains(got.stderr, advice) || !strings.Contains(got.stderr, "at version 999") {
		t.Errorf("exit code %d: %s", got.code, got.stderr)
	}
}
