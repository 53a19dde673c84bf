package store_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// No operation reads a whole table or sorts what it read: every step of every
// statement that the scripts run goes through an index. The exceptions read
// the rows of one entity, or of one filter.
func TestPlans(t *testing.T) {
	t.Parallel()
	s := open(t, sqliteFile(t))
	recorded := store.Record(s)
	files, err := filepath.Glob("testdata/scripts/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		empty(t, s)
		runScript(t, s, file)
	}
	statements := recorded()
	if len(statements) < 40 {
		t.Errorf("only %d statements were recorded", len(statements))
	}
	for _, statement := range statements {
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

func indexed(statement, step string) bool {
	switch {
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
			_ = s.Delete(t.Context(), typeNamed(typ), "", doc["id"].(string)) // one of the two
		}
	}
}
