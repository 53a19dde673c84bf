package plugins_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// subject is a plugin of some size: a set that knows it and the JSON text of
// an entity.
type subject struct {
	name   string
	plugin string
	set    *plugins.Set
	text   []byte
}

func subjects(b *testing.B) []subject {
	b.Helper()
	sparse := []byte(`{"name": "rate-limiting", "config": {"minute": 20, "hour": 500, "policy": "redis", "limit_by": "header",
			"header_name": "X-Key", "redis": {"host": "redis.example.com", "port": 6380, "password": "{vault://env/redis}", "ssl": true}}}`)
	return []subject{
		{"rate-limiting", "rate-limiting", bundled, sparse},
		{"rate-limiting as stored", "rate-limiting", bundled, stored(b, bundled, sparse)},
		wide(b, 200),
		nested(b, 50),
	}
}

// stored is the entity as a control plane keeps and returns it: complete.
func stored(b *testing.B, set *plugins.Set, text []byte) []byte {
	b.Helper()
	out, errs := set.Schema().Check(b.Context(), parse(b, text), schema.Insert, schema.Auto{})
	if errs != nil {
		b.Fatal(errs)
	}
	complete, err := json.Marshal(out)
	if err != nil {
		b.Fatal(err)
	}
	return complete
}

// wide is a custom plugin of n fields of all sorts, half of them given.
func wide(b *testing.B, n int) subject {
	b.Helper()
	var fields []any
	config := make(map[string]any)
	for i := range n {
		name := fmt.Sprintf("field_%03d", i)
		def, v := schema.Def{}, any(nil)
		switch i % 4 {
		case 0:
			def, v = schema.Def{"type": "string", "len_max": schema.Number("64"), "default": "none"}, "some text"
		case 1:
			def, v = schema.Def{"type": "integer", "between": []any{schema.Number("0"), schema.Number("1000")}}, i
		case 2:
			def, v = schema.Def{"type": "string", "one_of": []any{"a", "b", "c"}}, "b"
		case 3:
			def, v = schema.Def{"type": "array", "elements": schema.Def{"type": "string"}, "default": []any{"x"}}, []any{"p", "q"}
		}
		fields = append(fields, schema.Def{name: def})
		if i%8 < 4 {
			config[name] = v
		}
	}
	return customSubject(b, "wide", fields, config)
}

// nested is a custom plugin whose configuration is a list of n rules, each a
// record that holds records: 8 KB of JSON at 50 rules.
func nested(b *testing.B, n int) subject {
	b.Helper()
	text := func(more ...schema.Def) schema.Def {
		def := schema.Def{"type": "string"}
		for _, m := range more {
			for k, v := range m {
				def[k] = v
			}
		}
		return def
	}
	rule := schema.Def{"type": "record", "fields": []any{
		schema.Def{"name": text(schema.Def{"required": true, "match": "^[%w-]+$"})},
		schema.Def{"match": schema.Def{"type": "record", "fields": []any{
			schema.Def{"path": text(schema.Def{"starts_with": "/"})},
			schema.Def{"methods": schema.Def{"type": "set", "elements": text(schema.Def{"one_of": []any{"GET", "POST", "PUT"}})}},
		}}},
		schema.Def{"limit": schema.Def{"type": "integer", "between": []any{schema.Number("1"), schema.Number("100000")}}},
		schema.Def{"action": text(schema.Def{"one_of": []any{"allow", "deny"}, "default": "allow"})},
		schema.Def{"tags": schema.Def{"type": "array", "elements": text()}},
	}}
	var rules []any
	for i := range n {
		rules = append(rules, map[string]any{
			"name": fmt.Sprintf("rule-%d", i), "limit": i + 1, "tags": []any{"first", "second", "third"}, "action": "deny",
			"match": map[string]any{"path": fmt.Sprintf("/api/v1/resources/%d", i), "methods": []any{"GET", "POST"}},
		})
	}
	fields := []any{schema.Def{"rules": schema.Def{"type": "array", "elements": rule}}}
	return customSubject(b, "rules", fields, map[string]any{"rules": rules})
}

func customSubject(b *testing.B, name string, fields []any, config map[string]any) subject {
	b.Helper()
	def := schema.Def{"name": name, "fields": []any{schema.Def{"config": schema.Def{"type": "record", "fields": fields}}}}
	p, err := plugins.New(def, entity.Plugin.Schema(), entity.Schemas)
	if err != nil {
		b.Fatal(err)
	}
	text, err := json.Marshal(map[string]any{"name": name, "config": config})
	if err != nil {
		b.Fatal(err)
	}
	return subject{name, name, plugins.NewSet(entity.Plugin.Schema(), p), text}
}

func parse(b *testing.B, text []byte) map[string]any {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v map[string]any
	if err := d.Decode(&v); err != nil {
		b.Fatal(err)
	}
	return v
}

// BenchmarkValidate completes and judges a decoded entity; BenchmarkDecode, to
// compare with, decodes the same entity from JSON.
func BenchmarkValidate(b *testing.B) {
	for _, s := range subjects(b) {
		b.Run(s.name, func(b *testing.B) {
			in := parse(b, s.text)
			b.SetBytes(int64(len(s.text)))
			b.ReportAllocs()
			for b.Loop() {
				if _, errs := s.set.Schema().Check(b.Context(), in, schema.Insert, schema.Auto{}); errs != nil {
					b.Fatal(errs.Summary())
				}
			}
		})
	}
}

func BenchmarkDecode(b *testing.B) {
	for _, s := range subjects(b) {
		b.Run(s.name, func(b *testing.B) {
			b.SetBytes(int64(len(s.text)))
			b.ReportAllocs()
			for b.Loop() {
				parse(b, s.text)
			}
		})
	}
}

// BenchmarkLoad decodes and compiles one plugin, or all that are bundled.
func BenchmarkLoad(b *testing.B) {
	for _, names := range [][]string{{"rate-limiting"}, {"openid-connect"}, bundled.Names()} {
		name := names[0]
		if len(names) > 1 {
			name = "all"
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				set := plugins.Bundled(entity.Plugin.Schema(), entity.Schemas)
				for _, n := range names {
					if _, err := set.Load(n); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}
