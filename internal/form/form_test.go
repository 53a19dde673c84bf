package form_test

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/form"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins/sample"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// submitted is what a browser sends of a form: each control has its one name, and
// the ones that are empty are sent as well.
func submitted(controls []*form.Control) url.Values {
	out := url.Values{}
	var send func(c *form.Control)
	send = func(c *form.Control) {
		text := strings.ReplaceAll(c.Value, "\n", "\r\n")
		switch c.Kind {
		case form.Record:
			if c.Given {
				out.Set(c.Name+"#on", "on")
			}
		case form.List, form.Map:
			out.Set(c.Name+"#rows", strconv.Itoa(len(c.Parts)))
		case form.Choices:
			for _, o := range c.Options {
				if o.Chosen {
					out.Add(c.Name+"#set", o.Value)
				}
			}
		case form.JSON:
			if strings.HasSuffix(c.Name, "#others") {
				out.Set(c.Name, text)
			} else {
				out.Set(c.Name+"#json", text)
			}
		case form.Choice, form.Truth:
			for _, o := range c.Options {
				if o.Chosen {
					out.Set(c.Name, o.Value)
				}
			}
		default:
			out.Set(c.Name, text)
		}
		if c.Key != nil {
			out.Set(c.Name+"#key", *c.Key)
		}
		for _, p := range c.Parts {
			send(p)
		}
	}
	for _, c := range controls {
		send(c)
	}
	return out
}

// copied takes a document through a form, there and back.
func copied(fields []*schema.Field, doc map[string]any) (map[string]any, []form.Fault) {
	return form.Read(fields, submitted(form.New(fields, doc, form.Options{})))
}

// Every configuration of every bundled plugin goes through its form unchanged.
func TestForm_bundled(t *testing.T) {
	t.Parallel()
	set := plugins.Bundled(entity.Plugin.Schema(), entity.Schemas)
	for _, name := range set.Names() {
		p, err := set.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		fields := p.Schema.Fields
		for kind, find := range map[string]func() (map[string]any, error){
			"none":    func() (map[string]any, error) { return nil, nil },
			"minimal": func() (map[string]any, error) { return sample.Minimal(t.Context(), p) },
			"rich":    func() (map[string]any, error) { return sample.Rich(t.Context(), p) },
		} {
			config, err := find()
			if err != nil {
				t.Fatal(name, err)
			}
			doc := map[string]any{"name": name, "tags": []any{"a", "b"}, "service": map[string]any{"id": "x"}}
			if config != nil {
				doc["config"] = config
			}
			if got, faults := copied(fields, doc); faults != nil || !cmp.Equal(parse(t, got), parse(t, doc)) {
				t.Errorf("%s, %s: %v\n%s", name, kind, faults, cmp.Diff(parse(t, doc), parse(t, got)))
			}
		}
	}
}

// parse brings a document into the form of decoded JSON.
func parse(t testing.TB, doc map[string]any) any {
	t.Helper()
	text, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonvalue.Parse(string(text), 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// fields has one of each type.
var fields = schema.MustCompile(schema.Def{"name": "all", "fields": []any{
	map[string]any{"text": map[string]any{"type": "string"}},
	map[string]any{"one": map[string]any{"type": "string", "one_of": []any{"a", "b"}}},
	map[string]any{"truth": map[string]any{"type": "boolean", "default": true}},
	map[string]any{"whole": map[string]any{"type": "integer"}},
	map[string]any{"number": map[string]any{"type": "number"}},
	map[string]any{"some": map[string]any{"type": "set", "elements": map[string]any{"type": "string", "one_of": []any{"a", "b"}}}},
	map[string]any{"texts": map[string]any{"type": "array", "elements": map[string]any{"type": "string"}}},
	map[string]any{"wholes": map[string]any{"type": "array", "elements": map[string]any{"type": "integer"}}},
	map[string]any{"lists": map[string]any{"type": "array", "elements": map[string]any{"type": "array", "elements": map[string]any{"type": "string"}}}},
	map[string]any{"map": map[string]any{"type": "map", "keys": map[string]any{"type": "string"}, "values": map[string]any{"type": "string"}}},
	map[string]any{"record": map[string]any{"type": "record", "fields": []any{map[string]any{"in": map[string]any{"type": "integer"}}}}},
	map[string]any{"records": map[string]any{"type": "array", "elements": map[string]any{"type": "record", "fields": []any{map[string]any{"in": map[string]any{"type": "integer"}}}}}},
	map[string]any{"named": map[string]any{"type": "map", "keys": map[string]any{"type": "string"}, "values": map[string]any{"type": "record", "fields": []any{map[string]any{"in": map[string]any{"type": "integer"}}}}}},
	map[string]any{"any": map[string]any{"type": "json", "json_schema": map[string]any{"inline": map[string]any{"type": "object"}}}},
}}, nil).Fields

// Documents go through a form unchanged, also those that no schema would take.
func TestForm_documents(t *testing.T) {
	t.Parallel()
	for _, doc := range documents {
		in, err := jsonvalue.Object(doc)
		if err != nil {
			t.Fatal(err)
		}
		if got, faults := copied(fields, in); faults != nil || !cmp.Equal(in, got) {
			t.Errorf("%s: %v\n%s", doc, faults, cmp.Diff(in, got))
		}
	}
}

var documents = []string{
	`{}`, `{"text":"a"}`, `{"text":" a "}`, `{"text":""}`, `{"text":"a\nb\n"}`, `{"text":"a\r\nb"}`, `{"text":"a\n"}`, `{"text":5}`, `{"text":{"a":1}}`, `{"text":"\u0000"}`,
	`{"one":"a"}`, `{"one":"neither"}`, `{"one":[]}`, `{"truth":false}`, `{"truth":"false"}`, `{"whole":1}`, `{"whole":"1"}`, `{"whole":"many"}`, `{"whole":1.5}`, `{"number":1e400}`, `{"number":-0}`,
	`{"some":["a"]}`, `{"some":["a","b","neither"]}`, `{"some":[]}`, `{"some":["a","a"]}`, `{"some":"a"}`, `{"some":[1]}`,
	`{"texts":["a","","b"]}`, `{"texts":["a","a"]}`, `{"texts":[null]}`, `{"texts":["a\nb"]}`, `{"texts":{}}`, `{"wholes":[1,"x"]}`, `{"wholes":[true]}`, `{"lists":[["a"],[]]}`,
	`{"map":{"a":"b","":"c"}}`, `{"map":{"a":""}}`, `{"map":{"a":null}}`, `{"map":{"a.b[0]#key":"c"}}`, `{"map":{}}`, `{"map":[1]}`, `{"map":{" ":"x"}}`, `{"map":{"a\n":"x"}}`,
	`{"record":{}}`, `{"record":{"in":5}}`, `{"record":{"in":5,"other":1}}`, `{"record":{"in":null}}`, `{"record":5}`, `{"record":{"other":null}}`,
	`{"records":[{},{"in":5},{"in":"x","y":[{}]}]}`, `{"records":[null]}`, `{"records":[[]]}`, `{"named":{"a":{},"b":{"in":1}}}`, `{"named":{"a":5}}`,
	`{"any":{"a":[1,null,"x"]}}`, `{"any":"text"}`, `{"any":5}`, `{"any":[]}`,
}

func TestRead(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		sent, want string
		faults     []string
	}{
		"nothing":                   {"", `{}`, nil},
		"not of this form":          {"text=a&in.other=b&in.text.x=c", `{}`, nil},
		"a number that is none":     {"in.whole=many", `{"whole":"many"}`, nil},
		"a number with space":       {"in.whole=+5+", `{"whole":5}`, nil},
		"a key too many":            {"in.text=a%0D%0A", `{"text":"a"}`, nil},
		"not UTF-8":                 {"in.text=%FF", "{\"text\":\"\uFFFD\"}", nil},
		"bad JSON":                  {"in.any%23json=%7B", `{"any":"{"}`, []string{"any"}},
		"other fields are no JSON":  {"in.record%23others=%5B1%5D&in.record%23on=on", `{"record":{}}`, []string{"record"}},
		"other fields that we know": {"in.record%23others=%7B%22in%22:1%7D&in.record%23on=on", `{"record":{}}`, nil},
		"rows that nobody counted":  {"in.texts%5B0%5D=a", `{}`, nil},
		"rows that nobody sent":     {"in.texts%23rows=99999999999999999999", `{}`, nil},
		"many rows":                 {"in.records%23rows=-5", `{}`, nil},
		"empty rows are none":       {"in.texts%23rows=3&in.texts%5B1%5D=b", `{"texts":["b"]}`, nil},
		"a row goes":                {"in.texts%23rows=2&in.texts%5B0%5D=a&in.texts%5B1%5D=b&remove=in.texts%5B0%5D", `{"texts":["b"]}`, nil},
		"a row comes":               {"in.records%23rows=1&in.records%5B0%5D.in=5&add=in.records", `{"records":[{"in":5},{}]}`, nil},
		"a list comes":              {"add=in.lists", `{"lists":[[]]}`, nil},
		"an entry comes":            {"add=in.named", `{"named":{"":{}}}`, nil},
		"an entry without a name":   {"in.map%23rows=1&in.map%5B0%5D=a", `{"map":{"":"a"}}`, []string{"map"}},
		"an entry without a value":  {"in.map%23rows=1&in.map%5B0%5D%23key=a", `{"map":{"a":""}}`, nil},
		"two of one name":           {"in.map%23rows=2&in.map%5B0%5D%23key=a&in.map%5B0%5D=1&in.map%5B1%5D%23key=a&in.map%5B1%5D=2", `{"map":{"a":"1"}}`, []string{"map.a"}},
		"chosen twice":              {"in.some%23set=a&in.some%23set=a&in.some%23set=", `{"some":["a"]}`, nil},
	} {
		sent, err := url.ParseQuery(tt.sent)
		if err != nil {
			t.Fatal(name, err)
		}
		want, err := jsonvalue.Object(tt.want)
		if err != nil {
			t.Fatal(name, err)
		}
		got, faults := form.Read(fields, sent)
		var at []string
		for _, f := range faults {
			at = append(at, f.Path.String())
		}
		if !cmp.Equal(want, got) || !slices.Equal(tt.faults, at) {
			t.Errorf("%s: faults %q, %s", name, faults, cmp.Diff(want, got))
		}
	}
}

// What is too large is cut, and says so.
func TestForm_bounds(t *testing.T) {
	t.Parallel()
	rows := url.Values{}
	var fill func(name string, depth int)
	fill = func(name string, depth int) {
		rows.Set(name+"#rows", "101")
		for i := range 101 {
			if depth > 0 {
				fill(name+"["+strconv.Itoa(i)+"]", depth-1)
			}
		}
	}
	def := schema.Def{"type": "string"}
	for range 4 {
		def = schema.Def{"type": "array", "elements": def}
	}
	deep := schema.MustCompile(schema.Def{"name": "deep", "fields": []any{map[string]any{"a": def}}}, nil).Fields
	fill("in.a", 2)
	if _, faults := form.Read(deep, rows); len(faults) != 1 {
		t.Errorf("%d faults: %v", len(faults), faults)
	}
	var many any = []any{}
	for range 90 {
		list := []any{}
		for range 90 {
			list = append(list, []any{[]any{"a"}})
		}
		many = append(many.([]any), list)
	}
	controls := form.New(deep, map[string]any{"a": many}, form.Options{})
	count := 0
	var visit func(c *form.Control)
	visit = func(c *form.Control) {
		count++
		for _, p := range c.Parts {
			visit(p)
		}
	}
	visit(controls[0])
	if count > form.MostControls+200 {
		t.Errorf("%d controls", count)
	}
	if got, faults := copied(deep, map[string]any{"a": many}); faults != nil || !cmp.Equal(got["a"], many) {
		t.Error("a large document does not come back: ", faults)
	}
}

func TestNew(t *testing.T) {
	t.Parallel()
	doc := map[string]any{"records": []any{map[string]any{"in": "x"}}, "texts": []any{"a"}}
	controls := form.New(fields, doc, form.Options{
		Faults: map[string][]string{"records[0].in": {"expected an integer"}},
		About:  func(_ schema.Path, f *schema.Field) string { return "about " + f.Name },
	})
	for at, want := range map[string]struct {
		name, value string
		faults      int
	}{
		"records[0].in": {"in.records[0].in", "x", 1}, "records[0].none": {"in.records[0]", "", 0}, "texts[0]": {"in.texts[0]", "a", 0}, "texts[9]": {"in.texts", "", 0}, "truth": {"in.truth", "", 0},
	} {
		path, err := schema.ParsePath(at)
		if err != nil {
			t.Fatal(err)
		}
		c := form.Find(controls, path)
		if c == nil || c.Name != want.name || c.Value != want.value || len(c.Faults) != want.faults {
			t.Errorf("%s: %+v", at, c)
		}
	}
	records := form.Find(controls, schema.Path{schema.Key("records")})
	if !records.HasFault() || !records.Extends || !records.Parts[0].Row || records.About != "about records" {
		t.Errorf("%+v", records)
	}
	if c := form.Find(controls, schema.Path{schema.Key("truth")}); c.Default != "true" || len(c.Options) != 2 || c.Given {
		t.Errorf("%+v", c)
	}
	if c := form.Find(controls, schema.Path{schema.Key("none")}); c != nil {
		t.Errorf("%+v", c)
	}
}

// FuzzForm reads whatever is sent. What comes of it is shown, sent again and read
// as the same.
func FuzzForm(f *testing.F) {
	f.Add("in.text=a&in.texts%23rows=2&in.texts%5B0%5D=b&in.map%23rows=1&in.map%5B0%5D%23key=k&add=in.records&in.any%23json=%7B%7D&in.some%23set=a")
	for _, doc := range documents {
		in, err := jsonvalue.Object(doc)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(submitted(form.New(fields, in, form.Options{})).Encode())
	}
	f.Fuzz(func(t *testing.T, query string) {
		sent, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		doc, faults := form.Read(fields, sent)
		if len(faults) > 0 || sent.Get("add") != "" {
			return // shown with what is wrong, or with what is still to be filled
		}
		again, faults := copied(fields, doc)
		for _, f := range fields { // a set has no order
			if faults != nil || !document.Exactly.Same(f, doc[f.Name], again[f.Name]) {
				t.Errorf("%s: %v\n%s", f.Name, faults, cmp.Diff(doc, again))
			}
		}
	})
}
