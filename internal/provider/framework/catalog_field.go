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
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// catalogField is one field of a plugin's configuration, for people.
type catalogField struct {
	Path          string     `tfsdk:"path"`
	When          *string    `tfsdk:"when"`
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
		l.history = p.Info.History
	}
	config := p.Schema.Field("config")
	if config != nil && config.Record != nil {
		l.record(config.Record, "config", nil)
	}
	return l.out
}

type fieldLister struct {
	history map[string]plugins.History
	out     []catalogField
}

func (l *fieldLister) record(s *schema.Schema, at string, when *string) {
	for _, f := range s.Fields {
		if s.Field(f.Name) == f {
			l.field(f, at+"."+f.Name, when)
		}
	}
	for _, f := range s.ShorthandFields {
		if s.Field(f.Name) == nil {
			l.former(f, at, when)
		}
	}
	key, kinds := s.Variants()
	for _, value := range slices.Sorted(maps.Keys(kinds)) {
		only := fmt.Sprintf("%s is %s", key, value)
		if when != nil {
			only = *when + ", " + only
		}
		for _, f := range kinds[value].Fields {
			if s.Field(f.Name) == nil {
				l.field(f, at+"."+f.Name, &only)
			}
		}
	}
}

func (l *fieldLister) field(f *schema.Field, at string, when *string) {
	l.out = append(l.out, l.describe(f, at, when))
	l.below(f, at, when)
}

// below lists the fields within a field.
func (l *fieldLister) below(f *schema.Field, at string, when *string) {
	switch {
	case f == nil:
	case f.Record != nil:
		l.record(f.Record, at, when)
	case f.Elements != nil:
		l.below(f.Elements, at+"[]", when)
	case f.Values != nil:
		l.below(f.Values, at+"{}", when)
	}
}

// former lists a field that is accepted under an old name.
func (l *fieldLister) former(f *schema.Field, at string, when *string) {
	entry := l.describe(f, at+"."+f.Name, when)
	entry.Deprecated = true
	if d := f.Deprecation; d != nil && len(d.ReplacedWith) > 0 {
		entry.ReplacedBy = optionalText(at + "." + d.ReplacedWith[0].Path.String())
	}
	l.out = append(l.out, entry)
}

func (l *fieldLister) describe(f *schema.Field, at string, when *string) catalogField {
	out := catalogField{
		Path: at, When: when, Type: f.Type.String(), Required: f.Required,
		Sensitive: document.IsSecret(f), Referenceable: f.Referenceable, Deprecated: f.Deprecation != nil,
		References: optionalText(f.Reference), Since: optionalText(l.since(at)), Until: optionalText(l.history[at].Until),
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
