package catalogue

import (
	"context"
	"encoding/base64"
	"slices"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/fault"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/platform"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// apiProducts are shown with their portals and the number of their versions.
func (s *Catalogue) apiProducts() *platform.Collection {
	return &platform.Collection{
		DAO: s.DAO, Type: entity.APIProduct, ID: "apiProductId", Patch: true,
		Filters:  map[string][]string{"name": platform.TextOperators, "labels": nil, "public_labels": nil},
		Present:  presentProduct,
		Removing: unlinkVersions,
	}
}

// unlinkVersions unlinks the services of a product's versions before the
// versions are deleted with it.
func unlinkVersions(ctx context.Context, tx *store.Tx, _ platform.Parents, product map[string]any, _ bool) error {
	versions, err := versionsOf(ctx, tx, product)
	if err != nil {
		return err
	}
	for _, version := range versions {
		if err := unlink(ctx, tx, version); err != nil {
			return err
		}
	}
	return nil
}

func versionsOf(ctx context.Context, from store.Reader, product map[string]any) ([]map[string]any, error) {
	return store.All(ctx, from, entity.APIProductVersion, "", map[string]string{"api_product": jsonvalue.Text(product["id"])})
}

// presentProduct shows the portals that the product was given, and those with
// one of its versions.
func presentProduct(ctx context.Context, from store.Reader, doc map[string]any) (map[string]any, error) {
	versions, err := versionsOf(ctx, from, doc)
	if err != nil {
		return nil, err
	}
	ids, _ := doc["portal_ids"].([]any)
	ids = slices.Clone(ids)
	for _, version := range versions {
		shown, err := portalsOf(ctx, from, version)
		if err != nil {
			return nil, err
		}
		for _, p := range shown {
			ids = append(ids, p["portal_id"])
		}
	}
	portals := []any{}
	seen := map[any]bool{}
	for _, id := range ids {
		if !seen[id] {
			portals = append(portals, map[string]any{"portal_id": id, "portal_name": portalName(id)})
		}
		seen[id] = true
	}
	out := platform.Present(entity.APIProduct, doc)
	out["portals"], out["version_count"] = portals, len(versions)
	return out, nil
}

// productVersions may each be implemented by a service, which implements no
// other.
func (s *Catalogue) productVersions(products *platform.Collection) *platform.Collection {
	return &platform.Collection{
		DAO: s.DAO, Type: entity.APIProductVersion, Above: products, ID: "id", Patch: true, Ignored: []string{"notify"},
		Filters: map[string][]string{"name": platform.TextOperators, "publish_status": platform.TextOperators, "gateway_service_id": platform.IDOperators},
		Present: presentProductVersion,
		Saved: func(ctx context.Context, tx *store.Tx, old, doc map[string]any) error {
			if err := relink(ctx, tx, old, doc); err != nil {
				return err
			}
			return s.syncRegistration(ctx, tx, doc)
		},
		Removing: func(ctx context.Context, tx *store.Tx, _ platform.Parents, doc map[string]any, _ bool) error {
			return unlink(ctx, tx, doc)
		},
		Taken: map[string]error{"service": fault.Conflict("the gateway service implements another product version")},
	}
}

// presentProductVersion shows the service for as long as it exists.
func presentProductVersion(ctx context.Context, from store.Reader, doc map[string]any) (map[string]any, error) {
	out := platform.Present(entity.APIProductVersion, doc)
	linked, err := isLinked(ctx, from, doc)
	if err != nil {
		return nil, err
	}
	if !linked {
		out["gateway_service"] = nil
	}
	shown, err := portalsOf(ctx, from, doc)
	if err != nil {
		return nil, err
	}
	portals := make([]any, len(shown))
	for i, p := range shown {
		if portals[i], err = presentPortalOf(ctx, from, p); err != nil {
			return nil, err
		}
	}
	out["portals"] = portals
	return out, nil
}

// presentPortalOf shows a portal of a version.
func presentPortalOf(ctx context.Context, from store.Reader, p map[string]any) (map[string]any, error) {
	strategies, err := strategiesOf(ctx, from, p)
	if err != nil {
		return nil, err
	}
	named := make([]any, len(strategies))
	for i, strategy := range strategies {
		named[i] = map[string]any{"id": strategy["id"], "name": strategy["name"]}
	}
	out := map[string]any{
		"portal_id": p["portal_id"], "portal_name": portalName(p["portal_id"]),
		"portal_product_version_id": p["id"], "auth_strategies": named,
	}
	for _, same := range []string{"publish_status", "deprecated", "application_registration_enabled", "auto_approve_registration"} {
		out[same] = p[same]
	}
	return out, nil
}

// specifications describe a version, which has one at most. Requests and
// answers hold their content in base64.
func (s *Catalogue) specifications(versions *platform.Collection) *platform.Collection {
	return &platform.Collection{
		DAO: s.DAO, Type: entity.APIProductSpecification, Above: versions, ID: "specificationId", Patch: true,
		Filters: map[string][]string{"name": platform.TextOperators},
		Judge: func(doc map[string]any) error {
			if _, err := base64.StdEncoding.DecodeString(jsonvalue.Text(doc["content"])); err != nil {
				return fault.Violation("content", "is_base64", "must be in base64")
			}
			return nil
		},
		Taken: map[string]error{"version": fault.Conflict("the product version has a specification")},
	}
}
