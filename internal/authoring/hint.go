package authoring

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// otherWords are attributes of other schema languages that authors write here.
var otherWords = map[string]string{
	"enum": "one_of", "choices": "one_of", "values_in": "one_of", "pattern": "match (a Lua pattern) or is_regex",
	"regex": "is_regex, or match for a Lua pattern", "min": "between or gt", "max": "between", "minimum": "between or gt",
	"maximum": "between", "min_length": "len_min", "max_length": "len_max", "minLength": "len_min", "maxLength": "len_max",
	"func": "custom_validator", "validator": "custom_validator", "validate": "custom_validator", "items": "elements",
	"element": "elements", "properties": "fields", "schema": "fields", "nilable": "required = false, which is the default",
	"nullable": "required = false, which is the default", "optional": "required = false, which is the default",
	"default_value": "default", "immutable_field": "immutable", "desc": "description", "help": "description",
	"PRIORITY": "nothing here: the handler has the priority", "VERSION": "nothing here: the handler has the version",
	"priority": "nothing here: the handler has the priority", "version": "nothing here: the handler has the version",
	"no_consumer": "a field { consumer = typedefs.no_consumer }", "primary_key": "nothing here: a plugin's schema is no entity of its own",
	"self_check": `entity_checks = { { custom_entity_check = { field_sources = { "config" }, fn = function(entity) ... end } } }`,
	"legacy":     "nothing here: Kong has no such attribute any more",
}

var types = []string{"array", "boolean", "foreign", "function", "integer", "json", "map", "number", "record", "set", "string"}

// otherTypes are names of types in other languages.
var otherTypes = map[string]string{
	"object": "record", "table": "record", "dict": "map", "text": "string", "str": "string", "int": "integer",
	"bool": "boolean", "list": "array", "float": "number", "double": "number", "enum": "string with one_of",
	"url": "string, or typedefs.url", "any": "string, map or record", "timestamp": "integer with timestamp = true", "regex": "string with is_regex = true",
}

// datedHint is for schemas in the form before Kong 1.0.
const datedHint = `write { name = "my-plugin", fields = { { consumer = typedefs.no_consumer }, { config = { type = "record", fields = { { url = { type = "string", required = true } } } } } } }`

// hintFor says what would be right in a definition. written is the text at the
// place, if there is one.
func hintFor(v *schema.Violation, written string) string {
	last := ""
	if n := len(v.Path); n > 0 {
		last = v.Path[n-1].Name
	}
	switch {
	case v.Rule == "unknown_field":
		return hintForName(last, v.Known)
	case strings.HasSuffix(v.Message, "must be a table"):
		if !slices.Contains(types, written) {
			written = "string"
		}
		return fmt.Sprintf(`a definition is a table: %s = { type = "%s" }`, last, written)
	case last == "type" && v.Rule == "one_of" && otherTypes[strings.ToLower(written)] != "":
		return "write " + otherTypes[strings.ToLower(written)]
	case last == "type" && v.Rule == "one_of":
		return "say what the value is: string, integer, number, boolean, array, set, map, record or foreign"
	case v.Message == "field required for entity check":
		return "a schema needs name and fields"
	case v.Message == "missing type declaration", last == "type" && v.Rule == "required":
		return `every field needs a type, for example type = "string"`
	case strings.HasSuffix(v.Message, "must declare 'elements'"):
		return `say what the members are: elements = { type = "string" }`
	case strings.HasSuffix(v.Message, "must declare 'values'"), strings.HasSuffix(v.Message, "must declare 'keys'"):
		return `say what keys and values are: keys = { type = "string" }, values = { type = "string" }`
	case strings.HasSuffix(v.Message, "must declare 'fields'"):
		return `list the record's fields: fields = { { name = { type = "string" } } }`
	case len(v.Path) == 1 && last == "fields" && v.Message == "expected an array":
		return `fields is a list, and the plugin's own fields go into config: { { config = { type = "record", fields = { { a = { ... } }, { b = { ... } } } } } }`
	case last == "fields" && v.Message == "expected an array":
		return "fields is a list with one table for each field: { { a = { ... } }, { b = { ... } } }"
	case v.Message == "length must be 1":
		return "give each field a table of its own: { a = { ... } }, { b = { ... } }"
	case last == "description":
		return "descriptions have 10 to 500 characters"
	case last == "default" && v.Rule == "len_min" && written == "":
		return "a text is not empty unless the field has len_min = 0; for no default leave it out"
	case last == "default" && v.Rule == "type":
		return "a default is a value of the field's own type"
	case v.Message == "error in schema prevents from validating this field":
		return "a rule or a function of this field fails when it judges the default"
	}
	return ""
}

// hintForMisfit is for fields that do not fit into the plugin entity.
func hintForMisfit(why *schema.Misfit) string {
	switch {
	case why.Rule == schema.MisfitReference:
		return hintForReference(why.Field, why.Reference)
	case why.Rule != schema.MisfitField:
		return ""
	case why.Field == "run_on":
		return "plugins have no run_on since Kong 2: leave the field out"
	}
	return fmt.Sprintf(`a plugin's own fields go into config: { config = { type = "record", fields = { { %s = { ... } } } } }`, why.Field)
}

// entities are the names that a foreign field can refer to.
var entities = []string{
	"ca_certificates", "certificates", "consumer_groups", "consumers", "key_sets", "keys", "plugins", "routes", "services", "snis",
	"targets", "upstreams", "vaults",
}

// hintForReference is for a foreign field whose entity is missing or does not
// exist.
func hintForReference(field, reference string) string {
	plural := strings.TrimSuffix(field, "s") + "s"
	if reference != "" {
		plural = schema.Nearest(reference, entities)
	}
	hint := fmt.Sprintf(`name the entity: reference = "%s"`, plural)
	if !slices.Contains(entities, plural) {
		hint = "name the entity: reference is one of " + strings.Join(entities, ", ")
	}
	if typedef := "no_" + field; slices.Contains(schema.TypedefNames(), typedef) || field == "consumer_group" {
		return fmt.Sprintf("write %s = typedefs.%s where the plugin must not have one, or %s", field, typedef, hint)
	}
	return hint
}

func hintForName(name string, known []string) string {
	if other, ok := otherWords[name]; ok {
		return "write " + other
	}
	if near := schema.Nearest(name, known); near != "" {
		return fmt.Sprintf("did you mean '%s'?", near)
	}
	return ""
}

// hintForValue says what would be right in a configuration.
func hintForValue(v *schema.Violation) string {
	if v.Rule != "unknown_field" || len(v.Path) == 0 {
		return ""
	}
	if near := schema.Nearest(v.Path[len(v.Path)-1].Name, v.Known); near != "" {
		return fmt.Sprintf("did you mean '%s'?", near)
	}
	return "the fields here are: " + strings.Join(v.Known, ", ")
}

func sorted(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
