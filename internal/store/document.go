package store

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// encode renders a document as it is stored: JSON with sorted keys. Numbers
// keep their text, and text that is not UTF-8 is refused.
func encode(doc map[string]any) (string, error) {
	body, err := jsonvalue.Append(make([]byte, 0, 2048), doc)
	if err != nil {
		return "", fmt.Errorf("encode document: %w", err)
	}
	return string(body), nil
}

// deepest is how deep arrays and objects of a stored document may be nested.
const deepest = 1000

// Decode takes a stored text apart, see [Store.Body].
func Decode(body string) (map[string]any, error) {
	v, err := jsonvalue.Parse(body, deepest)
	if err != nil {
		return nil, fmt.Errorf("decode stored document: %w", err)
	}
	doc, ok := v.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("decode stored document: not a JSON object")
	}
	return doc, nil
}

// maxID bounds the ids and keys of entities, so that every database can index
// them.
const maxID = 512

// idOf returns the id of a document in the form in which ids are compared.
func idOf(t *entity.Type, doc map[string]any) (string, error) {
	id, ok := doc[idField(t)].(string)
	if !ok || !storableID(id) {
		return "", fmt.Errorf("%s: %s must be a text of 1 to %d bytes", t.Name, idField(t), maxID)
	}
	return entity.CanonicalID(id), nil
}

// idField is the attribute that holds a type's id.
func idField(t *entity.Type) string {
	if t.ID == "" {
		return "id"
	}
	return t.ID
}

// storableID reports whether every supported database can hold the id. No other
// id is ever stored, so that a lookup of one finds nothing.
func storableID(id string) bool {
	return id != "" && len(id) <= maxID && utf8.ValidString(id) && !strings.Contains(id, "\x00")
}

// storableScope is storableID for a scope; the root has none.
func storableScope(id string) bool { return id == "" || storableID(id) }

// field returns the value at a dotted path of keys, or nil.
func field(doc map[string]any, path string) any {
	if !strings.Contains(path, ".") {
		return doc[path]
	}
	return schema.Dotted(path).Get(doc)
}
