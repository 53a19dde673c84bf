package catalogue

import (
	"context"
	"net/http"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/fault"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/openapi"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/platform"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/wire"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// No operation creates portals, so any UUID is the id of a portal, which is
// empty until a product version is put into it. There is no website where
// developers could register applications either: their lists are empty, and a
// single application is not found.

// portalName is the name of every portal, since no operation names one.
func portalName(id any) string { return jsonvalue.Text(id) }

// portal returns the id of the portal that a path names.
func portal(r *http.Request) (string, error) {
	id := strings.ToLower(r.PathValue("portalId"))
	if !schema.IsUUID(id) {
		return "", store.ErrNotFound
	}
	return id, nil
}

// portalProductVersions put product versions into portals. They are addressed
// by the product version, and PUT puts one there.
func (s *Catalogue) portalProductVersions() *platform.Collection {
	return &platform.Collection{
		DAO: s.DAO, Type: entity.PortalProductVersion, ID: "productVersionId", Patch: true, Ignored: []string{"notify_developers"},
		Put: &platform.Putting{Creates: true, Created: http.StatusOK, Replaced: http.StatusOK},
		Filters: map[string][]string{
			"id": platform.IDOperators, "publish_status": platform.ChoiceOperators, "product_version_id": platform.IDOperators,
			"created_at": platform.TimeOperators, "updated_at": platform.TimeOperators, "auth_strategy_ids": platform.IDOperators,
			"application_registration_enabled": {"eq"}, "auto_approve_registration": {"eq"}, "deprecated": {"eq"},
		},
		Sorts: []string{"publish_status"},
		Below: func(r *http.Request) (platform.Parents, error) {
			id, err := portal(r)
			return platform.Parents{Equal: map[string]string{"portal_id": id}}, err
		},
		Locate: func(key string) store.Query {
			return store.Query{Ref: map[string]string{"product_version_id": key}}
		},
		Present: presentPortalVersion,
		Saved: func(ctx context.Context, tx *store.Tx, _, doc map[string]any) error {
			return s.syncPortal(ctx, tx, doc)
		},
		Removing: s.leavePortal,
		Taken:    map[string]error{"product_version_id": fault.Violation("product_version_id", "unique", "the portal has this product version")},
	}
}

// portalsOf are the portals that show a product version.
func portalsOf(ctx context.Context, from store.Reader, version map[string]any) ([]map[string]any, error) {
	return store.All(ctx, from, entity.PortalProductVersion, "", map[string]string{"product_version_id": jsonvalue.Text(version["id"])})
}

// syncPortal updates the plugins of the version that a portal shows.
func (s *Catalogue) syncPortal(ctx context.Context, tx *store.Tx, doc map[string]any) error {
	version, err := tx.Get(ctx, entity.APIProductVersion, "", jsonvalue.Text(doc["product_version_id"]))
	if err != nil {
		return err
	}
	return s.syncRegistration(ctx, tx, version)
}

// leavePortal ends registration before a version leaves a portal.
func (s *Catalogue) leavePortal(ctx context.Context, tx *store.Tx, p platform.Parents, doc map[string]any, _ bool) error {
	if doc["application_registration_enabled"] != true {
		return nil
	}
	ended, err := tx.Put(ctx, entity.PortalProductVersion, p.Scope, jsonvalue.Text(doc["id"]), func(old map[string]any) (map[string]any, error) {
		if old == nil {
			return nil, store.ErrNotFound
		}
		old["application_registration_enabled"] = false
		return old, nil
	})
	if err != nil {
		return err
	}
	return s.syncPortal(ctx, tx, ended)
}

// presentPortalVersion shows the strategies in place of their ids.
func presentPortalVersion(ctx context.Context, from store.Reader, doc map[string]any) (map[string]any, error) {
	strategies, err := strategiesOf(ctx, from, doc)
	if err != nil {
		return nil, err
	}
	shown := make([]any, len(strategies))
	for i, strategy := range strategies {
		shown[i] = presentPortalStrategy(strategy)
	}
	out := platform.Present(entity.PortalProductVersion, doc)
	delete(out, "auth_strategy_ids")
	out["auth_strategies"] = shown
	return out, nil
}

// presentPortalStrategy shows a strategy as portals do. With a DCR provider,
// that issues the credentials.
func presentPortalStrategy(doc map[string]any) map[string]any {
	of := strategyOf(doc)
	out := map[string]any{"id": doc["id"], "name": doc["name"]}
	if of.openID == nil {
		out["credential_type"], out["key_names"] = "key_auth", of.keyNames
		configs, _ := doc["configs"].(map[string]any)
		keys, _ := configs["key-auth"].(map[string]any)
		if ttl := keys["ttl"]; ttl != nil {
			out["ttl"] = ttl
		}
		return out
	}
	out["credential_type"] = "self_managed_client_credentials"
	if doc["dcr_provider_id"] != nil {
		out["credential_type"] = "client_credentials"
	}
	out["auth_methods"], out["available_scopes"] = of.openID["auth_methods"], of.openID["scopes"]
	return out
}

// applicationRoutes serve the lists of applications and registrations of
// developers.
func (s *Catalogue) applicationRoutes(serve openapi.Register) {
	const base = "/v2/portals/{portalId}/"
	const one = base + "applications/{applicationId}"
	const registration = one + "/registrations/{registrationId}"
	page := openapi.Members{"page[size]": openapi.Integer, "page[number]": openapi.Integer, "sort": openapi.Text}
	none := openapi.OK(openapi.NumberPage(openapi.AnyObject)).Asking(page)
	for _, list := range []string{base + "applications", base + "application-registrations"} {
		serve("GET "+list, none, s.listNothing)
	}
	for _, pattern := range []string{
		"GET " + one, "DELETE " + one, "GET " + one + "/registrations",
		"GET " + registration, "DELETE " + registration, "GET " + registration + "/granted-scopes",
	} {
		serve(pattern, openapi.About{}, s.noApplication)
	}
	status := openapi.Object(openapi.Members{"status": openapi.Text})
	serve("PATCH "+registration, openapi.About{}.With(status), s.noApplication)
}

func (s *Catalogue) listNothing(w http.ResponseWriter, r *http.Request) error {
	if _, err := portal(r); err != nil {
		return err
	}
	q, err := wire.NumberQuery(r.URL.Query())
	if err != nil {
		return err
	}
	return wire.Write(w, http.StatusOK, platform.NumberPages.Answer(r, q, store.Page{}, []any{}))
}

func (s *Catalogue) noApplication(_ http.ResponseWriter, r *http.Request) error {
	if r.Method == http.MethodPatch {
		if _, err := wire.Decode(r); err != nil {
			return err
		}
	}
	return store.ErrNotFound
}
