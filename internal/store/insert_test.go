package store_test

import (
	"fmt"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/pgtest"
)

// PostgreSQL plans an insertion for the first few values, and then keeps that
// plan for all others: planning takes longer than inserting.
func TestInsert_planned(t *testing.T) {
	t.Parallel()
	s := open(t, pgtest.New(t))
	mustInsert(t, s, controlPlanes, "", `{"id":"#cp","name":"one"}`)
	mustInsert(t, s, services, id("cp"), `{"id":"#svc","name":"svc"}`)
	for i := range 20 {
		mustInsert(t, s, routes, id("cp"), fmt.Sprintf(`{"id":"#route%d","name":"route%[1]d","service":{"id":"#svc"},"tags":["a","tag%[1]d","c"]}`, i))
	}
	const prepared = ` FROM pg_prepared_statements WHERE statement LIKE 'WITH e AS%refs%'`
	once, err := s.Count(t.Context(), `SELECT COALESCE(sum(generic_plans), 0)`+prepared)
	if err != nil {
		t.Fatal(err)
	}
	if anew, err := s.Count(t.Context(), `SELECT COALESCE(sum(custom_plans), 0)`+prepared); err != nil || once < 10 || anew > 5 {
		t.Errorf("planned anew %d times, and run %d times by the plan that was kept: %v", anew, once, err)
	}
}
