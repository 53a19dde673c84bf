package main

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// width is the length up to which a value stays on one line.
const width = 120

// first are the keys that open a table, in this order; others follow sorted.
var first = []string{"name", "info", "type", "reference", "required", "default", "subschema_key", "keys", "values", "elements"}

// last are the keys that close it.
var last = []string{"fields", "subschemas", "shorthand_fields", "entity_checks", "history"}

// render writes a document as JSON that reads and compares well: a field to a
// line, as far as it fits.
func render(doc table) []byte {
	var b bytes.Buffer
	write(&b, doc, "", 0)
	b.WriteByte('\n')
	return b.Bytes()
}

// write appends v, which begins at the given column.
func write(b *bytes.Buffer, v any, indent string, column int) {
	line := oneLine(v)
	if column+len(line) <= width {
		b.WriteString(line)
		return
	}
	inner := indent + " "
	switch v := v.(type) {
	case table:
		b.WriteByte('{')
		for i, k := range order(v) {
			separate(b, i, inner)
			key := quote(k) + ": "
			b.WriteString(key)
			write(b, v[k], inner, len(inner)+len(key))
		}
		b.WriteString("\n" + indent + "}")
	case []any:
		b.WriteByte('[')
		for i, e := range v {
			separate(b, i, inner)
			writeItem(b, e, inner)
		}
		b.WriteString("\n" + indent + "]")
	default:
		b.WriteString(line)
	}
}

// writeItem writes an entry of a field list with its name on the first line.
func writeItem(b *bytes.Buffer, item any, indent string) {
	if name, def, ok := entry(item); ok && len(indent)+len(oneLine(item)) > width {
		key := "{" + quote(name) + ": "
		b.WriteString(key)
		write(b, def, indent, len(indent)+len(key))
		b.WriteByte('}')
		return
	}
	write(b, item, indent, len(indent))
}

func separate(b *bytes.Buffer, i int, indent string) {
	if i > 0 {
		b.WriteByte(',')
	}
	b.WriteString("\n" + indent)
}

func oneLine(v any) string {
	switch v := v.(type) {
	case table:
		parts := make([]string, 0, len(v))
		for _, k := range order(v) {
			parts = append(parts, quote(k)+": "+oneLine(v[k]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case []any:
		parts := make([]string, len(v))
		for i, e := range v {
			parts[i] = oneLine(e)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return quote(v)
}

// quote renders a scalar; patterns stay readable without HTML escapes.
func quote(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err) // decoded JSON always encodes
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func order(t table) []string {
	keys := make([]string, 0, len(t))
	for k := range t {
		keys = append(keys, k)
	}
	rank := func(k string) int {
		if i := slices.Index(first, k); i >= 0 {
			return i - len(first)
		}
		return slices.Index(last, k) + 1
	}
	slices.SortFunc(keys, func(a, b string) int {
		if d := rank(a) - rank(b); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	return keys
}
