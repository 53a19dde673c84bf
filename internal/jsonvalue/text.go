package jsonvalue

// Text returns the text that a value is, or "" for any other value.
func Text(v any) string {
	s, _ := v.(string)
	return s
}
