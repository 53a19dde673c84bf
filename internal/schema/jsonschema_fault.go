package schema

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// describeDocument says on one line why a document is no JSON Schema: which
// keyword is wrong, where it is as a JSON pointer, and why. The compiler's own
// text names made-up addresses, in any order.
func describeDocument(document any, err error) string {
	switch e := err.(type) { //nolint:errorlint // none of them is wrapped
	case *jsonschema.SchemaValidationError:
		if fault := (*jsonschema.ValidationError)(nil); errors.As(e.Err, &fault) {
			fault = decisive(fault)
			alone := jsonschema.ValidationError{ErrorKind: fault.ErrorKind}
			return atKeyword(fault.InstanceLocation) + strings.TrimPrefix(alone.Error(), "at '': ")
		}
	case *jsonschema.InvalidRegexError:
		return atKeyword(pointer(e.URL)) + fmt.Sprintf("%q is not a valid regular expression: %v", e.Regex, e.Err)
	case *jsonschema.ParseIDError:
		return atKeyword(append(pointer(e.URL), "id")) + "is not an address"
	case *jsonschema.DuplicateIDError:
		return twice(e.Ptr1, e.Ptr2)
	case *jsonschema.DuplicateAnchorError:
		return twice(e.Ptr1, e.Ptr2)
	case *jsonschema.LoadURLError:
		return unresolved(document, e.URL, " is outside of the schema, which must be self-contained")
	case *jsonschema.JSONPointerNotFoundError:
		return unresolved(document, e.URL, " is not part of the schema")
	case *jsonschema.AnchorNotFoundError:
		return unresolved(document, e.Reference, " is not part of the schema")
	case *jsonschema.ParseURLError:
		return unresolved(document, e.URL, " is not an address: "+e.Err.Error())
	}
	return strings.ReplaceAll(err.Error(), documentURL, "the schema")
}

// decisive is the fault to report of several: the first by its place. Of the
// branches of anyOf it takes the one that got furthest, or else one of the
// right type.
func decisive(fault *jsonschema.ValidationError) *jsonschema.ValidationError {
	if len(fault.Causes) == 0 {
		return fault
	}
	leaves := make([]*jsonschema.ValidationError, len(fault.Causes))
	for i, cause := range fault.Causes {
		leaves[i] = decisive(cause)
	}
	_, branches := fault.ErrorKind.(*kind.AnyOf)
	return slices.MinFunc(leaves, func(a, b *jsonschema.ValidationError) int {
		if branches {
			if deeper := len(b.InstanceLocation) - len(a.InstanceLocation); deeper != 0 {
				return deeper
			}
			return mistyped(a) - mistyped(b)
		}
		return slices.Compare(a.InstanceLocation, b.InstanceLocation)
	})
}

func mistyped(fault *jsonschema.ValidationError) int {
	if _, ok := fault.ErrorKind.(*kind.Type); ok {
		return 1
	}
	return 0
}

// atKeyword returns the keyword that a place belongs to, and the keyword's
// place.
func atKeyword(place []string) string {
	keyword := ""
	for i := 0; i < len(place) && !isIndex(place[i]); i++ {
		keyword = place[i]
		switch keyword {
		case "properties", "patternProperties", "definitions", "dependencies":
			i++ // a name, and then a schema
		case "items", "allOf", "anyOf", "oneOf":
			if i+1 < len(place) && isIndex(place[i+1]) {
				i++
			}
		case "additionalProperties", "additionalItems", "not":
		default:
			i = len(place) // no schemas are in there
		}
	}
	if keyword == "" {
		return ""
	}
	return "keyword " + keyword + " at " + pointerTo(place) + ": "
}

func isIndex(step string) bool {
	_, err := strconv.Atoi(step)
	return err == nil
}

// twice reports two schemas with the same id.
func twice(a, b string) string {
	return fmt.Sprintf("keyword id at %s/id: is the same as that at %s", max(a, b), min(a, b))
}

// unresolved says what is wrong with an address, with the document's own
// spelling of it and its place.
func unresolved(document any, address, wrong string) string {
	place, text := referenceTo(document, nil, address)
	return atKeyword(place) + text + wrong
}

// referenceTo finds the first keyword that refers to an address. The address is
// absolute, perhaps without the fragment.
func referenceTo(v any, place []string, address string) (at []string, text string) {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			below := append(slices.Clip(place), name)
			if text, ok := v[name].(string); ok && (name == "$ref" || name == "$schema") && leadsTo(text, address) {
				return below, text
			}
			if at, text := referenceTo(v[name], below, address); at != nil {
				return at, text
			}
		}
	case []any:
		for i, e := range v {
			if at, text := referenceTo(e, append(slices.Clip(place), strconv.Itoa(i)), address); at != nil {
				return at, text
			}
		}
	}
	return nil, strings.TrimPrefix(address, documentURL)
}

func leadsTo(text, address string) bool {
	if strings.HasPrefix(text, "#") || strings.Contains(address, "#") {
		return strings.HasSuffix(address, text)
	}
	text, _, _ = strings.Cut(text, "#")
	return text != "" && strings.HasSuffix(address, strings.TrimLeft(text, "./"))
}

// pointer is the place that the fragment of an address refers to.
func pointer(address string) []string {
	_, fragment, _ := strings.Cut(address, "#/")
	if fragment == "" {
		return nil
	}
	steps := strings.Split(fragment, "/")
	for i, step := range steps {
		steps[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(step)
	}
	return steps
}

func pointerTo(place []string) string {
	var b strings.Builder
	for _, step := range place {
		b.WriteString("/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(step))
	}
	return b.String()
}
