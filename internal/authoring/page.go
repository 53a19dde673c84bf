package authoring

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Subject is a plugin that a page is about.
type Subject struct {
	Name   string
	Schema *schema.Schema // the plugins entity, specialised for this plugin
	// Valid is a valid configuration, for the example; nil where none is known.
	Valid map[string]any
	// About says what the plugin is for, in paragraphs; it may be empty.
	About string
	// Words say of a field what its schema does not. The first path is its place,
	// with [] for an element and {} for a value of a map: "config.targets[].host".
	// The second has no such steps, and one for the kind of a record that has
	// several. nil: there is no more than the schema says.
	Words func(at, words string) string
}

// Page writes what users of a plugin need to know of its configuration, as
// Markdown: every field with its type, default and bounds, the rules over several
// fields, and an example. The example gives the valid configuration, and every
// other field of its own level as a comment with its default.
func Page(p Subject) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n", p.Name)
	if p.About != "" {
		b.WriteString(p.About + "\n\n")
	}
	config := p.Schema.Field("config")
	if config == nil || config.Record == nil || len(config.Record.Fields) == 0 {
		b.WriteString("The plugin has no configuration.\n\n")
		return b.String() + example(p.Name, nil, nil)
	}
	b.WriteString("## Configuration\n\n| Field | Type | Required | Default | Bounds | Description |\n|---|---|---|---|---|---|\n")
	(&table{&b, p.Words}).record(spot{at: "config", words: "config"}, config.Record)
	if rules := pageRules(nil, config.Record); len(rules) > 0 {
		b.WriteString("\n## Rules over several fields\n\n" + strings.Join(rules, ""))
	}
	b.WriteString("\n")
	return b.String() + example(p.Name, config.Record, p.Valid)
}

// table writes a row for every field.
type table struct {
	to    *strings.Builder
	words func(at, words string) string
}

// spot is where a field stands: its name for people below config, and the paths
// that [Subject.Words] gets. The note is what the place itself says of the field.
type spot struct{ shown, at, words, note string }

func (s spot) field(name string) spot {
	if s.shown != "" {
		s.shown += "."
	}
	return spot{s.shown + name, s.at + "." + name, s.words + "." + name, s.note}
}

// kind is the spot of a record that is of a kind.
func (s spot) kind(key, value string) spot {
	s.words += "." + value
	s.note = fmt.Sprintf("Only where `%s` is `%s`.", key, value)
	return s
}

// record writes a row for every field of a level, and below it those of its
// members.
func (t *table) record(in spot, s *schema.Schema) {
	key, kinds := s.Variants()
	for _, f := range s.Fields {
		at := in.field(f.Name)
		if f.Name == key {
			at.note = "Decides which other fields there are."
		}
		t.field(at, f, false)
	}
	for _, f := range s.ShorthandFields {
		t.field(in.field(f.Name), f, true)
	}
	for _, value := range slices.Sorted(maps.Keys(kinds)) {
		for _, f := range kinds[value].Fields {
			if s.Field(f.Name) == nil {
				t.field(in.kind(key, value).field(f.Name), f, false)
			}
		}
	}
}

func (t *table) field(in spot, f *schema.Field, shorthand bool) {
	required, standard := "no", ""
	if f.Required {
		required = "yes"
	}
	if f.HasDefault {
		standard = code(f.Default)
	}
	fmt.Fprintf(t.to, "| `%s` | %s | %s | %s | %s | %s |\n", in.shown, typeText(f), required, standard, strings.Join(boundTexts(f), "; "), t.notes(in, f, shorthand))
	for f.Elements != nil || f.Values != nil {
		if f.Values != nil {
			in.shown, in.at, f = in.shown+".<key>", in.at+"{}", f.Values
		} else {
			in.shown, in.at, f = in.shown+"[]", in.at+"[]", f.Elements
		}
		if bounds := boundTexts(f); len(bounds) > 0 {
			fmt.Fprintf(t.to, "| `%s` | %s | | | %s | |\n", in.shown, typeText(f), strings.Join(bounds, "; "))
		}
	}
	if f.Record != nil {
		t.record(in, f.Record)
	}
}

func typeText(f *schema.Field) string {
	switch {
	case f.Elements != nil:
		return f.Type.String() + " of " + typeText(f.Elements)
	case f.Values != nil:
		return "map of " + typeText(f.Values)
	case f.Type == schema.Foreign:
		return "reference to " + f.Reference
	}
	return f.Type.String()
}

// boundWords say what the attributes of a field that judge values mean.
var boundWords = []struct{ attribute, words string }{
	{"one_of", "one of %s"}, {"not_one_of", "none of %s"}, {"eq", "exactly %s"}, {"ne", "not %s"},
	{"between", "between %s"}, {"gt", "more than %s"}, {"gte", "at least %s"}, {"lte", "at most %s"},
	{"len_eq", "length %s"}, {"len_min", "length at least %s"}, {"len_max", "length at most %s"},
	{"starts_with", "starts with %s"}, {"match", "matches the Lua pattern %s"}, {"not_match", "does not match the Lua pattern %s"},
	{"match_all", "matches all of %s"}, {"match_any", "matches any of %s"}, {"match_none", "matches none of %s"},
	{"contains", "contains %s"}, {"mutually_exclusive_subsets", "values of one of these only: %s"},
	{"uuid", "a UUID"}, {"is_regex", "a regular expression"}, {"timestamp", "a time in seconds"}, {"custom_validator", "judged by code"},
}

func boundTexts(f *schema.Field) []string {
	var out []string
	for _, w := range boundWords {
		switch v := f.Def[w.attribute]; {
		case v == nil, w.attribute == "len_min" && jsonText(v) == "0": // it may be empty
		case strings.Contains(w.words, "%s"):
			out = append(out, fmt.Sprintf(w.words, code(v)))
		default:
			out = append(out, w.words)
		}
	}
	if f.Keys != nil {
		for _, bound := range boundTexts(f.Keys) {
			out = append(out, "keys: "+bound)
		}
	}
	return out
}

func (t *table) notes(in spot, f *schema.Field, shorthand bool) string {
	var out []string
	if in.note != "" {
		out = append(out, in.note)
	}
	if t.words != nil {
		if text := t.words(in.at, in.words); text != "" {
			out = append(out, cell(text))
		}
	}
	if text := strings.Join(strings.Fields(f.Description), " "); text != "" {
		out = append(out, cell(text))
	}
	if shorthand {
		out = append(out, "Another way to write other fields.")
	}
	if f.Deprecation != nil {
		out = append(out, deprecation(in, f.Deprecation))
	}
	if f.Referenceable {
		out = append(out, "May refer to a vault.")
	}
	if f.Encrypted {
		out = append(out, "A secret.")
	}
	return strings.Join(out, " ")
}

// deprecation says that a field will go, and what to write instead.
func deprecation(in spot, d *schema.Deprecation) string {
	if message := strings.Join(strings.Fields(d.Message), " "); message != "" {
		return "Deprecated: " + cell(message)
	}
	if len(d.ReplacedWith) == 0 {
		return "Deprecated."
	}
	record := in.shown[:strings.LastIndex("."+in.shown, ".")]
	return fmt.Sprintf("Deprecated: `%s` says it now.", record+d.ReplacedWith[0].Path.String())
}

func pageRules(at schema.Path, s *schema.Schema) []string {
	var out []string
	checks, _ := schema.AsList(s.Def["entity_checks"])
	for _, c := range checks {
		m, _ := c.(map[string]any)
		for _, name := range sorted(m) {
			if name == "fn" || strings.HasPrefix(name, "custom_entity_check") {
				out = append(out, fmt.Sprintf("- %s: judged by code\n", place(at)))
				continue
			}
			out = append(out, fmt.Sprintf("- %s: `%s` %s\n", place(at), name, code(m[name])))
		}
	}
	for _, f := range s.Fields {
		below := at.Join(schema.Key(f.Name))
		for f.Elements != nil {
			below, f = below.Join(schema.Each), f.Elements
		}
		if f.Record != nil {
			out = append(out, pageRules(below, f.Record)...)
		}
	}
	return out
}

func place(at schema.Path) string {
	if len(at) == 0 {
		return "the configuration"
	}
	return "`" + at.String() + "`"
}

// example is a resource that a control plane takes.
func example(name string, s *schema.Schema, valid map[string]any) string {
	var b strings.Builder
	fmt.Fprintf(&b, "## Example\n\n```hcl\nresource \"konnect_gateway_plugin\" \"%s\" {\n  control_plane_id = konnect_gateway_control_plane.example.id\n"+
		"  name             = %s\n\n  config = {\n", strings.ReplaceAll(name, ".", "_"), expression(name))
	if s != nil {
		for _, f := range s.Fields {
			exampleField(&b, f, valid[f.Name])
		}
	}
	b.WriteString("  }\n}\n```\n")
	return b.String()
}

// exampleField writes a field: what must be written as it is, the rest behind a #.
func exampleField(b *strings.Builder, f *schema.Field, v any) {
	said := []string{typeText(f)}
	if f.Required {
		said = append(said, "required")
	}
	said = append(said, boundTexts(f)...)
	fmt.Fprintf(b, "    # %s\n", strings.ReplaceAll(strings.Join(said, "; "), "`", ""))
	switch {
	case v != nil && !f.HasDefault:
		fmt.Fprintf(b, "    %s = %s\n", f.Name, expression(v))
	case f.HasDefault:
		fmt.Fprintf(b, "    # %s = %s\n", f.Name, expression(f.Default))
	default:
		fmt.Fprintf(b, "    # %s = null\n", f.Name)
	}
}

// expression writes a value in Terraform's language, of which JSON is a part but
// for templates.
func expression(v any) string {
	return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(jsonText(v))
}

// code writes a value into a cell of a table.
func code(v any) string { return "`" + cell(strings.ReplaceAll(jsonText(v), "`", "'")) + "`" }

// cell escapes what would end a cell of a table, or make a tag of a text.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;", "\n", " ").Replace(text)
}

func jsonText(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(withoutCode(v)); err != nil {
		return "null"
	}
	return strings.TrimSpace(b.String())
}

// withoutCode puts a word in place of functions.
func withoutCode(v any) any {
	switch v := v.(type) {
	case *schema.Function:
		return "code"
	case map[string]any:
		out := make(map[string]any, len(v))
		for k := range v {
			out[k] = withoutCode(v[k])
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = withoutCode(e)
		}
		return out
	}
	return v
}
