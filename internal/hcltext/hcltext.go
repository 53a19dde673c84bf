// Package hcltext writes Terraform's language.
//
// Expressions are texts: [Text], [Number], [List], [Object] and [Value] make them of
// values, [JSON] of decoded JSON. A [Body] collects the arguments, blocks and
// comments of a file or a block; [Body.File] lays it out as terraform fmt does.
// Quoting, escapes and layout are those of HCL's own library.
//
// The package knows no resources, and not what is worth writing.
package hcltext

import (
	"encoding/json"
	"math/big"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
)

// Entry is a named expression: of an object, or an argument of a block.
type Entry struct{ Name, Value string }

// Null is the value that nothing has.
const Null = "null"

// widest is the length up to which a list stands on one line.
const widest = 100

// Text writes a text, quoted on one line.
func Text(text string) string {
	return string(hclwrite.TokensForValue(cty.StringVal(text)).Bytes())
}

// Lines writes a text as it is, line by line, if it consists of whole lines that
// nothing needs to be quoted in; any other text as [Text] does.
func Lines(text string) string {
	body, ok := strings.CutSuffix(text, "\n")
	if !ok || !strings.Contains(body, "\n") || !isPlain(body) {
		return Text(text)
	}
	mark := "EOT"
	for slices.Contains(strings.Fields(body), mark) {
		mark += "_"
	}
	return "<<" + mark + "\n" + strings.NewReplacer("${", "$${", "%{", "%%{").Replace(text) + mark
}

// isPlain reports whether a text may stand between the marks of a heredoc: there
// are no escapes in it.
func isPlain(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool {
		return r != '\n' && r != '\t' && (r < ' ' || r == 0x7f || r == 0x2028 || r == 0x85 || r == 0xfeff)
	})
}

// Bool writes a truth value.
func Bool(v bool) string {
	if v {
		return "true"
	}
	return "false"
}

// Number writes a number with all of its digits.
func Number(n *big.Float) string {
	return string(hclwrite.TokensForValue(cty.NumberVal(n)).Bytes())
}

// List writes a list: on one line if that is short.
func List(items []string) string {
	items = ended(items)
	line := "[" + strings.Join(items, ", ") + "]"
	if len(line) < widest && !strings.Contains(line, "\n") {
		return line
	}
	return "[\n" + strings.Join(items, ",\n") + ",\n]"
}

// ended are expressions that something may follow: the mark that ends a heredoc
// stands alone on its line.
func ended(all []string) []string {
	out := slices.Clone(all)
	for i, one := range out {
		if strings.HasPrefix(one, "<<") {
			out[i] += "\n"
		}
	}
	return out
}

// Object writes an object, one entry on each line.
func Object(entries []Entry) string {
	if len(entries) == 0 {
		return "{}"
	}
	var b strings.Builder
	b.WriteString("{\n")
	for _, e := range entries {
		b.WriteString(Key(e.Name) + " = " + e.Value + "\n")
	}
	return b.String() + "}"
}

// Sorted are entries in the order of their names.
func Sorted(entries map[string]string) []Entry {
	out := make([]Entry, 0, len(entries))
	for name, v := range entries {
		out = append(out, Entry{name, v})
	}
	slices.SortFunc(out, func(a, b Entry) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// keywords are names that mean something else at the start of an entry.
var keywords = []string{"for", "null", "true", "false"}

// Key writes the name of an entry, in quotes where it needs them.
func Key(name string) string {
	if !hclsyntax.ValidIdentifier(name) || slices.Contains(keywords, name) {
		return Text(name)
	}
	return name
}

// Value writes a value of Terraform's. Members of objects without a value are
// left out; what is not known is null.
func Value(v tftypes.Value) string {
	if v.IsNull() || !v.IsKnown() {
		return Null
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
		return TextOrJSON(text)
	case v.Type().Is(tftypes.Bool) && v.As(&flag) == nil:
		return Bool(flag)
	case v.Type().Is(tftypes.Number) && v.As(&number) == nil:
		return Number(&number)
	case v.As(&fields) == nil:
		entries := make(map[string]string, len(fields))
		for k, e := range fields {
			if !e.IsNull() {
				entries[k] = Value(e)
			}
		}
		return Object(Sorted(entries))
	case v.As(&list) == nil:
		items := make([]string, len(list))
		for i, e := range list {
			items[i] = Value(e)
		}
		return List(items)
	}
	return Null
}

// TextOrJSON writes a text. One that is JSON becomes a call that encodes what it
// says.
func TextOrJSON(text string) string {
	if strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		var v any
		if d.Decode(&v) == nil && !d.More() {
			return Call("jsonencode", JSON(v))
		}
	}
	return Text(text)
}

// Call writes the call of a function.
func Call(function string, arguments ...string) string {
	return function + "(" + strings.Join(ended(arguments), ", ") + ")"
}

// JSON writes decoded JSON, whose numbers are [json.Number].
func JSON(v any) string {
	switch v := v.(type) {
	case map[string]any:
		entries := make(map[string]string, len(v))
		for k, e := range v {
			entries[k] = JSON(e)
		}
		return Object(Sorted(entries))
	case []any:
		items := make([]string, len(v))
		for i, e := range v {
			items[i] = JSON(e)
		}
		return List(items)
	case string:
		return Text(v)
	case bool:
		return Bool(v)
	case json.Number:
		n, err := cty.ParseNumberVal(v.String())
		if err != nil {
			return Null
		}
		return Number(n.AsBigFloat())
	}
	return Null
}
