package provider_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
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
	calls(b, acctest.Offline(b), plugin, limited(object{"minute": 5, "policy": "redis", "redis": object{"host": "a.example"}}))
}

func BenchmarkOpenIDConnect(b *testing.B) {
	calls(b, acctest.Offline(b), plugin, in(object{"name": "openid-connect", "config": object{
		"issuer": "https://a.example", "client_id": list("a"), "client_secret": list("secret"), "scopes": list("openid", "email"),
	}}))
}

// BenchmarkTyped is what resources for one plugin cost: the widest there is, and
// a common one.
func BenchmarkTyped(b *testing.B) {
	p := acctest.Offline(b)
	b.Run("openid_connect", func(b *testing.B) {
		calls(b, p, acctest.TypedName("openid-connect"), in(object{"config": object{
			"issuer": "https://a.example", "client_id": list("a"), "client_secret": list("secret"), "scopes": list("openid", "email"),
		}}))
	})
	b.Run("rate_limiting", func(b *testing.B) {
		calls(b, p, acctest.TypedName("rate-limiting"), in(object{"config": object{"minute": 5, "policy": "redis", "redis": object{"host": "a.example"}}}))
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
