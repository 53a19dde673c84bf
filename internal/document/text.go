package document

import (
	"encoding/json"
	"strings"
)

// DecodeObject reads one JSON object, without its nulls.
func DecodeObject(text string) (any, bool) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var out map[string]any
	if err := d.Decode(&out); err != nil || out == nil || d.More() {
		return nil, false
	}
	return OmitNulls(out), true
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
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&v); err != nil || d.More() {
		return nil, false
	}
	return v, true
}
