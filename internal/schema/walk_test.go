package schema

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// walked is a schema with everything that a walk can meet.
func walked(t testing.TB) *Schema {
	t.Helper()
	text := Def{"type": "string"}
	record := func(fields ...any) Def { return Def{"type": "record", "fields": fields} }
	kinds := record(Def{"kind": text}, Def{"name": text})
	kinds["subschema_key"] = "kind"
	kinds["subschemas"] = map[string]any{
		"call": Def{"fields": []any{Def{"url": Def{"type": "string", "encrypted": true}}}},
		"jump": Def{"fields": []any{Def{"to": Def{"type": "integer"}}}},
	}
	config := record(
		Def{"host": text}, Def{"any": Def{"type": "json"}},
		Def{"labels": Def{"type": "map", "keys": text, "values": text}},
		Def{"named": Def{"type": "map", "keys": text, "values": record(Def{"port": Def{"type": "integer"}})}},
		Def{"targets": Def{"type": "array", "elements": record(Def{"port": Def{"type": "integer"}})}},
		Def{"tags": Def{"type": "set", "elements": text}},
		Def{"nodes": Def{"type": "array", "elements": kinds}},
		Def{"service": Def{"type": "foreign", "reference": "services"}},
	)
	old := &Function{Name: "old", Call: func(context.Context, ...any) ([]any, error) { return nil, nil }}
	config["shorthand_fields"] = []any{Def{"server": Def{"type": "string", "func": old}}}
	s, err := Compile(Def{"name": "x", "fields": []any{Def{"name": text}, Def{"config": config}}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func walkedDocument() map[string]any {
	return map[string]any{
		"name": "n", "stray": map[string]any{"x": []any{"y"}},
		"config": map[string]any{
			"host": Unknown, "server": "s", "any": map[string]any{"z": nil},
			"labels":  map[string]any{"b": "2", "a": "1"},
			"named":   map[string]any{"k": map[string]any{"port": Number("1")}},
			"targets": []any{map[string]any{"port": Number("2")}, nil, "no record", Unknown},
			"tags":    []any{"t", "u"},
			"nodes":   []any{map[string]any{"kind": "call", "url": "u"}, map[string]any{"kind": "none", "url": "u"}, map[string]any{"kind": Unknown, "to": "j"}},
			"service": map[string]any{"id": "i"},
		},
	}
}

func TestWalk_order(t *testing.T) {
	var got []string
	out := walked(t).Walk(walkedDocument(), func(c *Cursor) bool {
		line := c.Path.String() + " is "
		if c.Field == nil {
			line += "nothing"
		} else {
			line += c.Field.Type.String() + " " + c.Field.Name
		}
		if c.Field != nil && c.Field.Func != nil {
			line += ", of old"
		}
		line += map[bool]string{true: " in a record"}[c.Parent != nil] + map[bool]string{true: " with members"}[c.Level != nil]
		got = append(got, line)
		return c.Path.String() != "config.named"
	})
	want := []string{
		" is record  with members",
		"config is record config in a record with members",
		"config.any is json any in a record",
		"config.any.z is nothing",
		"config.host is string host in a record",
		"config.labels is map labels in a record",
		"config.labels.a is string ",
		"config.labels.b is string ",
		"config.named is map named in a record",
		"config.nodes is array nodes in a record",
		"config.nodes[0] is record  with members",
		"config.nodes[0].kind is string kind in a record",
		"config.nodes[0].url is string url in a record",
		"config.nodes[1] is record  with members",
		"config.nodes[1].kind is string kind in a record",
		"config.nodes[1].url is nothing in a record",
		"config.nodes[2] is record  with members",
		"config.nodes[2].kind is string kind in a record",
		"config.nodes[2].to is nothing in a record",
		"config.server is string server, of old in a record",
		"config.service is foreign service in a record",
		"config.service.id is nothing",
		"config.tags is set tags in a record",
		"config.tags[0] is string ",
		"config.tags[1] is string ",
		"config.targets is array targets in a record",
		"config.targets[0] is record  with members",
		"config.targets[0].port is integer port in a record",
		"config.targets[1] is record ",
		"config.targets[2] is record ",
		"config.targets[3] is record ",
		"name is string name in a record",
		"stray is nothing in a record",
		"stray.x is nothing",
		"stray.x[0] is nothing",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if !Equal(out, walkedDocument()) {
		t.Errorf("got %v", out)
	}
}

func TestWalk_change(t *testing.T) {
	for name, tt := range map[string]struct {
		visit   func(*Cursor) bool
		changed map[string]any // what stands there afterwards
		gone    []string
	}{
		"replace": {
			visit: func(c *Cursor) bool {
				if c.Value == Number("2") {
					c.Replace("two")
				}
				return true
			},
			changed: map[string]any{"config.targets[0].port": "two"},
		},
		"replace by what is visited": {
			visit: func(c *Cursor) bool {
				switch {
				case c.Path.String() == "config.nodes[1]":
					c.Replace(map[string]any{"kind": "call", "url": "secret"})
				case c.Field != nil && c.Field.Encrypted:
					c.Replace("hidden")
				}
				return true
			},
			changed: map[string]any{"config.nodes[0].url": "hidden", "config.nodes[1].url": "hidden"},
		},
		"replace and stop": {
			visit: func(c *Cursor) bool {
				if c.Path.String() != "config.labels" {
					return true
				}
				c.Replace(map[string]any{"a": "2"})
				return false
			},
			changed: map[string]any{"config.labels.a": "2"},
			gone:    []string{"config.labels.b"},
		},
		"delete members": {
			visit: func(c *Cursor) bool {
				if c.Field == nil && c.Parent != nil || c.Value == nil && len(c.Path) > 0 && c.Path[len(c.Path)-1].IsKey() {
					c.Delete()
				}
				return true
			},
			gone: []string{"stray", "config.any.z", "config.nodes[1].url", "config.nodes[2].to"},
		},
		"delete elements": {
			visit: func(c *Cursor) bool {
				if c.Value == nil || IsUnknown(c.Value) || c.Value == "t" {
					c.Delete()
				}
				return true
			},
			changed: map[string]any{"config.targets[1]": "no record", "config.tags[0]": "u"},
			gone:    []string{"config.targets[2]", "config.tags[1]", "config.host", "config.any.z", "config.nodes[2].kind"},
		},
		"delete all": {
			visit: func(c *Cursor) bool { c.Delete(); return true },
			gone:  []string{"name", "config"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			doc := walkedDocument()
			out := walked(t).Walk(doc, tt.visit)
			for text, want := range tt.changed {
				path, err := ParsePath(text)
				if err != nil {
					t.Fatal(err)
				}
				if got := path.Get(out); !Equal(got, want) {
					t.Errorf("%s: got %v, want %v", text, got, want)
				}
			}
			for _, text := range tt.gone {
				path, err := ParsePath(text)
				if err != nil {
					t.Fatal(err)
				}
				if v, there := path.Lookup(out); there && out != nil {
					t.Errorf("%s is still there: %v", text, v)
				}
			}
			if !Equal(doc, walkedDocument()) {
				t.Errorf("the document itself was changed: %v", doc)
			}
		})
	}
}

func TestWalk_nothing(t *testing.T) {
	var none *Schema
	for _, doc := range []map[string]any{nil, {}, {"a": nil, "b": []any{}, "c": Unknown}} {
		if got := none.Walk(doc, func(c *Cursor) bool { return c.Field == nil && c.Level == nil }); !Equal(got, doc) {
			t.Errorf("got %v, want %v", got, doc)
		}
	}
	for _, v := range []any{nil, "x", Unknown, []any{nil}} {
		if got := Walk(nil, v, func(*Cursor) bool { return true }); !Equal(got, v) {
			t.Errorf("got %v, want %v", got, v)
		}
	}
}

// TestWalk_properties holds for every schema and every value: each visit is at
// what its path leads to, and no change means that nothing is copied.
func TestWalk_properties(t *testing.T) {
	t.Parallel()
	for seed := range uint64(1000) {
		g := generator{rand.New(rand.NewPCG(seed, 2))}
		def := Def{"name": "x", "fields": g.fields(3)}
		s, err := Compile(def, nil)
		if err != nil {
			t.Fatal(err)
		}
		doc := g.entity(def, 3)
		var paths []string
		out := s.Walk(doc, func(c *Cursor) bool {
			paths = append(paths, c.Path.String())
			if got, there := c.Path.Lookup(doc); !there || !Equal(got, c.Value) {
				t.Errorf("seed %d: at %s stands %v, and is visited as %v", seed, c.Path, got, c.Value)
			}
			if f := s.FieldAt(c.Path); len(c.Path) > 0 && f != c.Field {
				t.Errorf("seed %d: at %s is %v, want %v", seed, c.Path, c.Field, f)
			}
			return true
		})
		if reflect.ValueOf(out).Pointer() != reflect.ValueOf(doc).Pointer() {
			t.Fatalf("seed %d: a copy was made", seed)
		}
		// Every single change reaches the result, and nothing else changes.
		for _, at := range paths[1:] {
			mark := new(int)
			out := s.Walk(doc, func(c *Cursor) bool {
				if c.Path.String() == at {
					c.Replace(mark)
					return false
				}
				return true
			})
			path, err := ParsePath(at)
			if err != nil {
				continue // the names of a map can be anything
			}
			if got := path.Get(out); got != mark {
				t.Fatalf("seed %d: %s is %v", seed, at, got)
			}
			path.Set(out, path.Get(doc))
			if !Equal(out, doc) {
				t.Fatalf("seed %d: %s changed something else", seed, at)
			}
		}
	}
}

func TestSchema_FieldAt(t *testing.T) {
	s := walked(t)
	for text, want := range map[string]string{
		"name": "string", "config": "record", "config.targets[3].port": "integer", "config.targets[]": "record",
		"config.named.k.port": "integer", "config.labels.a": "string", "config.nodes[0].kind": "string",
		"none": "", "name.x": "", "name[0]": "", "config[0]": "", "config.server": "", "config.targets.port": "",
		"config.nodes[0].url": "", "config.labels.a.b": "", "config.service.id": "",
	} {
		path, err := ParsePath(text)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if f := s.FieldAt(path); f != nil {
			got = f.Type.String()
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
	if f := s.FieldAt(nil); f.Record != s {
		t.Error("the root is not the schema")
	}
}

// BenchmarkWalk goes over a document of 40 targets: reading alone, and with a
// change of one of them.
func BenchmarkWalk(b *testing.B) {
	s := walked(b)
	var targets []any
	for i := range 40 {
		targets = append(targets, map[string]any{"port": Number(fmt.Sprint(i))})
	}
	doc := map[string]any{"name": "n", "config": map[string]any{"host": "h", "targets": targets, "tags": slices.Repeat([]any{"t"}, 40)}}
	for name, target := range map[string]any{"reading": nil, "one change": Number("17")} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s.Walk(doc, func(c *Cursor) bool {
					if target != nil && c.Value == target {
						c.Replace(Number("18"))
					}
					return true
				})
			}
		})
	}
}
