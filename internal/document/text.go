package document

import "github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"

// DecodeObject reads one JSON object, without its nulls.
func DecodeObject(text string) (any, bool) {
	doc, err := jsonvalue.Object(text)
	if err != nil {
		return nil, false
	}
	return OmitNulls(doc), true
}

// FromText returns what a text that is a JSON object says, and any other value
// as it is.
func FromText(v any) any {
	if text, ok := v.(string); ok {
		if out, ok := DecodeObject(text); ok {
			return out
		}
	}
	return v
}

// DecodeJSON reads one JSON value.
func DecodeJSON(text string) (v any, ok bool) {
	v, err := jsonvalue.Parse(text, jsonvalue.MaxDepth)
	return v, err == nil
}
