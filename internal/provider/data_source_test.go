package provider_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// ask judges the configuration of a data source and reads it, as terraform
// does.
func ask(t testing.TB, p *acctest.Protocol, name string, config object) (object, []*tfprotov6.Diagnostic) {
	t.Helper()
	schemas, err := p.Server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	typ := schemas.DataSourceSchemas[name].ValueType()
	value, err := tfprotov6.NewDynamicValue(typ, acctest.Value(t, typ, config))
	if err != nil {
		t.Fatal(err)
	}
	judged, err := p.Server.ValidateDataResourceConfig(t.Context(), &tfprotov6.ValidateDataResourceConfigRequest{TypeName: name, Config: &value})
	if err != nil || len(judged.Diagnostics) > 0 {
		return nil, judged.Diagnostics
	}
	read, err := p.Server.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: name, Config: &value})
	if err != nil {
		t.Fatal(err)
	}
	if len(read.Diagnostics) > 0 {
		return nil, read.Diagnostics
	}
	out, err := read.State.Unmarshal(typ)
	if err != nil {
		t.Fatal(err)
	}
	answer, _ := acctest.Go(out).(object)
	return answer, nil
}

// answered insists that a data source answers.
func answered(t testing.TB, p *acctest.Protocol, name string, config object) object {
	t.Helper()
	out, diags := ask(t, p, name, config)
	if len(diags) > 0 {
		t.Fatal(acctest.Text(diags))
	}
	return out
}

func TestDataSourcePlugins(t *testing.T) {
	t.Parallel()
	p := newWorld(t).p
	const name = "konnect_gateway_plugins"
	all := answered(t, p, name, object{})
	if got, want := len(all["names"].([]any)), len(bundledNames()); got != want || len(all["plugins"].([]any)) != want {
		t.Errorf("%d plugins are listed, want %d", got, want)
	}
	for _, c := range []struct {
		filter    object
		with, not []string
	}{
		{object{"name_contains": "rate-limiting"}, []string{"rate-limiting", "rate-limiting-advanced", "graphql-rate-limiting-advanced"}, []string{"cors"}},
		{object{"tier": "free"}, []string{"rate-limiting", "cors"}, []string{"rate-limiting-advanced"}},
		{object{"tier": "enterprise"}, []string{"rate-limiting-advanced"}, []string{"cors"}},
		{object{"deployment": "serverless"}, []string{"cors"}, []string{"mtls-auth"}},
		{object{"deployment": "hybrid"}, []string{"cors", "mtls-auth"}, nil},
		{object{"scope": "consumer_group"}, []string{"rate-limiting"}, []string{"cors"}},
		{object{"scope": "global"}, []string{"cors"}, nil},
		{object{"name_contains": "rate", "tier": "free", "scope": "consumer"}, []string{"rate-limiting"}, []string{"rate-limiting-advanced"}},
		{object{"name_contains": "nothing like it"}, nil, []string{"cors"}},
	} {
		names := answered(t, p, name, c.filter)["names"].([]any)
		for _, want := range c.with {
			if !slices.Contains(names, any(want)) {
				t.Errorf("%v: %s is missing", c.filter, want)
			}
		}
		for _, not := range c.not {
			if slices.Contains(names, any(not)) {
				t.Errorf("%v: %s is listed", c.filter, not)
			}
		}
	}
	one := answered(t, p, name, object{"name_contains": "rate-limiting", "tier": "free"})["plugins"].([]any)[0].(object)
	want := object{
		"name": "rate-limiting", "resource_type": "konnect_gateway_plugin_rate_limiting", "tier": "free", "since": "1.0", "last": nil, "group": "Traffic control",
		"about":  "Limits how many requests are let through in a second, minute, hour, day, month or year.",
		"hybrid": true, "dedicated_cloud": true, "serverless": true, "in_konnect": true, "managed_by_konnect": false, "tech_preview": false, "global": true,
		"scopes": list("service", "route", "consumer", "consumer_group"), "protocols": list("grpc", "grpcs", "http", "https"), "priority": json.Number("910"),
	}
	if diff := cmp.Diff(want, one); diff != "" {
		t.Error(diff)
	}
}

func TestDataSource_wrong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, c := range map[string]struct {
		source string
		config object
		want   []string
	}{
		"tier":             {"konnect_gateway_plugins", object{"tier": "fre"}, []string{"[tier]", `Did you mean "free"?`}},
		"deployment":       {"konnect_gateway_plugins", object{"deployment": "serverles"}, []string{"[deployment]", "hybrid, dedicated_cloud, serverless"}},
		"scope":            {"konnect_gateway_plugins", object{"scope": ""}, []string{"[scope]", "is not one of"}},
		"no such plugin":   {"konnect_gateway_plugin_schema", object{"name": "corz"}, []string{"[name]", `Did you mean "cors"?`, "control_plane_id"}},
		"not there either": {"konnect_gateway_plugin_schema", object{"name": "my-own", "control_plane_id": w.ID}, []string{"[name]", `has no plugin "my-own"`, "konnect_gateway_custom_plugin_schema"}},
		"no control plane": {"konnect_gateway_plugin_schema", object{"name": "my-own", "control_plane_id": acctest.SomeID}, []string{"[control_plane_id]", acctest.SomeID}},
		"sort":             {"konnect_gateway_control_plane_list", object{"sort": "price"}, []string{"[sort]", "created_at, id, name, updated_at"}},
		"sort direction":   {"konnect_gateway_control_plane", object{"sort": "name down"}, []string{"[sort]", "asc or desc"}},
		"unknown id":       {"konnect_gateway_control_plane", object{"filter": object{"id": object{"eq": acctest.SomeID}}}, []string{"not found", "filter[id][eq] = \"" + acctest.SomeID + "\""}},
		"unknown name":     {"konnect_gateway_control_plane", object{"filter": object{"name": object{"eq": "none"}}}, []string{"not found"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, diags := ask(t, w.p, c.source, c.config)
			text := acctest.Text(diags)
			for _, want := range c.want {
				if len(diags) != 1 || !strings.Contains(text, want) {
					t.Errorf("got %s, want %q", text, want)
				}
			}
		})
	}
}

// field returns the entry of a path.
func fieldAt(t testing.TB, answer object, path string) object {
	t.Helper()
	for _, f := range answer["fields"].([]any) {
		if f := f.(object); f["path"] == path {
			return f
		}
	}
	t.Fatalf("there is no field %s", path)
	return nil
}

func TestDataSourcePluginSchema(t *testing.T) {
	t.Parallel()
	p := newWorld(t).p
	answers := map[string]object{}
	for _, c := range []struct {
		plugin, path string
		want         object // what is said; the rest does not matter
	}{
		{"rate-limiting", "config.policy", object{"type": "string", "default": `"local"`, "allowed_values": list("local", "cluster", "redis"), "required": false}},
		{"rate-limiting", "config.redis.port", object{"type": "integer", "default": "6379", "minimum": json.Number("0"), "maximum": json.Number("65535"), "since": "3.6"}},
		{"rate-limiting", "config.minute", object{"type": "number", "greater_than": json.Number("0"), "default": nil, "allowed_values": nil}},
		{"rate-limiting", "config.redis.password", object{"sensitive": true, "referenceable": true}},
		{"rate-limiting", "config.redis", object{"type": "record", "since": "3.6", "when": nil}},
		{"rate-limiting", "config.redis_host", object{"deprecated": true, "replaced_by": "config.redis.host"}},
		{"rate-limiting", "config.redis.cloud_authentication", object{"since": "3.13"}},
		{"key-auth", "config.key_names", object{"type": "array", "elements": "string", "required": true, "default": `["apikey"]`}},
		{"key-auth", "config.identity_realms[].scope", object{"allowed_values": list("cp", "realm")}},
		{"cors", "config.methods", object{"elements": "string"}},
		{"datakit", "config.nodes[].url", object{"when": "type is call"}},
		{"openid-connect", "config.client_jwk[].x5t#S256", object{"type": "string"}},
	} {
		if answers[c.plugin] == nil {
			answers[c.plugin] = answered(t, p, "konnect_gateway_plugin_schema", object{"name": c.plugin})
		}
		got := fieldAt(t, answers[c.plugin], c.path)
		for k, want := range c.want {
			if diff := cmp.Diff(want, got[k]); diff != "" {
				t.Errorf("%s %s: %s: %s", c.plugin, c.path, k, diff)
			}
		}
	}
	for name, a := range answers {
		if a["custom"] != false {
			t.Errorf("%s is custom", name)
		}
		var def object
		if err := json.Unmarshal([]byte(a["definition"].(string)), &def); err != nil || def["name"] != name || len(def["fields"].([]any)) == 0 {
			t.Errorf("%s: %v: %v", name, err, def["name"])
		}
	}
}

// The schema of an uploaded plugin comes from its control plane.
func TestDataSourcePluginSchema_uploaded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Make(t, entity.PluginSchema, w.Scope(), object{"lua_schema": acctest.SomeSource})
	answer := answered(t, w.p, "konnect_gateway_plugin_schema", object{"name": "mine", "control_plane_id": w.ID})
	if answer["custom"] != true {
		t.Error("it is not custom")
	}
	if got := fieldAt(t, answer, "config.size"); got["type"] != "integer" || got["default"] != "3" {
		t.Errorf("got %v", got)
	}
	if bundled := answered(t, w.p, "konnect_gateway_plugin_schema", object{"name": "cors", "control_plane_id": w.ID}); bundled["custom"] != false {
		t.Error("a bundled plugin is custom")
	}
}

func TestDataSourceControlPlane(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, name := range []string{"shop-eu", "shop-us"} {
		w.Make(t, entity.ControlPlane, nil, object{
			"name": name, "description": "A shop.", "labels": object{"env": "prod", "region": name[5:]},
			"proxy_urls": list(object{"host": name + ".example", "port": 443, "protocol": "https"}),
		})
	}
	const one, several = "konnect_gateway_control_plane", "konnect_gateway_control_plane_list"
	for name, c := range map[string]struct {
		config object
		want   string
	}{
		"all":           {object{"sort": "name"}, "shop-eu shop-us world"},
		"reverse":       {object{"sort": "name desc"}, "world shop-us shop-eu"},
		"by name":       {object{"filter": object{"name": object{"eq": "world"}}}, "world"},
		"not by name":   {object{"filter": object{"name": object{"neq": "world"}}, "sort": "name"}, "shop-eu shop-us"},
		"part of name":  {object{"filter": object{"name": object{"contains": "shop"}}, "sort": "name"}, "shop-eu shop-us"},
		"by id":         {object{"filter": object{"id": object{"eq": w.ID}}}, "world"},
		"by ids":        {object{"filter": object{"id": object{"oeq": w.ID + "," + acctest.SomeID}}}, "world"},
		"by kind":       {object{"filter": object{"cluster_type": object{"eq": "CLUSTER_TYPE_K8S_INGRESS_CONTROLLER"}}}, ""},
		"by another":    {object{"filter": object{"cloud_gateway": true}}, ""},
		"by label":      {object{"filter_labels": "env:prod", "sort": "name"}, "shop-eu shop-us"},
		"by two labels": {object{"filter_labels": "env:prod,region:us"}, "shop-us"},
		"none":          {object{"filter": object{"name": object{"eq": "none"}}}, ""},
	} {
		found := answered(t, w.p, several, c.config)["data"].([]any)
		var names []string
		for _, f := range found {
			names = append(names, f.(object)["name"].(string))
		}
		if got := strings.Join(names, " "); got != c.want {
			t.Errorf("%s: found %s, want %s", name, got, c.want)
		}
	}
	shop := answered(t, w.p, one, object{"filter": object{"name": object{"eq": "shop-eu"}}})
	config := shop["config"].(object)
	if shop["description"] != "A shop." || shop["labels"].(object)["region"] != "eu" || config["cluster_type"] == nil || config["cloud_gateway"] != false || config["control_plane_endpoint"] == nil {
		t.Errorf("got %v", shop)
	}
	if diff := cmp.Diff(list(object{"host": "shop-eu.example", "port": json.Number("443"), "protocol": "https"}), config["proxy_urls"]); diff != "" {
		t.Error(diff)
	}
	_, diags := ask(t, w.p, one, object{"filter": object{"name": object{"contains": "shop"}}})
	if text := acctest.Text(diags); !strings.Contains(text, "2 control planes match") || !strings.Contains(text, "shop-us (") {
		t.Errorf("got %s", text)
	}
	w.Intercept(func(rw http.ResponseWriter, _ *http.Request, _ http.Handler) bool {
		rw.WriteHeader(http.StatusForbidden)
		return true
	})
	if _, diags := ask(t, w.p, several, object{}); len(diags) != 1 || !strings.Contains(diags[0].Summary, "Unable to list") {
		t.Errorf("got %s", acctest.Text(diags))
	}
}
