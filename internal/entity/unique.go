package entity

import (
	"encoding/json"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Unique is a set of fields that no two entities of a control plane share.
type Unique struct {
	Name       string   // name of the index, as messages show it
	Fields     []string // names at the top of the document
	NullsEqual bool     // absent parts count as equal values
}

// Key returns a text that is equal for two entities if and only if they exclude
// each other. ok is false for a document that excludes no other: a part of the
// key is not known yet, or it is null and nulls are not equal.
//
// A foreign key counts by its id, in the form {"id": …} or a text. In plain
// texts the case of a UUID matters, since a name may look like one; a type
// whose ids are plain texts brings them into lower case (Normalize).
func (u Unique) Key(doc map[string]any) (key string, ok bool) {
	parts := make([]any, len(u.Fields))
	for i, name := range u.Fields {
		parts[i] = uniquePart(doc[name])
		if parts[i] == nil && !u.NullsEqual || schema.HasUnknown(parts[i]) {
			return "", false
		}
	}
	if len(parts) == 1 {
		if s, ok := parts[0].(string); ok {
			return s, true
		}
	}
	text, err := json.Marshal(parts)
	return string(text), err == nil // what does not encode cannot be stored either
}

// uniquePart reduces a foreign key to the id that it holds.
func uniquePart(v any) any {
	m, ok := v.(map[string]any)
	if !ok {
		return v
	}
	switch id := m["id"].(type) {
	case string:
		return CanonicalID(id)
	case nil:
		if _, foreign := m["id"]; foreign {
			return nil
		}
	}
	return v
}

// CanonicalID makes spellings of the same UUID equal; other ids stay as they
// are.
func CanonicalID(id string) string {
	if schema.IsUUID(id) {
		return strings.ToLower(id)
	}
	return id
}

// lowerIDs is Normalize for a type that is unique by ids in plain texts.
func lowerIDs(fields ...string) func(doc map[string]any) {
	return func(doc map[string]any) {
		for _, f := range fields {
			if id, ok := doc[f].(string); ok {
				doc[f] = CanonicalID(id)
			}
		}
	}
}
