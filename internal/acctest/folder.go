package acctest

import (
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// Folder is a configuration as text, of which a [Protocol] does what terraform
// would do. It knows resources, import blocks, variables with values in
// terraform.tfvars, and the functions file, jsonencode and nonsensitive.
type Folder struct {
	blocks  []*placed
	imports map[string]hcl.Expression
	values  map[string]cty.Value
	files   map[string]string
}

// placed is a resource block, and what became of it.
type placed struct {
	typ, label string
	body       *hclsyntax.Body
	config     Object
	state      tftypes.Value
}

func (b *placed) address() string { return b.typ + "." + b.label }

// ReadFolder reads the texts of a configuration.
func ReadFolder(t testing.TB, files map[string]string) *Folder {
	t.Helper()
	f := &Folder{imports: map[string]hcl.Expression{}, values: map[string]cty.Value{}, files: files}
	for name, text := range files {
		switch path.Ext(name) {
		case ".tf":
			f.add(parsed(t, name, text))
		case ".tfvars":
			for variable, a := range parsed(t, name, text).Attributes {
				f.values[variable] = evaluated(t, a.Expr, nil)
			}
		}
	}
	slices.SortFunc(f.blocks, func(a, b *placed) int { return strings.Compare(a.address(), b.address()) })
	return f
}

func parsed(t testing.TB, name, text string) *hclsyntax.Body {
	t.Helper()
	file, diags := hclsyntax.ParseConfig([]byte(text), name, hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatalf("%s\n%s", diags, text)
	}
	return file.Body.(*hclsyntax.Body)
}

func (f *Folder) add(body *hclsyntax.Body) {
	for _, b := range body.Blocks {
		switch b.Type {
		case "resource":
			f.blocks = append(f.blocks, &placed{typ: b.Labels[0], label: b.Labels[1], body: b.Body})
		case "import":
			to := b.Body.Attributes["to"].Expr.Variables()[0]
			f.imports[to.RootName()+"."+to[1].(hcl.TraverseAttr).Name] = b.Body.Attributes["id"].Expr
		}
	}
}

func evaluated(t testing.TB, e hcl.Expression, scope *hcl.EvalContext) cty.Value {
	t.Helper()
	v, diags := e.Value(scope)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return v
}

// scope is what expressions may refer to: the files, the variables, and the
// resources that have a state.
func (f *Folder) scope() *hcl.EvalContext {
	resources := map[string]map[string]cty.Value{}
	for _, b := range f.blocks {
		if b.state.Type() != nil {
			if resources[b.typ] == nil {
				resources[b.typ] = map[string]cty.Value{}
			}
			resources[b.typ][b.label] = texts(b.state)
		}
	}
	known := map[string]cty.Value{
		"var":  cty.ObjectVal(f.values),
		"path": cty.ObjectVal(map[string]cty.Value{"module": cty.StringVal(".")}),
	}
	for typ, all := range resources {
		known[typ] = cty.ObjectVal(all)
	}
	text := &function.Spec{
		Params: []function.Parameter{{Name: "path", Type: cty.String}}, Type: function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			name := path.Clean(args[0].AsString())
			content, ok := f.files[name]
			if !ok {
				return cty.NilVal, fmt.Errorf("there is no file %s", name)
			}
			return cty.StringVal(content), nil
		},
	}
	itself := &function.Spec{
		Params: []function.Parameter{{Name: "value", Type: cty.String}}, Type: function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) { return args[0], nil },
	}
	return &hcl.EvalContext{Variables: known, Functions: map[string]function.Function{
		"file": function.New(text), "jsonencode": stdlib.JSONEncodeFunc, "nonsensitive": function.New(itself),
	}}
}

// texts are those of the top level of a state.
func texts(state tftypes.Value) cty.Value {
	out := map[string]cty.Value{}
	members, _ := Go(state).(Object)
	for name, v := range members {
		if text, ok := v.(string); ok {
			out[name] = cty.StringVal(text)
		}
	}
	return cty.ObjectVal(out)
}

// isReady reports whether everything that a block refers to has a state.
func (f *Folder) isReady(b *placed, made map[string]bool) bool {
	for _, a := range b.body.Attributes {
		for _, v := range a.Expr.Variables() {
			if root := v.RootName(); root != "var" && root != "path" && !made[root+"."+v[1].(hcl.TraverseAttr).Name] {
				return false
			}
		}
	}
	return true
}

// each does something with every block, after those that it refers to.
func (f *Folder) each(t testing.TB, do func(b *placed, scope *hcl.EvalContext)) {
	t.Helper()
	made, left := map[string]bool{}, slices.Clone(f.blocks)
	for len(left) > 0 {
		scope, before := f.scope(), len(left)
		ready := slices.DeleteFunc(slices.Clone(left), func(b *placed) bool { return !f.isReady(b, made) })
		left = slices.DeleteFunc(left, func(b *placed) bool { return f.isReady(b, made) })
		if len(left) == before {
			t.Fatalf("%s and %d more refer to what is not there, or to each other", left[0].address(), before-1)
		}
		for _, b := range ready {
			b.config = Object{}
			for name, a := range b.body.Attributes {
				b.config[name] = decoded(evaluated(t, a.Expr, scope))
			}
			do(b, scope)
			made[b.address()] = true
		}
	}
}

// decoded is a value of HCL as decoded JSON.
func decoded(v cty.Value) any {
	switch t := v.Type(); {
	case v.IsNull():
		return nil
	case t == cty.String:
		return v.AsString()
	case t == cty.Bool:
		return v.True()
	case t == cty.Number:
		return json.Number(v.AsBigFloat().Text('f', -1))
	case t.IsObjectType() || t.IsMapType():
		out := Object{}
		for name, e := range v.AsValueMap() {
			out[name] = decoded(e)
		}
		return out
	}
	list := []any{}
	for _, e := range v.AsValueSlice() {
		list = append(list, decoded(e))
	}
	return list
}

// Apply makes everything that a configuration has, and insists that a second plan
// does nothing. It returns how many resources there are.
func (f *Folder) Apply(t testing.TB, p *Protocol) int {
	t.Helper()
	f.each(t, func(b *placed, _ *hcl.EvalContext) {
		state, diags := p.Apply(t, b.typ, b.config, tftypes.Value{})
		if hasError(diags) {
			t.Fatalf("%s: %s", b.address(), Text(diags))
		}
		b.state = state
	})
	f.insist(t, p)
	return len(f.blocks)
}

// Import takes over everything that the configuration has import blocks for, and
// insists that a plan does nothing. It returns how many resources there are.
func (f *Folder) Import(t testing.TB, p *Protocol) int {
	t.Helper()
	f.each(t, func(b *placed, scope *hcl.EvalContext) {
		state, diags := p.Import(t, b.typ, evaluated(t, f.imports[b.address()], scope).AsString())
		if hasError(diags) {
			t.Fatalf("%s: %s", b.address(), Text(diags))
		}
		b.state = state
	})
	f.insist(t, p)
	return len(f.blocks)
}

// insist reads everything and plans once more.
func (f *Folder) insist(t testing.TB, p *Protocol) {
	t.Helper()
	f.each(t, func(b *placed, _ *hcl.EvalContext) {
		state, diags := p.Read(t, b.typ, b.state)
		if hasError(diags) {
			t.Fatalf("%s: %s", b.address(), Text(diags))
		}
		resp, planned := p.Plan(t, b.typ, b.config, state)
		if hasError(resp.Diagnostics) {
			t.Fatalf("%s: %s", b.address(), Text(resp.Diagnostics))
		}
		if changed := Changes(Go(state), Go(planned)); len(changed) > 0 {
			t.Errorf("%s: the plan changes %v", b.address(), changed)
		}
	})
}
