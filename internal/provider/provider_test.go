package provider_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider"
)

// The environment stands in for what the block leaves out; each variable by
// itself and against the block is the business of the settings' own tests.
func TestProvider_environment(t *testing.T) {
	for name, c := range map[string]struct {
		env  map[string]string
		want string
	}{
		"nothing":  {nil, "Nothing says which control plane to use"},
		"embedded": {map[string]string{"KONNECT_EMBEDDED": "konnect.db"}, ""},
		"remote":   {map[string]string{"KONNECT_SERVER_URL": "https://eu.api.konghq.com", "KONNECT_TOKEN": "a"}, ""},
		"spat":     {map[string]string{"KONNECT_SERVER_URL": "https://eu.api.konghq.com", "KONNECT_SPAT": "a"}, ""},
		"both":     {map[string]string{"KONNECT_EMBEDDED": "konnect.db", "KONNECT_SERVER_URL": "https://eu.api.konghq.com"}, "Both KONNECT_EMBEDDED and KONNECT_SERVER_URL are set"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("KONNECT_EMBEDDED", "")
			for k, v := range c.env {
				t.Setenv(k, v)
			}
			cp := acctest.New(t)
			p := acctest.NewProtocol(t, provider.New("test", cp.Open)())
			got := acctest.Text(p.Configure(t, object{}))
			if c.want == "" && got != "" || !strings.Contains(got, c.want) {
				t.Errorf("got %s", got)
			}
		})
	}
}

// The block is judged before anything is opened.
func TestProvider_validate(t *testing.T) {
	t.Parallel()
	p := acctest.Offline(t)
	for name, c := range map[string]struct {
		config object
		want   string
	}{
		"nothing yet":   {object{}, ""},
		"both":          {object{"embedded": object{"path": "x"}, "server_url": "https://a.example"}, "ERROR [embedded] Two control planes"},
		"no address":    {object{"server_url": "a.example"}, "ERROR [server_url] Invalid server_url"},
		"unknown":       {object{"server_url": acctest.Unknown, "embedded": acctest.Unknown}, ""},
		"retry budget":  {object{"retry_budget": "long"}, "ERROR [retry_budget] Invalid retry_budget"},
		"a token alone": {object{"personal_access_token": "a"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := acctest.Text(p.ValidateProvider(t, c.config))
			if c.want == "" && got != "" || !strings.Contains(got, c.want) {
				t.Errorf("got %s", got)
			}
		})
	}
}

// Where nothing answers, the error comes soon, with address and cause.
func TestProvider_unreachable(t *testing.T) {
	t.Parallel()
	p := acctest.Offline(t)
	if diags := p.Configure(t, object{"server_url": "http://127.0.0.1:1", "personal_access_token": "a", "retry_budget": "0s"}); len(diags) > 0 {
		t.Fatal(acctest.Text(diags))
	}
	_, diags := p.Import(t, plane, acctest.SomeID)
	got := acctest.Text(diags)
	for _, want := range []string{"Unable to import control plane", "http://127.0.0.1:1", "connection refused"} {
		if !strings.Contains(got, want) {
			t.Errorf("want %q in %s", want, got)
		}
	}
}

// What depends on the provider's own unknown values is planned all the same. That
// no control plane was asked is said once.
func TestProvider_unknown(t *testing.T) {
	t.Parallel()
	p := acctest.Offline(t)
	said := acctest.Text(p.Configure(t, object{"server_url": acctest.Unknown}))
	if !strings.HasPrefix(said, "WARNING [server_url] The control plane is not known yet") || strings.Count(said, "\n") > 1 {
		t.Fatal(said)
	}
	resp, _ := p.Plan(t, plane, object{"name": "one"}, acctest.Value(t, p.Type(t, plane), nil))
	if len(resp.Diagnostics) > 0 {
		t.Error(acctest.Text(resp.Diagnostics))
	}
	_, diags := p.Apply(t, plane, object{"name": "one"}, acctest.Value(t, p.Type(t, plane), nil))
	if got := acctest.Text(diags); !strings.Contains(got, "depends on server_url, which is known only after apply") {
		t.Errorf("got %s", got)
	}
}

// Terraform learns of lists and actions only from what the server says it can.
func TestServer_interfaces(t *testing.T) {
	t.Parallel()
	server := acctest.Offline(t).Server
	if _, ok := server.(tfprotov6.ProviderServerWithListResource); !ok {
		t.Error("lists are hidden")
	}
	if _, ok := server.(tfprotov6.ProviderServerWithActions); !ok {
		t.Error("actions are hidden")
	}
	meta, err := server.GetMetadata(t.Context(), &tfprotov6.GetMetadataRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if len(meta.Resources) != 34+115 || meta.ServerCapabilities == nil || !meta.ServerCapabilities.PlanDestroy {
		t.Errorf("got %v, %v", meta.Resources, meta.ServerCapabilities)
	}
}

// What is no resource of the table is the framework's to refuse.
func TestServer_unknownResource(t *testing.T) {
	t.Parallel()
	server := acctest.Offline(t).Server
	resp, err := server.ValidateResourceConfig(t.Context(), &tfprotov6.ValidateResourceConfigRequest{TypeName: "konnect_nothing"})
	if err != nil {
		t.Fatal(err)
	}
	if len(resp.Diagnostics) == 0 {
		t.Error("no diagnostic")
	}
}
