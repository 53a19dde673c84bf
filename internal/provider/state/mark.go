package state

import (
	"maps"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
)

// Mark is what Terraform's private state remembers of an object: under which
// defaults it was planned. Both parts are nested like the document.
type Mark struct {
	// Defaults are those of the fields that the configuration leaves out.
	Defaults map[string]any
	// Found are values that a state without a mark had in their place, and that
	// once were defaults: nobody needs to hear of them.
	Found map[string]any
	// Open says that not all of the configuration was known: an apply knows more.
	Open bool
}

// All are the defaults that count.
func (m Mark) All() map[string]any { return merged(m.Defaults, m.Found) }

func merged(a, b map[string]any) map[string]any {
	if len(a) == 0 {
		return b
	}
	if len(b) == 0 {
		return a
	}
	out := maps.Clone(a)
	for k, v := range b {
		below, ok := v.(map[string]any)
		above, okAbove := out[k].(map[string]any)
		if ok && okAbove {
			v = merged(above, below)
		}
		out[k] = v
	}
	return out
}

// formatOfMark tells a mark from what other providers keep in private state.
const formatOfMark = "konnect-defaults-1"

// DecodeMark reads private state. What is no mark, or a broken one, is none.
func DecodeMark(private []byte) (m Mark, ok bool) {
	if len(private) == 0 {
		return m, false
	}
	doc, err := jsonvalue.Object(string(private))
	if err != nil || doc["format"] != formatOfMark {
		return m, false
	}
	parts := [2]map[string]any{}
	for i, key := range []string{"defaults", "found"} {
		part, isObject := document.AsMap(doc[key])
		if doc[key] != nil && !isObject {
			return m, false
		}
		parts[i], _ = document.OmitNulls(part).(map[string]any)
	}
	return Mark{parts[0], parts[1], doc["open"] == true}, true
}

// Encode is the mark as private state holds it.
func (m Mark) Encode() []byte {
	doc := map[string]any{"format": formatOfMark}
	if len(m.Defaults) > 0 {
		doc["defaults"] = m.Defaults
	}
	if len(m.Found) > 0 {
		doc["found"] = m.Found
	}
	if m.Open {
		doc["open"] = true
	}
	out, err := jsonvalue.Append(nil, doc)
	if err != nil {
		return nil // no document that was read has such a value
	}
	return out
}
