package framework

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"

	tfschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins/meaning"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// catalogField is one field of a plugin's configuration, for people.
type catalogField struct {
	Path          string     `tfsdk:"path"`
	When          *string    `tfsdk:"when"`
	Description   *string    `tfsdk:"description"`
	Type          string     `tfsdk:"type"`
	Elements      *string    `tfsdk:"elements"`
	Required      bool       `tfsdk:"required"`
	Default       *string    `tfsdk:"default"`
	AllowedValues []string   `tfsdk:"allowed_values"`
	Minimum       *big.Float `tfsdk:"minimum"`
	Maximum       *big.Float `tfsdk:"maximum"`
	GreaterThan   *big.Float `tfsdk:"greater_than"`
	MinimumLength *big.Float `tfsdk:"minimum_length"`
	MaximumLength *big.Float `tfsdk:"maximum_length"`
	Pattern       *string    `tfsdk:"pattern"`
	References    *string    `tfsdk:"references"`
	Sensitive     bool       `tfsdk:"sensitive"`
	Referenceable bool       `tfsdk:"referenceable"`
	Since         *string    `tfsdk:"since"`
	Until         *string    `tfsdk:"until"`
	Deprecated    bool       `tfsdk:"deprecated"`
	ReplacedBy    *string    `tfsdk:"replaced_by"`
}

func fieldAttributes() map[string]tfschema.Attribute {
	return map[string]tfschema.Attribute{
		"path":           textAttribute("Where it stands: `config.redis.host`. `[]` is an element of a list, `{}` a value of a map."),
		"when":           textAttribute("The value of a neighbouring field with which it exists, where a record has several kinds: `type is call`."),
		"description":    textAttribute("What it is for: in our words for a bundled plugin, in those of its schema for another one."),
		"type":           textAttribute("Type: `string`, `number`, `integer`, `boolean`, `array`, `set`, `map`, `record`, `foreign` or `json`."),
		"elements":       textAttribute("Type of the elements, or of a map's values."),
		"required":       truthAttribute("Whether it must have a value; one with a default needs none from you."),
		"default":        textAttribute("The default as JSON text, or null."),
		"allowed_values": textsAttribute("The values that it may have, or that its elements may have; null where any will do."),
		"minimum":        numberAttribute("Smallest value."),
		"maximum":        numberAttribute("Largest value."),
		"greater_than":   numberAttribute("The value must be greater than this."),
		"minimum_length": numberAttribute("Least length of a text, or number of elements."),
		"maximum_length": numberAttribute("Greatest length of a text, or number of elements."),
		"pattern":        textAttribute("The Lua pattern that it must match."),
		"references":     textAttribute("The kind of entity that it refers to."),
		"sensitive":      truthAttribute("Whether it holds a secret."),
		"referenceable":  truthAttribute("Whether a vault reference may stand in its place."),
		"since":          textAttribute("First gateway version with it, where it came after the plugin."),
		"until":          textAttribute("Last gateway version with it, where it is gone."),
		"deprecated":     truthAttribute("Whether it is a former name, or will go."),
		"replaced_by":    textAttribute("The field that took its place."),
	}
}

// fieldsOf lists the fields of a plugin's configuration.
func fieldsOf(p *plugins.Plugin) []catalogField {
	l := &fieldLister{out: []catalogField{}}
	if p.Info != nil {
		l.history, l.words = p.Info.History, meaning.Of(p.Name)
	}
	config := p.Schema.Field("config")
	if config != nil && config.Record != nil {
		l.record(config.Record, place{at: "config", words: "config"})
	}
	return l.out
}

type fieldLister struct {
	history map[string]plugins.History
	words   *meaning.Plugin // nil where the schema's own words count
	out     []catalogField
}

// place is where a field stands.
type place struct {
	at    string  // the path for people
	words string  // the path by which it is described: with kinds, without elements
	when  *string // the value of a neighbouring field with which it exists
}

// field is the place of a field of the record that stands here.
func (p place) field(name string) place {
	p.at, p.words = p.at+"."+name, p.words+"."+name
	return p
}

// kind is the place of a record that is of a kind.
func (p place) kind(key, value string) place {
	only := fmt.Sprintf("%s is %s", key, value)
	if p.when != nil {
		only = *p.when + ", " + only
	}
	p.words, p.when = p.words+"."+value, &only
	return p
}

func (l *fieldLister) record(s *schema.Schema, in place) {
	for _, f := range s.Fields {
		if s.Field(f.Name) == f {
			l.field(f, in.field(f.Name))
		}
	}
	for _, f := range s.ShorthandFields {
		if s.Field(f.Name) == nil {
			l.former(f, in)
		}
	}
	key, kinds := s.Variants()
	for _, value := range slices.Sorted(maps.Keys(kinds)) {
		for _, f := range kinds[value].Fields {
			if s.Field(f.Name) == nil {
				l.field(f, in.kind(key, value).field(f.Name))
			}
		}
	}
}

func (l *fieldLister) field(f *schema.Field, in place) {
	l.out = append(l.out, l.describe(f, in))
	l.below(f, in)
}

// below lists the fields within a field.
func (l *fieldLister) below(f *schema.Field, in place) {
	switch {
	case f == nil:
	case f.Record != nil:
		l.record(f.Record, in)
	case f.Elements != nil:
		in.at += "[]"
		l.below(f.Elements, in)
	case f.Values != nil:
		in.at += "{}"
		l.below(f.Values, in)
	}
}

// former lists a field that is accepted under an old name.
func (l *fieldLister) former(f *schema.Field, in place) {
	entry := l.describe(f, in.field(f.Name))
	entry.Deprecated = true
	if d := f.Deprecation; d != nil && len(d.ReplacedWith) > 0 {
		entry.ReplacedBy = optionalText(in.at + "." + d.ReplacedWith[0].Path.String())
	}
	l.out = append(l.out, entry)
}

func (l *fieldLister) describe(f *schema.Field, in place) catalogField {
	description := f.Description
	if l.words != nil {
		description = l.words.Field(in.words)
	}
	out := catalogField{
		Path: in.at, When: in.when, Description: optionalText(description), Type: f.Type.String(), Required: f.Required,
		Sensitive: document.IsSecret(f), Referenceable: f.Referenceable, Deprecated: f.Deprecation != nil,
		References: optionalText(f.Reference), Since: optionalText(l.since(in.at)), Until: optionalText(l.history[in.at].Until),
		GreaterThan: bound(f.Def["gt"]), MinimumLength: bound(f.Def["len_min"]), MaximumLength: bound(f.Def["len_max"]),
	}
	inner := f.Elements
	if inner == nil {
		inner = f.Values
	}
	if inner != nil {
		out.Elements = optionalText(inner.Type.String())
		out.AllowedValues = allowed(inner)
	}
	if values := allowed(f); values != nil {
		out.AllowedValues = values
	}
	if bounds, ok := f.Def["between"].([]any); ok && len(bounds) == 2 {
		out.Minimum, out.Maximum = bound(bounds[0]), bound(bounds[1])
	}
	if pattern, ok := f.Def["match"].(string); ok {
		out.Pattern = &pattern
	}
	if f.HasDefault && f.Default != nil {
		if text, err := json.Marshal(readable(f.Default)); err == nil {
			out.Default = optionalText(string(text))
		}
	}
	return out
}

// since is the first version that has a field and the records around it.
func (l *fieldLister) since(at string) string {
	for {
		if v := l.history[at].Since; v != "" {
			return v
		}
		i := strings.LastIndexAny(at, ".[{")
		if i < 0 {
			return ""
		}
		at = at[:i]
	}
}

// allowed are the values of one_of as texts, or nil.
func allowed(f *schema.Field) []string {
	list, ok := f.Def["one_of"].([]any)
	if !ok {
		return nil
	}
	out := make([]string, 0, len(list))
	for _, v := range list {
		out = append(out, fmt.Sprint(v))
	}
	return slices.Clip(out)
}

// bound is a number of a definition, or nil.
func bound(v any) *big.Float {
	if v == nil {
		return nil
	}
	n, ok := document.ParseNumber(fmt.Sprint(v))
	if !ok {
		return nil
	}
	return n
}
