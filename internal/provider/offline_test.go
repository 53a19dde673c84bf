package provider

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/resource"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/tfvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

func newOffline(t *testing.T) *Offline {
	t.Helper()
	o, err := NewOffline(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// Every bundled plugin has a resource type under the name of the published
// one, with the attributes of an instance and no name to give.
func TestOffline_Resource(t *testing.T) {
	t.Parallel()
	o := newOffline(t)
	types := o.ResourceTypes()
	for _, plugin := range resource.Bundled().Names() {
		name := attribute.TypedResource(plugin)
		if !slices.Contains(types, name) {
			t.Errorf("%s is not listed", name)
		}
		s := o.Resource(name)
		if s == nil {
			t.Errorf("there is no %s", name)
			continue
		}
		var attributes []string
		for _, a := range s.Block.Attributes {
			attributes = append(attributes, a.Name)
		}
		for _, want := range []string{"control_plane_id", "config", "enabled", "id", "tags"} {
			if !slices.Contains(attributes, want) {
				t.Errorf("%s has no %s", name, want)
			}
		}
		if slices.Contains(attributes, "name") {
			t.Errorf("%s has a name", name)
		}
	}
	for _, name := range []string{"", "konnect_gateway_plugin_", "konnect_gateway_nothing"} {
		if o.Resource(name) != nil {
			t.Errorf("there is a resource %q", name)
		}
		if _, err := o.Validate(t.Context(), name, nil); err == nil {
			t.Errorf("%q is judged", name)
		}
	}
}

// Faults are shown where they are, not only where Terraform can point.
func TestOffline_Validate(t *testing.T) {
	t.Parallel()
	o := newOffline(t)
	const name = "konnect_gateway_plugin"
	typ := o.Resource(name).ValueType()
	fields := map[string]tftypes.Value{}
	for k, at := range typ.(tftypes.Object).AttributeTypes {
		fields[k] = tftypes.NewValue(at, nil)
	}
	fields["control_plane_id"] = tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
	fields["name"] = tftypes.NewValue(tftypes.String, "rate-limiting")
	fields["config"] = tfvalue.FromGo(map[string]any{"minute": json.Number("5"), "redis": map[string]any{"port": json.Number("70000")}})
	config, err := tfprotov6.NewDynamicValue(typ, tftypes.NewValue(typ, fields))
	if err != nil {
		t.Fatal(err)
	}
	diags, err := o.Validate(t.Context(), name, &config)
	if err != nil || len(diags) != 1 || len(diags[0].Attribute.Steps()) != 3 {
		t.Errorf("got %v, %v", diags, err)
	}
	if _, err := o.Validate(t.Context(), name, &tfprotov6.DynamicValue{JSON: []byte(`{"tags": 5}`)}); err == nil {
		t.Error("a value of another type is judged")
	}
}

func TestOffline_Successor(t *testing.T) {
	t.Parallel()
	o := newOffline(t)
	for _, c := range []struct{ resource, path, attribute, want string }{
		{"konnect_gateway_plugin_rate_limiting", "config", "redis_host", "redis.host"},
		{"konnect_gateway_plugin_rate_limiting", "config", "host", ""},
		{"konnect_gateway_plugin_rate_limiting", "config.redis", "redis_host", ""},
		{"konnect_gateway_plugin_rate_limiting", "config.none", "redis_host", ""},
		{"konnect_gateway_plugin_rate_limiting", "", "redis_host", ""},
		{"konnect_gateway_none", "config", "redis_host", ""},
	} {
		path, err := schema.ParsePath(c.path)
		if err != nil {
			t.Fatal(err)
		}
		if got := o.Successor(c.resource, path, c.attribute); got != c.want {
			t.Errorf("%+v: got %q", c, got)
		}
	}
}
