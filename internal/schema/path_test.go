package schema_test

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

var key, at, each = schema.Key, schema.At, schema.Each

func TestParsePath(t *testing.T) {
	for text, want := range map[string]schema.Path{
		"":                     {},
		"port":                 {key("port")},
		"config.cluster_type":  {key("config"), key("cluster_type")},
		"config.tools[0].name": {key("config"), key("tools"), at(0), key("name")},
		"a[10][2147483647]":    {key("a"), at(10), at(math.MaxInt32)},
		"[3].name":             {at(3), key("name")},
		"config.targets[]":     {key("config"), key("targets"), each},
		"a.x5t#S256.é-ö b":     {key("a"), key("x5t#S256"), key("é-ö b")},
	} {
		got, err := schema.ParsePath(text)
		if err != nil || !cmp.Equal(got, want) {
			t.Errorf("%q: got %v and %v, want %v", text, got, err, want)
		}
		if again := got.String(); again != text {
			t.Errorf("%q is written as %q", text, again)
		}
	}
}

func TestParsePath_invalid(t *testing.T) {
	for text, want := range map[string]string{
		".":                       "character 1: a path begins with a name or with [",
		".a":                      "character 1: a path begins with a name or with [",
		"a.":                      "character 2: a name is missing",
		"a..b":                    "character 2: a name is missing",
		"a.[0]":                   "character 2: a name is missing",
		"]":                       "character 1: a name is missing",
		"a]":                      "character 1: ] without [",
		"a.b]c":                   "character 2: ] without [",
		"a[":                      "character 2: [ without ]",
		"a[1":                     "character 2: [ without ]",
		"a[1]b":                   "character 5: a dot or [ is missing",
		"a[0]]":                   "character 5: a dot or [ is missing",
		"a[[0]]":                  "character 2: between [ and ] belongs an index",
		"a[x]":                    "character 2: between [ and ] belongs an index",
		"a[01]":                   "character 2: between [ and ] belongs an index",
		"a[-1]":                   "character 2: between [ and ] belongs an index",
		"a[+1]":                   "character 2: between [ and ] belongs an index",
		"a[ 1]":                   "character 2: between [ and ] belongs an index",
		"a[1.5]":                  "character 2: between [ and ] belongs an index",
		"a[*]":                    "character 2: between [ and ] belongs an index",
		"a[2147483648]":           "character 2: between [ and ] belongs an index",
		"a[99999999999999999999":  "character 2: [ without ]",
		"a[99999999999999999999]": "character 2: between [ and ] belongs an index",
	} {
		got, err := schema.ParsePath(text)
		if err == nil || !strings.Contains(err.Error(), want) || got != nil {
			t.Errorf("%q: got %v and %v, want an error with %q", text, got, err, want)
		}
	}
}

// some is a document with everything that a path can meet.
func some() map[string]any {
	return map[string]any{
		"name": "a", "null": nil, "later": schema.Unknown, "table": map[string]any{},
		"config": map[string]any{"host": "h", "list": []any{"x", map[string]any{"port": 1}, nil}},
	}
}

func TestPath_Get(t *testing.T) {
	for text, want := range map[string]any{
		"name": "a", "config.host": "h", "config.list[0]": "x", "config.list[1].port": 1,
		"later": schema.Unknown, "later.x": schema.Unknown, "later[2].x": schema.Unknown,
		"null": nil, "null.x": nil, "none": nil, "none.x": nil, "name.x": nil, "name[0]": nil, "table.x": nil, "table[0]": nil,
		"config[0]": nil, "config.list.x": nil, "config.list[3]": nil, "config.list[]": nil, "config.list[0].x": nil, "[0]": nil,
	} {
		path := parsed(t, text)
		if got := path.Get(some()); got != want {
			t.Errorf("%s: got %v, want %v", text, got, want)
		}
		there := want != nil || text == "null"
		if _, ok := path.Lookup(some()); ok != there {
			t.Errorf("%s: there is %v, want %v", text, ok, there)
		}
	}
	if got := parsed(t, "").Get("x"); got != "x" {
		t.Errorf("the root is %v", got)
	}
}

func TestPath_Set(t *testing.T) {
	for text, where := range map[string]string{
		"name": "name", "null": "null", "null.x.y": "null.x.y", "none.x": "none.x", "config.list[2]": "config.list[2]", "config.list[2].x": "config.list[2].x",
		"config.list[1].port": "config.list[1].port", "config.list[]": "config.list[3]", "config.list[].x": "config.list[3].x",
		"none[]": "none[0]", "null.x[]": "null.x[0]", "later": "later", "table.x": "table.x",
	} {
		doc := some()
		if !parsed(t, text).Set(doc, "v") || parsed(t, where).Get(doc) != "v" {
			t.Errorf("%s: got %v", text, doc)
		}
	}
	for _, text := range []string{
		"", "name.x", "name[0]", "name[]", "later.x", "later[]", "table[0]", "table[]", "none[0]", "none.x[0]", "null.x[1].y",
		"config[0]", "config[]", "config.list.x", "config.list[3]", "config.list[3].x", "config.list[0].x", "[0]", "[]",
	} {
		doc := some()
		if parsed(t, text).Set(doc, "v") || !schema.Equal(doc, some()) {
			t.Errorf("%s: got %v", text, doc)
		}
	}
}

func TestPath_Set_nil(t *testing.T) {
	for _, text := range []string{"none.x", "none[]", "null.x", "config.host.x"} {
		doc := some()
		if parsed(t, text).Set(doc, nil) || !schema.Equal(doc, some()) {
			t.Errorf("%s: got %v", text, doc)
		}
	}
	doc := some()
	if !parsed(t, "config.host").Set(doc, nil) || parsed(t, "config.host").Get(doc) != nil {
		t.Errorf("got %v", doc)
	}
}

func TestPath_Delete(t *testing.T) {
	for text, rest := range map[string]string{"name": "name", "null": "null", "config.host": "config.host", "config.list[0]": "config.list[2]", "config.list[]": "config.list[2]"} {
		doc := some()
		list := parsed(t, "config.list").Get(doc).([]any)
		if !parsed(t, text).Delete(doc) {
			t.Errorf("%s was not there", text)
		}
		if _, there := parsed(t, rest).Lookup(doc); there {
			t.Errorf("%s: got %v", text, doc)
		}
		if !cmp.Equal(list, some()["config"].(map[string]any)["list"]) {
			t.Errorf("%s: the list itself was changed: %v", text, list)
		}
	}
	for _, text := range []string{"", "none", "none.x", "null.x", "null[]", "name.x", "name[0]", "later.x", "table.x", "table[0]", "config.list.x", "config.list[3]", "config[0]", "[]"} {
		doc := some()
		if parsed(t, text).Delete(doc) || !schema.Equal(doc, some()) {
			t.Errorf("%s: got %v", text, doc)
		}
	}
}

func TestPath_AnyElement(t *testing.T) {
	for text, want := range map[string]string{"": "", "a.b": "a.b", "a[1].b[0]": "a[].b[]", "a[]": "a[]"} {
		p := parsed(t, text)
		if got := p.AnyElement().String(); got != want || p.String() != text {
			t.Errorf("%s: got %s", text, got)
		}
	}
}

func TestPath_Join(t *testing.T) {
	p := make(schema.Path, 0, 8)
	p = append(p, key("a"))
	one, two := p.Join(key("b")), p.Join(at(1), key("c"))
	if one.String() != "a.b" || two.String() != "a[1].c" {
		t.Errorf("got %s and %s", one, two)
	}
}

func TestDotted(t *testing.T) {
	for text, want := range map[string]schema.Path{
		"a": {key("a")}, "a.b": {key("a"), key("b")}, "a.b[0]": {key("a"), key("b[0]")}, "a[": {key("a[")},
	} {
		if got := schema.Dotted(text); !cmp.Equal(got, want) {
			t.Errorf("%s: got %v", text, got)
		}
	}
}

// FuzzPath reads a text as a path, and back; a value set there is there.
func FuzzPath(f *testing.F) {
	for _, text := range []string{"", "a.b", "config.list[1].port", "config.list[]", "none[].x", "later.x", "a[01]", "a..b", "]", "[99999999999999999999]"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		path, err := schema.ParsePath(text)
		if err != nil {
			return
		}
		if got := path.String(); got != text {
			t.Fatalf("%q is written as %q", text, got)
		}
		doc := some()
		if !path.Set(doc, "v") {
			if !schema.Equal(doc, some()) {
				t.Errorf("%q cannot be set, but changed the document: %v", text, doc)
			}
			return
		}
		open := strings.Contains(text, "[]")
		if got := path.Get(doc); !open && got != "v" || open && got != nil {
			t.Errorf("%q was set and holds %v", text, got)
		}
		if _, err := schema.ParsePath(path.AnyElement().String()); err != nil {
			t.Error(err)
		}
		if !open && (!path.Delete(doc) || path.Get(doc) == "v") {
			t.Errorf("%q cannot be deleted: %v", text, doc)
		}
	})
}

func parsed(t *testing.T, text string) schema.Path {
	t.Helper()
	path, err := schema.ParsePath(text)
	if err != nil {
		t.Fatal(err)
	}
	return path
}
