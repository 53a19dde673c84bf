package store

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// entry is one row for a document in one of the tables uniques, terms and refs.
type entry struct {
	table table
	name  string // of the index, or the field
	value string // indexed value, or id of the target
}

type table int

const (
	uniques table = iota
	terms
	refs
)

var tables = []table{uniques, terms, refs}

func (t table) String() string { return [...]string{"uniques", "terms", "refs"}[t] }

// tagsField is the field whose elements lists filter by.
const tagsField = "tags"

// entries derives the rows of a document from its type.
func entries(t *entity.Type, doc map[string]any) ([]entry, error) {
	var rows []entry
	for _, u := range t.Unique {
		if key, ok := u.Key(doc); ok {
			rows = append(rows, entry{uniques, u.Name, indexText(key)})
		}
	}
	for _, name := range termFields(t) {
		if s, ok := field(doc, name).(string); ok {
			rows = append(rows, entry{terms, name, indexText(s)})
		}
	}
	tags, _ := doc[tagsField].([]any)
	for _, tag := range tags {
		if s, ok := tag.(string); ok {
			rows = append(rows, entry{terms, tagsField, indexText(s)})
		}
	}
	for _, r := range t.References {
		ids, err := targets(field(doc, r.Field))
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", t.Name, r.Field, err)
		}
		for _, id := range ids {
			rows = append(rows, entry{refs, r.Field, entity.CanonicalID(id)})
		}
	}
	return distinct(rows), nil
}

// few is how many entries are compared with each other rather than by a map.
const few = 16

func distinct(rows []entry) []entry {
	if len(rows) <= few {
		kept := rows[:0]
		for _, r := range rows {
			if !slices.Contains(kept, r) {
				kept = append(kept, r)
			}
		}
		return kept
	}
	seen := make(map[entry]bool, len(rows))
	return slices.DeleteFunc(rows, func(r entry) bool {
		was := seen[r]
		seen[r] = true
		return was
	})
}

// termFields are the fields of a type that are indexed and not unique: those
// that address its entities and those that filter its list.
func termFields(t *entity.Type) []string {
	var names []string
	for _, name := range append([]string{t.Key, t.NameFilter}, t.EqualFilters...) {
		if name == "" || name == idField(t) || slices.Contains(names, name) {
			continue
		}
		if _, unique := uniqueOn(t, name); !unique {
			names = append(names, name)
		}
	}
	return names
}

// uniqueOn returns the unique index on this field alone.
func uniqueOn(t *entity.Type, name string) (entity.Unique, bool) {
	for _, u := range t.Unique {
		if len(u.Fields) == 1 && u.Fields[0] == name {
			return u, true
		}
	}
	return entity.Unique{}, false
}

// maxIndexed bounds an indexed text: PostgreSQL takes no more than 2704 bytes
// per index row.
const maxIndexed = 1024

// indexText is the indexed form of a text. A text that a database cannot index
// becomes its beginning and a digest; so does a text in a search that is not
// UTF-8, which no document holds.
func indexText(s string) string {
	if len(s) <= maxIndexed && !strings.Contains(s, "\x00") && utf8.ValidString(s) {
		return s
	}
	sum := sha256.Sum256([]byte(s))
	head := strings.ToValidUTF8(s[:min(len(s), maxIndexed-2*len(sum)-1)], "")
	return strings.ReplaceAll(head, "\x00", "") + "\x01" + hex.EncodeToString(sum[:])
}

// targets returns the ids that a foreign key holds: {"id": …}, a plain id, or
// a list of these.
func targets(v any) ([]string, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case string:
		return []string{v}, nil
	case map[string]any:
		if v["id"] == nil {
			return nil, nil
		}
		if id, ok := v["id"].(string); ok {
			return []string{id}, nil
		}
	case []any:
		var ids []string
		for _, e := range v {
			more, err := targets(e)
			if err != nil {
				return nil, err
			}
			ids = append(ids, more...)
		}
		return ids, nil
	}
	return nil, fmt.Errorf(`a foreign key must be {"id": "…"}`)
}
