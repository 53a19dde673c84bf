package resource

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/tfvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// A path of the document leads to the attribute, or to the nearest one above
// it that the configuration holds.
func TestLocate(t *testing.T) {
	t.Parallel()
	r := All()["konnect_gateway_plugin"]
	limiting, _ := Bundled().Lookup("rate-limiting")
	text := func(s string) tftypes.Value { return tftypes.NewValue(tftypes.String, s) }
	fields := map[string]tftypes.Value{}
	for _, c := range r.Root().Children {
		fields[c.Name] = tftypes.NewValue(c.Type, nil)
	}
	fields["name"] = text("rate-limiting")
	fields["tags"] = tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, []tftypes.Value{text("a"), text("a"), text("b")})
	fields["protocols"] = tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, tftypes.UnknownValue)
	fields["service"] = tftypes.NewValue(r.Root().Named("service").Type, map[string]tftypes.Value{"id": text("x")})
	fields["config"] = tfvalue.Object(map[string]tftypes.Value{
		"redis": tfvalue.Object(map[string]tftypes.Value{"port": text("x"), "host": tftypes.NewValue(tftypes.DynamicPseudoType, nil)}),
		"rules": tfvalue.Tuple([]tftypes.Value{tfvalue.Object(map[string]tftypes.Value{"name": text("x")})}),
		"a.b":   text("x"),
	})
	l := attribute.Locator{Root: r.Root(), Config: tftypes.NewValue(r.Root().Type, fields), Schema: limiting.Schema}
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
		if path := l.Locate(c.path); path != nil {
			got = path.String()
		}
		if got != c.want {
			t.Errorf("%s: got %s, want %s", c.path, got, c.want)
		}
	}
}
