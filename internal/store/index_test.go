package store_test

import (
	"errors"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
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

// The fields that address and filter a type are indexed unless they are unique,
// and no others are.
func TestIndex_terms(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		parcels := &entity.Type{
			Name: "parcels", Singular: "parcel", ID: "id", Key: "label", NameFilter: "name", EqualFilters: []string{"size", "code"},
			Unique: unique("code"),
		}
		s, err := store.Open(t.Context(), dsn, entity.Table{parcels})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { mustBe(t, nil, s.Close()) })
		mustInsert(t, s, parcels, "", `{"id":"#p","label":"l","name":"n","size":"s","code":"c","colour":"blue","tags":["t"]}`)
		terms, err := s.Count(t.Context(), `SELECT count(*) FROM terms WHERE field IN ('label', 'name', 'size', 'tags')`)
		all, err2 := s.Count(t.Context(), `SELECT count(*) FROM terms`)
		if err != nil || err2 != nil || terms != 4 || all != 4 {
			t.Errorf("%d of %d terms, want 4 of 4 (%v, %v)", terms, all, err, err2)
		}
		for _, q := range []store.Query{
			{Equal: map[string]string{"size": "s", "name": "n"}},
			{Equal: map[string]string{"code": "c"}},
			{Equal: map[string]string{"colour": "blue"}},
			{In: map[string][]string{"label": {"l", "m"}}},
		} {
			if page, err := s.List(t.Context(), parcels, "", q); err != nil || len(page.Docs) != 1 {
				t.Errorf("%v: %v, %v", q, page.Docs, err)
			}
		}
	})
}
