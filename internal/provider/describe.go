package provider

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// describe is an attribute's description: our own words, then what the schema
// says about default, choices and bounds.
func describe(f *schema.Field, own string) string {
	parts := make([]string, 0, 4)
	if own != "" {
		parts = append(parts, own)
	}
	if choices := choicesOf(f); choices != "" {
		parts = append(parts, "One of `"+strings.ReplaceAll(choices, ", ", "`, `")+"`.")
	}
	if f.Elements != nil {
		if choices := choicesOf(f.Elements); choices != "" {
			parts = append(parts, "Each one of `"+strings.ReplaceAll(choices, ", ", "`, `")+"`.")
		}
	}
	if bounds, ok := f.Def["between"].([]any); ok && len(bounds) == 2 {
		parts = append(parts, fmt.Sprintf("From %v to %v.", bounds[0], bounds[1]))
	}
	if text := defaultText(f); text != "" {
		parts = append(parts, "Default: `"+text+"`.")
	}
	return strings.Join(parts, " ")
}

// defaultText is a default that fits into a sentence, or "".
func defaultText(f *schema.Field) string {
	if !f.HasDefault || isEmpty(f.Default) || f.Default == "" {
		return ""
	}
	text, err := json.Marshal(f.Default)
	if err != nil || len(text) > 200 {
		return ""
	}
	return string(text)
}
