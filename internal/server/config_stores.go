package server

import (
	"context"
	"net/http"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/fault"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// configStores have secrets, which go along with a store only where that is
// asked for. Deleting succeeds also where there is no store.
func (s *api) configStores(planes *platform) *platform {
	return &platform{
		api: s, typ: entity.ConfigStore, above: planes, id: "configStoreId", pages: cursorPages,
		put:      &putting{created: http.StatusOK, replaced: http.StatusOK},
		forcible: true,
		lenient:  true,
		removing: removeSecrets,
	}
}

func removeSecrets(ctx context.Context, tx *store.Tx, p place, doc map[string]any, force bool) error {
	refs := map[string]string{"config_store": jsonvalue.Text(doc["id"])}
	page, err := tx.List(ctx, entity.ConfigStoreSecret, p.scope, store.Query{Size: 1, Ref: refs})
	switch {
	case err != nil:
		return err
	case len(page.Docs) > 0 && !force:
		return fault.BadParameter("force", "must be true to delete the secrets of the config store along with it")
	}
	return store.DeleteAll(ctx, tx, entity.ConfigStoreSecret, p.scope, refs)
}

// secrets are addressed by their keys. PUT answers 201 where it made one.
func (s *api) secrets(stores *platform) *platform {
	return &platform{
		api: s, typ: entity.ConfigStoreSecret, above: stores, id: "key", pages: cursorPages,
		put:    &putting{creates: true, created: http.StatusCreated, replaced: http.StatusOK},
		locate: func(key string) store.Query { return store.Query{Equal: map[string]string{"key": key}} },
		taken:  map[string]error{"key": fault.Violation("key", "unique", "the config store has a secret with this key")},
	}
}
