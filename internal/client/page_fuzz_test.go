package client

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
)

// Whatever a list answers: its page holds the elements that the answer has when it is
// read as a whole, in their order; a snapshot keeps each under its id, and leads to a
// page that it did not ask for yet, or nowhere. What is no list is an error.
func FuzzReadPage(f *testing.F) {
	for _, text := range []string{
		`{"data":[{"id":"a"},{"id":"B","n":[{}]}],"next":"/x?offset=7","offset":"7"}`, `{"items":[{"id":"a","name":"n"}],"page":{"total_count":3}}`,
		`{"data":[{"id":"a"}],"meta":{"page":{"number":1,"size":1,"total":2}}}`, `{"data":[{"id":"a"},{"id":"A"}]}`, `{"data":[{"id":1}, 2]}`,
		`{"data":{}}`, `{"data":null,"items":[{}]}`, `{"data":[{"id":"a"},{"id":"b"`, `{"data":[{"id":"a","id":"b"}]}`, `{"data":[{"id":"\u0061"}],"next":"::"}`, `[]`, ``,
	} {
		f.Add(text)
	}
	asked, err := newCall(&url.URL{Scheme: "http", Host: "h.example"}, http.MethodGet, "/v2/list", nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := &reply{call: asked, status: http.StatusOK, body: []byte(text)}
		whole, broken := jsonvalue.Parse(text, deepest)
		p, err := readPage(r)
		if err != nil {
			return
		}
		elements, err := p.elements()
		if err != nil {
			return
		}
		doc, _ := whole.(map[string]any)
		list, given := doc["data"]
		if !given {
			list = doc["items"]
		}
		want, _ := list.([]any)
		got := make([]any, len(elements))
		for i, e := range elements {
			got[i] = e
		}
		if broken == nil && (len(got) != len(want) || len(got) > 0 && !cmp.Equal(got, want)) {
			t.Fatalf("%q: %v of %v", text, got, want)
		}
		shelve(t, p, got)
	})
}

// shelve takes a page into a snapshot.
func shelve(t *testing.T, p *page, elements []any) {
	t.Helper()
	shots := snapshots{}
	held := shots.at(Collection{entity.Service, "/v2/list"}, newClock().Now())
	query, _ := held.begin(newClock().Now())
	before := query.Encode()
	held.add(p, query, nil)
	if !held.whole && held.failed == nil && query.Encode() == before {
		t.Errorf("asks again for %q", before)
	}
	last := map[string]any{}
	for _, e := range elements {
		id := held.canonical(scalar(object(e)["id"]))
		if held.failed == nil && id == "" {
			t.Errorf("took %v, which has no id", e)
		}
		last[id] = e
	}
	for id, e := range last {
		text, next := held.look(id)
		if next != known {
			if held.failed == nil {
				t.Errorf("lacks %q", id)
			}
			continue
		}
		if doc, err := held.decode(text); err != nil || !cmp.Equal(e, any(doc)) {
			t.Errorf("%q is %v (%v), want %v", id, doc, err, e)
		}
	}
}
