// Package document works on documents of entities, in the form of decoded
// JSON, along the schema of the entity.
//
// A document is converted to the types that the schema wants ([Coerce]),
// completed with what the schema knows ([Complete], [CompleteAnswer]) and the
// reverse ([Prune]), compared by meaning ([Exactly], [AsStored]), and turned
// into what a request sends ([Body], [Changes]). [Secrets] finds what no message
// may show.
//
// [Clear] and [AddForeign] change the body that they are given. All other
// functions leave their arguments as they are, and what they return shares with
// them whatever is the same.
//
// The package knows schemas and nothing else: not which entity a document is
// of, nor where it comes from or goes to.
package document

// IsEmpty reports whether a value is nothing, or a collection of nothing.
func IsEmpty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case map[string]any:
		return len(v) == 0
	case []any:
		return len(v) == 0
	}
	return false
}

// AsMap takes an object from decoded JSON, where an empty one may have become
// an empty list.
func AsMap(v any) (map[string]any, bool) {
	switch v := v.(type) {
	case map[string]any:
		return v, true
	case []any:
		return nil, len(v) == 0
	}
	return nil, false
}

// ElementAt returns an element of a list, or nil where the list is shorter.
func ElementAt(list []any, i int) any {
	if i < len(list) {
		return list[i]
	}
	return nil
}
