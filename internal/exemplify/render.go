package main

import (
	"encoding/json"
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// render writes a value in Terraform's language, without what is null. indent
// is that of the line on which the value begins.
func render(v tftypes.Value, indent string) string {
	if v.IsNull() || !v.IsKnown() {
		return "null"
	}
	var (
		text   string
		flag   bool
		number big.Float
		fields map[string]tftypes.Value
		list   []tftypes.Value
	)
	switch {
	case v.Type().Is(tftypes.String) && v.As(&text) == nil:
		return renderText(text, indent)
	case v.Type().Is(tftypes.Bool) && v.As(&flag) == nil:
		return fmt.Sprint(flag)
	case v.Type().Is(tftypes.Number) && v.As(&number) == nil:
		return number.Text('f', -1)
	case v.As(&fields) == nil:
		entries := make(map[string]string, len(fields))
		for k, e := range fields {
			if !e.IsNull() {
				entries[k] = render(e, indent+"  ")
			}
		}
		return renderObject(entries, indent)
	case v.As(&list) == nil:
		items := make([]string, len(list))
		for i, e := range list {
			items[i] = render(e, indent+"  ")
		}
		return renderList(items, indent)
	}
	return "null"
}

// renderText writes a text; JSON becomes a call that encodes it.
func renderText(text, indent string) string {
	if strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		var v any
		if d.Decode(&v) == nil && !d.More() {
			return "jsonencode(" + renderJSON(v, indent) + ")"
		}
	}
	return quote(text)
}

func quote(text string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(text); err != nil {
		return `""`
	}
	return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(strings.TrimSpace(b.String()))
}

func renderJSON(v any, indent string) string {
	switch v := v.(type) {
	case map[string]any:
		entries := make(map[string]string, len(v))
		for k, e := range v {
			entries[k] = renderJSON(e, indent+"  ")
		}
		return renderObject(entries, indent)
	case []any:
		items := make([]string, len(v))
		for i, e := range v {
			items[i] = renderJSON(e, indent+"  ")
		}
		return renderList(items, indent)
	case string:
		return quote(v)
	case nil:
		return "null"
	}
	return fmt.Sprint(v)
}

var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`)

func renderObject(entries map[string]string, indent string) string {
	if len(entries) == 0 {
		return "{}"
	}
	names := make([]string, 0, len(entries))
	for name := range entries {
		names = append(names, name)
	}
	slices.Sort(names)
	var b strings.Builder
	b.WriteString("{\n")
	for _, name := range names {
		key := name
		if !identifier.MatchString(key) {
			key = quote(key)
		}
		b.WriteString(indent + "  " + key + " = " + entries[name] + "\n")
	}
	return b.String() + indent + "}"
}

func renderList(items []string, indent string) string {
	line := "[" + strings.Join(items, ", ") + "]"
	if len(line) < 100 && !strings.Contains(line, "\n") {
		return line
	}
	return "[\n" + indent + "  " + strings.Join(items, ",\n"+indent+"  ") + ",\n" + indent + "]"
}
