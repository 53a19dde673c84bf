package authoring

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/lua/luaschema"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Page writes what users of a plugin need to know of its configuration, as
// Markdown: every field with its type, default and bounds, the rules over several
// fields, and an example. The configuration is a valid one; the example gives it,
// and every other field of its own level as a comment with its default.
func Page(p *luaschema.Plugin, valid map[string]any) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n", p.Name)
	config := p.Schema.Field("config")
	if config == nil || config.Record == nil || len(config.Record.Fields) == 0 {
		b.WriteString("The plugin has no configuration.\n\n")
		return b.String() + example(p.Name, nil, nil)
	}
	b.WriteString("## Configuration\n\n| Field | Type | Required | Default | Bounds | Description |\n|---|---|---|---|---|---|\n")
	rows(&b, nil, config.Record)
	if rules := pageRules(nil, config.Record); len(rules) > 0 {
		b.WriteString("\n## Rules over several fields\n\n" + strings.Join(rules, ""))
	}
	b.WriteString("\n")
	return b.String() + example(p.Name, config.Record, valid)
}

// rows writes a row for every field of a level, and below it those of its members.
func rows(b *strings.Builder, at schema.Path, s *schema.Schema) {
	for _, f := range s.Fields {
		row(b, at.Join(schema.Key(f.Name)), f, false)
	}
	for _, f := range s.ShorthandFields {
		row(b, at.Join(schema.Key(f.Name)), f, true)
	}
}

func row(b *strings.Builder, at schema.Path, f *schema.Field, shorthand bool) {
	required, standard := "no", ""
	if f.Required {
		required = "yes"
	}
	if f.HasDefault {
		standard = code(f.Default)
	}
	fmt.Fprintf(b, "| `%s` | %s | %s | %s | %s | %s |\n", at, typeText(f), required, standard, strings.Join(boundTexts(f), "; "), notes(f, shorthand))
	for f.Elements != nil || f.Values != nil {
		if f.Values != nil {
			at, f = at.Join(schema.Key("<key>")), f.Values
		} else {
			at, f = at.Join(schema.Each), f.Elements
		}
		if bounds := boundTexts(f); len(bounds) > 0 {
			fmt.Fprintf(b, "| `%s` | %s | | | %s | |\n", at, typeText(f), strings.Join(bounds, "; "))
		}
	}
	if f.Record != nil {
		rows(b, at, f.Record)
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
		case v == nil:
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

func notes(f *schema.Field, shorthand bool) string {
	var out []string
	if text := strings.Join(strings.Fields(f.Description), " "); text != "" {
		out = append(out, cell(text))
	}
	if shorthand {
		out = append(out, "Another way to write other fields.")
	}
	if f.Deprecation != nil {
		out = append(out, "Deprecated: "+cell(strings.Join(strings.Fields(f.Deprecation.Message), " ")))
	}
	if f.Referenceable {
		out = append(out, "May refer to a vault.")
	}
	if f.Encrypted {
		out = append(out, "A secret.")
	}
	return strings.Join(out, " ")
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
