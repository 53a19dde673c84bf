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
var first = []string{"name", "version", "id", "info", "type", "reference", "required", "default", "subschema_key", "keys", "values", "elements"}

// last are the keys that close it.
var last = []string{"fields", "subschemas", "shorthand_fields", "entity_checks", "history", "konnect"}

// render writes a document as JSON that is easy to read and to compare: as far
// as it fits, each field is on one line.
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
	p := packer{b: b, indent: indent + " "}
	switch v := v.(type) {
	case table:
		b.WriteByte('{')
		for _, k := range order(v) {
			p.add(quote(k)+": ", v[k])
		}
		b.WriteString("\n" + indent + "}")
	case []any:
		b.WriteByte('[')
		for _, e := range v {
			p.alone = isTable(e)
			p.add("", e)
		}
		b.WriteString("\n" + indent + "]")
	default:
		b.WriteString(line)
	}
}

// packer fills lines with the members of a table or list. A table in a list has
// a line of its own, and so has a member that takes several lines.
type packer struct {
	b      *bytes.Buffer
	indent string
	alone  bool
	column int // 0 at the start of a line
}

func (p *packer) add(key string, v any) {
	line := key + oneLine(v)
	if p.column > 0 {
		p.b.WriteByte(',')
	}
	if p.column > 0 && !p.alone && p.column+len(line)+2 <= width {
		p.b.WriteString(" " + line)
		p.column += len(line) + 2
		return
	}
	p.b.WriteString("\n" + p.indent)
	p.column = len(p.indent) + len(line)
	if p.column <= width {
		p.b.WriteString(line)
		return
	}
	p.b.WriteString(key)
	p.write(v, len(p.indent)+len(key))
	p.column = width
}

// write writes a member of several lines; an entry of a field list keeps its
// name on the first of them.
func (p *packer) write(v any, column int) {
	if name, def, ok := entry(v); ok {
		key := "{" + quote(name) + ": "
		p.b.WriteString(key)
		write(p.b, def, p.indent, column+len(key))
		p.b.WriteByte('}')
		return
	}
	write(p.b, v, p.indent, column)
}

func isTable(v any) bool {
	_, ok := v.(table)
	return ok
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
