package dropped

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/msgpack"

	"github.com/openkonnect/terraform-provider-konnect/internal/finding"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// ourTypes begins the types of this provider's resources and data sources.
const ourTypes = "konnect_"

// kinds are the blocks with attributes of a provider.
var kinds = map[string]struct {
	title  string
	prefix string // of addresses
	all    func(Provider) []string
	schema func(Provider, string) *tfprotov6.Schema
	judged bool
}{
	"resource": {"resource", "", Provider.ResourceTypes, Provider.Resource, true},
	"data":     {"data source", "data.", Provider.DataSourceTypes, Provider.DataSource, false},
}

// block reads one top-level block of a file.
func (f Finder) block(ctx context.Context, b *hclsyntax.Block) []finding.Finding {
	kind, ok := kinds[b.Type]
	if !ok || len(b.Labels) != 2 || !strings.HasPrefix(b.Labels[0], ourTypes) || isForeign(b.Body) {
		return nil
	}
	r := &reader{provider: f.Provider, typ: b.Labels[0], address: kind.prefix + b.Labels[0] + "." + b.Labels[1]}
	block := kind.schema(f.Provider, r.typ)
	if block == nil {
		r.say(UnknownType, b.LabelRanges[0], nil, fmt.Sprintf("there is no %s of type %s.%s", kind.title, r.typ, suggestion(r.typ, kind.all(f.Provider))))
		return r.findings
	}
	config := r.body(block.Block.Attributes, b.Body)
	if kind.judged {
		r.judge(ctx, b, config, converted(block.ValueType()))
	}
	return r.findings
}

// isForeign reports whether a block names the provider that serves it, and
// that is not called konnect.
func isForeign(body *hclsyntax.Body) bool {
	attr := body.Attributes["provider"]
	if attr == nil {
		return false
	}
	traversal, diags := hcl.AbsTraversalForExpr(attr.Expr)
	return !diags.HasErrors() && traversal.RootName() != "konnect"
}

// judge lets the provider say what it has against the literal values.
func (r *reader) judge(ctx context.Context, b *hclsyntax.Block, config cty.Value, typ cty.Type) {
	packed, err := msgpack.Marshal(config, typ)
	if err != nil {
		return // a value that has no place in a configuration
	}
	value := &tfprotov6.DynamicValue{MsgPack: packed}
	diags, err := r.provider.Validate(ctx, r.typ, value)
	if err != nil {
		r.say(WrongValue, b.TypeRange, nil, err.Error())
		return
	}
	for _, d := range diags {
		if d.Severity == tfprotov6.DiagnosticSeverityWarning {
			r.tell(OddValue, finding.Warning, b, d)
		} else {
			r.tell(WrongValue, finding.Error, b, d)
		}
	}
	secrets, err := r.provider.Secrets(ctx, r.typ, value)
	if err != nil {
		r.say(WrongValue, b.TypeRange, nil, err.Error())
	}
	for _, d := range secrets {
		r.tell(PlainSecret, finding.Warning, b, d)
	}
}

// tell repeats what the provider says.
func (r *reader) tell(rule string, severity finding.Severity, b *hclsyntax.Block, d *tfprotov6.Diagnostic) {
	message := d.Detail
	if message == "" {
		message = d.Summary
	}
	r.add(rule, severity, rangeOf(b, d.Attribute), pathOf(d.Attribute), message)
}

// reader reads one block.
type reader struct {
	provider Provider
	typ      string
	address  string
	findings []finding.Finding
}

func (r *reader) say(rule string, at hcl.Range, path schema.Path, message string) {
	r.add(rule, finding.Error, at, path, message)
}

// written is a path as users of Terraform write it, with [*].
func written(path schema.Path) string { return strings.ReplaceAll(path.String(), "[]", "[*]") }

func (r *reader) add(rule string, severity finding.Severity, at hcl.Range, path schema.Path, message string) {
	r.findings = append(r.findings, finding.Finding{
		Severity: severity, Rule: rule, File: at.Filename, Line: at.Start.Line, Column: at.Start.Column,
		Address: r.address, Path: path, Message: message,
	})
}

// ofTerraform are the arguments of a block that belong to Terraform itself.
var ofTerraform = []string{"count", "depends_on", "for_each", "provider"}

// body reads the attributes of a block into a value of its type.
func (r *reader) body(attributes []*tfprotov6.SchemaAttribute, body *hclsyntax.Body) cty.Value {
	out := nulls(attributes)
	for _, name := range slices.Sorted(maps.Keys(body.Attributes)) {
		attr := body.Attributes[name]
		a := named(attributes, name)
		switch {
		case a != nil:
			out[name] = r.attribute(a, attr.Expr, schema.Path{schema.Key(name)})
		case !slices.Contains(ofTerraform, name):
			r.unknown(attr.NameRange, attributes, nil, name)
		}
	}
	for _, inner := range body.Blocks {
		if a := named(attributes, inner.Type); a != nil {
			r.say(WrongValue, inner.TypeRange, schema.Path{schema.Key(a.Name)}, fmt.Sprintf("%s: an attribute is wanted, not a block: write %s = { … }.", a.Name, a.Name))
			out[a.Name] = cty.UnknownVal(typeOf(a))
		}
	}
	return cty.ObjectVal(out)
}

// unknown reports a key that leads nowhere.
func (r *reader) unknown(at hcl.Range, attributes []*tfprotov6.SchemaAttribute, path schema.Path, name string) {
	full := path.Join(schema.Key(name))
	text := written(full) + ": there is no such attribute"
	if len(path) > 0 {
		text += ", and Terraform drops it without a word"
	}
	text += "."
	if successor := r.provider.Successor(r.typ, path, name); successor != "" {
		text += fmt.Sprintf(" It is the former name of %s.", written(path.Join(schema.Dotted(successor)...)))
	} else {
		text += suggestionBelow(name, attributes)
	}
	r.say(DroppedKey, at, full, text)
}

// mostNames is how many names a message lists.
const mostNames = 30

// suggestionBelow names what was most likely meant: the same name one level
// down, a name nearby, or all that there are.
func suggestionBelow(name string, attributes []*tfprotov6.SchemaAttribute) string {
	known := make([]string, 0, len(attributes))
	for _, a := range attributes {
		if a.NestedType != nil && named(a.NestedType.Attributes, name) != nil {
			return fmt.Sprintf(" Did you mean %s.%s?", a.Name, name)
		}
		known = append(known, a.Name)
	}
	if near := suggestion(name, known); near != "" {
		return near
	}
	slices.Sort(known)
	if len(known) > mostNames {
		known = append(known[:mostNames], "…")
	}
	return " Known here: " + strings.Join(known, ", ") + "."
}

func suggestion(name string, known []string) string {
	if near := schema.Nearest(name, known); near != "" {
		return fmt.Sprintf(" Did you mean %s?", near)
	}
	return ""
}

func named(attributes []*tfprotov6.SchemaAttribute, name string) *tfprotov6.SchemaAttribute {
	for _, a := range attributes {
		if a.Name == name {
			return a
		}
	}
	return nil
}

// rangeOf finds the text of an attribute, or of the nearest one above it that is
// written.
func rangeOf(b *hclsyntax.Block, at *tftypes.AttributePath) hcl.Range {
	here := b.DefRange()
	if at == nil {
		return here
	}
	var expr hclsyntax.Expression
	for i, step := range at.Steps() {
		name, isName := stepName(step)
		if i == 0 {
			attr := b.Body.Attributes[name]
			if attr == nil {
				return here
			}
			here, expr = attr.NameRange, attr.Expr
			continue
		}
		index, isIndex := step.(tftypes.ElementKeyInt)
		switch e := decoded(expr).(type) {
		case *hclsyntax.ObjectConsExpr:
			item := itemOf(e, name)
			if !isName || item == nil {
				return here
			}
			here, expr = item.KeyExpr.Range(), item.ValueExpr
		case *hclsyntax.TupleConsExpr:
			if !isIndex || int(index) >= len(e.Exprs) {
				return here
			}
			expr = e.Exprs[index]
			here = expr.Range()
		default:
			return here
		}
	}
	return here
}

func stepName(step tftypes.AttributePathStep) (string, bool) {
	switch step := step.(type) {
	case tftypes.AttributeName:
		return string(step), true
	case tftypes.ElementKeyString:
		return string(step), true
	}
	return "", false
}

// pathOf is the path of an attribute.
func pathOf(at *tftypes.AttributePath) (path schema.Path) {
	for _, step := range at.Steps() {
		if name, ok := stepName(step); ok {
			path = append(path, schema.Key(name))
		} else if index, ok := step.(tftypes.ElementKeyInt); ok {
			path = append(path, schema.At(int(index)))
		}
	}
	return path
}
