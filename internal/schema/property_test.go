package schema

import (
	"encoding/json"
	"math/rand/v2"
	"strconv"
	"testing"
)

// generator makes random definitions and random values for them: mostly
// fitting, now and then not.
type generator struct{ *rand.Rand }

var generatedTypes = []string{"string", "integer", "number", "boolean", "array", "set", "map", "record"}

func (g generator) field(depth int) Def {
	types := generatedTypes
	if depth == 0 {
		types = types[:4]
	}
	def := Def{"type": types[g.IntN(len(types))]}
	if g.IntN(3) == 0 {
		def["required"] = g.IntN(2) == 0
	}
	switch def["type"] {
	case "array", "set":
		def["elements"] = g.field(depth - 1)
		if g.IntN(3) == 0 {
			def["len_max"] = Number("2")
		}
	case "map":
		def["keys"], def["values"] = Def{"type": "string"}, g.field(depth-1)
	case "record":
		def["fields"] = g.fields(depth - 1)
	case "integer":
		if g.IntN(2) == 0 {
			def["between"] = []any{Number("0"), Number("3")}
		}
	case "string":
		if g.IntN(3) == 0 {
			def["one_of"] = []any{"a", "b"}
		}
	}
	if g.IntN(4) == 0 {
		def["default"] = g.value(def, depth)
	}
	return def
}

func (g generator) fields(depth int) []any {
	out := make([]any, 1+g.IntN(4))
	for i := range out {
		out[i] = Def{"f" + strconv.Itoa(i): g.field(depth)}
	}
	return out
}

func (g generator) value(def Def, depth int) any {
	switch g.IntN(20) {
	case 0:
		return nil
	case 1:
		return []any{}
	case 2:
		return "stray"
	case 3:
		return Number("7")
	}
	switch def["type"] {
	case "string":
		return []any{"a", "b", "", "{vault://x}"}[g.IntN(4)]
	case "integer", "number":
		return []any{Number("0"), Number("2"), Number("2.5")}[g.IntN(3)]
	case "boolean":
		return g.IntN(2) == 0
	case "array", "set":
		elements, _ := def["elements"].(map[string]any)
		out := make([]any, g.IntN(4))
		for i := range out {
			out[i] = g.value(elements, depth-1)
		}
		return out
	case "map":
		values, _ := def["values"].(map[string]any)
		out := map[string]any{}
		for i := range g.IntN(3) {
			out["k"+strconv.Itoa(i)] = g.value(values, depth-1)
		}
		return out
	}
	return g.entity(def, depth)
}

func (g generator) entity(def Def, depth int) map[string]any {
	out := map[string]any{}
	fields, _ := def["fields"].([]any)
	for _, item := range fields {
		name, fdef, _ := fieldEntry(item)
		if g.IntN(3) > 0 {
			out[name] = g.value(fdef.(map[string]any), depth-1)
		}
	}
	if g.IntN(15) == 0 {
		out["surplus"] = true
	}
	return out
}

// TestProperties holds for every schema and every value: completing twice is
// completing once, what was completed and found valid stays valid, and every
// violation lies in the entity or names what is missing from it.
func TestProperties(t *testing.T) {
	t.Parallel()
	valid := 0
	for seed := range uint64(4000) {
		g := generator{rand.New(rand.NewPCG(seed, 1))}
		def := Def{"name": "x", "fields": g.fields(3)}
		s, err := Compile(def, nil)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		in := g.entity(def, 3)
		once, errs := s.ProcessAutoFields(t.Context(), in, Insert, Auto{})
		if errs != nil {
			t.Fatalf("seed %d: %v", seed, errs)
		}
		twice, _ := s.ProcessAutoFields(t.Context(), once, Insert, Auto{})
		// A default may hold duplicates or incomplete records, which only a
		// second pass looks at, as in Kong; from then on nothing changes.
		thrice, _ := s.ProcessAutoFields(t.Context(), twice, Insert, Auto{})
		if !Equal(twice, thrice) || !hasTableDefault(s) && !Equal(once, twice) {
			t.Fatalf("seed %d: completing again changes the entity\n%s\n%s", seed, asJSON(once), asJSON(twice))
		}
		if complete, _ := s.Complete(t.Context(), in, Insert, Auto{}); !Equal(complete, twice) {
			t.Fatalf("seed %d: got %s completed, want %s", seed, asJSON(complete), asJSON(twice))
		}
		errs = s.Validate(t.Context(), once, Insert)
		if _, checked := s.Check(t.Context(), in, Insert, Auto{}); !hasTableDefault(s) && !Equal(checked.Tree(), errs.Tree()) {
			t.Fatalf("seed %d: Check and Validate disagree: %s, %s", seed, asJSON(checked.Tree()), asJSON(errs.Tree()))
		}
		if errs == nil {
			valid++
		}
		for _, v := range errs.Violations() {
			if !hasTableDefault(s) && !reaches(once, v.Path) {
				t.Fatalf("seed %d: no %s in %s (%s)", seed, v.Path, asJSON(once), v.Message)
			}
		}
	}
	if valid < 400 {
		t.Errorf("only %d of the random entities are valid, too few to mean anything", valid)
	}
}

func hasTableDefault(s *Schema) bool {
	for _, f := range s.Fields {
		if isTable(f.Default) || f.Record != nil && hasTableDefault(f.Record) {
			return true
		}
		for _, inner := range []*Field{f.Elements, f.Values} {
			if inner != nil && inner.Record != nil && hasTableDefault(inner.Record) {
				return true
			}
		}
	}
	return false
}

// reaches follows a path, whose last step may be missing.
func reaches(v any, path Path) bool {
	for i, step := range path {
		last := i == len(path)-1
		switch c := v.(type) {
		case map[string]any:
			next, ok := c[step.Name]
			if !ok {
				return last
			}
			v = next
		case []any:
			if step.Name != "" {
				return last && len(c) == 0
			}
			if step.Index >= len(c) {
				return false
			}
			v = c[step.Index]
		default:
			return false
		}
	}
	return true
}

func asJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// FuzzDefinition feeds arbitrary definitions: whatever the metaschema lets
// pass must compile or be refused, and judge any value, without a panic.
func FuzzDefinition(f *testing.F) {
	f.Add(`{"name":"x","fields":[{"config":{"type":"record","fields":[{"a":{"type":"string","default":"x"}}]}}]}`, `{"config":{"a":1}}`)
	f.Add(`{"name":"x","fields":[{"a":{"type":"map","keys":{"type":"string"},"values":{"type":"any"}}}],"entity_checks":[{"conditional":{"if_field":"a"}}]}`, `{"a":[1]}`)
	f.Add(`{"name":"x","fields":[{"j":{"type":"json","json_schema":{"inline":{"type":"object"}}}}]}`, `{}`)
	f.Add(`{"name":"x","fields":[{"s":{"type":"set","elements":{"type":"string"},"mutually_exclusive_subsets":[["a"],["b"]],"contains":"a"}}]}`, `{"s":["a","b"]}`)
	f.Fuzz(func(t *testing.T, definition, value string) {
		var def, in any
		if json.Unmarshal([]byte(definition), &def) != nil || json.Unmarshal([]byte(value), &in) != nil {
			return
		}
		errs := CheckDefinition(t.Context(), def)
		errs.Summary()
		m, ok := def.(map[string]any)
		entity, isMap := in.(map[string]any)
		if errs != nil || !ok || !isMap {
			return
		}
		s, err := Compile(m, nil)
		if err != nil {
			return
		}
		if _, errs := s.Check(t.Context(), entity, Insert, Auto{}); errs != nil {
			errs.Summary()
			errs.Violations()
		}
	})
}
