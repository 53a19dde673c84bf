package dropped

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// attribute reads an expression as a value of an attribute. What the text does
// not tell is unknown.
func (r *reader) attribute(a *tfprotov6.SchemaAttribute, expr hclsyntax.Expression, path schema.Path) cty.Value {
	if a.NestedType == nil {
		return r.plainValue(typeOf(a), expr, path)
	}
	return r.nested(a.NestedType, a.NestedType.Nesting, expr, path)
}

// nested reads nested attributes: one object, or a collection of them.
func (r *reader) nested(of *tfprotov6.SchemaObject, nesting tfprotov6.SchemaObjectNestingMode, expr hclsyntax.Expression, path schema.Path) cty.Value {
	unknown := cty.UnknownVal(nestedType(of, nesting))
	switch e := unwrapped(expr).(type) {
	case *hclsyntax.ConditionalExpr:
		r.nested(of, nesting, e.TrueResult, path)
		r.nested(of, nesting, e.FalseResult, path)
		return unknown
	case *hclsyntax.FunctionCallExpr:
		if slices.Contains(transparent, e.Name) {
			for _, arg := range e.Args {
				r.nested(of, nesting, arg, path)
			}
		}
		return unknown
	case *hclsyntax.ForExpr:
		if nesting != tfprotov6.SchemaObjectNestingModeSingle {
			r.nested(of, tfprotov6.SchemaObjectNestingModeSingle, e.ValExpr, path.Join(schema.Each))
		}
		return unknown
	case *hclsyntax.ObjectConsExpr:
		switch nesting {
		case tfprotov6.SchemaObjectNestingModeSingle:
			return r.object(of, e, path)
		case tfprotov6.SchemaObjectNestingModeMap:
			return r.mapping(of, e, path)
		}
	case *hclsyntax.TupleConsExpr:
		if nesting == tfprotov6.SchemaObjectNestingModeList || nesting == tfprotov6.SchemaObjectNestingModeSet {
			return r.list(of, nesting, e, path)
		}
	default:
		v := constant(e)
		if v.IsKnown() && v.IsNull() {
			return cty.NullVal(unknown.Type())
		}
		if !v.IsKnown() {
			return unknown
		}
	}
	r.say(WrongValue, expr.Range(), path, fmt.Sprintf("%s: wanted is %s.", written(path), nestings[nesting]))
	return unknown
}

var nestings = map[tfprotov6.SchemaObjectNestingMode]string{
	tfprotov6.SchemaObjectNestingModeSingle: "an object: { … }",
	tfprotov6.SchemaObjectNestingModeMap:    "a map of objects: { … = { … } }",
	tfprotov6.SchemaObjectNestingModeList:   "a list of objects: [{ … }]",
	tfprotov6.SchemaObjectNestingModeSet:    "a set of objects: [{ … }]",
}

// transparent are functions whose arguments have the form of their results.
var transparent = []string{"coalesce", "concat", "merge", "tolist", "tomap", "toset", "try"}

func (r *reader) object(of *tfprotov6.SchemaObject, e *hclsyntax.ObjectConsExpr, path schema.Path) cty.Value {
	out := nulls(of.Attributes)
	open := false
	for _, item := range e.Items {
		name, ok := keyOf(item)
		if !ok {
			open = true
			continue
		}
		a := named(of.Attributes, name)
		if a == nil {
			r.unknown(item.KeyExpr.Range(), of.Attributes, path, name)
			continue
		}
		out[name] = r.attribute(a, item.ValueExpr, path.Join(schema.Key(name)))
	}
	if open {
		return cty.UnknownVal(cty.ObjectVal(nulls(of.Attributes)).Type())
	}
	return cty.ObjectVal(out)
}

func (r *reader) mapping(of *tfprotov6.SchemaObject, e *hclsyntax.ObjectConsExpr, path schema.Path) cty.Value {
	typ := nestedType(of, tfprotov6.SchemaObjectNestingModeMap)
	out := map[string]cty.Value{}
	open := false
	for _, item := range e.Items {
		name, ok := keyOf(item)
		v := r.nested(of, tfprotov6.SchemaObjectNestingModeSingle, item.ValueExpr, path.Join(schema.Key(name)))
		out[name] = v
		open = open || !ok || !sameType(v, typ)
	}
	switch {
	case open:
		return cty.UnknownVal(typ)
	case len(out) == 0:
		return cty.MapValEmpty(typ.ElementType())
	}
	return cty.MapVal(out)
}

func (r *reader) list(of *tfprotov6.SchemaObject, nesting tfprotov6.SchemaObjectNestingMode, e *hclsyntax.TupleConsExpr, path schema.Path) cty.Value {
	typ := nestedType(of, nesting)
	out := make([]cty.Value, len(e.Exprs))
	open := false
	for i, expr := range e.Exprs {
		out[i] = r.nested(of, tfprotov6.SchemaObjectNestingModeSingle, expr, path.Join(schema.At(i)))
		open = open || !sameType(out[i], typ)
	}
	switch {
	case open:
		return cty.UnknownVal(typ)
	case nesting == tfprotov6.SchemaObjectNestingModeSet && len(out) == 0:
		return cty.SetValEmpty(typ.ElementType())
	case nesting == tfprotov6.SchemaObjectNestingModeSet:
		return cty.SetVal(out)
	case len(out) == 0:
		return cty.ListValEmpty(typ.ElementType())
	}
	return cty.ListVal(out)
}

// sameType reports whether a value may be an element of a collection: objects
// with an attribute of any type differ by what it holds.
func sameType(v cty.Value, collection cty.Type) bool {
	return v.Type().Equals(collection.ElementType())
}

// plainValue reads a value that is not made of nested attributes.
func (r *reader) plainValue(typ cty.Type, expr hclsyntax.Expression, path schema.Path) cty.Value {
	if typ == cty.DynamicPseudoType {
		return constant(decoded(expr))
	}
	v := constant(expr)
	out, err := convert.Convert(v, typ)
	if err != nil {
		r.say(WrongValue, expr.Range(), path, fmt.Sprintf("%s: %s.", written(path), err))
		return cty.UnknownVal(typ)
	}
	return bounded(out)
}

// bounded is a value in which numbers that would fill the memory with digits are
// unknown.
func bounded(v cty.Value) cty.Value {
	out, err := cty.Transform(v, func(_ cty.Path, v cty.Value) (cty.Value, error) {
		if v.Type() == cty.Number && v.IsKnown() && !v.IsNull() {
			if exponent := v.AsBigFloat().MantExp(nil); max(exponent, -exponent) > mostBits {
				return cty.UnknownVal(cty.Number), nil
			}
		}
		return v, nil
	})
	if err != nil {
		return cty.UnknownVal(v.Type())
	}
	return out
}

// mostBits is how many bits a number may have on either side of its point: more
// than any program reads. maxExponent is the same for decimal digits.
const (
	mostBits    = 4096
	maxExponent = 1000
)

// constant is the value of an expression as far as the text alone tells.
func constant(expr hclsyntax.Expression) cty.Value {
	switch e := unwrapped(expr).(type) {
	case *hclsyntax.ObjectConsExpr:
		out := make(map[string]cty.Value, len(e.Items))
		for _, item := range e.Items {
			name, ok := keyOf(item)
			if !ok {
				return cty.DynamicVal
			}
			out[name] = constant(item.ValueExpr)
		}
		return cty.ObjectVal(out)
	case *hclsyntax.TupleConsExpr:
		out := make([]cty.Value, len(e.Exprs))
		for i, element := range e.Exprs {
			out[i] = constant(element)
		}
		return cty.TupleVal(out)
	case *hclsyntax.FunctionCallExpr:
		return encoded(e)
	default:
		v, diags := e.Value(nil)
		if diags.HasErrors() {
			return cty.DynamicVal
		}
		return bounded(v)
	}
}

// unwrapped takes off an expression what leaves its value as it is: parentheses,
// quotes around nothing else, and the provider's function that looks through a
// configuration.
func unwrapped(expr hclsyntax.Expression) hclsyntax.Expression {
	for {
		switch e := expr.(type) {
		case *hclsyntax.ParenthesesExpr:
			expr = e.Expression
		case *hclsyntax.TemplateWrapExpr:
			expr = e.Wrapped
		case *hclsyntax.FunctionCallExpr:
			if e.Name != lookedThrough || len(e.Args) != 2 {
				return expr
			}
			expr = e.Args[1]
		default:
			return expr
		}
	}
}

const (
	lookedThrough = "provider::konnect::plugin_config"
	asJSON        = "jsonencode"
)

// decoded is an expression for an attribute that takes a value and its JSON text
// alike.
func decoded(expr hclsyntax.Expression) hclsyntax.Expression {
	expr = unwrapped(expr)
	if call, ok := expr.(*hclsyntax.FunctionCallExpr); ok && call.Name == asJSON && len(call.Args) == 1 {
		return unwrapped(call.Args[0])
	}
	return expr
}

// encoded is the JSON text of a value that is constant as a whole.
func encoded(call *hclsyntax.FunctionCallExpr) cty.Value {
	if call.Name != asJSON || len(call.Args) != 1 {
		return cty.DynamicVal
	}
	v := constant(call.Args[0])
	if !v.IsWhollyKnown() {
		return cty.DynamicVal
	}
	text, err := ctyjson.Marshal(v, v.Type())
	if err != nil {
		return cty.DynamicVal
	}
	return cty.StringVal(string(text))
}

// keyOf is the key of an item where it is literal.
func keyOf(item hclsyntax.ObjectConsItem) (string, bool) {
	v, diags := item.KeyExpr.Value(nil)
	if diags.HasErrors() || v.IsNull() || !v.IsKnown() {
		return "", false
	}
	v, err := convert.Convert(v, cty.String)
	if err != nil {
		return "", false
	}
	return v.AsString(), true
}

func itemOf(e *hclsyntax.ObjectConsExpr, name string) *hclsyntax.ObjectConsItem {
	for i := range e.Items {
		if key, ok := keyOf(e.Items[i]); ok && key == name {
			return &e.Items[i]
		}
	}
	return nil
}

// nulls are the null values of attributes.
func nulls(attributes []*tfprotov6.SchemaAttribute) map[string]cty.Value {
	out := make(map[string]cty.Value, len(attributes))
	for _, a := range attributes {
		out[a.Name] = cty.NullVal(typeOf(a))
	}
	return out
}

func nestedType(of *tfprotov6.SchemaObject, nesting tfprotov6.SchemaObjectNestingMode) cty.Type {
	return converted((&tfprotov6.SchemaObject{Attributes: of.Attributes, Nesting: nesting}).ValueType())
}

func typeOf(a *tfprotov6.SchemaAttribute) cty.Type { return converted(a.ValueType()) }

// converted turns a type of the protocol into one of HCL.
func converted(typ tftypes.Type) cty.Type {
	encoded, err := json.Marshal(typ)
	if err != nil {
		return cty.DynamicPseudoType
	}
	out, err := ctyjson.UnmarshalType(encoded)
	if err != nil {
		return cty.DynamicPseudoType
	}
	return out
}
