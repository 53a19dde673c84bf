package authoring

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

func TestReview(t *testing.T) {
	t.Parallel()
	parent := schema.MustCompile(parseMap(t, `{"name":"plugins","subschema_key":"name","fields":[{"name":{"type":"string"}},{"consumer":{"type":"foreign","reference":"consumers"}},{"config":{"type":"record","abstract":true}}]}`), nil)
	config := func(inside string) string {
		return `{"name":"x","fields":[{"config":{"type":"record",` + inside + `}}]}`
	}
	for _, c := range []struct {
		name, def string
		want      []string
	}{
		{"nothing to say", config(`"fields":[{"a":{"type":"string","match":"^%d+$"}}],"entity_checks":[{"at_least_one_of":["a"]}]`), nil},
		{"duplicate field", config(`"fields":[{"a":{"type":"string"}},{"a":{"type":"integer"}}]`), []string{"fields[1].config.fields[2].a"}},
		{"if_field that names nothing", config(`"fields":[{"a":{"type":"string"}}],"entity_checks":[{"conditional":{"if_field":"b","if_match":{"eq":"x"},"then_field":"a","then_match":{"required":true}}}]`), []string{"fields[1].config.entity_checks[1].conditional.if_field"}},
		{"prefix inside a record", config(`"fields":[{"a":{"type":"string"}}],"entity_checks":[{"at_least_one_of":["config.a"]}]`), []string{"fields[1].config.entity_checks[1].at_least_one_of[1]"}},
		{"no prefix beside fields", `{"name":"x","fields":[{"config":{"type":"record","fields":[{"a":{"type":"string"}}]}}],"entity_checks":[{"at_least_one_of":["a"]}]}`, []string{"entity_checks[1].at_least_one_of[1]"}},
		{"fields of the entity itself", `{"name":"x","fields":[],"entity_checks":[{"only_one_of":["consumer","name"]}]}`, nil},
		{"map keys are free", config(`"fields":[{"m":{"type":"map","keys":{"type":"string"},"values":{"type":"string"}}}],"entity_checks":[{"at_least_one_of":["m.a"]}]`), nil},
		{"condition that never holds", config(`"fields":[{"p":{"type":"string","one_of":["a","b"]}},{"h":{"type":"string"}}],"entity_checks":[{"conditional":{"if_field":"p","if_match":{"eq":"redis"},"then_field":"h","then_match":{"required":true}}}]`), []string{"fields[1].config.entity_checks[1].conditional.if_match"}},
		{"condition that null meets", config(`"fields":[{"p":{"type":"string"}},{"h":{"type":"string"}}],"entity_checks":[{"conditional":{"if_field":"p","if_match":{"one_of":["a"]},"then_field":"h","then_match":{"required":true}}}]`), []string{"fields[1].config.entity_checks[1].conditional.if_match"}},
		{"condition that is empty", config(`"fields":[{"p":{"type":"string"}},{"h":{"type":"string"}}],"entity_checks":[{"conditional":{"if_field":"p","if_match":{},"then_field":"h","then_match":{"required":true}}}]`), []string{"fields[1].config.entity_checks[1].conditional.if_match"}},
		{"conditions that say what they mean", config(`"fields":[{"p":{"type":"string"}},{"d":{"type":"integer","default":0}},{"r":{"type":"integer","required":true}},{"h":{"type":"string"}}],"entity_checks":[
			{"conditional":{"if_field":"p","if_match":{"eq":null},"then_field":"h","then_match":{"required":true}}},
			{"conditional":{"if_field":"p","if_match":{"eq":"a"},"then_field":"h","then_match":{"required":true}}},
			{"conditional":{"if_field":"p","if_match":{"ne":null,"one_of":["a"]},"then_field":"h","then_match":{"required":true}}},
			{"conditional":{"if_field":"p","if_match":{"required":true},"then_field":"h","then_match":{"required":true}}},
			{"conditional":{"if_field":"d","if_match":{"gt":0},"then_field":"h","then_match":{"required":true}}},
			{"conditional":{"if_field":"r","if_match":{"gt":0},"then_field":"h","then_match":{"required":true}}}]`), nil},
		{"incomplete check", config(`"fields":[{"a":{"type":"string"}}],"entity_checks":[{"conditional":{"if_field":"a"}}]`), []string{
			"fields[1].config.entity_checks[1].conditional", "fields[1].config.entity_checks[1].conditional", "fields[1].config.entity_checks[1].conditional",
		}},
		{"rule on the wrong type", config(`"fields":[{"a":{"type":"string","gt":1}},{"b":{"type":"integer","len_min":1}}]`), []string{"fields[1].config.fields[1].a.gt", "fields[1].config.fields[2].b.len_min"}},
		{"malformed pattern", config(`"fields":[{"a":{"type":"string","match":"[a"}}]`), []string{"fields[1].config.fields[1].a.match"}},
		{"regular expression", config(`"fields":[{"a":{"type":"string","match":"^(a|b)$"}},{"b":{"type":"string","match_any":{"patterns":["^\\d+$"]}}}]`), []string{"fields[1].config.fields[1].a.match", "fields[1].config.fields[2].b.match_any[1]"}},
		{"bounds the wrong way round", config(`"fields":[{"a":{"type":"integer","between":[9,1]}},{"b":{"type":"string","len_min":5,"len_max":2}}]`), []string{"fields[1].config.fields[1].a.between", "fields[1].config.fields[2].b.len_min"}},
		{"default of elements", config(`"fields":[{"a":{"type":"array","elements":{"type":"string","default":"x"}}}]`), []string{"fields[1].config.fields[1].a.elements"}},
		{"checks on a list", config(`"fields":[{"a":{"type":"array","elements":{"type":"string"},"entity_checks":[{"distinct":["x","y"]}]}}]`), []string{"fields[1].config.fields[1].a.entity_checks"}},
		{"ignored parts", `{"name":"x","fields":[{"consumer":{"type":"foreign","reference":"consumers","required":true}}],"check":"a function","shorthand_fields":[{"s":{"type":"string","func":"a function"}}]}`, []string{"check", "shorthand_fields", "fields[1].consumer"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			review(parseMap(t, c.def), parent, func(path schema.Path, message, hint string) {
				got = append(got, counted(path).String())
				if message == "" || hint == "" {
					t.Errorf("%s: a warning needs a message and a hint", path)
				}
			})
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func parseMap(t *testing.T, text string) map[string]any {
	t.Helper()
	v, err := jsonvalue.Parse(text, 20)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v.(map[string]any)
}
