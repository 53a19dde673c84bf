package server

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// configStoreRoutes serves config stores and their secrets, whose values come
// in and never go out.
func (s *api) configStoreRoutes() {
	base := inControlPlane + entity.ConfigStore.Path
	s.handle("GET "+base, s.listConfigStores)
	s.handle("POST "+base, s.createConfigStore)
	s.handle("GET "+base+"/{storeId}", s.getConfigStore)
	s.handle("PUT "+base+"/{storeId}", s.putConfigStore)
	s.handle("DELETE "+base+"/{storeId}", s.deleteConfigStore)
	base += "/{storeId}/" + entity.ConfigStoreSecret.Path
	s.handle("GET "+base, s.listSecrets)
	s.handle("POST "+base, s.createSecret)
	s.handle("GET "+base+"/{key}", s.getSecret)
	s.handle("PUT "+base+"/{key}", s.putSecret)
	s.handle("DELETE "+base+"/{key}", s.deleteSecret)
}

func (s *api) listConfigStores(w http.ResponseWriter, r *http.Request) error {
	scope, err := s.scopeToRead(r)
	if err != nil {
		return err
	}
	return s.listByCursor(w, r, entity.ConfigStore, scope, nil)
}

// listByCursor answers with a page of a type.
func (s *api) listByCursor(w http.ResponseWriter, r *http.Request, t *entity.Type, scope string, refs map[string]string) error {
	q, err := cursorQuery(r)
	if err != nil {
		return err
	}
	q.Ref = refs
	page, err := s.store.List(r.Context(), t, scope, q)
	if err != nil {
		return err
	}
	present := func(doc map[string]any) map[string]any { return presentEntity(t, doc) }
	return write(w, http.StatusOK, map[string]any{
		"data": presented(page.Docs, present),
		"meta": map[string]any{"page": cursorMeta(r, q.Size, page)},
	})
}

func (s *api) createConfigStore(w http.ResponseWriter, r *http.Request) error {
	scope, err := s.scopeToRead(r)
	if err != nil {
		return err
	}
	doc, err := s.stamped(r, entity.ConfigStore, nil)
	if err != nil {
		return err
	}
	if err := s.store.Insert(r.Context(), entity.ConfigStore, scope, doc); err != nil {
		return err
	}
	return write(w, http.StatusCreated, compact(doc))
}

// stamped reads a body of the platform family, adds what the path says, judges
// it and notes the time. What a body may repeat of the path is a text.
func (s *api) stamped(r *http.Request, t *entity.Type, fromPath map[string]any) (map[string]any, error) {
	body, err := decode(r)
	if err != nil {
		return nil, err
	}
	dropNulls(body)
	if err := refuse(body, slices.Concat(t.Internal, t.Computed)); err != nil {
		return nil, err
	}
	for name, v := range fromPath {
		if given, ok := body[name]; ok && given != v {
			return nil, contradicts(name)
		}
	}
	maps.Copy(body, fromPath)
	doc, err := s.completed(r.Context(), t.Schema(), body)
	if err != nil {
		return nil, err
	}
	doc["created_at"] = s.timestamp()
	doc["updated_at"] = doc["created_at"]
	return doc, nil
}

// kept is a new form of a document that keeps its identity.
func kept(old, doc map[string]any) map[string]any {
	now := maps.Clone(doc)
	now["id"], now["created_at"] = old["id"], old["created_at"]
	return now
}

// configStore finds the store that a path names.
func (s *api) configStore(r *http.Request) (scope string, doc map[string]any, err error) {
	if scope, err = s.scopeToRead(r); err != nil {
		return "", nil, err
	}
	doc, err = s.store.Get(r.Context(), entity.ConfigStore, scope, r.PathValue("storeId"))
	return scope, doc, err
}

func (s *api) getConfigStore(w http.ResponseWriter, r *http.Request) error {
	_, doc, err := s.configStore(r)
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, compact(doc))
}

func (s *api) putConfigStore(w http.ResponseWriter, r *http.Request) error {
	scope, err := s.scopeToRead(r)
	if err != nil {
		return err
	}
	doc, err := s.stamped(r, entity.ConfigStore, nil)
	if err != nil {
		return err
	}
	stored, err := s.store.Put(r.Context(), entity.ConfigStore, scope, r.PathValue("storeId"), func(old map[string]any) (map[string]any, error) {
		if old == nil {
			return nil, store.ErrNotFound
		}
		return kept(old, doc), nil
	})
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, compact(stored))
}

// forced reads the parameter force.
func forced(r *http.Request) (bool, error) {
	switch r.URL.Query().Get("force") {
	case "", "false":
		return false, nil
	case "true":
		return true, nil
	}
	return false, parameterError("force", "must be true or false")
}

// deleteConfigStore takes secrets along only where that is asked for. It
// succeeds also where there is no store.
func (s *api) deleteConfigStore(w http.ResponseWriter, r *http.Request) error {
	scope, err := s.scopeToRead(r)
	if err != nil {
		return err
	}
	force, err := forced(r)
	if err != nil {
		return err
	}
	id := r.PathValue("storeId")
	err = s.store.Update(r.Context(), func(tx *store.Tx) error {
		if force {
			if err := deleteReferring(r.Context(), tx, entity.ConfigStoreSecret, scope, map[string]string{"config_store": id}); err != nil {
				return err
			}
		}
		return tx.Delete(r.Context(), entity.ConfigStore, scope, id)
	})
	if inUse := (*store.InUseError)(nil); errors.As(err, &inUse) {
		return parameterError("force", "must be true to delete the secrets of the config store along with it")
	}
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return noContent(w)
}

// deleteReferring deletes all documents with certain foreign keys.
func deleteReferring(ctx context.Context, tx *store.Tx, t *entity.Type, scope string, refs map[string]string) error {
	docs, err := everything(ctx, tx, t, scope, refs)
	if err != nil {
		return err
	}
	for _, doc := range docs {
		if err := tx.Delete(ctx, t, scope, text(doc["id"])); err != nil {
			return err
		}
	}
	return nil
}

func (s *api) listSecrets(w http.ResponseWriter, r *http.Request) error {
	scope, doc, err := s.configStore(r)
	if err != nil {
		return err
	}
	return s.listByCursor(w, r, entity.ConfigStoreSecret, scope, map[string]string{"config_store": text(doc["id"])})
}

func (s *api) createSecret(w http.ResponseWriter, r *http.Request) error {
	scope, in, err := s.configStore(r)
	if err != nil {
		return err
	}
	doc, err := s.secretOf(r, in, "")
	if err != nil {
		return err
	}
	err = s.store.Insert(r.Context(), entity.ConfigStoreSecret, scope, doc)
	if unique := (*store.UniqueError)(nil); errors.As(err, &unique) {
		return violation("key", "unique", "the config store has a secret with this key")
	}
	if err != nil {
		return err
	}
	return write(w, http.StatusCreated, presentEntity(entity.ConfigStoreSecret, doc))
}

// secretOf reads the body of a secret of a store; key is the path's, if it
// has one.
func (s *api) secretOf(r *http.Request, in map[string]any, key string) (map[string]any, error) {
	fromPath := map[string]any{"config_store": map[string]any{"id": in["id"]}}
	if key != "" {
		fromPath["key"] = key
	}
	return s.stamped(r, entity.ConfigStoreSecret, fromPath)
}

func (s *api) getSecret(w http.ResponseWriter, r *http.Request) error {
	scope, in, err := s.configStore(r)
	if err != nil {
		return err
	}
	doc, err := oneBelow(r.Context(), s.store, entity.ConfigStoreSecret, scope, "config_store", text(in["id"]), r.PathValue("key"))
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, presentEntity(entity.ConfigStoreSecret, doc))
}

// putSecret answers 201 where it made the secret.
func (s *api) putSecret(w http.ResponseWriter, r *http.Request) error {
	scope, in, err := s.configStore(r)
	if err != nil {
		return err
	}
	key := r.PathValue("key")
	doc, err := s.secretOf(r, in, key)
	if err != nil {
		return err
	}
	status, stored := http.StatusOK, doc
	err = s.store.Update(r.Context(), func(tx *store.Tx) error {
		old, err := oneBelow(r.Context(), tx, entity.ConfigStoreSecret, scope, "config_store", text(in["id"]), key)
		if errors.Is(err, store.ErrNotFound) {
			status, stored = http.StatusCreated, doc
			return tx.Insert(r.Context(), entity.ConfigStoreSecret, scope, doc)
		}
		if err != nil {
			return err
		}
		status = http.StatusOK
		stored, err = tx.Put(r.Context(), entity.ConfigStoreSecret, scope, text(old["id"]), func(old map[string]any) (map[string]any, error) {
			if old == nil {
				return nil, store.ErrNotFound
			}
			return kept(old, doc), nil
		})
		return err
	})
	if err != nil {
		return err
	}
	return write(w, status, presentEntity(entity.ConfigStoreSecret, stored))
}

func (s *api) deleteSecret(w http.ResponseWriter, r *http.Request) error {
	scope, in, err := s.configStore(r)
	if err != nil {
		return err
	}
	err = s.store.Update(r.Context(), func(tx *store.Tx) error {
		doc, err := oneBelow(r.Context(), tx, entity.ConfigStoreSecret, scope, "config_store", text(in["id"]), r.PathValue("key"))
		if err != nil {
			return err
		}
		return tx.Delete(r.Context(), entity.ConfigStoreSecret, scope, text(doc["id"]))
	})
	if err != nil {
		return err
	}
	return noContent(w)
}
