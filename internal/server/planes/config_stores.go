package planes

import (
	"context"
	"net/http"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/fault"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/platform"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// configStores hold secrets. Deleting a store deletes them only if the request
// asks for it, and also succeeds if there is no store.
func (s *Planes) configStores(planes *platform.Collection) *platform.Collection {
	return &platform.Collection{
		DAO: s.DAO, Type: entity.ConfigStore, Above: planes, ID: "configStoreId", Pages: platform.CursorPages,
		Put:      &platform.Putting{Created: http.StatusOK, Replaced: http.StatusOK},
		Forcible: true,
		Lenient:  true,
		Removing: removeSecrets,
	}
}

func removeSecrets(ctx context.Context, tx *store.Tx, p platform.Parents, doc map[string]any, force bool) error {
	refs := map[string]string{"config_store": jsonvalue.Text(doc["id"])}
	page, err := tx.List(ctx, entity.ConfigStoreSecret, p.Scope, store.Query{Size: 1, Ref: refs})
	switch {
	case err != nil:
		return err
	case len(page.Docs) > 0 && !force:
		return fault.BadParameter("force", "must be true to delete the secrets of the config store along with it")
	}
	return store.DeleteAll(ctx, tx, entity.ConfigStoreSecret, p.Scope, refs)
}

// secrets are addressed by their keys. PUT answers 201 where it made one.
func (s *Planes) secrets(stores *platform.Collection) *platform.Collection {
	return &platform.Collection{
		DAO: s.DAO, Type: entity.ConfigStoreSecret, Above: stores, ID: "key", Pages: platform.CursorPages,
		Put:    &platform.Putting{Creates: true, Created: http.StatusCreated, Replaced: http.StatusOK},
		Locate: func(key string) store.Query { return store.Query{Equal: map[string]string{"key": key}} },
		Taken:  map[string]error{"key": fault.Violation("key", "unique", "the config store has a secret with this key")},
	}
}
