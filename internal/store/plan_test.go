package store_test

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/openkonnect/terraform-provider-konnect/internal/pgtest"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// No operation reads a whole table or sorts what it read: every step of every
// statement that the scripts run goes through an index. The exceptions read
// the rows of one entity, or of one filter.
func TestPlans_sqlite(t *testing.T) {
	t.Parallel()
	s := open(t, sqliteFile(t))
	for _, statement := range recordScripts(t, s) {
		steps, err := s.Plan(t.Context(), statement)
		if err != nil {
			t.Errorf("%s: %v", statement, err)
		}
		for _, step := range steps {
			if !indexed(statement, step) {
				t.Errorf("%s\nin\n%s\nof the plan\n%s", step, statement, strings.Join(steps, "\n"))
			}
		}
	}
}

// recordScripts runs all scripts and returns the statements that they led to.
func recordScripts(t *testing.T, s *store.Store) []string {
	t.Helper()
	recorded := store.Record(s)
	files, err := filepath.Glob("testdata/scripts/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		empty(t, s)
		runScript(t, s, file)
	}
	empty(t, s)
	statements := recorded()
	if len(statements) < 40 {
		t.Errorf("only %d statements were recorded", len(statements))
	}
	return statements
}

func indexed(statement, step string) bool {
	switch {
	case strings.HasSuffix(step, "-ROW VALUES CLAUSE"):
		return true // what is inserted
	case strings.HasPrefix(step, "SCAN CONSTANT ROW"), strings.HasPrefix(step, "SCAN doomed"), strings.HasPrefix(step, "SCAN d"):
		return true // what is deleted together
	case strings.HasPrefix(step, "USE TEMP B-TREE FOR ORDER BY"):
		return strings.Contains(statement, "e.id IN") // as many as were asked for
	}
	return !strings.HasPrefix(step, "SCAN") && !strings.HasPrefix(step, "USE TEMP") && !strings.Contains(step, "AUTOMATIC")
}

func empty(t *testing.T, s *store.Store) {
	t.Helper()
	for _, doc := range append(all(t, s, controlPlanes, ""), all(t, s, realms, "")...) {
		for _, typ := range []string{"control_planes", "realms"} {
			_ = s.Delete(t.Context(), types.Named(typ), "", doc["id"].(string)) // one of the two
		}
	}
}

// The same for PostgreSQL, in the worst case: plans made for any values while
// the tables are empty, which a busy connection keeps for a long time. The
// leading column of an index must be given, or the whole index is read.
func TestPlans_postgres(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	statements := recordScripts(t, open(t, dsn))
	conn, err := pgx.Connect(t.Context(), withSetting(t, withSetting(t, dsn, "plan_cache_mode", "force_generic_plan"), "enable_seqscan", "off"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	for i, statement := range statements {
		for _, step := range postgresPlan(t, conn, fmt.Sprint("p", i), statement) {
			if strings.Contains(step, "Seq Scan") || wholeIndex(step) {
				t.Errorf("%s\nin\n%s", step, statement)
			}
		}
	}
}

// postgresPlan returns the steps of a plan, each with its conditions.
func postgresPlan(t *testing.T, conn *pgx.Conn, name, statement string) []string {
	t.Helper()
	if _, err := conn.Exec(t.Context(), "PREPARE "+name+" AS "+statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	execute := "EXECUTE " + name
	if n := strings.Count(statement, "$"); n > 0 {
		execute += "(NULL" + strings.Repeat(", NULL", n-1) + ")"
	}
	rows, err := conn.Query(t.Context(), "EXPLAIN "+execute)
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	var steps []string
	for _, line := range lines {
		if strings.Contains(line, "->") || len(steps) == 0 {
			steps = append(steps, line)
		} else {
			steps[len(steps)-1] += "\n" + line
		}
	}
	return steps
}

var usesIndex = regexp.MustCompile(`(?s)Scan (?:Backward )?(?:using|on) (\w+_(?:pkey|id|order|entity|target)) .*Index Cond: ([^\n]*)`)

// leading are the first columns of the indexes.
var leading = map[string]string{
	"entities_pkey": "seq", "entities_id": "scope", "entities_order": "scope",
	"uniques_pkey": "scope", "terms_pkey": "scope",
	"refs_pkey": "entity", "refs_target": "target",
}

func wholeIndex(step string) bool {
	if !strings.Contains(step, "Index Scan") && !strings.Contains(step, "Index Only Scan") {
		return false
	}
	m := usesIndex.FindStringSubmatch(step)
	return m == nil || !regexp.MustCompile(`\b`+leading[m[1]]+` (=|>|<|IN)`).MatchString(m[2])
}
