package schema

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"context"

	"github.com/google/go-cmp/cmp"
)

// parse decodes JSON the way the whole project does; "?" stands for a value
// that is not known yet and "@name" for a function of the table below.
func parse(t testing.TB, text string) any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return substitute(v)
}

func parseMap(t testing.TB, text string) map[string]any {
	t.Helper()
	m, ok := parse(t, text).(map[string]any)
	if !ok {
		t.Fatalf("%s: not an object", text)
	}
	return m
}

func substitute(v any) any {
	switch v := v.(type) {
	case string:
		if v == "?" {
			return Unknown
		}
		if fn := testFunctions[v]; fn != nil {
			return fn
		}
	case map[string]any:
		for k, e := range v {
			v[k] = substitute(e)
		}
	case []any:
		for i, e := range v {
			v[i] = substitute(e)
		}
	}
	return v
}

var errThrown = errors.New("schema.lua:3: thrown")

var testFunctions = map[string]*Function{
	"@even": {Name: "even", Check: func(v any) any {
		if f, _ := toFloat(v); int(f)%2 != 0 {
			return "must be even"
		}
		return nil
	}},
	"@throws": {Name: "throws", Call: func(context.Context, ...any) ([]any, error) { return nil, errThrown }},
	"@silent": {Name: "silent", Call: func(context.Context, ...any) ([]any, error) { return []any{false}, nil }},
	"@table": {Name: "table", Call: func(context.Context, ...any) ([]any, error) {
		return []any{nil, map[string]any{"why": "so"}}, nil
	}},
	"@sum": {Name: "sum", Call: func(_ context.Context, args ...any) ([]any, error) {
		m, _ := args[0].(map[string]any)
		x, _ := toFloat(m["a"])
		y, _ := toFloat(m["b"])
		if x+y > 10 {
			return []any{nil, "a and b exceed 10"}, nil
		}
		return []any{true}, nil
	}},
	"@to_new": {Name: "to_new", Call: func(_ context.Context, args ...any) ([]any, error) {
		return []any{map[string]any{"new": args[0]}}, nil
	}},
	"@to_nested": {Name: "to_nested", Call: func(_ context.Context, args ...any) ([]any, error) {
		return []any{map[string]any{"redis": map[string]any{"host": args[0]}}}, nil
	}},
}

func compileFields(t testing.TB, definition string) *Schema {
	t.Helper()
	def := parseMap(t, definition)
	def["name"] = "test"
	s, err := Compile(def, nil)
	if err != nil {
		t.Fatalf("%s: %v", definition, err)
	}
	return s
}

// describe lists violations as "path: message", which shows the exact places.
func describe(errs *Errors) []string {
	var out []string
	for _, v := range errs.Violations() {
		out = append(out, v.Error())
	}
	return out
}

// judged are rows of one schema with several inputs. want lists the exact
// paths with Kong's messages; none means that the input is good.
var judged = []struct {
	name   string
	schema string
	cases  []judgedCase
}{
	{
		"starts_with on numbers", `{"fields":[{"n":{"type":"number","starts_with":"12"}},{"b":{"type":"boolean","starts_with":"t"}},{"p":{"type":"integer","not_match":"x"}}]}`,
		[]judgedCase{
			{`{"n":12}`, nil},
			{`{"n":123.5}`, nil},
			{`{"n":1}`, []string{"n: should start with: 12"}},
			{`{"n":-12}`, []string{"n: should start with: 12"}},
			{`{"b":true}`, []string{"b: starts_with needs a string"}},
			{`{"p":5}`, []string{"p: not_match needs a string"}},
		},
	},
	{
		"checks without arguments", `{"fields":[{"a":{"type":"string"}}],"entity_checks":[{"conditional":{}},{"conditional_at_least_one_of":{}},{"custom_entity_check":{}},{"mutually_exclusive_sets":{}}]}`,
		[]judgedCase{
			{`{}`, nil},
			{`{"a":"x"}`, nil},
			{`{"a":1}`, []string{"a: expected a string"}},
		},
	},
	{
		"paths", `{"fields":[
			{"list":{"type":"array","elements":{"type":"record","fields":[{"port":{"type":"integer","between":[1,9]}}]}}},
			{"limits":{"type":"map","keys":{"type":"string","len_min":2},"values":{"type":"record","fields":[{"n":{"type":"integer","required":true}}]}}},
			{"redis":{"type":"record","fields":[{"host":{"type":"string","required":true}},{"tls":{"type":"record","fields":[{"on":{"type":"boolean","default":true}}]}}]}}
		]}`,
		[]judgedCase{
			{`{"redis":{"host":"h"}}`, nil},
			{`{"redis":{"host":"h"},"list":[{"port":1},{"port":0},{"port":"x"}]}`, []string{"list[1].port: value should be between 1 and 9", "list[2].port: expected an integer"}},
			{`{"redis":{"host":"h"},"limits":{"video":{"n":"x"}}}`, []string{"limits.video.n: expected an integer"}},
			{`{"redis":{"host":"h"},"limits":{"v":{"n":1}}}`, []string{"limits.v: length must be at least 2"}},
			{`{"redis":{"host":"h"},"limits":{"video":{}}}`, []string{"limits.video.n: required field missing"}},
			{`{}`, []string{"redis.host: required field missing"}},
			{`{"redis":null}`, []string{"redis: required field missing"}},
			{`{"redis":{"host":"h","tls":{"on":1,"of":2}}}`, []string{"redis.tls.of: unknown field", "redis.tls.on: expected a boolean"}},
			{`{"redis":[],"list":{},"limits":[]}`, []string{"redis.host: required field missing"}},
			{`{"redis":{"host":"h"},"list":{"1":{}}}`, []string{"list: expected an array"}},
			{`{"redis":{"host":"h","updated_at":"whatever"},"updated_at":[]}`, nil},
		},
	},
	{
		"unknown values are not judged", `{"fields":[
			{"a":{"type":"integer","between":[1,9]}},{"b":{"type":"integer","required":true}},
			{"s":{"type":"set","elements":{"type":"string"},"len_max":1}},{"l":{"type":"array","elements":{"type":"string"},"len_max":1}},
			{"r":{"type":"record","required":false,"fields":[{"x":{"type":"string","required":true}}]}}
		],"entity_checks":[{"mutually_exclusive":["a","s"]},{"custom_entity_check":{"field_sources":["a","b"],"fn":"@sum"}},
			{"conditional":{"if_field":"a","if_match":{"eq":5},"then_field":"b","then_match":{"eq":5}}}]}`,
		[]judgedCase{
			{`{"a":"?","b":1}`, nil},
			{`{"a":5,"b":"?"}`, nil},
			{`{"a":"?","b":"?","s":["x"]}`, nil},
			{`{"b":1,"s":["?","x"]}`, nil},
			{`{"b":1,"l":["?","x"]}`, []string{"l: length must be at most 1"}},
			{`{"b":1,"r":"?"}`, nil},
			{`{"b":1,"r":{"x":"?","y":1}}`, []string{"r.y: unknown field"}},
			{`{"a":0,"b":"?","s":["x"]}`, []string{"a: value should be between 1 and 9"}},
			{`{"a":5,"b":6}`, []string{"a and b exceed 10", "failed conditional validation given value of field 'a'", "b: value must be 5"}},
			{`{"a":6,"b":7}`, []string{"a and b exceed 10"}},
			{`{"a":6}`, []string{"b: required field missing"}},
		},
	},
	{
		"functions that fail are violations, never panics", `{"fields":[
			{"a":{"type":"string","custom_validator":"@throws"}},{"b":{"type":"string","custom_validator":"@silent"}},
			{"c":{"type":"string","custom_validator":"@table"}},{"d":{"type":"string","custom_validator":"@even","err":"own text"}},
			{"e":{"type":"integer","custom_validator":"@even","err":"own text"}},{"n":{"type":"integer","len_min":2}}
		]}`,
		[]judgedCase{
			{`{"a":"x"}`, []string{"a: the custom validator failed: schema.lua:3: thrown"}},
			{`{"b":"x"}`, []string{"b: failed validating: x"}},
			{`{"c":"x"}`, []string{"c: map[why:so]"}},
			{`{"e":3}`, []string{"e: own text"}},
			{`{"e":"3"}`, []string{"e: expected an integer"}},
			{`{"n":5}`, []string{"n: len_min needs a string or a table"}},
		},
	},
	{
		"records of several kinds", `{"fields":[{"nodes":{"type":"array","elements":{"type":"record","fields":[{"type":{"type":"string","required":true,"one_of":["jq","call"]}},{"name":{"type":"string"}}],
			"subschema_key":"type","subschemas":{"jq":{"fields":[{"jq":{"type":"string","required":true}}]},"call":{"fields":[{"url":{"type":"string"}},{"timeout":{"type":"integer","default":5}}],"entity_checks":[{"at_least_one_of":["url","name"]}]}}}}}]}`,
		[]judgedCase{
			{`{"nodes":[{"type":"jq","jq":"."},{"type":"call","url":"u"}]}`, nil},
			{`{"nodes":[{"type":"?","whatever":1}]}`, nil},
			{`{"nodes":[{"type":"jq"}]}`, []string{"nodes[0].jq: required field missing"}},
			{`{"nodes":[{"type":"call"}]}`, []string{"nodes[0]: at least one of these fields must be non-empty: 'url', 'name'"}},
			{`{"nodes":[{"type":"jq","jq":".","url":"u"}]}`, []string{"nodes[0].url: unknown field"}},
			{`{"nodes":[{"type":"zz"}]}`, []string{"nodes[0].type: expected one of: jq, call"}},
			{`{"nodes":[{}]}`, []string{"nodes[0].type: required field missing"}},
		},
	},
	{
		"defaults of optional records are copied as they are", `{"fields":[{"o":{"type":"record","required":false,"default":{"a":"x"},"fields":[
			{"a":{"type":"string"}},{"b":{"type":"string","required":true,"default":"y"}}]}}]}`,
		[]judgedCase{
			{`{}`, nil},
			{`{"o":{}}`, nil},
			{`{"o":{"b":null}}`, []string{"o.b: required field missing"}},
		},
	},
	{
		"an empty table may be the default of a record", `{"fields":[{"o":{"type":"record","required":false,"default":[],"fields":[
			{"b":{"type":"string","required":true,"default":"y"}}]}}]}`,
		[]judgedCase{
			{`{}`, nil},
			{`{"o":{"b":null}}`, []string{"o.b: required field missing"}},
		},
	},
	{
		"one-sided bounds of the catalog", `{"fields":[{"n":{"type":"number","gte":1,"lte":3}}]}`,
		[]judgedCase{
			{`{"n":1}`, nil},
			{`{"n":3}`, nil},
			{`{"n":0.5}`, []string{"n: value must be at least 1"}},
			{`{"n":3.5}`, []string{"n: value must be at most 3"}},
		},
	},
	{
		"vault references", `{"fields":[
			{"host":{"type":"string","referenceable":true,"match":"^%l+$"}},{"port":{"type":"integer","referenceable":"any","between":[1,9]}},
			{"plain":{"type":"string","len_max":5}},{"other":{"type":"string"}}
		],"entity_checks":[{"only_one_of":["host","other"]}]}`,
		[]judgedCase{
			{`{"host":"{vault://env/x}","other":"o"}`, nil},
			{`{"port":"{vault://env/x}","other":"o"}`, nil},
			{`{"port":"1","other":"o"}`, []string{"port: expected an integer"}},
			{`{"plain":"{vault://env/x}","other":"o"}`, []string{"plain: length must be at most 5"}},
			{`{"host":"abc","other":"o"}`, []string{"exactly one of these fields must be non-empty: 'host', 'other'"}},
		},
	},
	{
		"shorthand fields", `{"fields":[{"new":{"type":"integer"}},{"redis":{"type":"record","fields":[{"host":{"type":"string"}}]}}],
			"shorthand_fields":[
				{"old":{"type":"integer","func":"@to_new","deprecation":{"message":"use new","removal_in_version":"4.0","replaced_with":[{"path":["new"]}]}}},
				{"redis_host":{"type":"string","func":"@to_nested","deprecation":{"message":"use redis.host","removal_in_version":"4.0","replaced_with":[{"path":["redis","host"]}]}}}]}`,
		[]judgedCase{
			{`{"old":5}`, nil},
			{`{"old":5,"new":5}`, nil},
			{`{"old":5,"new":"?"}`, nil},
			{`{"old":"?","new":5}`, nil},
			{`{"redis_host":"?"}`, nil},
			{`{"old":"x","redis_host":1}`, []string{"old: expected an integer", "redis_host: expected a string"}},
			{`{"old":5,"new":6}`, []string{"old: both deprecated and new field are used but their values mismatch: old = 5 vs new = 6"}},
			{`{"redis_host":"h","redis":null}`, nil},
			{`{"redis_host":"h","redis":"x"}`, []string{`redis_host: the shorthand field cannot be merged into "redis", which is no table`}},
		},
	},
}

type judgedCase struct {
	in   string
	want []string
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for _, group := range judged {
		s := compileFields(t, group.schema)
		for _, c := range group.cases {
			t.Run(group.name+" "+c.in, func(t *testing.T) {
				t.Parallel()
				in := parseMap(t, c.in)
				_, errs := s.Check(t.Context(), in, Insert, Auto{})
				if diff := cmp.Diff(c.want, describe(errs)); diff != "" {
					t.Error(diff)
				}
				if diff := cmp.Diff(parseMap(t, c.in), in, cmp.Comparer(sameUnknown)); diff != "" {
					t.Errorf("the input was touched: %s", diff)
				}
			})
		}
	}
}

func sameUnknown(unknown, unknown) bool { return true }

func TestProcessAutoFields(t *testing.T) {
	t.Parallel()
	auto := Auto{
		Now:    func() time.Time { return time.UnixMilli(1_700_000_000_250) },
		UUID:   func() any { return "6f1a2b3c-0d4e-4f5a-8b6c-7d8e9f0a1b2c" },
		Random: func() any { return "random" },
	}
	s := compileFields(t, `{"fields":[
		{"id":{"type":"string","uuid":true,"auto":true}},{"key":{"type":"string","auto":true}},
		{"created_at":{"type":"integer","timestamp":true,"auto":true}},{"updated_at":{"type":"number","timestamp":true,"auto":true}},
		{"a":{"type":"string","default":"x"}},{"n":{"type":"number","default":0.1}},{"none":{"type":"string"}},{"must":{"type":"string","required":true}},
		{"set":{"type":"set","elements":{"type":"string"},"default":["d"]}},
		{"r":{"type":"record","fields":[{"deep":{"type":"record","fields":[{"b":{"type":"boolean","default":false}}]}}]}},
		{"opt":{"type":"record","required":false,"fields":[{"b":{"type":"boolean","default":true}}]}}
	]}`)
	for _, c := range []struct {
		name, in, want string
		op             Op
	}{
		{
			"everything absent", `{}`, `{"id":"6f1a2b3c-0d4e-4f5a-8b6c-7d8e9f0a1b2c","key":"random","created_at":1700000000,"updated_at":1700000000.25,
			"a":"x","n":0.1,"none":null,"set":["d"],"r":{"deep":{"b":false}},"opt":null}`, Insert,
		},
		{
			"null is kept and unknown keys stay", `{"id":null,"key":null,"a":null,"r":null,"opt":{},"set":["b","b","a"],"extra":{"x":[1]}}`,
			`{"id":null,"key":null,"created_at":1700000000,"updated_at":1700000000.25,"a":null,"n":0.1,"none":null,"set":["b","a"],"r":null,"opt":{"b":true},"extra":{"x":[1]}}`, Upsert,
		},
		{"an update fills in nothing", `{"none":"y","r":{}}`, `{"none":"y","r":{},"updated_at":1700000000.25}`, Update},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, errs := s.ProcessAutoFields(t.Context(), parseMap(t, c.in), c.op, auto)
			if errs != nil {
				t.Fatal(errs)
			}
			if diff := cmp.Diff(parse(t, c.want), any(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestProcessAutoFields_realAutoValues(t *testing.T) {
	t.Parallel()
	s := compileFields(t, `{"fields":[{"id":{"type":"string","uuid":true,"auto":true}},{"key":{"type":"string","auto":true}},{"created_at":{"type":"integer","auto":true}}]}`)
	out, errs := s.Check(t.Context(), map[string]any{}, Insert, Auto{})
	if errs != nil {
		t.Fatal(errs)
	}
	id, _ := out["id"].(string)
	key, _ := out["key"].(string)
	if !IsUUID(id) || len(key) != 32 || out["created_at"] == nil {
		t.Errorf("automatic values: %v", out)
	}
}

func TestSummary(t *testing.T) {
	t.Parallel()
	s := compileFields(t, `{"fields":[
		{"config":{"type":"record","fields":[{"a":{"type":"array","elements":{"type":"string"}}},{"x-y":{"type":"record","fields":[{"z":{"type":"string"}}]}},{"b":{"type":"string"}}],
			"entity_checks":[{"at_least_one_of":["a","b"]}]}},
		{"tags":{"type":"array","elements":{"type":"string"}}}],"entity_checks":[{"at_least_one_of":["tags"]}]}`)
	for in, want := range map[string]string{
		`{"config":{"a":["x",1,null]},"tags":["t"]}`:      "schema violation (config.a: {\n  [2] = \"expected a string\",\n  [3] = \"required field missing\"\n})",
		`{"config":{"b":1},"tags":["t",2]}`:               "2 schema violations (config.b: expected a string; tags.2: expected a string)",
		`{"config":{"a":["x"]}}`:                          "schema violation (at least one of these fields must be non-empty: 'tags')",
		`{"config":{},"tags":["t"]}`:                      "schema violation (config.@entity: {\n  \"at least one of these fields must be non-empty: 'a', 'b'\"\n})",
		`{"config":{"b":"b","x-y":{"z":1}},"tags":["t"]}`: "schema violation (config.x-y: {\n  z = \"expected a string\"\n})",
		`{"config":"x","tags":["t"]}`:                     "schema violation (config: expected a record)",
	} {
		t.Run(in, func(t *testing.T) {
			t.Parallel()
			_, errs := s.Check(t.Context(), parseMap(t, in), Insert, Auto{})
			if diff := cmp.Diff(want, errs.Summary()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCheckDefinition(t *testing.T) {
	t.Parallel()
	config := func(fields string) string {
		return `{"name":"x","fields":[{"config":{"type":"record","fields":[` + fields + `]}}]}`
	}
	for _, c := range []struct {
		name, def string
		want      []string
	}{
		{"good", config(`{"a":{"type":"string","default":"x","one_of":["x"]}}`), nil},
		{"full path of a wrong attribute", config(`{"a":{"type":"string"}},{"ttl":{"type":"integer","len_max":1.5}}`), []string{"fields[0].config.fields[1].ttl.len_max: expected an integer"}},
		{"full path of a cross check", config(`{"r":{"type":"record","fields":[{"port":{"type":"string","between":[1,2]}}]}}`), []string{"fields[0].config.fields[0].r.fields[0].port.between: field of type 'string' cannot have attribute 'between'"}},
		{"full path of a default", config(`{"l":{"type":"array","elements":{"type":"integer"},"default":[1,"x"]}}`), []string{"fields[0].config.fields[0].l.default[1]: expected an integer"}},
		{"default that throws", config(`{"a":{"type":"string","default":"x","custom_validator":"@throws"}}`), []string{"fields[0].config.fields[0].a.default: error in schema prevents from validating this field"}},
		{"unknown attribute", config(`{"a":{"type":"string","nilable":true}}`), []string{"fields[0].config.fields[0].a.nilable: unknown field"}},
		{"no fields", `{"name":"x"}`, []string{"fields: field required for entity check"}},
		{"no table", `"x"`, []string{"expected a definition table"}},
		{"transformation", `{"name":"x","fields":[],"transformations":[{"needs":["zip"],"on_read":"@throws"}]}`, []string{"transformations[0].needs[0]: invalid field name: zip"}},
		{"default of an array without elements", config(`{"a":{"type":"array","default":["x"]}}`), []string{
			"fields[0].config.fields[0].a: field of type 'array' must declare 'elements'",
			"fields[0].config.fields[0].a.default: error in schema prevents from validating this field",
		}},
		{"empty default of a set without elements", config(`{"a":{"type":"set","default":[]}}`), []string{
			"fields[0].config.fields[0].a: field of type 'set' must declare 'elements'",
			"fields[0].config.fields[0].a.default: error in schema prevents from validating this field",
		}},
		{"default of a map without keys", config(`{"a":{"type":"map","values":{"type":"string"},"default":{"x":"y"}}}`), []string{
			"fields[0].config.fields[0].a: field of type 'map' must declare 'keys'",
			"fields[0].config.fields[0].a.default: error in schema prevents from validating this field",
		}},
		{"default of elements without elements", config(`{"a":{"type":"array","elements":{"type":"array"},"default":[["x"]]}}`), []string{
			"fields[0].config.fields[0].a.elements: field of type 'array' must declare 'elements'",
			"fields[0].config.fields[0].a.default: error in schema prevents from validating this field",
		}},
		{"conditional without arguments", `{"name":"x","fields":[],"entity_checks":[{"conditional":{}}]}`, nil},
		{"sets without arguments", `{"name":"x","fields":[],"entity_checks":[{"mutually_exclusive_sets":{}}]}`, nil},
		{"list without names", `{"name":"x","fields":[],"entity_checks":[{"at_least_one_of":[]}]}`, []string{
			"entity_checks[0]: exactly one of these fields must be non-empty: 'conditional_at_least_one_of', 'conditional', 'only_one_of', 'distinct', 'at_least_one_of', 'mutually_required', 'mutually_exclusive_sets', 'custom_entity_check', 'mutually_exclusive'",
		}},
		{"two checks, one without arguments", `{"name":"x","fields":[],"entity_checks":[{"conditional":{},"distinct":["a","b"]}]}`, []string{
			"entity_checks[0]: exactly one of these fields must be non-empty: 'conditional_at_least_one_of', 'conditional', 'only_one_of', 'distinct', 'at_least_one_of', 'mutually_required', 'mutually_exclusive_sets', 'custom_entity_check', 'mutually_exclusive'",
		}},
		{"unique_across_ws", config(`{"a":{"type":"string","unique_across_ws":true}}`), []string{
			"fields[0].config.fields[0].a: failed conditional validation given value of field 'unique_across_ws'",
			"fields[0].config.fields[0].a.unique: required field missing",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, describe(CheckDefinition(t.Context(), parse(t, c.def)))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A JSON Schema is data from outside: it must not make the engine read files
// or open connections.
func TestJSONSchema_selfContained(t *testing.T) {
	t.Parallel()
	for _, ref := range []string{"file:///etc/passwd", "http://127.0.0.1:1/x.json", "other.json"} {
		t.Run(ref, func(t *testing.T) {
			t.Parallel()
			def := map[string]any{"name": "x", "fields": []any{map[string]any{"j": map[string]any{
				"type": "json", "json_schema": map[string]any{"inline": map[string]any{"$ref": ref}},
			}}}}
			if errs := CheckDefinition(t.Context(), def); errs == nil {
				t.Error("a reference to the outside was accepted")
			}
		})
	}
}

// An error about a JSON Schema names the keyword and its place in the document,
// always in the same words, and never a place on this machine.
func TestJSONSchema_bad(t *testing.T) {
	t.Parallel()
	const types = "value must be one of 'array', 'boolean', 'integer', 'null', 'number', 'object', 'string'"
	for document, want := range map[string]string{
		`{"type":"strng"}`:                                          "keyword type at /type: " + types,
		`{"type":5}`:                                                "keyword type at /type: " + types,
		`{"type":[]}`:                                               "keyword type at /type: " + types,
		`{"type":["string","nope"]}`:                                "keyword type at /type/1: " + types,
		`{"properties":{"a":{"type":"strng"}}}`:                     "keyword type at /properties/a/type: " + types,
		`{"properties":{"a":3}}`:                                    "keyword properties at /properties/a: got number, want object",
		`{"properties":{"required":{"type":"x"}}}`:                  "keyword type at /properties/required/type: " + types,
		`{"properties":{"a/b~c":{"maxLength":-1}}}`:                 "keyword maxLength at /properties/a~1b~0c/maxLength: minimum: got -1, want 0",
		`{"required":"a"}`:                                          "keyword required at /required: got string, want array",
		`{"required":[1]}`:                                          "keyword required at /required/0: got number, want string",
		`{"enum":[]}`:                                               "keyword enum at /enum: minItems: got 0, want 1",
		`{"items":[{"type":"strng"}]}`:                              "keyword type at /items/0/type: " + types,
		`{"items":{"minimum":"1"}}`:                                 "keyword minimum at /items/minimum: got string, want number",
		`{"not":{"anyOf":[{},{"maximum":"1"}]}}`:                    "keyword maximum at /not/anyOf/1/maximum: got string, want number",
		`{"dependencies":{"a":[1]}}`:                                "keyword dependencies at /dependencies/a/0: got number, want string",
		`{"minimum":"1","maximum":"2","required":"x"}`:              "keyword maximum at /maximum: got string, want number",
		`{"exclusiveMinimum":true}`:                                 "properties 'minimum' required, if 'exclusiveMinimum' exists",
		`{"properties":{"a":{"pattern":"("}}}`:                      "keyword pattern at /properties/a/pattern: '(' is not valid regex",
		`{"patternProperties":{"(":{}}}`:                            "keyword patternProperties at /patternProperties: \"(\" is not a valid regular expression",
		`{"$ref":5}`:                                                "keyword $ref at /$ref: got number, want string",
		`{"$ref":"other.json"}`:                                     "keyword $ref at /$ref: other.json is outside of the schema, which must be self-contained",
		`{"allOf":[{"$ref":"../a/b.json#/x"}]}`:                     "keyword $ref at /allOf/0/$ref: ../a/b.json#/x is outside of the schema, which must be self-contained",
		`{"$ref":"file:///etc/passwd"}`:                             "keyword $ref at /$ref: file:///etc/passwd is outside of the schema, which must be self-contained",
		`{"items":{"$ref":"#/definitions/nope"}}`:                   "keyword $ref at /items/$ref: #/definitions/nope is not part of the schema",
		`{"items":{"$ref":"#nope"}}`:                                "keyword $ref at /items/$ref: #nope is not part of the schema",
		`{"$ref":"#/%zz"}`:                                          "keyword $ref at /$ref: #/%zz is not an address: invalid URL escape \"%zz\"",
		`{"items":{"id":"a b %zz"}}`:                                "keyword id at /items/id: is not an address",
		`{"definitions":{"b":{"id":"#x"},"a":{"id":"#x"}}}`:         "keyword id at /definitions/b/id: is the same as that at /definitions/a",
		`{"definitions":{"a":{"id":"x.json"},"b":{"id":"x.json"}}}`: "keyword id at /definitions/b/id: is the same as that at /definitions/a",
		`{"not":{"$schema":"http://json-schema.org/draft-99/schema#"}}`: "keyword $schema at /not/$schema: " +
			"http://json-schema.org/draft-99/schema# is outside of the schema, which must be self-contained",
	} {
		t.Run(document, func(t *testing.T) {
			t.Parallel()
			for range 5 {
				got, _ := checkDocument(parse(t, document)).(string)
				if !strings.HasPrefix(got, "not a valid JSON Schema: "+want) || strings.Contains(got, "schema.json") {
					t.Fatalf("got  %q\nwant %q", got, want)
				}
			}
			field := map[string]any{"type": "json", "json_schema": map[string]any{"inline": parse(t, document)}}
			errs := CheckDefinition(t.Context(), map[string]any{"name": "x", "fields": []any{map[string]any{"j": field}}})
			if errs == nil || !strings.Contains(errs.Error(), strings.ReplaceAll(want, `"`, `\"`)) {
				t.Errorf("the definition: %v", errs)
			}
		})
	}
}

func TestSpecialize_refusals(t *testing.T) {
	t.Parallel()
	parent := MustCompile(parseMap(t, `{"name":"plugins","subschema_key":"name","fields":[{"name":{"type":"string","required":true}},
		{"tags":{"type":"set","elements":{"type":"string"}}},{"config":{"type":"record","abstract":true,"required":true}}]}`), nil)
	for name, c := range map[string]struct{ def, want string }{
		"new field":      {`{"fields":[{"nope":{"type":"string"}}]}`, "error in definition of 'test': nope: cannot create a new field"},
		"changed type":   {`{"fields":[{"name":{"type":"integer"}}]}`, "error in definition of 'test': name: cannot change type in a specialized field"},
		"changed member": {`{"fields":[{"tags":{"type":"set","elements":{"type":"integer"}}}]}`, "error in definition of 'test': tags: cannot change type in a specialized field"},
		"left abstract":  {`{"fields":[]}`, "error in definition of 'test': config: abstract field was not specialized"},
		"bad reference":  {`{"fields":[{"tags":{"type":"foreign"}}]}`, "schema refers to an invalid foreign entity: nil"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := parent.Specialize(compileFields(t, c.def))
			if err == nil || err.Error() != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}
