package jsonvalue_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
)

const depth = 64

type object = map[string]any

func TestParse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]any{
		`null`:                      nil,
		` true `:                    true,
		"\tfalse":                   false,
		`""`:                        "",
		`"a\"b\\c\/d\b\f\n\r\t"`:    "a\"b\\c/d\b\f\n\r\t",
		`"\u0041\u00e4\u20AC"`:      "Aä€",
		`"\ud83d\ude00"`:            "😀",
		`"ä\u0000"`:                 "ä\x00",
		`0`:                         json.Number("0"),
		`-0`:                        json.Number("-0"),
		`12345678901234567890`:      json.Number("12345678901234567890"),
		`1.50`:                      json.Number("1.50"),
		`-1e+5`:                     json.Number("-1e+5"),
		`0E0`:                       json.Number("0E0"),
		`[]`:                        []any{},
		`[ 1 , [ ] , { } ]`:         []any{json.Number("1"), []any{}, object{}},
		`{}`:                        object{},
		"{ \"a\" :\r\n1,\"b\":[2]}": object{"a": json.Number("1"), "b": []any{json.Number("2")}},
		`{"":{"":""}}`:              object{"": object{"": ""}},
	} {
		got, err := jsonvalue.Parse(text, depth)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", text, err, diff)
		}
	}
}

func TestParse_refused(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		``: "it ends too early", ` `: "it ends too early", `{`: "it ends too early", `[`: "it ends too early",
		`[1`: "it ends too early", `[1,`: "it ends too early", `{"a`: "it ends too early", `{"a"`: "it ends too early",
		`{"a":`: "it ends too early", `{"a":1`: "it ends too early", `{"a":1,`: "it ends too early", `"\`: "it ends too early",
		`"\u00`: "it ends too early", `"\ud83d\u`: "it ends too early", `tru`: "it ends too early", `-`: "it ends too early",
		`1.`: "it ends too early", `1e`: "it ends too early", `1e+`: "it ends too early", `"a\n`: "it ends too early",
		`1 2`: "something follows", `{}}`: "something follows", `01`: "something follows", `nullnull`: "something follows",
		`[1 2]`: "after array element", `{"a":1 "b":2}`: "after object value", `{"a":1,}`: "at byte 7", `{,}`: "at byte 2", `{1:2}`: "name must be a string",
		`[1,]`: "at byte 3", `[,]`: "at byte 2", `truf`: "in literal true", `NaN`: "start of value", `+1`: "start of value",
		`{"a" 1}`: "after object name", `-x`: "expecting digit", `1.x`: "expecting digit", `1ex`: "expecting digit", `.5`: "start of value",
		`"\x"`: "escape sequence", `"\u12g4"`: "escape sequence", "\"a\nb\"": "non-control character", "\"\\t\x01\"": "non-control character",
		`"\ud83d"`: "surrogate", `"\ud83dx"`: "surrogate", `"\ud83d\u0041"`: "surrogate", `"\ude00"`: "surrogate",
		"\"\xff\"": "not UTF-8", `{"a":1,"\u0061":2}`: `key "a" is given twice`, `[{"k":{"a":1,"a":1}}]`: `key "a" is given twice`,
		strings.Repeat("[", depth+1): "nested more than 64", strings.Repeat(`{"a":`, depth+1): "nested more than 64",
	} {
		got, err := jsonvalue.Parse(text, depth)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, %v, want an error that says %q", text, got, err, want)
		}
	}
	if _, err := jsonvalue.Parse(strings.Repeat("[", depth)+strings.Repeat("]", depth), depth); err != nil {
		t.Errorf("as deep as allowed: %v", err)
	}
}

func TestAppend(t *testing.T) {
	t.Parallel()
	for want, v := range map[string]any{
		`null`:                    nil,
		`{"a":null,"b":[true,1]}`: object{"b": []any{true, 1}, "a": nil},
		`[null,null]`:             []any{object(nil), []any(nil)},
		"[\"<&>\u2028\u2029\"]":   []any{"<&>\u2028\u2029"},
		`0`:                       json.Number(""),
		`-7`:                      int64(-7),
		`["a","<"]`:               []string{"a", "<"},
		`{"a":1.5}`:               map[string]float64{"a": 1.5},
	} {
		got, err := jsonvalue.Append([]byte("before "), v)
		if err != nil || string(got) != "before "+want {
			t.Errorf("got %s, %v, want %s", got, err, want)
		}
	}
}

func TestAppend_refused(t *testing.T) {
	t.Parallel()
	for name, v := range map[string]any{
		"text":        "\xff",
		"key":         object{"\xc3": 1},
		"inside":      []any{object{"a": "\x80"}},
		"number":      json.Number("1 "),
		"no number":   []any{json.Number("NaN")},
		"hexadecimal": json.Number("0x10"),
		"type":        object{"a": make(chan int)},
	} {
		if got, err := jsonvalue.Append(nil, v); err == nil {
			t.Errorf("%s: got %s", name, got)
		}
	}
}

// What Parse takes it takes as encoding/json does, it refuses what that
// refuses, and what Append writes of it are the same bytes.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`{"a":[1,-2.5e3,"x\u00e4\ud83d\ude00\"",null,true,{}]}`, `{"a":1,"a":2}`, `"\ud800"`, `[01]`, `"` + "\u2028" + `"`, `{"<":"&\u0000"}`, "\xff", `[[[[`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := jsonvalue.Parse(text, depth)
		dec := json.NewDecoder(strings.NewReader(text))
		dec.UseNumber()
		var want any
		known := dec.Decode(&want)
		if known == nil {
			if _, more := dec.Token(); !errors.Is(more, io.EOF) {
				known = errors.New("more than one value")
			}
		}
		if err != nil {
			stricter := !utf8.ValidString(text) || strings.Contains(err.Error(), "given twice") ||
				strings.Contains(err.Error(), "nested more") || strings.Contains(err.Error(), "surrogate")
			if known == nil && !stricter {
				t.Fatalf("%v, but encoding/json reads %v", err, want)
			}
			return
		}
		if diff := cmp.Diff(want, got); diff != "" || known != nil {
			t.Fatalf("encoding/json: %v\n%s", known, diff)
		}
		written, err := jsonvalue.Append(nil, got)
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		if err := errors.Join(err, enc.Encode(want)); err != nil {
			t.Fatal(err)
		}
		// which spells out two characters that matter to JavaScript only
		standard := strings.NewReplacer(`\\`, `\\`, `\u2028`, "\u2028", `\u2029`, "\u2029").Replace(b.String())
		if standard != string(written)+"\n" {
			t.Fatalf("wrote %s, encoding/json %s", written, b.String())
		}
	})
}

// Whatever is read is split into what it is read as. What cannot be split cannot be
// read; what can be split may have a name twice further down.
func FuzzMembers(f *testing.F) {
	for _, text := range []string{
		`{"data": [{"id":"a","n":{"m":[1,{}]}}, [1], null], "next":null}`, `[{"a":1},{"a":1}]`, many(300, "n300"),
		`{"a":1,"a":2}`, `{"a":{"b":1,"b":2}}`, `{"\u0061":1}`, `[[{"a":1,"a":1}]]`, `{} {}`, `[`, `{"a":1`, ` `,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, failed := jsonvalue.Parse(text, depth)
		members, noObject := jsonvalue.Members(text)
		elements, noArray := jsonvalue.Elements(text)
		switch v := v.(type) {
		case map[string]any:
			for name, part := range members {
				if got, err := jsonvalue.Parse(part, depth); err != nil || !cmp.Equal(got, v[name]) {
					t.Errorf("%q is %q, read as %v (%v)", name, part, got, err)
				}
			}
			if noObject != nil || len(members) != len(v) {
				t.Errorf("%v: %d members of %d", noObject, len(members), len(v))
			}
		case []any:
			for i, part := range elements {
				if got, err := jsonvalue.Parse(part, depth); err != nil || !cmp.Equal(got, v[i]) {
					t.Errorf("%d is %q, read as %v (%v)", i, part, got, err)
				}
			}
			if noArray != nil || len(elements) != len(v) {
				t.Errorf("%v: %d elements of %d", noArray, len(elements), len(v))
			}
		default:
			if failed == nil && (noObject == nil || noArray == nil) {
				t.Errorf("%q was split", text)
			}
		}
	})
}

// BenchmarkElements splits a page of entities with so many fields that a check of
// names at all levels would keep tables of them.
func BenchmarkElements(b *testing.B) {
	text := "[" + strings.Repeat(`{"id":"5c1a2b0e-3a1b-4c57-a7c6-0f9a3a9a4c11","name":"orders","config":`+many(120, "last")+"},", 99) + "{}]"
	b.ReportAllocs()
	for b.Loop() {
		if parts, err := jsonvalue.Elements(text); err != nil || len(parts) != 100 {
			b.Fatal(err, len(parts))
		}
	}
}

func BenchmarkParse(b *testing.B) {
	text := `{"id":"5c1a2b0e-3a1b-4c57-a7c6-0f9a3a9a4c11","name":"orders","tags":["a","b"],"config":{"minute":60,"redis":{"host":"redis.example","port":6379,"ssl":false}}}`
	b.ReportAllocs()
	for b.Loop() {
		v, err := jsonvalue.Parse(text, depth)
		if err == nil {
			_, err = jsonvalue.Append(nil, v)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}

func TestObject(t *testing.T) {
	t.Parallel()
	if doc, err := jsonvalue.Object(` {"a": {"b": 1.0}} `); err != nil || !cmp.Equal(doc, map[string]any{"a": map[string]any{"b": json.Number("1.0")}}) {
		t.Errorf("got %v and %v", doc, err)
	}
	for text, want := range map[string]string{
		"": "ends too early", "null": "not an object", "[]": "not an object", `"{}"`: "not an object", "1": "not an object",
		"{": "ends too early", "{}{}": "something follows", `{"a":1,"a":2}`: `"a" is given twice`, "{\"a\":\"\xff\"}": "not UTF-8",
		`{"a":` + strings.Repeat("[", jsonvalue.MaxDepth) + strings.Repeat("]", jsonvalue.MaxDepth) + "}": "nested more than 64",
	} {
		doc, err := jsonvalue.Object(text)
		if err == nil || !strings.Contains(err.Error(), want) || doc != nil {
			t.Errorf("%q: got %v and %v, want an error with %q", text, doc, err, want)
		}
	}
}

func TestMembers(t *testing.T) {
	t.Parallel()
	text := ` {"data": [ {"id" :"\u0061"}, [1], null ], "next":null, "n": -1e3} `
	members, err := jsonvalue.Members(text)
	if diff := cmp.Diff(map[string]string{"data": `[ {"id" :"\u0061"}, [1], null ]`, "next": "null", "n": "-1e3"}, members); diff != "" || err != nil {
		t.Error(err, diff)
	}
	elements, err := jsonvalue.Elements(members["data"])
	if diff := cmp.Diff([]string{`{"id" :"\u0061"}`, "[1]", "null"}, elements); diff != "" || err != nil {
		t.Error(err, diff)
	}
	for name, want := range map[string]string{"id": `"\u0061"`, "none": ""} {
		if got, err := jsonvalue.Member(elements[0], name); got != want || err != nil {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

// many is an object with n members, and then one more.
func many(n int, name string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `"n%d":%d,`, i, i)
	}
	return "{" + b.String() + `"` + name + `":0}`
}

// What is split is JSON throughout, up to where it was read.
func TestMembers_refused(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 100)
	for _, text := range []string{``, ` `, `{`, `{"a"`, `{"a":`, `{"a":1`, `{"a":1,`, `{"a":1,}`, `{"a":1}}`, `{"a":1} x`, `{"a":1,"a":2}`, `{"a":1,"\u0061":2}`, `{"data":[],"next":null,"data":[]}`, `{"next":1,"next":1}`, `{"` + long + `":1,"` + long + `":1}`, many(300, "n7"), `{a:1}`, `[]`, `null`, `1`, `{"a":[}`, "{\"a\":\"\xff\"}"} {
		if got, err := jsonvalue.Members(text); err == nil {
			t.Errorf("%q: %v", text, got)
		}
	}
	for _, text := range []string{``, `[`, `[1`, `[1,`, `[1,]`, `[1]]`, `[1] 2`, `{}`, `"x"`, `[{"a":1,"a":2}]`, `[{"a":1}, {"b":1,"a":[2],"\u0062":1}]`, `[` + many(300, "n299") + `]`, `[{"a":{]}]`, `[{"a" 1}]`, `[{"a":1,}]`, "[{\"\xff\":1}]"} {
		if got, err := jsonvalue.Elements(text); err == nil {
			t.Errorf("%q: %v", text, got)
		}
	}
}
