package catalogue

import (
	"context"
	"net/http"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/fault"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/platform"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/wire"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// authStrategies are ways in which applications authenticate. PUT answers 201
// whether or not there was one.
func (s *Catalogue) authStrategies() *platform.Collection {
	return &platform.Collection{
		DAO: s.DAO, Type: entity.AuthStrategy, ID: "authStrategyId", Patch: true,
		Put: &platform.Putting{Creates: true, Created: http.StatusCreated, Replaced: http.StatusCreated},
		Filters: map[string][]string{
			"strategy_type": platform.TextOperators, "name": platform.TextOperators, "display_name": platform.TextOperators,
			"dcr_provider_id": platform.IDOperators, "dcr_provider_name": platform.TextOperators, "dcr_provider_type": platform.TextOperators,
		},
		Sorts:    []string{"display_name", "strategy_type"},
		Joined:   map[string]string{"dcr_provider_name": "name", "dcr_provider_type": "provider_type"},
		JoinedBy: entity.AuthStrategy.References[0],
		Judge:    judgeStrategy,
		Present:  presentStrategy,
		Saved: func(ctx context.Context, tx *store.Tx, old, doc map[string]any) error {
			if old == nil {
				return nil
			}
			return s.syncStrategy(ctx, tx, doc)
		},
		InUse: "the auth strategy is in use by a product version of a portal",
	}
}

// judgeStrategy requires the configuration of the strategy's type, and refuses
// any other.
func judgeStrategy(doc map[string]any) error {
	configs, _ := doc["configs"].(map[string]any)
	wanted, other := "key-auth", "openid-connect"
	if doc["strategy_type"] == "openid_connect" {
		wanted, other = other, wanted
	}
	switch {
	case configs[wanted] == nil:
		return fault.Violation("configs."+wanted, "required", "required field missing")
	case configs[other] != nil:
		return fault.Violation("configs."+other, "unknown_property", "belongs to another type of strategy")
	case wanted == "key-auth" && doc["dcr_provider_id"] != nil:
		return fault.Violation("dcr_provider_id", "unknown_property", "belongs to strategies of type openid_connect")
	}
	return nil
}

// dcrProviderOf returns the provider that a strategy names, or nil.
func dcrProviderOf(ctx context.Context, from store.Reader, doc map[string]any) (map[string]any, error) {
	id, ok := doc["dcr_provider_id"].(string)
	if !ok {
		return nil, nil
	}
	return from.Get(ctx, entity.DCRProvider, "", id)
}

func presentStrategy(ctx context.Context, from store.Reader, doc map[string]any) (map[string]any, error) {
	out := platform.Present(entity.AuthStrategy, doc)
	delete(out, "dcr_provider_id")
	provider, err := dcrProviderOf(ctx, from, doc)
	if err != nil {
		return nil, err
	}
	out["supports_multiple_credentials"] = doc["strategy_type"] == "key_auth"
	if provider != nil {
		out["dcr_provider"] = wire.Compact(map[string]any{
			"id": provider["id"], "name": provider["name"],
			"display_name": provider["display_name"], "provider_type": provider["provider_type"],
		})
		config, _ := provider["dcr_config"].(map[string]any)
		out["supports_multiple_credentials"] = config["allow_multiple_credentials"] == true
	}
	out["active"], err = published(ctx, from, doc)
	return out, err
}

// published reports whether a portal shows a product version with a strategy.
func published(ctx context.Context, from store.Reader, strategy map[string]any) (bool, error) {
	page, err := from.List(ctx, entity.PortalProductVersion, "", store.Query{
		Size: 1, Ref: map[string]string{"auth_strategy_ids": jsonvalue.Text(strategy["id"])},
		Equal: map[string]string{"publish_status": "published"},
	})
	return len(page.Docs) > 0, err
}

// syncStrategy updates the plugins of the product versions that use a strategy.
func (s *Catalogue) syncStrategy(ctx context.Context, tx *store.Tx, strategy map[string]any) error {
	portals, err := store.All(ctx, tx, entity.PortalProductVersion, "", map[string]string{"auth_strategy_ids": jsonvalue.Text(strategy["id"])})
	if err != nil {
		return err
	}
	for _, p := range portals {
		version, err := tx.Get(ctx, entity.APIProductVersion, "", jsonvalue.Text(p["product_version_id"]))
		if err != nil {
			return err
		}
		if err := s.syncRegistration(ctx, tx, version); err != nil {
			return err
		}
	}
	return nil
}

// strategy is the part of an auth strategy that plugins need: the names of the
// keys, or the settings of OpenID Connect.
type strategy struct {
	id       any
	keyNames []any
	openID   map[string]any
}

func defaultKeyNames() []any { return []any{"apikey"} }

func strategyOf(doc map[string]any) strategy {
	configs, _ := doc["configs"].(map[string]any)
	out := strategy{id: doc["id"]}
	if openID, ok := configs["openid-connect"].(map[string]any); ok {
		out.openID = wire.Compact(openID)
		return out
	}
	keys, _ := configs["key-auth"].(map[string]any)
	if out.keyNames, _ = keys["key_names"].([]any); len(out.keyNames) == 0 {
		out.keyNames = defaultKeyNames()
	}
	return out
}

// strategiesOf are the strategies of a product version in a portal.
func strategiesOf(ctx context.Context, from store.Reader, portal map[string]any) ([]map[string]any, error) {
	ids, _ := portal["auth_strategy_ids"].([]any)
	docs := make([]map[string]any, len(ids))
	for i, id := range ids {
		doc, err := from.Get(ctx, entity.AuthStrategy, "", jsonvalue.Text(id))
		if err != nil {
			return nil, err
		}
		docs[i] = doc
	}
	return docs, nil
}
