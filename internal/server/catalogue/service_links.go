package catalogue

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/dao"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/fault"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// implementation is the service that a product version names.
type implementation struct{ plane, service, version string }

func implementationOf(version map[string]any) (i implementation, named bool) {
	service, named := version["gateway_service"].(map[string]any)
	return implementation{jsonvalue.Text(service["control_plane_id"]), jsonvalue.Text(service["id"]), jsonvalue.Text(version["id"])}, named
}

// isLinked reports whether the service of a version exists: a link is deleted
// with its service.
func isLinked(ctx context.Context, from store.Reader, version map[string]any) (bool, error) {
	i, named := implementationOf(version)
	if !named {
		return false, nil
	}
	_, err := from.Get(ctx, entity.ServiceLink, i.plane, i.version)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// relink links a version with the service that it names now. A version whose
// service was deleted can still be changed otherwise.
func relink(ctx context.Context, tx *store.Tx, old, version map[string]any) error {
	had, _ := implementationOf(old)
	has, named := implementationOf(version)
	if had == has {
		if linked, err := isLinked(ctx, tx, version); err != nil || linked {
			return err
		}
	}
	if old != nil {
		if err := unlink(ctx, tx, old); err != nil {
			return err
		}
	}
	if !named {
		return nil
	}
	_, err := tx.Get(ctx, entity.Service, has.plane, has.service)
	switch {
	case errors.Is(err, store.ErrNotFound) && had == has:
		return nil
	case errors.Is(err, store.ErrNotFound):
		return fault.Violation("gateway_service.id", "missing_reference", "there is no such service in the control plane")
	case err != nil:
		return err
	}
	return tx.Insert(ctx, entity.ServiceLink, has.plane, map[string]any{
		"id": has.version, "service": map[string]any{"id": has.service},
	})
}

// unlink deletes the link of a version and, with it, the plugins that the
// service has because of it.
func unlink(ctx context.Context, tx *store.Tx, version map[string]any) error {
	i, named := implementationOf(version)
	if !named {
		return nil
	}
	if err := tx.Delete(ctx, entity.ServiceLink, i.plane, i.version); !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return nil
}

// managedTags are how clients tell managed plugins from others.
var managedTags = []any{"konnect-managed-plugin", "konnect-app-registration"}

// syncRegistration adds the plugins to the service of a product version that
// registration needs, and deletes the others.
func (s *Catalogue) syncRegistration(ctx context.Context, tx *store.Tx, version map[string]any) error {
	linked, err := isLinked(ctx, tx, version)
	if err != nil || !linked {
		return err
	}
	i, _ := implementationOf(version)
	wanted, err := managedPlugins(ctx, tx, version)
	if err != nil {
		return err
	}
	present, err := store.All(ctx, tx, entity.Plugin, i.plane, map[string]string{"service_link": i.version})
	if err != nil {
		return err
	}
	for _, doc := range present {
		config, keep := wanted[jsonvalue.Text(doc["name"])]
		delete(wanted, jsonvalue.Text(doc["name"]))
		if keep {
			err = s.putManaged(ctx, tx, i, jsonvalue.Text(doc["name"]), config, doc)
		} else {
			err = tx.Delete(ctx, entity.Plugin, i.plane, jsonvalue.Text(doc["id"]))
		}
		if err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		if err := s.putManaged(ctx, tx, i, name, wanted[name], nil); err != nil {
			return err
		}
	}
	return nil
}

// putManaged stores one managed plugin; old is nil for a new one.
func (s *Catalogue) putManaged(ctx context.Context, tx *store.Tx, i implementation, name string, config, old map[string]any) error {
	body := map[string]any{
		"name": name, "config": config, "tags": managedTags, "service": map[string]any{"id": i.service},
	}
	doc, err := s.completePlugin(ctx, i.plane, body)
	if broken := fault.Violations(err); broken != nil {
		return fault.Violation("configs", "plugin", "the plugin "+name+" does not take it: "+fault.Summary(broken))
	}
	if err != nil {
		return err
	}
	dao.Tidy(entity.Plugin, doc)
	doc["service_link"] = map[string]any{"id": i.version}
	if old == nil {
		err = tx.Insert(ctx, entity.Plugin, i.plane, doc)
	} else {
		_, err = tx.Put(ctx, entity.Plugin, i.plane, jsonvalue.Text(old["id"]), func(map[string]any) (map[string]any, error) {
			return dao.Kept(old, doc), nil
		})
	}
	if unique := (*store.UniqueError)(nil); errors.As(err, &unique) {
		return fault.Violation("application_registration_enabled", "unique", "the gateway service has a plugin "+name+" of its own, which would have to be deleted first")
	}
	return err
}

// managedPlugins are the configurations of the plugins that registration for a
// version needs, by name: none where no portal takes registrations.
func managedPlugins(ctx context.Context, tx *store.Tx, version map[string]any) (map[string]map[string]any, error) {
	strategies, enabled, err := registrations(ctx, tx, version)
	if err != nil || !enabled {
		return map[string]map[string]any{}, err
	}
	i, _ := implementationOf(version)
	first, err := isFirst(ctx, tx, i.plane)
	if err != nil {
		return nil, err
	}
	if !first {
		return map[string]map[string]any{"konnect-application-auth": applicationAuth(i.version, strategies)}, nil
	}
	return separatePlugins(i.version, strategies), nil
}

// registrations are the strategies of the portals that accept registrations for
// a version, without duplicates.
func registrations(ctx context.Context, tx *store.Tx, version map[string]any) (strategies []strategy, enabled bool, err error) {
	portals, err := portalsOf(ctx, tx, version)
	if err != nil {
		return nil, false, err
	}
	seen := map[any]bool{}
	for _, p := range portals {
		if p["application_registration_enabled"] != true {
			continue
		}
		enabled = true
		docs, err := strategiesOf(ctx, tx, p)
		if err != nil {
			return nil, false, err
		}
		for _, doc := range docs {
			if !seen[doc["id"]] {
				strategies = append(strategies, strategyOf(doc))
			}
			seen[doc["id"]] = true
		}
	}
	if len(strategies) == 0 { // Konnect's own, for those who name none
		strategies = []strategy{{id: fault.Organization, keyNames: defaultKeyNames()}}
	}
	return strategies, enabled, nil
}

// isFirst reports whether a control plane is the oldest. In Konnect that is the
// one that every region starts with.
func isFirst(ctx context.Context, tx *store.Tx, plane string) (bool, error) {
	page, err := tx.List(ctx, entity.ControlPlane, "", store.Query{Size: 1})
	if err != nil || len(page.Docs) == 0 {
		return false, err
	}
	doc, err := tx.Get(ctx, entity.ControlPlane, "", plane)
	return err == nil && doc["id"] == page.Docs[0]["id"], err
}

// separatePlugins are the plugins of the first control plane: one that admits
// the applications of the version, and one for each way to authenticate.
func separatePlugins(version string, strategies []strategy) map[string]map[string]any {
	out := map[string]map[string]any{
		"acl": {"allow": []any{version}, "hide_groups_header": false},
	}
	for _, one := range strategies {
		if one.openID != nil {
			out["openid-connect"] = one.openID
			continue
		}
		config := out["key-auth"]
		if config == nil {
			config = map[string]any{"key_names": []any{}}
			out["key-auth"] = config
		}
		config["key_names"] = append(config["key_names"].([]any), one.keyNames...)
	}
	return out
}

// applicationAuth is the one plugin of all other control planes.
func applicationAuth(version string, strategies []strategy) map[string]any {
	keys, openID := []any{}, []any{}
	for _, one := range strategies {
		if one.openID != nil {
			openID = append(openID, map[string]any{"strategy_id": one.id, "config": one.openID})
			continue
		}
		keys = append(keys, map[string]any{"strategy_id": one.id, "config": map[string]any{"key_names": one.keyNames}})
	}
	ways := map[string]any{}
	if len(keys) > 0 {
		ways["key_auth"] = keys
	}
	if len(openID) > 0 {
		ways["openid_connect"] = openID
	}
	return map[string]any{"auth_type": "v2-strategies", "scope": version, "v2_strategies": ways}
}
