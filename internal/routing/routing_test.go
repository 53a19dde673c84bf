package routing_test

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/routing"
)

// lines reads the cases of a file.
func lines[T any](t testing.TB, file string) (out []T) {
	t.Helper()
	content, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(bytes.NewReader(content))
	d.UseNumber()
	for d.More() {
		var c T
		if err := d.Decode(&c); err != nil {
			t.Fatal(err)
		}
		out = append(out, c)
	}
	return out
}

type routeCase struct {
	Name    string
	Routes  []map[string]any
	Request struct {
		Scheme, Method, Host, Path, SNI string
		Headers                         map[string][]string
	}
	Want             []string
	Unjudged, Faults int
	Upgrade          bool
}

func (c routeCase) request() routing.Request {
	r := routing.Request{Scheme: c.Request.Scheme, Method: c.Request.Method, Host: c.Request.Host, Path: c.Request.Path, SNI: c.Request.SNI, Headers: c.Request.Headers}
	if r.Scheme == "" {
		r.Scheme = "https"
	}
	if r.Method == "" {
		r.Method = "GET"
	}
	return r
}

func TestMatch(t *testing.T) {
	t.Parallel()
	for _, c := range lines[routeCase](t, "routes.jsonl") {
		got := routing.Match(t.Context(), c.Routes, c.request())
		ids := []string{}
		for _, found := range got.Candidates {
			ids = append(ids, jsonvalue.Text(found.Route["id"]))
			if len(found.Reasons) == 0 {
				t.Errorf("%s: no reason", c.Name)
			}
		}
		if !slices.Equal(ids, c.Want) || len(got.Unjudged) != c.Unjudged || len(got.Faults) != c.Faults {
			t.Errorf("%s: %q, want %q; %d not judged, faults %q", c.Name, ids, c.Want, len(got.Unjudged), got.Faults)
		}
		if len(got.Candidates) > 0 && got.Candidates[0].Upgrade != c.Upgrade {
			t.Errorf("%s: upgrade %v", c.Name, got.Candidates[0].Upgrade)
		}
	}
}

type pluginCase struct {
	Name    string
	Plugins []map[string]any
	Target  routing.Target
	Want    []string
	Beaten  int
	Moved   string
}

func priority(name string) (int, bool) {
	p, ok := map[string]int{"cors": 2000, "key-auth": 1250, "acl": 950, "rate-limiting": 910}[name]
	return p, ok
}

func TestPlugins(t *testing.T) {
	t.Parallel()
	for _, c := range lines[pluginCase](t, "plugins.jsonl") {
		ids, beaten, moved := []string{}, 0, ""
		for _, run := range routing.Plugins(c.Plugins, c.Target, priority) {
			id := jsonvalue.Text(run.Plugin["id"])
			ids = append(ids, id)
			beaten += len(run.Beaten)
			if run.Moved != "" {
				moved = id
			}
		}
		if !slices.Equal(ids, c.Want) || beaten != c.Beaten || c.Moved != "" && moved != c.Moved {
			t.Errorf("%s: %q, want %q; %d beaten, moved %q", c.Name, ids, c.Want, beaten, moved)
		}
	}
}

// Whatever documents hold, there is an answer.
func FuzzMatch(f *testing.F) {
	for _, c := range lines[routeCase](f, "routes.jsonl") {
		text, _ := json.Marshal(c.Routes)
		f.Add(string(text), c.Request.Host, c.Request.Path, "GET")
	}
	f.Fuzz(func(t *testing.T, routes, host, path, method string) {
		var docs []map[string]any
		if json.Unmarshal([]byte(routes), &docs) != nil || len(path) > 1000 {
			return
		}
		got := routing.Match(t.Context(), docs, routing.Request{Scheme: "http", Method: method, Host: host, Path: path})
		if len(got.Candidates)+len(got.Unjudged) > len(docs) {
			t.Errorf("%d candidates of %d routes", len(got.Candidates), len(docs))
		}
		runs := routing.Plugins(docs, routing.Target{Route: host, Service: path}, priority)
		if len(runs) > len(docs) {
			t.Errorf("%d runs of %d plugins", len(runs), len(docs))
		}
	})
}
