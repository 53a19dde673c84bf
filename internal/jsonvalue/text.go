package jsonvalue

import "fmt"

// Text returns the text that a value is, or "" for any other value.
func Text(v any) string {
	s, _ := v.(string)
	return s
}

// Shown is a value for people: a text as it is, nothing for null, and anything else as
// JSON.
func Shown(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	}
	out, err := Append(nil, v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(out)
}
