package provider

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/resource"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/tfvalue"
)

// States of other versions lack attributes, or have more.
func TestUpgrade(t *testing.T) {
	t.Parallel()
	s := New("test", nil)()
	for name, c := range map[string]struct{ resource, state, key, want string }{
		"missing attributes":   {"konnect_gateway_service", `{"id":"a","host":"b","control_plane_id":"c"}`, "host", "b"},
		"more of them":         {"konnect_gateway_service", `{"id":"a","host":"b","zzz":{"a":[1]},"tls_sans":{"zzz":1,"dnsnames":["x"]}}`, "id", "a"},
		"a number as text":     {"konnect_gateway_service", `{"id":"a","port":"80"}`, "port", "80"},
		"a number of letters":  {"konnect_gateway_service", `{"id":"a","port":"http"}`, "id", "a"},
		"an object for a text": {"konnect_gateway_service", `{"id":"a","host":{"b":"c"}}`, "id", "a"},
		"a text for a list":    {"konnect_gateway_service", `{"id":"a","tags":"x","enabled":"maybe","retries":true,"tls_sans":"y"}`, "id", "a"},
		"published config":     {"konnect_gateway_custom_plugin", `{"id":"a","name":"p","config":{"value":{"minute":5},"type":["object",{"minute":"number"}]}}`, "name", "p"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resp, err := s.UpgradeResourceState(context.Background(), &tfprotov6.UpgradeResourceStateRequest{
				TypeName: c.resource, RawState: &tfprotov6.RawState{JSON: []byte(c.state)},
			})
			if err != nil || len(resp.Diagnostics) > 0 {
				t.Fatal(err, resp.Diagnostics)
			}
			r := resource.All()[c.resource]
			v, err := resp.UpgradedState.Unmarshal(r.Root().Type)
			if err != nil {
				t.Fatal(err)
			}
			got, err := (&attribute.Attribute{Form: attribute.FormString, Type: tftypes.String}).FromGo(tfvalue.ToGo(tfvalue.Members(v)[c.key]))
			if err != nil {
				t.Fatal(err)
			}
			if tfvalue.ToGo(got) != c.want {
				t.Errorf("%s is %v", c.key, tfvalue.ToGo(got))
			}
		})
	}
}

// A state moves between the names of one thing, also from the provider that
// this one takes over from, and nowhere else.
func TestMove(t *testing.T) {
	t.Parallel()
	s := New("test", nil)()
	for name, c := range map[string]struct {
		address, source, target string
		version                 int64
		ok                      bool
	}{
		"plainer name":   {"registry.terraform.io/openkonnect/konnect", "konnect_gateway_custom_plugin", "konnect_gateway_plugin", 0, true},
		"and back":       {"registry.opentofu.org/openkonnect/konnect", "konnect_gateway_plugin", "konnect_gateway_custom_plugin", 0, true},
		"published":      {"registry.opentofu.org/kong/konnect", "konnect_gateway_custom_plugin", "konnect_gateway_plugin", 0, true},
		"same name":      {"registry.terraform.io/kong/konnect", "konnect_gateway_service", "konnect_gateway_service", 0, true},
		"another thing":  {"registry.terraform.io/kong/konnect", "konnect_gateway_service", "konnect_gateway_route", 0, false},
		"no thing":       {"registry.terraform.io/kong/konnect", "konnect_x", "konnect_gateway_route", 0, false},
		"other provider": {"registry.terraform.io/kong/kong-gateway", "konnect_gateway_plugin", "konnect_gateway_plugin", 0, false},
		"newer version":  {"registry.terraform.io/kong/konnect", "konnect_gateway_plugin", "konnect_gateway_plugin", 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resp, err := s.MoveResourceState(context.Background(), &tfprotov6.MoveResourceStateRequest{
				SourceProviderAddress: c.address, SourceTypeName: c.source, TargetTypeName: c.target, SourceSchemaVersion: c.version,
				SourceState: &tfprotov6.RawState{JSON: []byte(`{"id":"a","control_plane_id":"c"}`)},
			})
			if err != nil {
				t.Fatal(err)
			}
			if ok := resp.TargetState != nil && len(resp.Diagnostics) == 0; ok != c.ok {
				t.Errorf("moved is %v: %v", ok, resp.Diagnostics)
			}
		})
	}
}

// Generated configuration holds what was set, and not what is the default.
func TestGenerate(t *testing.T) {
	t.Parallel()
	s := New("test", nil)()
	for name, c := range map[string]struct {
		resource, state string
		want            map[string]any
	}{
		"service": {
			"konnect_gateway_service",
			`{"id":"a","control_plane_id":"c","host":"h","port":80,"retries":7,"created_at":5,"updated_at":6,"tags":[],"protocol":"http","enabled":false,"client_certificate":null,"tls_sans":{"dnsnames":["x"],"uris":null}}`,
			map[string]any{"control_plane_id": "c", "host": "h", "retries": "7", "enabled": false, "tls_sans": map[string]any{"dnsnames": []any{"x"}}},
		},
		"route": {
			"konnect_gateway_route",
			`{"id":"a","control_plane_id":"c","paths":["/a"],"protocols":["http","https"],"strip_path":true,"service":{"id":"s"}}`,
			map[string]any{"control_plane_id": "c", "paths": []any{"/a"}, "service": map[string]any{"id": "s"}},
		},
		"plane": {
			"konnect_gateway_control_plane",
			`{"id":"a","name":"n","description":"","labels":{},"auth_type":"pinned_client_certs","cluster_type":"CLUSTER_TYPE_CONTROL_PLANE_GROUP","config":{"auth_type":"x"}}`,
			map[string]any{"name": "n", "cluster_type": "CLUSTER_TYPE_CONTROL_PLANE_GROUP"},
		},
		"plugin": {
			"konnect_gateway_plugin",
			`{"id":"a","name":"p","control_plane_id":"c","enabled":true,"config":{"value":{"minute":5},"type":["object",{"minute":"number"}]},"effective_config":{"value":"x","type":"string"},"tags":["a"]}`,
			map[string]any{"name": "p", "control_plane_id": "c", "config": map[string]any{"minute": "5"}, "tags": []any{"a"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := resource.All()[c.resource]
			state, err := r.Upgrade(&tfprotov6.RawState{JSON: []byte(c.state)})
			if err != nil {
				t.Fatal(err)
			}
			wire, err := r.Encode(state)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := s.GenerateResourceConfig(context.Background(), &tfprotov6.GenerateResourceConfigRequest{TypeName: c.resource, State: wire})
			if err != nil || len(resp.Diagnostics) > 0 {
				t.Fatal(err, resp.Diagnostics)
			}
			got, err := resp.Config.Unmarshal(r.Root().Type)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(any(c.want), texts(tfvalue.ToGo(got))); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// Terraform 1.14.0 asks without a state, and panics where the answer is nothing.
func TestGenerateResourceConfig_noState(t *testing.T) {
	t.Parallel()
	s := New("test", nil)()
	resp, err := s.GenerateResourceConfig(t.Context(), &tfprotov6.GenerateResourceConfigRequest{TypeName: "konnect_gateway_service"})
	if err != nil || len(resp.Diagnostics) != 1 || !strings.Contains(resp.Diagnostics[0].Detail, "Terraform 1.14.0 has this fault") {
		t.Errorf("got %+v, %v", resp, err)
	}
}

// texts turns numbers into their text.
func texts(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, e := range v {
			out[k] = texts(e)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = texts(e)
		}
		return out
	case interface{ String() string }:
		return v.String()
	}
	return v
}
