package provider_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// calls measures what Terraform's calls for one resource cost, without the
// encoding of requests, which the benchmark prepares.
func calls(b *testing.B, p *acctest.Protocol, name string, config object) {
	b.Helper()
	typ := p.Type(b, name)
	value := acctest.Value(b, typ, config)
	wire, err := tfprotov6.NewDynamicValue(typ, value)
	if err != nil {
		b.Fatal(err)
	}
	nothing, err := tfprotov6.NewDynamicValue(typ, tftypes.NewValue(typ, nil))
	if err != nil {
		b.Fatal(err)
	}
	ctx := b.Context()
	b.Run("validate", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			resp, err := p.Server.ValidateResourceConfig(ctx, &tfprotov6.ValidateResourceConfigRequest{TypeName: name, Config: &wire})
			if err != nil || len(resp.Diagnostics) > 0 {
				b.Fatal(err, acctest.Text(resp.Diagnostics))
			}
		}
	})
	b.Run("plan", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			resp, err := p.Server.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{
				TypeName: name, Config: &wire, PriorState: &nothing, ProposedNewState: &wire,
			})
			if err != nil || len(resp.Diagnostics) > 0 {
				b.Fatal(err, acctest.Text(resp.Diagnostics))
			}
		}
	})
}

func BenchmarkService(b *testing.B) {
	calls(b, acctest.Offline(b), service, in(object{"host": "a.example", "tags": list("a", "b")}))
}

func BenchmarkRateLimiting(b *testing.B) {
	calls(b, acctest.Offline(b), plugin, limited(object{"minute": 5, "policy": "redis", "redis": object{"host": "a.example", "ssl_verify": true}}))
}

func BenchmarkOpenIDConnect(b *testing.B) {
	calls(b, acctest.Offline(b), plugin, in(object{"name": "openid-connect", "config": object{
		"issuer": "https://a.example", "client_id": list("a"), "client_secret": list("secret"), "scopes": list("openid", "email"), "ssl_verify": true,
	}}))
}

// BenchmarkTyped is what resources for one plugin cost: the widest there is, and
// a common one.
func BenchmarkTyped(b *testing.B) {
	p := acctest.Offline(b)
	b.Run("openid_connect", func(b *testing.B) {
		calls(b, p, acctest.TypedName("openid-connect"), in(object{"config": object{
			"issuer": "https://a.example", "client_id": list("a"), "client_secret": list("secret"), "scopes": list("openid", "email"), "ssl_verify": true,
		}}))
	})
	b.Run("rate_limiting", func(b *testing.B) {
		calls(b, p, acctest.TypedName("rate-limiting"), in(object{"config": object{"minute": 5, "policy": "redis", "redis": object{"host": "a.example", "ssl_verify": true}}}))
	})
}

// BenchmarkLargeCustom is a custom plugin with a hundred fields, all given.
func BenchmarkLargeCustom(b *testing.B) {
	p := acctest.Offline(b)
	var fields strings.Builder
	config := object{}
	for i := range 100 {
		name := "f" + string(rune('a'+i/26)) + string(rune('a'+i%26))
		fields.WriteString(`{ ` + name + ` = { type = "record", fields = { { a = { type = "string", default = "x" } }, { b = { type = "integer", between = { 0, 9 } } } } } },`)
		config[name] = object{"a": "y", "b": 5}
	}
	source := `return { name = "large", fields = { { config = { type = "record", fields = { ` + fields.String() + ` } } } } }`
	if resp, _ := p.Plan(b, upload, in(object{"lua_schema": source}), tftypes.Value{}); len(resp.Diagnostics) > 0 {
		b.Fatal(acctest.Text(resp.Diagnostics))
	}
	calls(b, p, plugin, in(object{"name": "large", "config": config}))
}

// BenchmarkDecodeJSON is the yardstick: encoding/json on the same
// configuration as BenchmarkRateLimiting.
func BenchmarkDecodeJSON(b *testing.B) {
	text := []byte(`{"minute":5,"policy":"redis","redis":{"host":"a.example"}}`)
	b.ReportAllocs()
	for b.Loop() {
		var out map[string]any
		if err := json.Unmarshal(text, &out); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSchemas measures a process that Terraform asks for schemas.
func BenchmarkSchemas(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		acctest.Offline(b)
	}
}

// BenchmarkNoOp is a plan of many plugins in which nothing changes: what
// Terraform calls for each of them, and the lists that their refresh costs.
func BenchmarkNoOp(b *testing.B) {
	for plugin, config := range map[string]func(i int) object{
		"rate-limiting":  func(i int) object { return object{"minute": 5 + i%7, "policy": "local"} },
		"openid-connect": func(i int) object { return object{"issuer": fmt.Sprintf("https://%d.example", i)} },
	} {
		b.Run(plugin, func(b *testing.B) { noOp(b, acctest.TypedName(plugin), config) })
	}
}

// kept is what Terraform knows of a resource when a plan begins.
type kept struct {
	state   []byte
	private []byte
	config  *tfprotov6.DynamicValue
}

func noOp(b *testing.B, name string, config func(int) object) {
	b.Helper()
	const many = 200
	w := newWorld(b)
	typ := w.p.Type(b, name)
	all := make([]kept, many)
	for i := range all {
		on := w.Make(b, entity.Service, w.Scope(), object{"host": "a.example"})
		given := w.in(object{"service": object{"id": on["id"]}, "config": config(i)})
		state := w.create(b, name, given)
		text, err := json.Marshal(acctest.Go(state))
		if err != nil {
			b.Fatal(err)
		}
		value, err := tfprotov6.NewDynamicValue(typ, acctest.Value(b, typ, given))
		if err != nil {
			b.Fatal(err)
		}
		all[i] = kept{text, w.p.Private(b, name, state), &value}
	}
	b.ReportAllocs()
	for b.Loop() {
		w.begin(b)
		for _, k := range all {
			w.plansNothing(b, name, k)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/many, "µs/resource")
}

// plansNothing calls what Terraform calls for a resource, and insists that nothing
// changes.
func (w *world) plansNothing(t testing.TB, name string, k kept) {
	t.Helper()
	upgraded, err := w.p.Server.UpgradeResourceState(t.Context(), &tfprotov6.UpgradeResourceStateRequest{TypeName: name, RawState: &tfprotov6.RawState{JSON: k.state}})
	if err != nil {
		t.Fatal(err)
	}
	refreshed, err := w.p.Server.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{TypeName: name, CurrentState: upgraded.UpgradedState, Private: k.private})
	if err != nil {
		t.Fatal(err)
	}
	validated, err := w.p.Server.ValidateResourceConfig(t.Context(), &tfprotov6.ValidateResourceConfigRequest{TypeName: name, Config: k.config})
	if err != nil || len(validated.Diagnostics) > 0 {
		t.Fatal(err, acctest.Text(validated.Diagnostics))
	}
	planned, err := w.p.Server.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: name, Config: k.config, PriorState: refreshed.NewState, ProposedNewState: refreshed.NewState, PriorPrivate: refreshed.Private,
	})
	if err != nil || len(planned.Diagnostics) > 0 {
		t.Fatal(err, acctest.Text(planned.Diagnostics))
	}
	if !bytes.Equal(planned.PlannedState.MsgPack, upgraded.UpgradedState.MsgPack) {
		t.Fatal("the plan changes something")
	}
}
