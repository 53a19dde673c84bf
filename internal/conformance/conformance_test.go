package conformance

import (
	"bytes"
	"compress/gzip"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// TestConformance judges the engine by the recorded answers that the project
// carries along.
func TestConformance(t *testing.T) {
	t.Parallel()
	report, err := Run(t.Context(), os.DirFS("testdata"))
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range kinds {
		if report.Agree[kind] == 0 {
			t.Errorf("no vector of the kind %q agrees", kind)
		}
	}
	for id, reason := range report.Skipped {
		if skipped[id] == "" { // a crash that nobody has looked at yet
			t.Errorf("%s is skipped, and skipped.txt does not say why: %s", id, reason)
		}
	}
	if report.Failed() > 0 {
		var b strings.Builder
		if err := report.Write(&b, 10); err != nil {
			t.Fatal(err)
		}
		t.Error(b.String())
	}
}

const (
	lua = `return { name = \"x\", fields = { { config = { type = \"record\", fields = { { a = { type = \"integer\", default = 1 } }, { list = { type = \"array\", elements = { type = \"string\" } } } } } } } }`
	def = `{"name":"x","fields":[{"config":{"type":"record","fields":[{"a":{"type":"integer"}}]}}],"entity_checks":[]}`
	own = `"enabled":true,"protocols":["grpc","grpcs","http","https"],"instance_name":null,"service":null,"route":null,"consumer":null,"tags":null`
)

// Each line is one vector on its own, with what of it must differ.
func TestRun_vectors(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, line, want string }{
		{"schema accepted", `{"lua":"` + lua + `","ok":true,"name":"x"}`, ""},
		{"schema of another name", `{"lua":"` + lua + `","ok":true,"name":"y"}`, "name"},
		{"schema refused", `{"lua":"` + lua + `","ok":false,"stage":"run","err":"x"}`, "verdict"},
		{"not Lua", `{"lua":"return {","ok":false,"stage":"compile","err":"whatever it says"}`, ""},
		{"not Lua, wrong stage", `{"lua":"return {","ok":false,"stage":"run","err":"x"}`, "stage"},
		{"raises", `{"lua":"error('x')","ok":false,"stage":"metaschema","raised":"x"}`, ""},
		{"raises but should not", `{"lua":"error('x')","ok":true,"name":"x"}`, "verdict"},
		{"metaschema", `{"lua":"return { fields = {} }","ok":false,"stage":"metaschema","err":{"name":"field required for entity check"}}`, ""},
		{"metaschema, another tree", `{"lua":"return { fields = {} }","ok":false,"stage":"metaschema","err":{"name":"required field missing"}}`, "error tree"},
		{"entity", `{"lua":"` + lua + `","plugin":{"name":"x"},"ok":true,"processed":{"name":"x",` + own + `,"config":{"a":1.0,"list":null}}}`, ""},
		{"entity, {} and []", `{"lua":"` + lua + `","plugin":{"name":"x","config":{"list":{}}},"ok":true,"processed":{"name":"x",` + own + `,"config":{"a":1,"list":[]}}}`, ""},
		{"entity, other default", `{"lua":"` + lua + `","plugin":{"name":"x"},"ok":true,"processed":{"name":"x",` + own + `,"config":{"a":2,"list":null}}}`, "processed entity"},
		{"entity, missing null", `{"lua":"` + lua + `","plugin":{"name":"x"},"ok":true,"processed":{"name":"x",` + own + `,"config":{"a":1}}}`, "processed entity"},
		{"entity, automatic", `{"lua":"` + lua + `","plugin":{"name":"x"},"ok":true,"auto":["config.a"],"processed":{"name":"x",` + own + `,"config":{"a":"<auto>","list":null}}}`, ""},
		{"entity, automatic but null", `{"lua":"` + lua + `","plugin":{"name":"x"},"ok":true,"auto":["config.list"],"processed":{"name":"x",` + own + `,"config":{"a":1,"list":"<auto>"}}}`, "automatic value"},
		{"entity refused", `{"lua":"` + lua + `","plugin":{"name":"x","config":{"list":["a",1]}},"ok":false,"stage":"validate","err":{"config":{"list":[null,"expected a string"]}}}`, ""},
		{"entity refused elsewhere", `{"lua":"` + lua + `","plugin":{"name":"x","config":{"list":["a",1]}},"ok":false,"stage":"validate","err":{"config":{"list":["expected a string"]}}}`, "error tree"},
		{"any of several", `{"lua":"` + lua + `","plugin":{"name":"x","config":{"a":"1"}},"ok":false,"stage":"validate","err":{"config":"b"},"err_any":[{"config":"b"},{"config":{"a":"expected an integer"}}]}`, ""},
		{"none of several", `{"lua":"` + lua + `","plugin":{"name":"x","config":{"a":"1"}},"ok":false,"stage":"validate","err":{"config":{"a":"expected an integer"}},"err_any":[{"config":"b"}]}`, "error tree"},
		{"bundled", `{"lua":null,"plugin":{"name":"x","config":{"a":"1"}},"ok":false,"stage":"validate","err":{"config":{"a":"expected an integer"}}}`, ""},
		{"bundled, unknown", `{"lua":null,"plugin":{"name":"y"},"ok":false,"stage":"validate","err":{"name":"plugin 'y' not enabled; add it to the 'plugins' configuration property"}}`, ""},
		{"bundled, no record", `{"lua":null,"plugin":[],"ok":true,"processed":{}}`, "verdict"},
		{"example", `{"plugin":"key-auth","config":{"key_names":["k"]}}`, ""},
		{"bad example", `{"plugin":"key-auth","config":{"key_names":"k"}}`, "verdict"},
		{"example of no plugin", `{"plugin":"x","config":{}}`, "verdict"},
	}
	for _, tt := range tests {
		files := fstest.MapFS{"any.jsonl": {Data: []byte("\n" + tt.line + "\n")}, "schemas.jsonl": {Data: []byte(def)}}
		report, err := Run(t.Context(), files)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		got := ""
		for _, d := range report.Differences {
			got = d.What
		}
		if got != tt.want || report.Passed()+report.Failed() != 1 {
			t.Errorf("%s: differs %q, want %q (%v)", tt.name, got, tt.want, report.Differences)
		}
	}
}

func TestRun_files(t *testing.T) {
	t.Parallel()
	good, bad := `{"plugin":"key-auth","config":{}}`, `{"plugin":"key-auth","config":{"key_names":"k"}}`
	tests := []struct {
		name    string
		files   map[string]string
		want    string // end of the report, or the error
		refused bool
	}{
		{"nothing", map[string]string{}, "no vector was found", true},
		{"other files", map[string]string{"README.md": "x", "a.json": good}, "no vector was found", true},
		{"empty file", map[string]string{"a.jsonl": "\n\n"}, "no vector was found", true},
		{"not JSON", map[string]string{"a.jsonl": good + "\n{"}, "a.jsonl: line 2: unexpected end of JSON input", true},
		{"not a vector", map[string]string{"a.jsonl": `{"id":"x"}`}, "a.jsonl: line 1: not a vector of any known kind", true},
		{"not compressed", map[string]string{"a.jsonl.gz": good}, "a.jsonl.gz: gzip: invalid header", true},
		{"good", map[string]string{"a.jsonl": good}, "\n1 passed, 0 failed\n", false},
		{"good without an end of line and with one", map[string]string{"a.jsonl": good + "\n" + good}, "\n2 passed, 0 failed\n", false},
		{"bad", map[string]string{"a.jsonl": good + "\n" + bad}, "\n1 passed, 1 failed\n", false},
		{"invalid ones", map[string]string{"x-invalid.jsonl": good + "\n" + bad}, "\n1 passed, 1 failed\n", false},
	}
	for _, tt := range tests {
		files := fstest.MapFS{}
		for name, text := range tt.files {
			files[name] = &fstest.MapFile{Data: []byte(text)}
		}
		report, err := Run(t.Context(), files)
		if tt.refused {
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		var b strings.Builder
		if err := report.Write(&b, 5); err != nil || !strings.HasSuffix(b.String(), tt.want) {
			t.Errorf("%s: %v\n%s", tt.name, err, b.String())
		}
	}
}

func TestRun_compressed(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(`{"plugin":"key-auth","config":{"key_names":"k"}}`)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	report, err := Run(t.Context(), fstest.MapFS{"example-configs-invalid.jsonl.gz": {Data: b.Bytes()}})
	if err != nil || report.Agree[InvalidKind] != 1 {
		t.Errorf("%+v, %v", report, err)
	}
}

// A schema that does not compile fails its own vectors and no others.
func TestRun_unusableSchema(t *testing.T) {
	t.Parallel()
	report, err := Run(t.Context(), fstest.MapFS{
		"schemas.jsonl": {Data: []byte(def + "\n" + `{"name":"p","fields":[{}]}`)},
		"a.jsonl": {Data: []byte(`{"plugin":{"name":"x","config":{"a":"1"}},"ok":false,"stage":"validate","err":{"config":{"a":"expected an integer"}}}
			{"plugin":{"name":"p"},"ok":false,"stage":"validate","err":{"config":"x"}}`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Faults) != 1 || !strings.Contains(report.Faults[0], "field 1 is not one name") || report.Passed() != 1 || report.Failed() != 1 {
		t.Errorf("%+v", report)
	}
}

// An unknown rule is left out; the rest of its schema is judged.
func TestRun_unknownFunctions(t *testing.T) {
	t.Parallel()
	const def = `{"name":"x","fields":[{"config":{"type":"record","custom_validator":{"function":"x:config.custom_validator"},
		"fields":[{"a":{"type":"integer"}}],"entity_checks":[{"custom_entity_check":{"field_sources":["a"],"fn":{"function":"x:config.custom_entity_check(a)"}}}]}}],
		"entity_checks":[{"custom_entity_check":{"field_sources":["config"],"fn":{"function":"acme:custom_entity_check(config.storage)"}}}]}`
	report, err := Run(t.Context(), fstest.MapFS{
		"schemas.jsonl": {Data: []byte(strings.ReplaceAll(def, "\n", ""))},
		"a.jsonl":       {Data: []byte(`{"plugin":{"name":"x","config":{"a":"1"}},"ok":false,"stage":"validate","err":{"config":{"a":"expected an integer"}}}`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"x:config.custom_entity_check(a)", "x:config.custom_validator"}
	slices.Sort(report.Unknown)
	if diff := cmp.Diff(want, report.Unknown); diff != "" || report.Failed() > 0 {
		t.Errorf("%s\n%v", diff, report.Differences)
	}
}

func TestSameMessage(t *testing.T) {
	t.Parallel()
	tests := []struct {
		want, got string
		same      bool
	}{
		{"Error parsing function: [string \"x\"]:1: a", "Error parsing function: b", true},
		{"Error parsing function: a", "error parsing function: a", false},
		{"invalid key: a", "invalid certificate: a", false},
		{"invalid regex: '(' (PCRE returned: a)", "invalid regex: '(' (PCRE returned: b)", true},
		{"invalid regex: '(' (PCRE returned: a)", "invalid regex: ')' (PCRE returned: a)", false},
		{"expected a string", "expected a number", false},
	}
	for _, tt := range tests {
		if got := sameMessage(tt.want, tt.got); got != tt.same {
			t.Errorf("%q and %q: %v", tt.want, tt.got, got)
		}
	}
}

func TestSameList(t *testing.T) {
	t.Parallel()
	tests := []struct {
		want, got string
		same      bool
	}{
		{"expected one of: a, b, c", "expected one of: c, a, b", true},
		{"expected one of: a, b", "expected one of: a, b, c", false},
		{"expected one of: a, b", "expected one of: a, a", false},
		{"expected one of: a, b", "must not be one of: a, b", false},
		{"expected a string", "expected a number", false},
	}
	for _, tt := range tests {
		if got := sameList(tt.want, tt.got); got != tt.same {
			t.Errorf("%q and %q: %v", tt.want, tt.got, got)
		}
	}
}

func TestReport_Write(t *testing.T) {
	t.Parallel()
	vector := func(id string) *Vector { return &Vector{ID: id, Case: "config.a/below", Kind: CustomKind} }
	report := &Report{
		Agree:   map[Kind]int{CustomKind: 7, ExampleKind: 1},
		Differ:  map[Kind]int{CustomKind: 2},
		Skipped: map[string]string{"c-2": "hash order"},
		Differences: []Difference{
			{vector("c-1"), "verdict", "accepted", map[string]any{"err": "<x>"}},
			{vector("c-3"), "stage", "a", "b"},
		},
	}
	var b strings.Builder
	if err := report.Write(&b, 1); err != nil {
		t.Fatal(err)
	}
	want := `custom c-1 config.a/below: the verdict differs
  want "accepted"
  got  {"err":"<x>"}

… and 1 more

custom               7 agree     2 differ
example              1 agree     0 differ
skipped, 1
  c-2: hash order
8 passed, 2 failed
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
}

func TestReadSkipped(t *testing.T) {
	t.Parallel()
	got := readSkipped("# a comment\n\n c-1  the order of  a table \nc-2 crash\n")
	want := map[string]string{"c-1": "the order of  a table", "c-2": "crash"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for id, reason := range skipped {
		if reason == "" {
			t.Errorf("%s is skipped without a reason", id)
		}
	}
}

func TestReasonToSkip(t *testing.T) {
	t.Parallel()
	tests := []struct {
		id     string
		raised any
		want   string
	}{
		{"c-new", nil, ""},
		{"c-new", "kong/db/schema/init.lua:807: attempt to get length of a nil value", "crash: kong/db/schema/init.lua:807: attempt to get length of a nil value"},
		{"c-new", "schema.lua:3: attempt to index local 't' (a nil value)", ""},
		{"c-new", "stack overflow", ""},
		{"c-new", "see kong/db/schema/init.lua:807: here", ""},
		{"c-new", map[string]any{"why": "kong/db/schema/init.lua:807: x"}, ""},
		{"c-579aca45d9a3", "kong/tools/table.lua:344: x", skipped["c-579aca45d9a3"]},
	}
	for _, tt := range tests {
		if got := reasonToSkip(&Vector{ID: tt.id, Raised: tt.raised}); got != tt.want {
			t.Errorf("%s %v: %q, want %q", tt.id, tt.raised, got, tt.want)
		}
	}
}
