package document

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

type object = map[string]any

// record compiles a record of these fields.
func record(t *testing.T, fields ...any) *schema.Field {
	t.Helper()
	s, err := schema.Compile(schema.Def{"fields": []any{object{"config": object{"type": "record", "fields": fields}}}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s.Field("config")
}

func field(name string, def object) any { return object{name: def} }

// A copy shows defaults and what can be no secret, and nothing else of what
// anybody wrote.
func TestConceal(t *testing.T) {
	t.Parallel()
	text := object{"type": "string"}
	f := record(t,
		field("host", object{"type": "string", "default": "localhost"}),
		field("policy", object{"type": "string", "one_of": []any{"local", "redis"}, "default": "local"}),
		field("password", object{"type": "string", "encrypted": true}),
		field("pin", object{"type": "number", "encrypted": true}),
		field("mode", object{"type": "string", "encrypted": true, "one_of": []any{"on", "off"}}),
		field("minute", object{"type": "number"}),
		field("on", object{"type": "boolean"}),
		field("headers", object{"type": "map", "keys": text, "values": text}),
		field("methods", object{"type": "set", "elements": object{"type": "string", "one_of": []any{"GET", "POST"}}}),
		field("names", object{"type": "array", "elements": text, "default": []any{"a", "b"}}),
		field("redis", object{"type": "record", "default": object{"name": "main"}, "fields": []any{
			field("name", text), field("port", object{"type": "integer", "default": json.Number("6379")}),
		}}),
		field("nodes", object{"type": "array", "elements": object{"type": "record", "fields": []any{field("kind", object{"type": "string", "default": "x"}), field("text", text)}}}),
		field("free", object{"type": "json", "json_schema": object{"inline": object{"type": "object"}}}),
	)
	const hidden = Concealed
	n := func(text string) json.Number { return json.Number(text) }
	for name, c := range map[string]struct{ in, want object }{
		"defaults":       {object{"host": "localhost", "policy": "local", "names": []any{"a", "b"}}, object{"host": "localhost", "policy": "local", "names": []any{"a", "b"}}},
		"a text":         {object{"host": "db.example"}, object{"host": hidden}},
		"an empty text":  {object{"host": ""}, object{"host": ""}},
		"a listed text":  {object{"policy": "redis", "methods": []any{"GET"}}, object{"policy": "redis", "methods": []any{"GET"}}},
		"an unlisted":    {object{"policy": "hunter2"}, object{"policy": hidden}},
		"numbers":        {object{"minute": n("5"), "on": true}, object{"minute": n("5"), "on": true}},
		"secrets":        {object{"password": "hunter2", "pin": n("1234"), "mode": "on"}, object{"password": hidden, "pin": hidden, "mode": hidden}},
		"a reference":    {object{"password": "{vault://env/pw}"}, object{"password": "{vault://env/pw}"}},
		"unknown":        {object{"password": schema.Unknown, "redis": schema.Unknown}, object{"password": schema.Unknown, "redis": schema.Unknown}},
		"headers":        {object{"headers": object{"Authorization": "Basic x"}}, object{"headers": object{"Authorization": hidden}}},
		"another list":   {object{"names": []any{"a", "c"}}, object{"names": []any{hidden, hidden}}},
		"a record":       {object{"redis": object{"name": "main", "port": n("6379")}}, object{"redis": object{"name": "main", "port": n("6379")}}},
		"within a list":  {object{"nodes": []any{object{"kind": "x", "text": "y"}}}, object{"nodes": []any{object{"kind": "x", "text": hidden}}}},
		"free form":      {object{"free": object{"a": []any{"b", n("1")}}}, object{"free": object{"a": []any{hidden, n("1")}}}},
		"no field":       {object{"colour": "red", "size": n("3")}, object{"colour": hidden, "size": n("3")}},
		"no field, odd":  {object{"api_token": n("3"), "X-Secret": object{"a": n("1")}}, object{"api_token": hidden, "X-Secret": object{"a": hidden}}},
		"null":           {object{"host": nil, "redis": nil}, object{"host": nil, "redis": nil}},
		"the wrong kind": {object{"redis": "x", "host": object{"a": "b"}, "minute": []any{"c"}}, object{"redis": hidden, "host": object{"a": hidden}, "minute": []any{hidden}}},
	} {
		once := Conceal(f, c.in)
		if diff := cmp.Diff(any(c.want), once); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
		if diff := cmp.Diff(once, Conceal(f, once)); diff != "" {
			t.Errorf("%s: concealing again changes it:\n%s", name, diff)
		}
	}
	if got := Conceal(nil, object{"a": "b", "n": n("1")}); !cmp.Equal(got, any(object{"a": hidden, "n": n("1")})) {
		t.Errorf("without a schema: %v", got)
	}
}
