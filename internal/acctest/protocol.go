package acctest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"regexp"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/provider"
)

// Unknown stands for a value that is not known yet, in the objects that
// [Protocol] takes.
var Unknown any = unknown{}

type unknown struct{}

// Object is an object of attributes, as decoded JSON. What is missing is null.
type Object = map[string]any

// Protocol calls a provider as Terraform does, without terraform: a thousand
// times as fast, and with the answers' own paths.
type Protocol struct {
	Server tfprotov6.ProviderServer
	Old    bool // like a Terraform that knows no write-only attributes

	schemas *tfprotov6.GetProviderSchemaResponse
	private sync.Map // private state, by what Terraform keeps it beside
	known   sync.Map // identities, likewise
}

// Identity returns the identity that the provider gave to a state, nil for none.
func (p *Protocol) Identity(t testing.TB, name string, state tftypes.Value) map[string]any {
	t.Helper()
	data := p.identity(t, name, state)
	if data == nil {
		return nil
	}
	out, _ := Go(undynamic(t, p.identityType(t, name), data.IdentityData)).(map[string]any)
	return out
}

func (p *Protocol) identity(t testing.TB, name string, state tftypes.Value) *tfprotov6.ResourceIdentityData {
	t.Helper()
	known, _ := p.known.Load(name + string(dynamic(t, p.Type(t, name), state).MsgPack))
	out, _ := known.(*tfprotov6.ResourceIdentityData)
	return out
}

func (p *Protocol) identify(t testing.TB, name string, state tftypes.Value, identity *tfprotov6.ResourceIdentityData) {
	t.Helper()
	p.known.Store(name+string(dynamic(t, p.Type(t, name), state).MsgPack), identity)
}

func (p *Protocol) identityType(t testing.TB, name string) tftypes.Type {
	t.Helper()
	schemas, err := p.Server.GetResourceIdentitySchemas(context.Background(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil || schemas.IdentitySchemas[name] == nil {
		t.Fatalf("%s has no identity: %v", name, err)
	}
	return schemas.IdentitySchemas[name].ValueType()
}

// Private returns what the provider keeps beside a state, as Terraform stores it.
func (p *Protocol) Private(t testing.TB, name string, state tftypes.Value) []byte {
	t.Helper()
	private, _ := p.private.Load(name + string(dynamic(t, p.Type(t, name), state).MsgPack))
	out, _ := private.([]byte)
	return out
}

// Keep notes private state beside a state; nil is none.
func (p *Protocol) Keep(t testing.TB, name string, state tftypes.Value, private []byte) {
	t.Helper()
	p.private.Store(name+string(dynamic(t, p.Type(t, name), state).MsgPack), private)
}

// NewProtocol returns a provider that was not configured, as terraform
// validate has it.
func NewProtocol(t testing.TB, server tfprotov6.ProviderServer) *Protocol {
	t.Helper()
	schemas, err := server.GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil || len(schemas.Diagnostics) > 0 {
		t.Fatal(err, schemas.Diagnostics)
	}
	return &Protocol{Server: server, schemas: schemas}
}

// Offline is a provider as terraform validate has it: not configured, and
// without a way to any control plane.
func Offline(t testing.TB) *Protocol {
	t.Helper()
	return NewProtocol(t, provider.New("test", func(context.Context, string, string) (http.Handler, io.Closer, error) {
		return nil, nil, errors.New("validate must not open a control plane")
	})())
}

// Protocol returns a provider that is connected to this control plane.
func (c *ControlPlane) Protocol(t testing.TB) *Protocol {
	t.Helper()
	server, err := c.Providers()["konnect"]()
	if err != nil {
		t.Fatal(err)
	}
	p := NewProtocol(t, server)
	if diags := p.Configure(t, Object{"embedded": Object{"path": "konnect.db"}}); len(diags) > 0 {
		t.Fatal(Text(diags))
	}
	return p
}

// Configure configures the provider for one walk, as Terraform does.
func (p *Protocol) Configure(t testing.TB, config Object) []*tfprotov6.Diagnostic {
	t.Helper()
	p.ValidateProvider(t, config)
	return p.ConfigureForMany(t, config)
}

// ConfigureForMany configures the provider for several walks, as terraform test does.
func (p *Protocol) ConfigureForMany(t testing.TB, config Object) []*tfprotov6.Diagnostic {
	t.Helper()
	typ := p.schemas.Provider.ValueType()
	resp, err := p.Server.ConfigureProvider(context.Background(), &tfprotov6.ConfigureProviderRequest{
		TerraformVersion: "1.11.4", Config: dynamic(t, typ, Value(t, typ, config)),
	})
	if err != nil {
		t.Fatal(err)
	}
	return worded(t, resp.Diagnostics)
}

// ValidateProvider judges the provider's configuration.
func (p *Protocol) ValidateProvider(t testing.TB, config Object) []*tfprotov6.Diagnostic {
	t.Helper()
	typ := p.schemas.Provider.ValueType()
	resp, err := p.Server.ValidateProviderConfig(context.Background(), &tfprotov6.ValidateProviderConfigRequest{
		Config: dynamic(t, typ, Value(t, typ, config)),
	})
	if err != nil {
		t.Fatal(err)
	}
	return worded(t, resp.Diagnostics)
}

// worded judges how diagnostics are worded, whatever they are about, and returns
// them.
func worded(t testing.TB, diags []*tfprotov6.Diagnostic) []*tfprotov6.Diagnostic {
	t.Helper()
	for _, d := range diags {
		if d.Detail != "" && !sentence.MatchString(d.Detail) || luaAddress.MatchString(d.Detail) {
			t.Errorf("%s: %q is no text for people", d.Summary, d.Detail)
		}
	}
	return diags
}

var (
	// sentence is how details end: in one full stop or what stands for it, in a
	// block of configuration or the like, or in an ID to be copied.
	sentence = regexp.MustCompile(`([^.]\.|[?}\])"` + "`" + `]| ID \S+)$`)
	// luaAddress is what Lua calls a value without a text of its own.
	luaAddress = regexp.MustCompile(`(table|function|userdata|thread): 0x`)
)

// Type returns the type of a resource's objects.
func (p *Protocol) Type(t testing.TB, name string) tftypes.Type {
	t.Helper()
	s := p.schemas.ResourceSchemas[name]
	if s == nil {
		t.Fatalf("the provider has no resource %s", name)
	}
	return s.ValueType()
}

// Validate judges a configuration.
func (p *Protocol) Validate(t testing.TB, name string, config Object) []*tfprotov6.Diagnostic {
	t.Helper()
	typ := p.Type(t, name)
	resp, err := p.Server.ValidateResourceConfig(context.Background(), &tfprotov6.ValidateResourceConfigRequest{
		TypeName: name, Config: dynamic(t, typ, Value(t, typ, config)),
		ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: !p.Old},
	})
	if err != nil {
		t.Fatal(err)
	}
	return worded(t, resp.Diagnostics)
}

// Plan plans a configuration over a prior state, which is null for nothing.
// It also validates, as Terraform does; every plan is a walk of its own, so
// that planning one object twice is no duplicate.
func (p *Protocol) Plan(t testing.TB, name string, config Object, prior tftypes.Value) (*tfprotov6.PlanResourceChangeResponse, tftypes.Value) {
	t.Helper()
	typ := p.Type(t, name)
	value := Value(t, typ, config)
	if prior.Type() == nil {
		prior = tftypes.NewValue(typ, nil)
	}
	p.ValidateProvider(t, Object{})
	if diags := p.Validate(t, name, config); hasError(diags) {
		return &tfprotov6.PlanResourceChangeResponse{Diagnostics: diags}, prior
	}
	resp, err := p.Server.PlanResourceChange(context.Background(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: name, Config: dynamic(t, typ, value), PriorState: dynamic(t, typ, prior), ProposedNewState: dynamic(t, typ, value),
		PriorPrivate: p.Private(t, name, prior), PriorIdentity: p.identity(t, name, prior),
	})
	if err != nil {
		t.Fatal(err)
	}
	return resp, undynamic(t, typ, resp.PlannedState)
}

// PlanDelete plans to delete an object.
func (p *Protocol) PlanDelete(t testing.TB, name string, prior tftypes.Value) []*tfprotov6.Diagnostic {
	t.Helper()
	typ := p.Type(t, name)
	null := dynamic(t, typ, tftypes.NewValue(typ, nil))
	resp, err := p.Server.PlanResourceChange(context.Background(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: name, Config: null, PriorState: dynamic(t, typ, prior), ProposedNewState: null,
	})
	if err != nil {
		t.Fatal(err)
	}
	return worded(t, resp.Diagnostics)
}

// Apply carries out a plan for a configuration; a nil configuration deletes.
func (p *Protocol) Apply(t testing.TB, name string, config Object, prior tftypes.Value) (tftypes.Value, []*tfprotov6.Diagnostic) {
	t.Helper()
	typ := p.Type(t, name)
	if prior.Type() == nil {
		prior = tftypes.NewValue(typ, nil)
	}
	plan, value := tftypes.NewValue(typ, nil), tftypes.NewValue(typ, nil)
	var planned []byte
	identity := p.identity(t, name, prior)
	if config != nil {
		var resp *tfprotov6.PlanResourceChangeResponse
		resp, plan = p.Plan(t, name, config, prior)
		if hasError(resp.Diagnostics) {
			return prior, resp.Diagnostics
		}
		value, planned, identity = Value(t, typ, config), resp.PlannedPrivate, resp.PlannedIdentity
	}
	resp, err := p.Server.ApplyResourceChange(context.Background(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: name, Config: dynamic(t, typ, value), PriorState: dynamic(t, typ, prior), PlannedState: dynamic(t, typ, plan),
		PlannedPrivate: planned, PlannedIdentity: identity,
	})
	if err != nil {
		t.Fatal(err)
	}
	state := undynamic(t, typ, resp.NewState)
	p.Keep(t, name, state, resp.Private)
	p.identify(t, name, state, resp.NewIdentity)
	return state, worded(t, resp.Diagnostics)
}

// Read refreshes a state.
func (p *Protocol) Read(t testing.TB, name string, state tftypes.Value) (tftypes.Value, []*tfprotov6.Diagnostic) {
	t.Helper()
	typ := p.Type(t, name)
	resp, err := p.Server.ReadResource(context.Background(), &tfprotov6.ReadResourceRequest{
		TypeName: name, CurrentState: dynamic(t, typ, state), Private: p.Private(t, name, state), CurrentIdentity: p.identity(t, name, state),
	})
	if err != nil {
		t.Fatal(err)
	}
	state = undynamic(t, typ, resp.NewState)
	p.Keep(t, name, state, resp.Private)
	p.identify(t, name, state, resp.NewIdentity)
	return state, worded(t, resp.Diagnostics)
}

// Import adopts an existing object.
func (p *Protocol) Import(t testing.TB, name, id string) (tftypes.Value, []*tfprotov6.Diagnostic) {
	t.Helper()
	return p.imported(t, &tfprotov6.ImportResourceStateRequest{TypeName: name, ID: id})
}

// ImportIdentity adopts the object that has an identity.
func (p *Protocol) ImportIdentity(t testing.TB, name string, identity Object) (tftypes.Value, []*tfprotov6.Diagnostic) {
	t.Helper()
	typ := p.identityType(t, name)
	data := &tfprotov6.ResourceIdentityData{IdentityData: dynamic(t, typ, Value(t, typ, identity))}
	return p.imported(t, &tfprotov6.ImportResourceStateRequest{TypeName: name, Identity: data})
}

func (p *Protocol) imported(t testing.TB, req *tfprotov6.ImportResourceStateRequest) (tftypes.Value, []*tfprotov6.Diagnostic) {
	t.Helper()
	name := req.TypeName
	resp, err := p.Server.ImportResourceState(context.Background(), req)
	if err != nil {
		t.Fatal(err)
	}
	if len(resp.ImportedResources) == 0 {
		return tftypes.Value{}, resp.Diagnostics
	}
	state := undynamic(t, p.Type(t, name), resp.ImportedResources[0].State)
	p.Keep(t, name, state, resp.ImportedResources[0].Private)
	p.identify(t, name, state, resp.ImportedResources[0].Identity)
	return state, worded(t, resp.Diagnostics)
}

// Generate returns the configuration that terraform query and terraform plan
// -generate-config-out write of a state.
func (p *Protocol) Generate(t testing.TB, name string, state tftypes.Value) Object {
	t.Helper()
	typ := p.Type(t, name)
	resp, err := p.Server.GenerateResourceConfig(context.Background(), &tfprotov6.GenerateResourceConfigRequest{TypeName: name, State: dynamic(t, typ, state)})
	if err != nil || len(resp.Diagnostics) > 0 {
		t.Fatal(err, resp.Diagnostics)
	}
	out, _ := Go(undynamic(t, typ, resp.Config)).(Object)
	return out
}

// Value makes a value of a type. Where the type leaves it open, objects become
// objects and lists tuples, as they come from HCL; [tftypes.Value] is taken as
// it is.
func Value(t testing.TB, typ tftypes.Type, v any) tftypes.Value {
	t.Helper()
	if v, ok := v.(tftypes.Value); ok {
		return v
	}
	out, err := value(typ, v)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func value(typ tftypes.Type, v any) (tftypes.Value, error) {
	switch v.(type) {
	case nil:
		return tftypes.NewValue(typ, nil), nil
	case unknown:
		return tftypes.NewValue(typ, tftypes.UnknownValue), nil
	}
	if typ.Is(tftypes.DynamicPseudoType) {
		typ = typeOf(v)
	}
	if v, ok := v.(tftypes.Value); ok {
		return v, nil
	}
	switch typ := typ.(type) {
	case tftypes.Object:
		return members(typ, v, func(k string) tftypes.Type { return typ.AttributeTypes[k] }, typ.AttributeTypes)
	case tftypes.Map:
		return members(typ, v, func(string) tftypes.Type { return typ.ElementType }, nil)
	case tftypes.List:
		return elements(typ, v, func(int) tftypes.Type { return typ.ElementType })
	case tftypes.Set:
		return elements(typ, v, func(int) tftypes.Type { return typ.ElementType })
	case tftypes.Tuple:
		return elements(typ, v, func(i int) tftypes.Type { return typ.ElementTypes[i] })
	}
	if typ.Is(tftypes.Number) {
		f, _, err := big.ParseFloat(fmt.Sprint(v), 10, 512, big.ToNearestEven)
		return tftypes.NewValue(typ, f), err
	}
	if err := tftypes.ValidateValue(typ, v); err != nil {
		return tftypes.Value{}, err
	}
	return tftypes.NewValue(typ, v), nil
}

func members(typ tftypes.Type, v any, of func(string) tftypes.Type, all map[string]tftypes.Type) (tftypes.Value, error) {
	in, ok := v.(map[string]any)
	if !ok {
		return tftypes.Value{}, fmt.Errorf("an object is wanted, not %v", v)
	}
	out := make(map[string]tftypes.Value, len(in))
	for k := range all {
		out[k] = tftypes.NewValue(all[k], nil)
	}
	for k, e := range in {
		child := of(k)
		if child == nil {
			return tftypes.Value{}, fmt.Errorf("there is no attribute %s", k)
		}
		var err error
		if out[k], err = value(child, e); err != nil {
			return tftypes.Value{}, fmt.Errorf("%s: %w", k, err)
		}
	}
	if err := tftypes.ValidateValue(typ, out); err != nil {
		return tftypes.Value{}, err
	}
	return tftypes.NewValue(typ, out), nil
}

func elements(typ tftypes.Type, v any, of func(int) tftypes.Type) (tftypes.Value, error) {
	in, ok := v.([]any)
	if !ok {
		return tftypes.Value{}, fmt.Errorf("a list is wanted, not %v", v)
	}
	out := make([]tftypes.Value, len(in))
	for i, e := range in {
		var err error
		if out[i], err = value(of(i), e); err != nil {
			return tftypes.Value{}, fmt.Errorf("[%d]: %w", i, err)
		}
	}
	return tftypes.NewValue(typ, out), nil
}

// typeOf is the type that a literal has in HCL.
func typeOf(v any) tftypes.Type {
	switch v := v.(type) {
	case tftypes.Value:
		return v.Type()
	case string:
		return tftypes.String
	case bool:
		return tftypes.Bool
	case map[string]any:
		types := make(map[string]tftypes.Type, len(v))
		for k, e := range v {
			types[k] = typeOf(e)
		}
		return tftypes.Object{AttributeTypes: types}
	case []any:
		types := make([]tftypes.Type, len(v))
		for i, e := range v {
			types[i] = typeOf(e)
		}
		return tftypes.Tuple{ElementTypes: types}
	case nil, unknown:
		return tftypes.DynamicPseudoType
	default:
		return tftypes.Number
	}
}

// Go returns a value as decoded JSON, with [Unknown] for what is unknown.
func Go(v tftypes.Value) any {
	switch {
	case v.Type() == nil || v.IsNull():
		return nil
	case !v.IsKnown():
		return Unknown
	}
	var (
		text   string
		truth  bool
		fields map[string]tftypes.Value
		list   []tftypes.Value
		number = new(big.Float)
	)
	switch {
	case v.As(&text) == nil:
		return text
	case v.As(&truth) == nil:
		return truth
	case v.As(number) == nil:
		return json.Number(number.Text('g', -1))
	case v.As(&fields) == nil:
		out := make(map[string]any, len(fields))
		for k, e := range fields {
			out[k] = Go(e)
		}
		return out
	case v.As(&list) == nil:
		out := make([]any, len(list))
		for i, e := range list {
			out[i] = Go(e)
		}
		return out
	}
	return fmt.Sprintf("a value of type %s", v.Type())
}

// Text joins diagnostics, one to a line: severity, path, summary and detail.
func Text(diags []*tfprotov6.Diagnostic) string {
	text := ""
	for _, d := range diags {
		at := ""
		if d.Attribute != nil {
			at = Path(d.Attribute)
		}
		text += fmt.Sprintf("%s [%s] %s: %s\n", d.Severity, at, d.Summary, d.Detail)
	}
	return text
}

// Path is an attribute path as people write it: config.rules[0].name.
func Path(p *tftypes.AttributePath) string {
	text := ""
	for _, s := range p.Steps() {
		switch s := s.(type) {
		case tftypes.AttributeName:
			text += "." + string(s)
		case tftypes.ElementKeyString:
			text += "." + string(s)
		case tftypes.ElementKeyInt:
			text += fmt.Sprintf("[%d]", int64(s))
		default:
			text += "[…]"
		}
	}
	if text == "" {
		return ""
	}
	return text[1:]
}

func hasError(diags []*tfprotov6.Diagnostic) bool {
	for _, d := range diags {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			return true
		}
	}
	return false
}

func dynamic(t testing.TB, typ tftypes.Type, v tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()
	out, err := tfprotov6.NewDynamicValue(typ, v)
	if err != nil {
		t.Fatal(err)
	}
	return &out
}

func undynamic(t testing.TB, typ tftypes.Type, v *tfprotov6.DynamicValue) tftypes.Value {
	t.Helper()
	if v == nil {
		return tftypes.NewValue(typ, nil)
	}
	out, err := v.Unmarshal(typ)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Listed is one object of a list.
type Listed struct {
	Name     string
	Identity Object
	State    tftypes.Value // if that was asked for
}

// List lists existing objects. A limit of 0 is none.
func (p *Protocol) List(t testing.TB, name string, config Object, whole bool, limit int64) (out []Listed, diags []*tfprotov6.Diagnostic) {
	t.Helper()
	server, ok := p.Server.(tfprotov6.ListResourceServer)
	if !ok {
		t.Fatal("the provider lists nothing")
	}
	s := p.schemas.ListResourceSchemas[name]
	if s == nil {
		t.Fatalf("there is no list of %s", name)
	}
	args := dynamic(t, s.ValueType(), Value(t, s.ValueType(), config))
	valid, err := server.ValidateListResourceConfig(context.Background(), &tfprotov6.ValidateListResourceConfigRequest{TypeName: name, Config: args})
	if err != nil || len(valid.Diagnostics) > 0 {
		return nil, valid.Diagnostics
	}
	stream, err := server.ListResource(context.Background(), &tfprotov6.ListResourceRequest{TypeName: name, Config: args, IncludeResource: whole, Limit: limit})
	if err != nil {
		t.Fatal(err)
	}
	for r := range stream.Results {
		diags = append(diags, r.Diagnostics...)
		if r.Identity == nil {
			continue
		}
		identity, _ := Go(undynamic(t, p.identityType(t, name), r.Identity.IdentityData)).(Object)
		one := Listed{Name: r.DisplayName, Identity: identity}
		if r.Resource != nil {
			one.State = undynamic(t, p.Type(t, name), r.Resource)
		}
		out = append(out, one)
	}
	return out, diags
}

// ValidateAction judges the configuration of an action.
func (p *Protocol) ValidateAction(t testing.TB, name string, config Object) []*tfprotov6.Diagnostic {
	t.Helper()
	resp, err := p.actions(t).ValidateActionConfig(t.Context(), &tfprotov6.ValidateActionConfigRequest{ActionType: name, Config: p.action(t, name, config)})
	if err != nil {
		t.Fatal(err)
	}
	return worded(t, resp.Diagnostics)
}

// Invoke judges, plans and invokes an action, and returns what it told meanwhile
// and in the end.
func (p *Protocol) Invoke(ctx context.Context, t testing.TB, name string, config Object) (progress []string, diags []*tfprotov6.Diagnostic) {
	t.Helper()
	if diags := p.ValidateAction(t, name, config); hasError(diags) {
		return nil, diags
	}
	planned, err := p.actions(t).PlanAction(ctx, &tfprotov6.PlanActionRequest{ActionType: name, Config: p.action(t, name, config)})
	if err != nil || hasError(planned.Diagnostics) {
		t.Fatal(err, planned)
	}
	stream, err := p.actions(t).InvokeAction(ctx, &tfprotov6.InvokeActionRequest{ActionType: name, Config: p.action(t, name, config)})
	if err != nil {
		t.Fatal(err)
	}
	ends := 0
	for event := range stream.Events {
		switch event := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			progress = append(progress, event.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			ends++
			diags = event.Diagnostics
		}
	}
	if ends != 1 {
		t.Errorf("the action ended %d times", ends)
	}
	return progress, worded(t, diags)
}

func (p *Protocol) actions(t testing.TB) tfprotov6.ActionServer {
	t.Helper()
	server, ok := p.Server.(tfprotov6.ActionServer)
	if !ok {
		t.Fatal("the provider has no actions")
	}
	return server
}

func (p *Protocol) action(t testing.TB, name string, config Object) *tfprotov6.DynamicValue {
	t.Helper()
	s := p.schemas.ActionSchemas[name]
	if s == nil {
		t.Fatalf("the provider has no action %s", name)
	}
	typ := s.Schema.ValueType()
	return dynamic(t, typ, Value(t, typ, config))
}
