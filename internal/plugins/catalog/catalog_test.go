package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/controlplane"
	"github.com/openkonnect/terraform-provider-konnect/internal/dataplane"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
)

const dataDir = "../data"

func bundled(t testing.TB) map[string]table {
	t.Helper()
	docs, err := readData(dataDir)
	if err != nil {
		t.Fatal(err)
	}
	return docs
}

// The data agree, and have their one form.
func TestVerify_data(t *testing.T) {
	t.Parallel()
	docs := bundled(t)
	if len(docs) < 115 {
		t.Errorf("only %d plugins", len(docs))
	}
	for _, found := range verify(t.Context(), docs) {
		t.Error(found)
	}
	for name, doc := range docs {
		text, err := os.ReadFile(filepath.Join(dataDir, name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		if string(text) != string(render(doc)) {
			t.Errorf("%s.json has another form than make generate gives it", name)
		}
	}
}

// Faults in data, each made by one replacement in the text of a file, with
// what is said of it.
func TestVerify_faults(t *testing.T) {
	t.Parallel()
	tests := []struct{ plugin, old, new, want string }{
		{"acl", `"name": "acl"`, `"name": "acll"`, `the plugin: the file of "acll" has the name of "acl"`},
		{"acl", `"version": "VERSION"`, `"version": "3.x"`, `version: "3.x" is not a version`},
		{"acl", `"tier": "free"`, `"tier": "cheap"`, `info: "cheap" is no tier`},
		{"acl", `"priority": 950,`, ``, "info: a plugin that is not marked not_in_konnect needs tier, priority and deployments"},
		{"acl", `"tier": "free"`, `"colour": "red"`, `unknown field "colour"`},
		{"acl", `"scopes": ["service", "route"]`, `"scopes": ["service", "rout"]`, `info: "rout" is no scope`},
		{"acl", `"scopes": ["service", "route"]`, `"scopes": ["service", "consumer"]`, "info.scopes: the schema does not let it stand on a consumer"},
		{"acl", `"one_of": ["grpc", "grpcs", "http", "https", "ws", "wss"]`, `"one_of": ["grpc", "grpcs", "http", "https", "quic", "ws", "wss"]`, `info: "quic" is no protocol`},
		{"acl", `"default": ["grpc", "grpcs", "http", "https"]`, `"default": ["grpc", "ftp"]`, "expected one of"},
		{"acl", `"priority": 950`, `"priority": "high"`, "cannot unmarshal string"},
		{"acl", `{"allow": {"type": "array", `, `{"allow": {`, "fields[3].config.fields[0].allow.type: required field missing"},
		{"acl", `{"allow": {"type": "array", `, `{"allow": {"type": "list", `, "type: expected one of"},
		{"acl", `{"allow": {"type"`, `{"deny": {"type"`, "config.deny: stands twice among the fields"},
		{"acl", `"required": true, "default": false`, `"required": true, "default": "no"`, "default: expected a boolean"},
		{"acl", `"config.include_consumer_groups": {"since": "3.6"}`, `"config.include_consumer_groups": {"since": "3.99"}`, "config.include_consumer_groups: version 3.99 is not known; the newest is VERSION"},
		{"acl", `"config.include_consumer_groups": {"since": "3.6"}`, `"config.include_consumer_groups": {"since": "2.8"}`, "config.include_consumer_groups: version 2.8 comes after 3.0"},
		{"acl", `"config.include_consumer_groups"`, `"config.include_groups"`, "config.include_groups: the history speaks of a field that is not there"},
		{"acl", `"added": ["ws", "wss"], "removed": []`, `"added": ["ws"], "removed": ["wss"]`, `protocols[]: whether "wss" is one of its values differs from its history`},
		{"acl", `{"only_one_of": ["config.allow", "config.deny"]}`, `{"only_one": ["config.allow"]}`, "only_one"},
		{"acl", `{"only_one_of": ["config.allow", "config.deny"]}`, `{"custom_entity_check": {"field_sources": ["config.alow"]}, "unjudged": true}`,
			"the plugin: an entity check looks at config.alow, which is no field"},
		{"http-log", `{"function": "http-log:config.custom_validator"}`, `{"function": "http-log:config.validator"}`, `no function is named "http-log:config.validator"`},
		{"http-log", `"from": null, "since": "3.14", "to": true`, `"from": null, "since": "3.14", "to": false`, ""}, // as Konnect has it
		{"http-log", `"from": 2, "since": "3.3", "to": null`, `"from": 2, "since": "3.3", "to": 3`, "config.flush_timeout: the default is not set, by its history 3"},
		{"http-log", `"defaults": {"config.ssl_verify": false}`, `"defaults": {"config.ssl_verify": true}`, "konnect.defaults: config.ssl_verify has that default on a gateway too"},
		{"http-log", `"defaults": {"config.ssl_verify": false}`, `"defaults": {"config.ssl_verify": "no"}`, "expected a boolean"},
		{"http-log", `"defaults": {"config.ssl_verify": false}`, `"defaults": {"config.tls_verify": false}`, "konnect.defaults: there is no field config.tls_verify"},
		{"http-log", `"verified": [{"at": "config.ssl_verify"`, `"verified": [{"at": "config.timeout"`, "konnect.verified: config.timeout is no boolean"},
		{"http-log", `"if": {"config.http_endpoint"`, `"if": {"config.endpoint"`, "konnect.verified: config.endpoint is no field"},
		{"http-log", `"verified": [{"at": "config.ssl_verify"`, `"colour": 1, "verified": [{"at": "config.ssl_verify"`, `json: unknown field "colour"`},
		{"opentelemetry", `"unless": {"config.logs_endpoint"`, `"unless": {"config.endpoints"`, "konnect.rewrites, P383: config.endpoints is no field"},
		{"acl", `"config.always_use_authenticated_groups": "3.6"`, `"config.always_use_groups": "3.6"`, "konnect.since: config.always_use_groups is no field"},
		{"acl", `"config.always_use_authenticated_groups": "3.6"`, `"config.always_use_authenticated_groups": "3.6.x"`, `konnect.since: "3.6.x" is no version`},
		{"acl", `"does": "drop_value"`, `"does": "drop_values"`, `"drop_values" is no rewrite`},
		{"acl", `"before": "3.14", "does": "withhold"`, `"does": "withhold"`, "konnect.rewrites, P407: a rewrite needs an id, a place, and versions"},
		{"acl", `"before": "3.14", "does": "withhold"`, `"before": "3.99.1", "does": "withhold"`, "konnect.rewrites, P407: version 3.99 is not known"},
		{"opentelemetry", `"to": "config.endpoint"`, `"to": "config.endpoints"`, "is no field"},
		{"service-protection", `"3.15": 901`, `"3.15": 902`, "info.priority_by_version: says 902 for 3.15, the priority is 901"},
		{"service-protection", `"3.15": 901`, `"3.99": 901`, "info.priority_by_version: version 3.99 is not known"},
		{"http-log", `{"function": "typedefs.url.custom_validator"}`, `"url"`, "custom_validator"},
		{"oauth2", `"custom_validator": {"function": "oauth2:config.custom_validator"}`, `"custom_validator": {"function": "oauth2"}`, `no function is named "oauth2"`},
	}
	all := bundled(t)
	for _, tt := range tests {
		docs := map[string]table{}
		version, _ := all[tt.plugin]["version"].(string)
		tt.old, tt.want = strings.ReplaceAll(tt.old, "VERSION", version), strings.ReplaceAll(tt.want, "VERSION", version)
		text := string(render(all[tt.plugin]))
		faulty := strings.Replace(text, tt.old, tt.new, 1)
		if faulty == text {
			t.Errorf("%s: no %s", tt.plugin, tt.old)
			continue
		}
		var err error
		if docs[tt.plugin], err = parseTable([]byte(faulty)); err != nil {
			t.Fatalf("%s: %v", tt.new, err)
		}
		found := verify(t.Context(), docs)
		told := slices.ContainsFunc(found, func(f string) bool { return strings.HasPrefix(f, tt.plugin+": ") && strings.Contains(f, tt.want) })
		if told != (tt.want != "") {
			t.Errorf("%s, %s:\n got %q\nwant %q", tt.plugin, tt.new, found, tt.want)
		}
	}
}

// versions are that of the data and the one after it.
func versions(t *testing.T) (now, next string) {
	t.Helper()
	now, _ = bundled(t)["acl"]["version"].(string)
	v, err := dataplane.ParseVersion(now)
	if err != nil {
		t.Fatal(err)
	}
	v.Minor++
	return now, v.String()
}

// serve starts a control plane and returns the address of its core entities.
func serve(t *testing.T) string {
	t.Helper()
	plane, err := controlplane.Open(context.Background(), controlplane.Options{Database: filepath.Join(t.TempDir(), "konnect.db")})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(plane)
	t.Cleanup(func() {
		srv.Close()
		if err := plane.Close(); err != nil {
			t.Error(err)
		}
	})
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL+"/v2/control-planes", strings.NewReader(`{"name": "catalog"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := srv.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var made struct{ ID string }
	if err := json.NewDecoder(resp.Body).Decode(&made); err != nil || made.ID == "" {
		t.Fatalf("%s: no control plane: %v", resp.Status, err)
	}
	return srv.URL + "/v2/control-planes/" + made.ID + "/core-entities"
}

// elsewhere are the plugins that Konnect does not have, in order, and what is
// said of them.
func elsewhere(t *testing.T) (names []string, report string) {
	t.Helper()
	set := plugins.Bundled(entity.Plugin.Schema(), entity.Schemas)
	for _, name := range set.Names() {
		if p, ok := set.Lookup(name); ok && !p.InKonnect() {
			names = append(names, name)
			report += name + ": not served, so not compared\n"
		}
	}
	return names, report
}

// Importing what is served of the data changes nothing: not for the version of
// the data, and for a newer one only that version. What Konnect does not have is
// not served, and stays as it is.
func TestImport_own(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(dataDir)); err != nil {
		t.Fatal(err)
	}
	address := serve(t)
	now, next := versions(t)
	notServed, report := elsewhere(t)
	for _, command := range [][]string{{"diff", "-gateway", now, "-konnect"}, {"import", "-gateway", next, "-konnect"}, {"diff", "-gateway", next, "-konnect"}} {
		var out, errs bytes.Buffer
		code := run(t.Context(), append(command, "-data", dir, address), &out, &errs)
		if code != 0 || out.String() != report || errs.Len() > 0 {
			t.Fatalf("%v: %d\n%s%s", command, code, &out, &errs)
		}
		after, err := readData(dir)
		if err != nil {
			t.Fatal(err)
		}
		for name, doc := range bundled(t) {
			if after["acl"]["version"] == next && asTable(doc["info"])["last"] == nil && !slices.Contains(notServed, name) {
				doc["version"] = command[2]
			}
			if want, got := string(render(doc)), string(render(after[name])); got != want {
				t.Errorf("%v: %s changes:\n%s", command, name, cmp.Diff(want, got))
			}
		}
	}
}

// diff shows what an import would change, and the exit codes of both say so.
func TestImport_folder(t *testing.T) {
	t.Parallel()
	dir, answers := t.TempDir(), t.TempDir()
	write := func(dir, name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	acl, err := os.ReadFile(filepath.Join(dataDir, "acl.json"))
	if err != nil {
		t.Fatal(err)
	}
	write(dir, "acl.json", string(acl))
	now, next := versions(t)
	write(dir, "jq.json", `{"name": "jq", "version": "`+now+`", "info": {}, "fields": [], "entity_checks": []}`)
	write(answers, "acl.json", strings.Replace(string(acl), `"version": "`+now+`",`, "", 1))
	steps := []struct {
		args      []string
		code      int
		out, errs string
	}{
		{[]string{"diff", "-gateway", next}, exitFailed, "", `catalog: acl: the plugin: unknown attribute "`},
		{[]string{"diff", "-gateway", next}, exitDiffers, "acl: config.size: is new\njq: not served, so not compared\n", ""},
		{[]string{"import", "-gateway", next}, exitDiffers, "acl: config.size: is new\njq: not served, so not compared\n", `jq: info.since: "" is not a version`},
		{[]string{"diff", "-gateway", next}, 0, "jq: not served, so not compared\n", ""},
		{[]string{"diff", "-gateway", now}, exitFailed, "", "catalog: acl: the data are of " + next + " already"},
	}
	for i, step := range steps {
		if i == 1 { // an answer, in place of a data file
			fields := asList(asTable(bundled(t)["acl"])["fields"])
			config := fieldNamed(fields, "config")
			config["fields"] = append(asList(config["fields"]), table{"size": table{"type": "integer", "default": json.Number("1")}})
			write(answers, "acl.json", string(render(table{"fields": fields})))
		}
		var out, errs bytes.Buffer
		code := run(t.Context(), append(step.args, "-data", dir, answers), &out, &errs)
		if code != step.code || out.String() != step.out || !strings.HasPrefix(errs.String(), step.errs) || step.errs == "" && errs.Len() > 0 {
			t.Errorf("step %d, %v: %d\n%s%s", i, step.args, code, &out, &errs)
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "acl.json"))
	if err != nil || !strings.Contains(string(text), `"config.size": {"since": "`+next+`"}`) {
		t.Errorf("no mark of the new field: %v\n%s", err, text)
	}
}

// verify writes the one form.
func TestVerify_writes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	want, err := os.ReadFile(filepath.Join(dataDir, "acl.json"))
	if err != nil {
		t.Fatal(err)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, want); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "acl.json")
	if err := os.WriteFile(file, compact.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if code := run(t.Context(), []string{"verify", "-data", dir}, &compact, &compact); code != 0 {
		t.Fatal(code)
	}
	if got, err := os.ReadFile(file); err != nil || string(got) != string(want) {
		t.Errorf("%v\n%s", err, cmp.Diff(string(want), string(got)))
	}
}

func TestRun_faults(t *testing.T) {
	t.Parallel()
	empty, broken, twice := t.TempDir(), t.TempDir(), t.TempDir()
	for dir, text := range map[string]string{broken: `{"fields": [`, twice: `{} {}`} {
		if err := os.WriteFile(filepath.Join(dir, "acl.json"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct {
		args []string
		want string
	}{
		{nil, "expected verify, diff or import"},
		{[]string{"generate"}, "expected verify, diff or import"},
		{[]string{"verify", "more"}, "verify takes 0 arguments, not 1"},
		{[]string{"verify", "-gateway", "3.16"}, "flag provided but not defined"},
		{[]string{"diff", "-gateway", "3.16"}, "diff takes 1 arguments, not 0"},
		{[]string{"diff", empty}, `-gateway: "" is not a version`},
		{[]string{"import", "-gateway", "3.16.0", empty}, `-gateway: "3.16.0" is not a version`},
		{[]string{"verify", "-data", empty}, "no data files"},
		{[]string{"verify", "-data", broken}, "unexpected EOF"},
		{[]string{"verify", "-data", twice}, "something follows the object"},
		{[]string{"diff", "-data", dataDir, "-gateway", "3.16", empty}, "neither an address nor a folder with answers"},
		{[]string{"diff", "-data", dataDir, "-gateway", "3.16", broken}, "unexpected EOF"},
	}
	for _, tt := range tests {
		var errs bytes.Buffer
		if code := run(t.Context(), tt.args, &errs, &errs); code != exitFailed || !strings.Contains(errs.String(), tt.want) {
			t.Errorf("%q: %d\n%s\nwant %s", tt.args, code, &errs, tt.want)
		}
	}
}

// Gateways and control planes list their plugins, and fail, in different ways.
func TestReadSource(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		answers map[string]string // by path; a number is a status
		want    []string
		fault   string
	}{
		{"Konnect", map[string]string{"/v1/available-plugins": `{"names": ["a", "b"]}`, "/schemas/plugins/a": `{"fields": []}`, "/schemas/plugins/b": `{"fields": []}`}, []string{"a", "b"}, ""},
		{"a gateway", map[string]string{"/": `{"plugins": {"available_on_server": {"a": {"version": "3.16.0"}, "c": true}}}`, "/schemas/plugins/a": `{"fields": []}`}, []string{"a"}, ""},
		{"what does not say", map[string]string{"/schemas/plugins/known": `{"fields": []}`}, []string{"known"}, ""},
		{"what has none", map[string]string{"/": `{}`}, nil, "serves no schema of a plugin"},
		{"without a token", map[string]string{"/v1/available-plugins": "401"}, nil, "/v1/available-plugins answers 401 Unauthorized"},
		{"half broken", map[string]string{"/schemas/plugins/known": "500"}, nil, "/schemas/plugins/known answers 500"},
		{"no JSON", map[string]string{"/schemas/plugins/known": "<html>"}, nil, "/schemas/plugins/known: invalid character"},
		{"a list", map[string]string{"/schemas/plugins/known": "[]"}, nil, "cannot unmarshal array"},
		{"null", map[string]string{"/schemas/plugins/known": "null"}, nil, "null is no object"},
	}
	for _, tt := range tests {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			answer, ok := tt.answers[r.URL.Path]
			if !ok {
				answer = "404"
			}
			if status, err := strconv.Atoi(answer); err == nil {
				w.WriteHeader(status)
				return
			}
			_, _ = w.Write([]byte(answer)) // the reader finds a cut answer out
		}))
		answers, err := readSource(t.Context(), srv.URL+"/", []string{"known"})
		srv.Close()
		if tt.fault != "" {
			if err == nil || !strings.Contains(err.Error(), tt.fault) {
				t.Errorf("%s: %v, want %s", tt.name, err, tt.fault)
			}
			continue
		}
		if got := sortedKeys(answers); err != nil || !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, %v, want %v", tt.name, got, err, tt.want)
		}
	}
}

func TestRender(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 90)
	doc, err := parseTable([]byte(`{"fields": [{"a": {"type": "string", "default": "<>"}}, {"b": {"one_of": ["` + long + `", "y"], "type": "string", "required": true}}], "name": "p", "since": 1.10}`))
	if err != nil {
		t.Fatal(err)
	}
	want := `{
 "name": "p", "since": 1.10,
 "fields": [
  {"a": {"type": "string", "default": "<>"}},
  {"b": {
   "type": "string", "required": true,
   "one_of": ["` + long + `", "y"]
  }}
 ]
}
`
	if diff := cmp.Diff(want, string(render(doc))); diff != "" {
		t.Error(diff)
	}
}
