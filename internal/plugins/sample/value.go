package sample

import (
	"strconv"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

const id = "6f1a2b3c-0d4e-4f5a-8b6c-7d8e9f0a1b2c"

// texts are tried one after the other for a text of a certain form.
var texts = []string{
	"example", "svc.example.com", "https://svc.example.com/path", "/path", "10.0.0.1", "10.0.0.0/8", "X-Example", "X-Example:value",
	"name:value", "GET", "POST", "1", "100-200", "me@example.com", "return 'x'", "latest", id, "/tmp/example.log", "Lax", ".*", "{}",
	"http://proxy.example.com:3128", "kong.request.get_path()", "12:34", "1.5", "2024-01-01", "aws", "example.com.", "tls1.2",
}

var numbers = []schema.Number{"1", "2", "10", "60", "100", "1000", "8080", "0", "0.5", "-1"}

// value makes a value for a field, another one for each try. nth tells the
// members of a list apart.
func (s *search) value(f *schema.Field, try, nth int) any {
	if list, ok := f.Def["one_of"].([]any); ok && len(list) > 0 {
		return list[(try+nth)%len(list)]
	}
	switch f.Type {
	case schema.String:
		return s.text(f, try, nth)
	case schema.Integer, schema.NumberType:
		return numberFor(f, try+nth)
	case schema.Boolean:
		return (f.Default != true) == (try%2 == 0)
	case schema.Array, schema.Set:
		return s.list(f, try)
	case schema.Map:
		if length(f, "len_min") == 0 && !s.rich {
			return map[string]any{}
		}
		key, _ := s.value(f.Keys, try, 0).(string)
		return map[string]any{key: s.value(f.Values, try, 0)}
	case schema.Record:
		return s.record(f.Record, try)
	case schema.Foreign:
		return map[string]any{"id": id}
	case schema.JSON:
		return []any{map[string]any{"a": "b"}, []any{"a"}, "text"}[try%3]
	}
	return nil
}

func (s *search) text(f *schema.Field, try, nth int) any {
	if prefix, ok := f.Def["starts_with"].(string); ok && try == 0 {
		return prefix + "example"
	}
	text := texts[(try+nth)%len(texts)]
	text += strings.Repeat("x", max(0, length(f, "len_min")-len(text)))
	if f.Name == "" && nth == 0 || try > 0 {
		return text
	}
	if most := length(f, "len_max"); most > 0 && len(text) > most {
		return text[:most]
	}
	return text
}

func numberFor(f *schema.Field, try int) any {
	if bounds, ok := f.Def["between"].([]any); ok && len(bounds) == 2 {
		return bounds[try%2]
	}
	if least, ok := f.Def["gt"].(schema.Number); ok && try == 0 {
		if n, err := strconv.Atoi(string(least)); err == nil {
			return schema.Number(strconv.Itoa(n + 1))
		}
	}
	return numbers[try%len(numbers)]
}

func (s *search) list(f *schema.Field, try int) any {
	n := length(f, "len_min")
	if exact := length(f, "len_eq"); exact > 0 {
		n = exact
	}
	if n == 0 && (s.rich || try > 0) {
		n = 1
	}
	list := make([]any, n)
	for i := range list {
		list[i] = s.value(f.Elements, try, i)
	}
	return list
}

// record returns the required fields, or all of them.
func (s *search) record(r *schema.Schema, try int) any {
	out := make(map[string]any)
	for _, f := range r.Fields {
		must := f.Required && !f.HasDefault && !f.Auto
		if f.Type == schema.Record {
			must = must && len(s.record(f.Record, try).(map[string]any)) > 0
		}
		if eq, ok := f.Def["eq"]; ok && eq == nil || !must && !s.rich {
			continue
		}
		out[f.Name] = s.value(f, try, 0)
	}
	return out
}

func length(f *schema.Field, attribute string) int {
	n, _ := f.Def[attribute].(schema.Number)
	i, _ := strconv.Atoi(string(n))
	return i
}
