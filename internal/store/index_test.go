package store_test

import (
	"errors"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// Texts that are not UTF-8 may be asked for, on every database: no document
// has them.
func TestList_notUTF8(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		settle(t, s)
		const text = "\xff"
		for name, q := range map[string]store.Query{
			"equal":    {Equal: map[string]string{"name": text}},
			"in":       {In: map[string][]string{"name": {text}}},
			"contains": {Contains: map[string]string{"name": text}},
			"tags":     {Tags: []string{text}},
			"any tag":  {Tags: []string{text, "y\xfe"}, AnyTag: true},
			"id":       {Equal: map[string]string{"id": text}},
			"ref":      {Ref: map[string]string{"client_certificate": text}},
		} {
			page, err := s.List(t.Context(), services, id("cp"), q)
			if err != nil || len(page.Docs) > 0 {
				t.Errorf("%s: got %v, %v", name, page.Docs, err)
			}
		}
		if _, err := s.Get(t.Context(), services, id("cp"), text); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("get: %v", err)
		}
	})
}
