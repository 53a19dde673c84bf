package main

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// mergeCase is a case of testdata/merge.json. Definitions are those of config;
// without a wanted one, history or rules, they stay as they are.
type mergeCase struct {
	Name       string   `json:"name"`
	Gateway    string   `json:"gateway"` // 3.16 where nothing is said; the data are of 3.15
	Konnect    bool     `json:"konnect"`
	Ours       table    `json:"ours"`
	Theirs     table    `json:"theirs"`
	Scope      table    `json:"scope"` // a field beside config that the answer has
	Known      table    `json:"known"` // the history before
	KnownRules table    `json:"known_rules"`
	Want       table    `json:"want"`
	History    table    `json:"history"`
	Rules      table    `json:"rules"`
	Changes    []string `json:"changes"`
	Fault      string   `json:"fault"`
}

func mergeCases(t testing.TB) []mergeCase {
	t.Helper()
	text, err := os.ReadFile("testdata/merge.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []mergeCase
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	return cases
}

// orEmpty is a part of a document that may be absent.
func orEmpty(v any) table {
	if t := asTable(v); t != nil {
		return t
	}
	return table{}
}

func TestMerge(t *testing.T) {
	t.Parallel()
	for _, c := range mergeCases(t) {
		doc := table{"name": "p", "version": "3.15", "info": table{}, "fields": []any{table{"config": c.Ours}}}
		if c.Known != nil {
			doc["history"] = c.Known
		}
		if c.KnownRules != nil {
			doc["konnect"] = c.KnownRules
		}
		answer := table{"fields": []any{table{"config": c.Theirs}}}
		if c.Scope != nil {
			answer["fields"] = append(asList(answer["fields"]), c.Scope)
		}
		if c.Gateway == "" {
			c.Gateway = "3.16"
		}
		if c.Want == nil {
			c.Want = clone(t, c.Ours)
		}
		changes, err := merge(doc, answer, c.Gateway, c.Konnect)
		if c.Fault != "" {
			if err == nil || err.Error() != c.Fault {
				t.Errorf("%s: %v, want %q", c.Name, err, c.Fault)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.Name, err)
			continue
		}
		got := mergeCase{
			Want: fieldNamed(doc["fields"], "config"), History: clone(t, orEmpty(doc["history"])), Rules: orEmpty(doc["konnect"]), Changes: changes,
		}
		want := mergeCase{Want: c.Want, History: orEmpty(c.History), Rules: orEmpty(c.Rules), Changes: c.Changes}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.Name, diff)
		}
		if doc["version"] != c.Gateway {
			t.Errorf("%s: the data are of %v", c.Name, doc["version"])
		}
		if again, err := merge(doc, answer, c.Gateway, c.Konnect); err != nil || len(again) > 0 {
			t.Errorf("%s: a second time there is more to change: %v, %v", c.Name, again, err)
		}
	}
}

// clone brings a value through JSON, which is what becomes of it.
func clone(t *testing.T, v table) table {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var out table
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// A new plugin is merged whole, with the scopes that its schema allows.
func TestMerge_new(t *testing.T) {
	t.Parallel()
	doc := newDocument("p")
	answer := table{
		"fields": []any{
			table{"consumer": table{"type": "foreign", "reference": "consumers", "eq": nil}},
			table{"config": table{"type": "record", "fields": []any{}}},
		},
		"entity_checks": []any{table{"custom_entity_check": table{"field_sources": []any{"config"}}}},
	}
	changes, err := merge(doc, answer, "3.16", false)
	if err != nil || len(changes) != 1 {
		t.Fatal(changes, err)
	}
	want := table{
		"name": "p", "version": "3.16",
		"info":          table{"since": "3.16", "global": true, "scopes": []any{"service", "route", "consumer_group"}},
		"fields":        answer["fields"],
		"entity_checks": []any{table{"custom_entity_check": table{"field_sources": []any{"config"}}, "unjudged": true}},
	}
	if diff := cmp.Diff(want, doc); diff != "" {
		t.Error(diff)
	}
}

// FuzzMerge merges answers of any form: each is merged or refused, and merging
// it again changes nothing.
func FuzzMerge(f *testing.F) {
	for _, c := range mergeCases(f) {
		text, err := json.Marshal(table{"fields": []any{table{"config": c.Theirs}}})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte(`{"fields": {}}`))
	f.Add([]byte(`{"fields": [{"config": {"type": "record", "fields": [{"a": {"type": null}}, {"a": {"type": 1}}]}}], "supported_partials": {}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		answer, err := parseTable(text)
		if err != nil {
			return
		}
		doc := table{"name": "p", "version": "3.15", "fields": []any{table{"config": table{"type": "record", "fields": []any{}}}}}
		if _, err := merge(doc, answer, "3.16", false); err != nil {
			return
		}
		render(doc)
	})
}
