package provider

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/provider/resource"
)

// additions are attributes that the published provider lacks, on purpose.
var additions = map[string]string{
	"konnect_gateway_custom_plugin.effective_config": "shows the configuration with its defaults",
	"konnect_gateway_custom_plugin.condition":        "plugins have it, of whichever resource",
	"konnect_gateway_custom_plugin.partials":         "plugins have them, of whichever resource",

	"konnect_gateway_partial.redis_ee.config.redis_proxy_type":                 "plugins have it beside a partial",
	"konnect_gateway_partial.model.config.model.options.cache_read_cost":       "data planes read it from 3.14 on",
	"konnect_gateway_partial.model.config.model.options.cache_write_cost":      "data planes read it from 3.14 on",
	"konnect_gateway_partial.model.config.model.options.cache_write_cost_list": "data planes read it from 3.14 on",
	"konnect_gateway_partial.model.config.model.options.context_window_factor": "data planes read it from 3.14 on",
	"konnect_gateway_partial.model.config.model.options.service_tier_factor":   "data planes read it from 3.14 on",
}

// writeOnly are secrets with a write-only form beside them, which the published
// provider lacks: nothing of it is in state for those who want that. Those that
// are required there are required here in one of the forms, and neither by itself.
var writeOnly = map[string]string{
	"konnect_centralized_consumer_key.secret":   "optional computed",
	"konnect_gateway_basic_auth.password":       "required",
	"konnect_gateway_certificate.key":           "required",
	"konnect_gateway_certificate.key_alt":       "optional",
	"konnect_gateway_config_store_secret.value": "required",
	"konnect_gateway_hmac_auth.secret":          "optional computed",
	"konnect_gateway_jwt.secret":                "optional computed",
	"konnect_gateway_key.jwk":                   "optional",
	"konnect_gateway_key_auth.key":              "optional computed",
	"konnect_gateway_vault.config":              "optional computed",
}

// withoutTwins takes the write-only forms out of attributes by path, and gives
// secrets the modes that they would have without.
func withoutTwins(t *testing.T, got map[string]map[string]string) {
	t.Helper()
	for path, published := range writeOnly {
		name, _, _ := strings.Cut(path, ".")
		ours := map[string]string{
			path:                 strings.Replace(published, "required", "optional", 1),
			path + "_wo":         "optional write-only",
			path + "_wo_version": "optional",
		}
		for at, want := range ours {
			typ, mode, _ := strings.Cut(got[name][at], "\t")
			if mode != want || typ == "" {
				t.Errorf("%s is %q, want it %s", at, got[name][at], want)
			}
		}
		delete(got[name], path+"_wo")
		delete(got[name], path+"_wo_version")
		got[name][path] = `"string"	` + published
	}
}

// Every resource and data source of the published provider is there, with equal
// names, types and modes. Those for one plugin have a test of their own.
func TestSchema_published(t *testing.T) {
	t.Parallel()
	want := publishedFacts(t, "testdata/published.tsv")
	got := map[string]map[string]string{}
	for name, r := range resource.All() {
		if want[name] != nil {
			got[name] = map[string]string{}
			collect(name, r.Schema().Block.Attributes, got[name])
			delete(got[name], name+".tags_all") // for the default tags of the provider
		}
	}
	shown, err := New("test", nil)().GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for name, source := range shown.DataSourceSchemas {
		for _, a := range source.Block.Attributes {
			if a.WriteOnly || strings.HasSuffix(a.Name, "_wo_version") {
				t.Errorf("the data source %s has %s, which nobody can read", name, a.Name)
			}
		}
		if name = "data:" + name; want[name] != nil {
			got[name] = map[string]string{}
			collect(name, source.Block.Attributes, got[name])
		}
	}
	withoutTwins(t, got)
	for path := range additions {
		name, _, _ := strings.Cut(path, ".")
		maps.DeleteFunc(got[name], func(at, _ string) bool { return isAt(at, path) })
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("attributes differ from the published ones (-published +ours):\n%s", diff)
	}
}

// The plainer name is the same resource.
func TestSchema_plugin(t *testing.T) {
	t.Parallel()
	all := resource.All()
	one, two := all["konnect_gateway_plugin"], all["konnect_gateway_custom_plugin"]
	if diff := cmp.Diff(one.Schema().Block.Attributes, two.Schema().Block.Attributes); diff != "" {
		t.Error(diff)
	}
}

// The provider block takes what the published one takes, and more.
func TestSchema_provider(t *testing.T) {
	t.Parallel()
	resp, err := New("test", nil)().GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	collect("provider", resp.Provider.Block.Attributes, got)
	for _, name := range []string{"server_url", "personal_access_token", "system_account_access_token", "konnect_access_token", "service_access_token"} {
		if got["provider."+name] != `"string"	optional` {
			t.Errorf("%s is %q", name, got["provider."+name])
		}
	}
	for _, a := range resp.Provider.Block.Attributes {
		if a.Sensitive != strings.HasSuffix(a.Name, "_token") {
			t.Errorf("%s: sensitive is %v", a.Name, a.Sensitive)
		}
	}
}

func TestSchema_described(t *testing.T) {
	t.Parallel()
	for name, r := range resource.All() {
		if r.Schema().Block.Description == "" {
			t.Errorf("%s has no description", name)
		}
		undescribed(t, name, r.Schema().Block.Attributes)
	}
}

func undescribed(t *testing.T, at string, attributes []*tfprotov6.SchemaAttribute) {
	t.Helper()
	for _, a := range attributes {
		if a.Description == "" {
			t.Errorf("%s.%s has no description", at, a.Name)
		}
		if a.NestedType != nil {
			undescribed(t, at+"."+a.Name, a.NestedType.Attributes)
		}
	}
}

// isAt reports whether a path is another one or leads below it.
func isAt(path, top string) bool { return path == top || strings.HasPrefix(path, top+".") }

// publishedFacts reads names, types and modes by resource and path.
func publishedFacts(t *testing.T, name string) map[string]map[string]string {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	var in io.Reader = file
	if strings.HasSuffix(name, ".gz") {
		if in, err = gzip.NewReader(file); err != nil {
			t.Fatal(err)
		}
	}
	text, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string]string{}
	for line := range strings.Lines(string(text)) {
		path, facts, _ := strings.Cut(strings.TrimSpace(line), "\t")
		name, _, _ := strings.Cut(path, ".")
		if out[name] == nil {
			out[name] = map[string]string{}
		}
		out[name][path] = facts
	}
	return out
}

func collect(at string, attributes []*tfprotov6.SchemaAttribute, out map[string]string) {
	for _, a := range attributes {
		path := at + "." + a.Name
		typ := typeText(a.Type)
		if a.NestedType != nil {
			typ = "nested " + strings.ToLower(a.NestedType.Nesting.String())
			collect(path, a.NestedType.Attributes, out)
		}
		out[path] = typ + "\t" + modeText(a)
	}
}

func modeText(a *tfprotov6.SchemaAttribute) string {
	switch {
	case a.WriteOnly:
		return "optional write-only"
	case a.Required:
		return "required"
	case a.Optional && a.Computed:
		return "optional computed"
	case a.Optional:
		return "optional"
	default:
		return "computed"
	}
}

// typeText is a type as terraform prints it.
func typeText(typ tftypes.Type) string {
	if typ == nil {
		return ""
	}
	text, err := json.Marshal(typ)
	if err != nil {
		return err.Error()
	}
	return string(text)
}
