package resource

import (
	"encoding/json"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/tfvalue"
)

// BenchmarkWrite is what it costs to make a request of a planned plugin, up to
// the client.
func BenchmarkWrite(b *testing.B) {
	r, s := All()["konnect_gateway_plugin"], session.New(Bundled())
	for name, config := range map[string]map[string]any{
		"rate-limiting": {"minute": json.Number("5"), "policy": "redis", "redis": map[string]any{"host": "a.example"}},
		"openid-connect": {
			"issuer": "https://a.example", "client_id": []any{"a"}, "client_secret": []any{"secret"}, "scopes": []any{"openid", "email"},
		},
	} {
		b.Run(name, func(b *testing.B) {
			fields := map[string]tftypes.Value{}
			for _, c := range r.Root().Children {
				fields[c.Name] = tftypes.NewValue(c.Type, nil)
			}
			fields["control_plane_id"], fields["name"] = tfvalue.FromGo("9524ec7d-36d9-465d-a8c5-83a3c9390458"), tfvalue.FromGo(name)
			fields["config"] = tfvalue.FromGo(config)
			given := tftypes.NewValue(r.Root().Type, fields)
			plan, diags := r.Plan(b.Context(), s, given, tftypes.NewValue(r.Root().Type, nil), nil)
			if len(diags) > 0 {
				b.Fatal(diags[0].Detail)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, diags := r.write(b.Context(), s, given, plan.Value, tftypes.Value{}, nil); len(diags) > 0 {
					b.Fatal(diags[0].Detail)
				}
			}
		})
	}
}
