package wording

import (
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Problem is a violation in words.
type Problem struct {
	Path    string
	Message string // Kong's own words
	Hint    string // what would be right; may be empty
}

// String is the problem as one sentence after another.
func (p Problem) String() string {
	text := strings.TrimSuffix(p.Message, ".") + "."
	if p.Path != "" {
		text = p.Path + ": " + text
	}
	if p.Hint != "" {
		text += " " + p.Hint
	}
	return text
}

// Sentence ends a text with a full stop where it has no end yet.
func Sentence(text string) string {
	if strings.HasSuffix(text, ".") || strings.HasSuffix(text, "]") {
		return text
	}
	return text + "."
}

// NotAnObject says what is wrong with a config that is not an object, or "".
func NotAnObject(config any) string {
	switch config.(type) {
	case map[string]any:
		return ""
	case string:
		return "config: the text is not a JSON object. Wanted is an object, or jsonencode of one."
	case []any:
		return "config: expected an object, got a list. Wanted is an object, or jsonencode of one."
	}
	if config == nil || schema.IsUnknown(config) {
		return ""
	}
	return "config: expected an object, got " + Kind(config) + ". Wanted is an object, or jsonencode of one."
}

// SchemaFile is what messages call the Lua text of a plugin's schema, which
// usually comes from a file of that name.
const SchemaFile = "schema.lua"
