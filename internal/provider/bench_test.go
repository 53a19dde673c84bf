package provider_test

import (
	"encoding/json"
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
	const many = 200
	w := newWorld(b)
	name := acctest.TypedName("rate-limiting")
	typ := w.p.Type(b, name)
	var states, configs []*tfprotov6.DynamicValue
	for range many {
		on := w.Make(b, entity.Service, w.Scope(), object{"host": "a.example"})
		config := w.in(object{"service": object{"id": on["id"]}, "config": object{"minute": 5, "policy": "local"}})
		state, err := tfprotov6.NewDynamicValue(typ, w.create(b, name, config))
		if err != nil {
			b.Fatal(err)
		}
		value, err := tfprotov6.NewDynamicValue(typ, acctest.Value(b, typ, config))
		if err != nil {
			b.Fatal(err)
		}
		states, configs = append(states, &state), append(configs, &value)
	}
	b.ReportAllocs()
	for b.Loop() {
		w.begin(b)
		for i, state := range states {
			refreshed, err := w.p.Server.ReadResource(b.Context(), &tfprotov6.ReadResourceRequest{TypeName: name, CurrentState: state})
			if err != nil {
				b.Fatal(err)
			}
			if _, err := w.p.Server.ValidateResourceConfig(b.Context(), &tfprotov6.ValidateResourceConfigRequest{TypeName: name, Config: configs[i]}); err != nil {
				b.Fatal(err)
			}
			if _, err := w.p.Server.PlanResourceChange(b.Context(), &tfprotov6.PlanResourceChangeRequest{
				TypeName: name, Config: configs[i], PriorState: refreshed.NewState, ProposedNewState: refreshed.NewState,
			}); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/many, "µs/resource")
}
