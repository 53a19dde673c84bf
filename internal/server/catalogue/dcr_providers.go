package catalogue

import (
	"context"
	"net/http"
	"slices"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/fault"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/platform"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/wire"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// dcrConfig says what the configuration of a kind of provider holds: the
// required and the optional members, and their defaults in answers.
type dcrConfig struct {
	required, optional []string
	secret             []string // of these, which answers never show
	unset              map[string]any
}

var dcrConfigs = map[string]dcrConfig{
	"auth0": {
		required: []string{"initial_client_id", "initial_client_secret"},
		optional: []string{"initial_client_audience", "use_developer_managed_scopes"},
		secret:   []string{"initial_client_secret"},
		unset:    map[string]any{"initial_client_audience": nil, "use_developer_managed_scopes": false},
	},
	"azureAd": {required: []string{"initial_client_id", "initial_client_secret"}, secret: []string{"initial_client_secret"}},
	"curity":  {required: []string{"initial_client_id", "initial_client_secret"}, secret: []string{"initial_client_secret"}},
	"okta":    {required: []string{"dcr_token"}, secret: []string{"dcr_token"}},
	"http": {
		required: []string{"dcr_base_url", "api_key"},
		optional: []string{"disable_event_hooks", "disable_refresh_secret", "allow_multiple_credentials"},
		secret:   []string{"api_key"},
		unset:    map[string]any{"allow_multiple_credentials": false},
	},
	"kongIdentity": {},
}

// dcrProviders are stored for the strategies that name them. Nothing ever
// registers with one.
func (s *Catalogue) dcrProviders() *platform.Collection {
	lookup := []string{"eq", "contains"}
	return &platform.Collection{
		DAO: s.DAO, Type: entity.DCRProvider, ID: "dcrProviderId", Patch: true,
		Filters: map[string][]string{
			"id": lookup, "issuer": lookup, "name": lookup, "provider_type": {"eq"},
			"initial_client_id": lookup, "initial_client_audience": lookup,
		},
		Sorts:   []string{"display_name", "provider_type", "issuer"},
		Judge:   judgeProvider,
		Present: presentProvider,
		InUse:   "the DCR provider is in use by an auth strategy",
	}
}

// judgeProvider requires the configuration of the provider's kind.
func judgeProvider(doc map[string]any) error {
	kind := dcrConfigs[jsonvalue.Text(doc["provider_type"])]
	config, _ := doc["dcr_config"].(map[string]any)
	for _, name := range kind.required {
		if config[name] == nil {
			return fault.Violation("dcr_config."+name, "required", "required field missing")
		}
	}
	for name, v := range config {
		if v != nil && !slices.Contains(kind.required, name) && !slices.Contains(kind.optional, name) {
			return fault.Violation("dcr_config."+name, "unknown_property", "belongs to another type of provider")
		}
	}
	return nil
}

// presentProvider hides the secrets.
func presentProvider(ctx context.Context, from store.Reader, doc map[string]any) (map[string]any, error) {
	kind := dcrConfigs[jsonvalue.Text(doc["provider_type"])]
	config, _ := doc["dcr_config"].(map[string]any)
	shown := map[string]any{}
	for name, v := range kind.unset {
		shown[name] = v
	}
	for name, v := range config {
		if v != nil && !slices.Contains(kind.secret, name) {
			shown[name] = v
		}
	}
	used, err := from.List(ctx, entity.AuthStrategy, "", store.Query{Size: 1, Ref: map[string]string{"dcr_provider_id": jsonvalue.Text(doc["id"])}})
	out := platform.Present(entity.DCRProvider, doc)
	out["dcr_config"], out["active"] = shown, len(used.Docs) > 0
	return out, err
}

// verifyProvider answers a request to check the settings. This control plane
// talks to nobody, so it makes no check and does not claim success.
func (s *Catalogue) verifyProvider(providers *platform.Collection) wire.Endpoint {
	return func(w http.ResponseWriter, r *http.Request) error {
		if _, err := providers.Find(r.Context(), s.Store, platform.Parents{}, r.PathValue(providers.ID)); err != nil {
			return err
		}
		return wire.Write(w, http.StatusOK, map[string]any{
			"status": "failed", "errors": []any{"this control plane does not reach out to identity providers"},
		})
	}
}
