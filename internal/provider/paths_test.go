package provider

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// A path of the document leads to the attribute, or to the nearest one above
// it that the configuration holds.
func TestLocate(t *testing.T) {
	t.Parallel()
	r := resources()["konnect_gateway_plugin"]
	p := New("test", nil)().(*server)
	limiting, _ := p.bundled().Lookup("rate-limiting")
	text := func(s string) tftypes.Value { return tftypes.NewValue(tftypes.String, s) }
	fields := map[string]tftypes.Value{}
	for _, c := range r.root().children {
		fields[c.name] = tftypes.NewValue(c.typ, nil)
	}
	fields["name"] = text("rate-limiting")
	fields["tags"] = tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, []tftypes.Value{text("a"), text("a"), text("b")})
	fields["protocols"] = tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, tftypes.UnknownValue)
	fields["service"] = tftypes.NewValue(r.root().named("service").typ, map[string]tftypes.Value{"id": text("x")})
	fields["config"] = object(map[string]tftypes.Value{
		"redis": object(map[string]tftypes.Value{"port": text("x"), "host": tftypes.NewValue(tftypes.DynamicPseudoType, nil)}),
		"rules": tuple([]tftypes.Value{object(map[string]tftypes.Value{"name": text("x")})}),
		"a.b":   text("x"),
	})
	l := locator{root: r.root(), config: tftypes.NewValue(r.root().typ, fields), schema: limiting.Schema}
	key, at := schema.Key, schema.At
	for _, c := range []struct {
		path schema.Path
		want string
	}{
		{schema.Path{key("name")}, `AttributeName("name")`},
		{schema.Path{key("service"), key("id")}, `AttributeName("service").AttributeName("id")`},
		{schema.Path{key("service"), key("zzz")}, `AttributeName("service")`},
		{schema.Path{key("route"), key("id")}, ""},
		{schema.Path{key("tags"), at(0)}, `AttributeName("tags").ElementKeyInt(0)`},
		{schema.Path{key("tags"), at(1)}, `AttributeName("tags").ElementKeyInt(2)`},
		{schema.Path{key("tags"), at(9)}, `AttributeName("tags")`},
		{schema.Path{key("protocols"), at(0)}, `AttributeName("protocols")`},
		{schema.Path{key("config"), key("redis"), key("port")}, `AttributeName("config").ElementKeyString("redis").ElementKeyString("port")`},
		{schema.Path{key("config"), key("redis"), key("host")}, `AttributeName("config").ElementKeyString("redis")`},
		{schema.Path{key("config"), key("redis"), key("ssl")}, `AttributeName("config").ElementKeyString("redis")`},
		{schema.Path{key("config"), key("minute")}, `AttributeName("config")`},
		{schema.Path{key("config"), key("rules"), at(0), key("name")}, `AttributeName("config").ElementKeyString("rules").ElementKeyInt(0).ElementKeyString("name")`},
		{schema.Path{key("config"), key("a.b")}, `AttributeName("config").ElementKeyString("a.b")`},
		{schema.Path{key("effective_config")}, ""},
		{schema.Path{key("zzz")}, ""},
		{nil, ""},
	} {
		got := ""
		if path := l.locate(c.path); path != nil {
			got = path.String()
		}
		if got != c.want {
			t.Errorf("%s: got %s, want %s", c.path, got, c.want)
		}
	}
}

// States of other versions lack attributes, or have more.
func TestUpgrade(t *testing.T) {
	t.Parallel()
	s := New("test", nil)()
	for name, c := range map[string]struct{ resource, state, key, want string }{
		"missing attributes": {"konnect_gateway_service", `{"id":"a","host":"b","control_plane_id":"c"}`, "host", "b"},
		"more of them":       {"konnect_gateway_service", `{"id":"a","host":"b","zzz":{"a":[1]},"tls_sans":{"zzz":1,"dnsnames":["x"]}}`, "id", "a"},
		"a number as text":   {"konnect_gateway_service", `{"id":"a","port":"80"}`, "port", "80"},
		"published config":   {"konnect_gateway_custom_plugin", `{"id":"a","name":"p","config":{"value":{"minute":5},"type":["object",{"minute":"number"}]}}`, "name", "p"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resp, err := s.UpgradeResourceState(context.Background(), &tfprotov6.UpgradeResourceStateRequest{
				TypeName: c.resource, RawState: &tfprotov6.RawState{JSON: []byte(c.state)},
			})
			if err != nil || len(resp.Diagnostics) > 0 {
				t.Fatal(err, resp.Diagnostics)
			}
			r := resources()[c.resource]
			v, err := resp.UpgradedState.Unmarshal(r.root().typ)
			if err != nil {
				t.Fatal(err)
			}
			got, err := (&attribute{form: formString, typ: tftypes.String}).text(fromDynamic(members(v)[c.key]))
			if err != nil {
				t.Fatal(err)
			}
			if fromDynamic(got) != c.want {
				t.Errorf("%s is %v", c.key, fromDynamic(got))
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
