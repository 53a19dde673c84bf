package hcltext

import (
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// odd are texts that the language takes for something else if they are not quoted
// with care.
var odd = []string{
	"", "a", "a b", `"`, `\`, `\n`, "a\nb", "a\nb\n", "\n", "a\tb\n c\n", "${a}", "$${a}", "%{ if true }", "%%{", "$", "$$", "$${", "%", "ä", "日本", "\u2028\n\n", "\u0085", "\x00",
	"\x07\x1b", "\U0001F600", "{", "[", `{"a":1}`, `[1]`, `{"a":1`, "EOT\nEOT\n", "a\nEOT\nEOT_\n", " lead\n trail \n", "\r\n\r\n", "# a", "// b", "/*", "null", "true", "1e3",
	"\ufeffa\nb\n", "a\n${b}\n%{c}\n", "\x7f",
}

// read evaluates an expression that was written.
func read(t testing.TB, expression string) cty.Value {
	t.Helper()
	e, diags := hclsyntax.ParseExpression([]byte(expression+"\n"), "a.tf", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatalf("%s: %s", expression, diags)
	}
	v, diags := e.Value(&hcl.EvalContext{Functions: map[string]function.Function{"jsonencode": stdlib.JSONEncodeFunc}})
	if diags.HasErrors() {
		t.Fatalf("%s: %s", expression, diags)
	}
	return v
}

// Whatever a text holds, it is read as it was.
func TestText(t *testing.T) {
	t.Parallel()
	for _, text := range odd {
		for name, write := range map[string]func(string) string{"Text": Text, "Lines": Lines} {
			if got := read(t, write(text)).AsString(); got != cty.StringVal(text).AsString() {
				t.Errorf("%s: %q is read as %q: %s", name, text, got, write(text))
			}
		}
		in := read(t, List([]string{Lines(text), Object([]Entry{{"a", Lines(text)}}), Call("jsonencode", Lines(text)), "1"}))
		if got := in.Index(cty.NumberIntVal(0)).AsString(); got != cty.StringVal(text).AsString() || in.LengthInt() != 4 {
			t.Errorf("in a list %q is read as %q", text, got)
		}
		if got := read(t, Object([]Entry{{text, "1"}})); !got.Type().HasAttribute(text) {
			t.Errorf("the key %q is read as %#v", text, got)
		}
	}
}

func FuzzText(f *testing.F) {
	for _, text := range odd {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = cty.StringVal(strings.ToValidUTF8(text, "")).AsString()
		if got := read(t, Text(text)).AsString(); got != text {
			t.Errorf("%q is read as %q", text, got)
		}
		if got := read(t, Lines(text)).AsString(); got != text {
			t.Errorf("%q is read as %q, line by line", text, got)
		}
		var b Body
		b.Comment(text)
		b.Set("a", "1")
		parsed, diags := hclsyntax.ParseConfig([]byte(b.File()), "a.tf", hcl.InitialPos)
		if attributes, _ := parsed.Body.JustAttributes(); diags.HasErrors() || len(attributes) != 1 {
			t.Errorf("%q ends a comment: %s", text, b.File())
		}
	})
}

func TestLines(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"one\n":           `"one\n"`,
		"one\ntwo":        `"one\ntwo"`,
		"one\ntwo\n":      "<<EOT\none\ntwo\nEOT",
		"${a}\n%{b}\n":    "<<EOT\n$${a}\n%%{b}\nEOT",
		"EOT\nand more\n": "<<EOT_\nEOT\nand more\nEOT_",
	} {
		if got := Lines(text); got != want {
			t.Errorf("%q: %s", text, got)
		}
	}
}

func TestValue(t *testing.T) {
	t.Parallel()
	text := func(s string) tftypes.Value { return tftypes.NewValue(tftypes.String, s) }
	long := strings.Repeat("x", widest)
	fraction, _, err := big.ParseFloat("0.1", 10, 512, big.ToNearestEven)
	if err != nil {
		t.Fatal(err)
	}
	object := func(members map[string]tftypes.Value) tftypes.Value {
		types := map[string]tftypes.Type{}
		for k, v := range members {
			types[k] = v.Type()
		}
		return tftypes.NewValue(tftypes.Object{AttributeTypes: types}, members)
	}
	list := func(all ...tftypes.Value) tftypes.Value {
		return tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, all)
	}
	for name, c := range map[string]struct {
		value tftypes.Value
		want  string
	}{
		"null":       {tftypes.NewValue(tftypes.String, nil), "null"},
		"unknown":    {tftypes.NewValue(tftypes.String, tftypes.UnknownValue), "null"},
		"text":       {text("${a}"), `"$${a}"`},
		"json":       {text(`{"b":[1,null],"a b":{}}`), "jsonencode({\n\"a b\" = {}\nb = [1, null]\n})"},
		"no json":    {text(`{"b":1} x`), `"{\"b\":1} x"`},
		"truth":      {tftypes.NewValue(tftypes.Bool, true), "true"},
		"number":     {tftypes.NewValue(tftypes.Number, big.NewFloat(1e21)), "1000000000000000000000"},
		"fraction":   {tftypes.NewValue(tftypes.Number, fraction), "0.1"},
		"object":     {object(map[string]tftypes.Value{"for": text("a"), "b": tftypes.NewValue(tftypes.Bool, nil), "a": text("")}), "{\na = \"\"\n\"for\" = \"a\"\n}"},
		"nothing":    {object(nil), "{}"},
		"list":       {list(text("a"), text("b")), `["a", "b"]`},
		"long list":  {list(text(long), text("b")), "[\n\"" + long + "\",\n\"b\",\n]"},
		"empty list": {list(), "[]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := Value(c.value); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// A file is laid out as terraform fmt lays it out, and says what was added.
func TestBody(t *testing.T) {
	t.Parallel()
	var inner, outer, none Body
	inner.Set("a", Text("x"))
	inner.Set("longer", List([]string{"1", "2"}))
	inner.Gap()
	inner.Set("config", Object([]Entry{{"a b", Null}, {"deep", Object([]Entry{{"x", "1"}})}}))
	outer.Gap()
	outer.Comment("One.\n\nTwo\u2028with \x00 more.")
	inner.Set("lines", List([]string{Lines("a\nb\n"), "1"}))
	outer.Block("resource", []string{"kind", `na"me`}, &inner)
	outer.Gap()
	outer.Commented(&inner)
	const want = `# One.
#
# Two with   more.
resource "kind" "na\"me" {
  a      = "x"
  longer = [1, 2]

  config = {
    "a b" = null
    deep = {
      x = 1
    }
  }
  lines = [
    <<EOT
a
b
EOT
    ,
    1,
  ]
}

# a      = "x"
# longer = [1, 2]
#
# config = {
#   "a b" = null
#   deep = {
#     x = 1
#   }
# }
# lines = [
#   <<EOT
# a
# b
# EOT
#   ,
#   1,
# ]
`
	if diff := cmp.Diff(want, outer.File()); diff != "" {
		t.Error(diff)
	}
	if !none.IsEmpty() || none.File() != "" || outer.IsEmpty() {
		t.Error("an empty body is not empty, or another one is")
	}
	file := filepath.Join(t.TempDir(), "a.tf")
	if err := os.WriteFile(file, []byte(outer.File()), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "terraform", "fmt", "-check", "-diff", file)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}
