package attribute

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/wording"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// describe writes an attribute's description: our own words or its type, then
// choices, bounds and default by the schema, then the gateway version that
// brought it.
func describe(f *schema.Field, is Fact, words string) string {
	parts := make([]string, 0, 6)
	if words != "" {
		parts = append(parts, words)
	} else {
		parts = append(parts, typeDescription(f))
	}
	if choices := wording.Choices(f); choices != "" {
		parts = append(parts, "One of `"+strings.ReplaceAll(choices, ", ", "`, `")+"`.")
	}
	if f.Elements != nil {
		if choices := wording.Choices(f.Elements); choices != "" {
			parts = append(parts, "Each one of `"+strings.ReplaceAll(choices, ", ", "`, `")+"`.")
		}
	}
	if bounds, ok := f.Def["between"].([]any); ok && len(bounds) == 2 {
		parts = append(parts, fmt.Sprintf("From %v to %v.", bounds[0], bounds[1]))
	}
	if text := defaultText(f); text != "" {
		parts = append(parts, "Default: `"+text+"`.")
	}
	if is.Since != "" {
		parts = append(parts, "Since gateway "+is.Since+".")
	}
	return strings.Join(parts, " ")
}

// typeDescription describes the type of a value, if there are no better words.
func typeDescription(f *schema.Field) string {
	text := wording.FieldKind(f)
	switch {
	case f.Type == schema.Record:
		text = "an object"
	case f.Type == schema.JSON:
		text = "JSON text, as from `jsonencode`"
	case f.Def["referenceable"] == "any":
		text += ", as a string: a reference to a vault may stand for it"
	case f.Referenceable || f.Elements != nil && f.Elements.Referenceable:
		text += ", or a reference to a vault"
	}
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

// defaultText is a default that fits into a sentence, or "".
func defaultText(f *schema.Field) string {
	if !f.HasDefault || document.IsEmpty(f.Default) || f.Default == "" {
		return ""
	}
	text, err := json.Marshal(f.Default)
	if err != nil || len(text) > 200 {
		return ""
	}
	return string(text)
}
