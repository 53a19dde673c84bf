package dropped

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	hcljson "github.com/hashicorp/hcl/v2/json"
	"github.com/zclconf/go-cty/cty"
)

// parse returns the top-level blocks of a file, as far as it can be read.
func parse(name string, text []byte) (hclsyntax.Blocks, hcl.Diagnostics) {
	if at := invalid(text); at != nil {
		at.Filename = name
		return nil, fault(*at, "Not UTF-8", "Terraform reads files in UTF-8 only: save it in that encoding.")
	}
	if isJSON(name) {
		return parseJSON(name, text)
	}
	tokens, _ := hclsyntax.LexConfig(text, name, hcl.InitialPos)
	if diags := unbearable(tokens); diags != nil {
		return nil, diags
	}
	file, diags := hclsyntax.ParseConfig(text, name, hcl.InitialPos)
	body, ok := file.Body.(*hclsyntax.Body)
	if !ok {
		return nil, diags
	}
	var whole hclsyntax.Blocks
	for _, b := range body.Blocks {
		if !isBroken(b, diags) {
			whole = append(whole, b)
		}
	}
	return whole, diags
}

// isBroken reports whether there is an error within a block: of such a one
// something may be missing that is written.
func isBroken(b *hclsyntax.Block, diags hcl.Diagnostics) bool {
	all := hcl.RangeBetween(b.TypeRange, b.CloseBraceRange)
	for _, d := range diags {
		if d.Severity == hcl.DiagError && (d.Subject == nil || all.Overlaps(*d.Subject) || all.ContainsPos(d.Subject.Start)) {
			return true
		}
	}
	return false
}

// invalid returns the place of the first byte that is no UTF-8, or nil.
func invalid(text []byte) *hcl.Range {
	if utf8.Valid(text) {
		return nil
	}
	good := 0
	for rest := text; ; {
		r, size := utf8.DecodeRune(rest)
		if r == utf8.RuneError && size <= 1 {
			break
		}
		good, rest = good+size, rest[size:]
	}
	before := text[:good]
	line := bytes.LastIndexByte(before, '\n') + 1
	at := hcl.Pos{Byte: good, Line: bytes.Count(before, []byte("\n")) + 1, Column: utf8.RuneCount(before[line:]) + 1}
	return &hcl.Range{Start: at, End: at}
}

// unbearable says what of a text cannot be parsed and evaluated within bounds.
func unbearable(tokens hclsyntax.Tokens) hcl.Diagnostics {
	if at := tooLarge(tokens); at != nil {
		return fault(*at, "Number too large", "No attribute takes a number of so many digits.")
	}
	if at := tooDeep(tokens); at != nil {
		return nestedTooDeep(*at)
	}
	return nil
}

func nestedTooDeep(at hcl.Range) hcl.Diagnostics {
	return fault(at, "Nested too deep", "Brackets and operators are nested in each other too often to be read.")
}

func fault(at hcl.Range, summary, detail string) hcl.Diagnostics {
	return hcl.Diagnostics{{Severity: hcl.DiagError, Summary: summary, Detail: detail, Subject: &at}}
}

// parseJSON reads a file in Terraform's JSON syntax as what it stands for: blocks
// with the ranges of the JSON text.
func parseJSON(name string, text []byte) (hclsyntax.Blocks, hcl.Diagnostics) {
	if at := tooDeepJSON(name, text); at != nil {
		return nil, nestedTooDeep(*at)
	}
	root, diags := hcljson.ParseExpression(text, name)
	if diags.HasErrors() {
		return nil, diags
	}
	t := translation{}
	var out hclsyntax.Blocks
	for _, kind := range t.pairs(root) {
		if _, ok := kinds[t.name(kind.Key)]; !ok {
			continue
		}
		for _, typ := range t.pairs(kind.Value) {
			for _, named := range t.pairs(typ.Value) {
				for _, body := range t.bodies(named.Value) {
					out = append(out, &hclsyntax.Block{
						Type: t.name(kind.Key), TypeRange: named.Key.Range(),
						Labels: []string{t.name(typ.Key), t.name(named.Key)}, LabelRanges: []hcl.Range{typ.Key.Range(), named.Key.Range()},
						Body: body,
					})
				}
			}
		}
	}
	return out, t.diags
}

// translation turns JSON into native syntax.
type translation struct{ diags hcl.Diagnostics }

// pairs are the keys of an object, or of all objects of a list.
func (t *translation) pairs(e hcl.Expression) (out []hcl.KeyValuePair) {
	if list, diags := hcl.ExprList(e); !diags.HasErrors() {
		for _, element := range list {
			out = append(out, t.pairs(element)...)
		}
		return out
	}
	pairs, diags := hcl.ExprMap(e)
	if diags.HasErrors() {
		t.diags = append(t.diags, fault(e.Range(), "Not an object", "An object is wanted here: { … }.")...)
	}
	for _, p := range pairs {
		if t.name(p.Key) != "//" { // a comment
			out = append(out, p)
		}
	}
	return out
}

// name is a key as it is written.
func (*translation) name(key hcl.Expression) string {
	v, _ := key.Value(nil)
	if v.Type() != cty.String || v.IsNull() || !v.IsKnown() {
		return ""
	}
	return v.AsString()
}

// innerBlocks are names in a block that no attribute has.
var innerBlocks = map[string]bool{"lifecycle": true, "provisioner": true, "connection": true, "dynamic": true}

// bodies are those of one block, or of each block of a list.
func (t *translation) bodies(e hcl.Expression) (out []*hclsyntax.Body) {
	if list, diags := hcl.ExprList(e); !diags.HasErrors() {
		for _, element := range list {
			out = append(out, t.bodies(element)...)
		}
		return out
	}
	if _, diags := hcl.ExprMap(e); diags.HasErrors() {
		t.pairs(e) // says what is wrong
		return nil
	}
	body := &hclsyntax.Body{Attributes: hclsyntax.Attributes{}, SrcRange: e.Range()}
	for _, p := range t.pairs(e) {
		name := t.name(p.Key)
		if innerBlocks[name] {
			continue
		}
		attr := &hclsyntax.Attribute{Name: name, NameRange: p.Key.Range(), SrcRange: p.Value.Range()}
		if attr.Expr = t.expression(p.Value); name == "provider" {
			attr.Expr = reference(p.Value, attr.Expr)
		}
		body.Attributes[name] = attr
	}
	return append(out, body)
}

// reference reads a text that names something.
func reference(e hcl.Expression, otherwise hclsyntax.Expression) hclsyntax.Expression {
	traversal, diags := hcl.AbsTraversalForExpr(e)
	if diags.HasErrors() {
		return otherwise
	}
	return &hclsyntax.ScopeTraversalExpr{Traversal: traversal, SrcRange: e.Range()}
}

func (t *translation) expression(e hcl.Expression) hclsyntax.Expression {
	at := e.Range()
	if pairs, diags := hcl.ExprMap(e); !diags.HasErrors() {
		out := &hclsyntax.ObjectConsExpr{SrcRange: at, OpenRange: at}
		for _, p := range pairs {
			out.Items = append(out.Items, hclsyntax.ObjectConsItem{KeyExpr: t.expression(p.Key), ValueExpr: t.expression(p.Value)})
		}
		return out
	}
	if list, diags := hcl.ExprList(e); !diags.HasErrors() {
		out := &hclsyntax.TupleConsExpr{SrcRange: at, OpenRange: at}
		for _, element := range list {
			out.Exprs = append(out.Exprs, t.expression(element))
		}
		return out
	}
	v, _ := e.Value(nil)
	if v.Type() == cty.String && v.IsKnown() && !v.IsNull() && strings.Contains(strings.ReplaceAll(v.AsString(), "%{", "${"), "${") {
		return t.template(v.AsString(), at)
	}
	return &hclsyntax.LiteralValueExpr{Val: v, SrcRange: at}
}

// template reads a text with expressions in it. One of several lines stands in one
// line of the file, so that no place within it is known: it is read as a whole.
func (t *translation) template(text string, at hcl.Range) hclsyntax.Expression {
	opaque := &hclsyntax.ScopeTraversalExpr{Traversal: hcl.Traversal{hcl.TraverseRoot{Name: "text", SrcRange: at}}, SrcRange: at}
	if strings.Contains(text, "\n") {
		return opaque
	}
	start := hcl.Pos{Line: at.Start.Line, Column: at.Start.Column + 1, Byte: at.Start.Byte + 1}
	tokens, _ := hclsyntax.LexTemplate([]byte(text), at.Filename, start)
	if diags := unbearable(tokens); diags != nil {
		t.diags = append(t.diags, diags...)
		return opaque
	}
	out, diags := hclsyntax.ParseTemplate([]byte(text), at.Filename, start)
	if diags.HasErrors() {
		t.diags = append(t.diags, diags...)
		return opaque
	}
	return out
}
