package store_test

import (
	"errors"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// A store that has listed a control plane notices when another one deletes it,
// and when another one takes its id.
func TestStore_List_recreated(t *testing.T) {
	onShared(t, func(t *testing.T, dsn string) {
		s, other := open(t, dsn), open(t, dsn)
		names := func(q store.Query) (list []any) {
			t.Helper()
			page, err := s.List(t.Context(), services, id("cp"), q)
			if err != nil {
				t.Fatal(err)
			}
			for _, doc := range page.Docs {
				list = append(list, doc["name"])
			}
			return list
		}
		for _, name := range []string{"first", "second"} {
			mustInsert(t, other, controlPlanes, "", `{"id":"#cp","name":"one"}`)
			if got := names(store.Query{}); len(got) != 0 {
				t.Errorf("%s: in a new control plane, there is %v", name, got)
			}
			mustInsert(t, other, services, id("cp"), `{"id":"#`+name+`","name":"`+name+`"}`)
			for _, q := range []store.Query{{}, {Number: 1}, {Equal: map[string]string{"name": name}}, {Sort: []store.Order{{Field: "name"}}}} {
				if got := names(q); len(got) != 1 || got[0] != name {
					t.Errorf("%v: got %v, want %s", q, got, name)
				}
			}
			if got := names(store.Query{Number: 2}); len(got) != 0 {
				t.Errorf("beyond the end there is %v", got)
			}
			if err := other.Delete(t.Context(), controlPlanes, "", id("cp")); err != nil {
				t.Fatal(err)
			}
			for _, q := range []store.Query{{}, {Number: 1}, {After: "none"}, {Ref: map[string]string{"client_certificate": id("none")}}} {
				if _, err := s.List(t.Context(), services, id("cp"), q); !errors.Is(err, store.ErrNotFound) {
					t.Errorf("%v: of a deleted control plane: %v", q, err)
				}
			}
		}
	})
}
