package store_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// Any text sent as a cursor is one of ours or is refused.
func FuzzCursor(f *testing.F) {
	for _, seq := range []int64{0, 1, 127, 128, 1 << 40, 1<<63 - 1} {
		f.Add(store.EncodeCursor(services, id("cp"), seq), id("cp"))
	}
	f.Add("", "")
	f.Add("AAAAAAA", id("cp"))
	f.Add("AAAAAP___________wE", "")
	f.Add("é%00=", "x")
	f.Fuzz(func(t *testing.T, cursor, scope string) {
		seq, err := store.DecodeCursor(services, scope, cursor)
		if err != nil {
			if !errors.Is(err, store.ErrBadCursor) {
				t.Errorf("%q: %v", cursor, err)
			}
			return
		}
		if again := store.EncodeCursor(services, scope, seq); seq < 0 || again != cursor {
			t.Errorf("%q was taken for %d, whose cursor is %q", cursor, seq, again)
		}
	})
}

func TestCursor(t *testing.T) {
	t.Parallel()
	for _, seq := range []int64{0, 1, 127, 128, 1 << 40, 1<<63 - 1} {
		cursor := store.EncodeCursor(services, id("cp"), seq)
		got, err := store.DecodeCursor(services, strings.ToUpper(id("cp")), cursor)
		if err != nil || got != seq {
			t.Errorf("%d became %q and then %d, %v", seq, cursor, got, err)
		}
		for _, bad := range []string{cursor[1:], cursor + "A", "A" + cursor, cursor + "=", strings.ToLower(cursor) + "!"} {
			if _, err := store.DecodeCursor(services, id("cp"), bad); !errors.Is(err, store.ErrBadCursor) {
				t.Errorf("%q: got %v", bad, err)
			}
		}
		if _, err := store.DecodeCursor(services, id("cq"), cursor); !errors.Is(err, store.ErrBadCursor) {
			t.Errorf("in another control plane: %v", err)
		}
	}
}

// Whatever JSON a document consists of, it comes back as it went in and is
// found by its name, its tag and its id.
func FuzzDocument(f *testing.F) {
	s := open(f, ":memory:")
	mustInsert(f, s, controlPlanes, "", `{"id":"#cp","name":"one"}`)
	for _, text := range []string{
		`{}`, `{"name":"a","tags":["x"]}`, `{"name":null,"tags":null}`, `{"name":7,"tags":[null,7,{}]}`,
		`{"name":"\u0000","tags":["\u0000"]}`, `{"name":"` + strings.Repeat("é", 3000) + `"}`, `{"n":1e400,"m":-0.10}`,
		`{"service":{"id":"x"}}`, `{"name":"% _ \\ ' \" ? $1"}`, `{"name":""}`, `{"tags":["",""]}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		dec := json.NewDecoder(bytes.NewReader(text))
		dec.UseNumber()
		var doc map[string]any
		if !utf8.Valid(text) || dec.Decode(&doc) != nil || doc == nil {
			return
		}
		doc["id"] = id("doc")
		if err := s.Insert(t.Context(), upstreams, id("cp"), doc); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		defer func() { mustBe(t, nil, s.Delete(t.Context(), upstreams, id("cp"), id("doc"))) }()
		got, err := s.Get(t.Context(), upstreams, id("cp"), id("doc"))
		if diff := cmp.Diff(doc, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-put +got):\n%s", text, err, diff)
		}
		queries := []store.Query{{Equal: map[string]string{"id": id("doc")}}}
		if name, ok := doc["name"].(string); ok {
			queries = append(queries, store.Query{Equal: map[string]string{"name": name}})
			if len(name) <= 1024 {
				queries = append(queries, store.Query{Contains: map[string]string{"name": name}})
			}
		}
		if tags, ok := doc["tags"].([]any); ok {
			for _, tag := range tags {
				if tag, ok := tag.(string); ok {
					queries = append(queries, store.Query{Tags: []string{tag, tag}}, store.Query{Tags: []string{tag, "other"}, AnyTag: true})
				}
			}
		}
		for _, q := range queries {
			page, err := s.List(t.Context(), upstreams, id("cp"), q)
			if err != nil || len(page.Docs) != 1 {
				t.Errorf("%s: %+v finds %v, %v", text, q, page, err)
			}
		}
		_, err = s.Put(t.Context(), upstreams, id("cp"), id("doc"), func(old map[string]any) (map[string]any, error) {
			return map[string]any{"id": id("doc"), "name": "other"}, nil
		})
		mustBe(t, nil, err)
		for _, q := range queries[1:] {
			page, err := s.List(t.Context(), upstreams, id("cp"), q)
			if still := q.Equal["name"] == "other" || strings.Contains("other", q.Contains["name"]) && q.Contains != nil; err != nil || !still && len(page.Docs) > 0 {
				t.Errorf("%s: %+v still finds %v, %v", text, q, page, err)
			}
		}
	})
}
