package server

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"maps"
	"net/http"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// realmRoutes serves realms with their consumers and the consumers' keys. A
// realm is the scope of what is in it, as a control plane is of its entities.
func (s *api) realmRoutes() {
	base := "/" + entity.Realm.Path
	s.handle("GET "+base, s.listRealms)
	s.handle("POST "+base, s.createRealm)
	s.handle("GET "+base+"/{realmId}", s.getRealm)
	s.handle("PATCH "+base+"/{realmId}", s.patchRealm)
	s.handle("DELETE "+base+"/{realmId}", s.deleteRealm)
	base += "/{realmId}/" + entity.RealmConsumer.Path
	s.handle("GET "+base, s.listRealmConsumers)
	s.handle("POST "+base, s.createRealmConsumer)
	s.handle("GET "+base+"/{consumerId}", s.getRealmConsumer)
	s.handle("PATCH "+base+"/{consumerId}", s.patchRealmConsumer)
	s.handle("DELETE "+base+"/{consumerId}", s.deleteRealmConsumer)
	s.handle("POST "+base+"/{consumerId}/move", s.moveRealmConsumer)
	base += "/{consumerId}/" + entity.RealmKey.Path
	s.handle("GET "+base, s.listRealmKeys)
	s.handle("POST "+base, s.createRealmKey)
	s.handle("GET "+base+"/{keyId}", s.getRealmKey)
	s.handle("DELETE "+base+"/{keyId}", s.deleteRealmKey)
}

// realmPage answers with a page in the form of realms, which lacks a level.
func (s *api) realmPage(w http.ResponseWriter, r *http.Request, t *entity.Type, scope string, narrow func(*store.Query), present func(map[string]any) map[string]any) error {
	q, err := cursorQuery(r)
	if err != nil {
		return err
	}
	narrow(&q)
	page, err := s.store.List(r.Context(), t, scope, q)
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, map[string]any{"data": presented(page.Docs, present), "meta": cursorMeta(r, q.Size, page)})
}

func (s *api) listRealms(w http.ResponseWriter, r *http.Request) error {
	return s.realmPage(w, r, entity.Realm, "", func(*store.Query) {}, compact)
}

func (s *api) createRealm(w http.ResponseWriter, r *http.Request) error {
	doc, err := s.stamped(r, entity.Realm, nil)
	if err != nil {
		return err
	}
	if err := s.store.Insert(r.Context(), entity.Realm, "", doc); err != nil {
		return err
	}
	return write(w, http.StatusCreated, compact(doc))
}

// realm returns the realm that a path names.
func (s *api) realm(r *http.Request) (map[string]any, error) {
	return s.store.Get(r.Context(), entity.Realm, "", r.PathValue("realmId"))
}

func (s *api) getRealm(w http.ResponseWriter, r *http.Request) error {
	doc, err := s.realm(r)
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, compact(doc))
}

func (s *api) patchRealm(w http.ResponseWriter, r *http.Request) error {
	doc, err := s.patchedByPath(r, entity.Realm, "", r.PathValue("realmId"))
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, compact(doc))
}

// patchedByPath changes some fields of a document; null takes one back to its
// default.
func (s *api) patchedByPath(r *http.Request, t *entity.Type, scope, key string) (map[string]any, error) {
	patch, err := decode(r)
	if err != nil {
		return nil, err
	}
	if err := refuse(patch, t.Computed); err != nil {
		return nil, err
	}
	return s.store.Put(r.Context(), t, scope, key, func(old map[string]any) (map[string]any, error) {
		if old == nil {
			return nil, store.ErrNotFound
		}
		body := maps.Clone(old)
		maps.Copy(body, patch)
		dropNulls(body)
		doc, err := s.completed(r.Context(), t.Schema(), body)
		if err != nil {
			return nil, err
		}
		doc["created_at"], doc["updated_at"] = old["created_at"], s.timestamp()
		return doc, nil
	})
}

// deleteRealm takes consumers along only where that is asked for.
func (s *api) deleteRealm(w http.ResponseWriter, r *http.Request) error {
	force, err := forced(r)
	if err != nil {
		return err
	}
	id := r.PathValue("realmId")
	err = s.store.Update(r.Context(), func(tx *store.Tx) error {
		if _, err := tx.Get(r.Context(), entity.Realm, "", id); err != nil {
			return err
		}
		page, err := tx.List(r.Context(), entity.RealmConsumer, id, store.Query{Size: 1})
		if err != nil {
			return err
		}
		if len(page.Docs) > 0 && !force {
			return parameterError("force", "must be true to delete the consumers of the realm along with it")
		}
		return tx.Delete(r.Context(), entity.Realm, "", id)
	})
	if err != nil {
		return err
	}
	return noContent(w)
}

func (s *api) listRealmConsumers(w http.ResponseWriter, r *http.Request) error {
	realm, err := s.realm(r)
	if err != nil {
		return err
	}
	params := r.URL.Query()
	return s.realmPage(w, r, entity.RealmConsumer, text(realm["id"]), func(q *store.Query) {
		for _, field := range []string{"username", "custom_id"} {
			q.Equal = filter(q.Equal, field, params.Get("filter["+field+"]"))
			q.Equal = filter(q.Equal, field, params.Get("filter["+field+"][eq]"))
		}
	}, presentRealmConsumer)
}

// presentRealmConsumer shows every field, empty where it is not set.
func presentRealmConsumer(doc map[string]any) map[string]any {
	out := compact(doc)
	for _, name := range []string{"custom_id", "type"} {
		if out[name] == nil {
			out[name] = ""
		}
	}
	return out
}

func (s *api) createRealmConsumer(w http.ResponseWriter, r *http.Request) error {
	realm, err := s.realm(r)
	if err != nil {
		return err
	}
	doc, err := s.stamped(r, entity.RealmConsumer, nil)
	if err != nil {
		return err
	}
	dropEmpty(doc)
	if err := s.store.Insert(r.Context(), entity.RealmConsumer, text(realm["id"]), doc); err != nil {
		return takenIn(err)
	}
	return write(w, http.StatusCreated, presentRealmConsumer(doc))
}

// dropEmpty makes an empty custom_id none, since several consumers may have it.
func dropEmpty(doc map[string]any) {
	if doc["custom_id"] == "" {
		doc["custom_id"] = nil
	}
}

// takenIn tells duplicates as realms do: they know no 409.
func takenIn(err error) error {
	var unique *store.UniqueError
	if !errors.As(err, &unique) {
		return err
	}
	return violation(unique.Index, "unique", "another one in the realm has the same "+unique.Index)
}

// realmConsumer returns the consumer that a path names.
func (s *api) realmConsumer(r *http.Request) (scope string, doc map[string]any, err error) {
	realm, err := s.realm(r)
	if err != nil {
		return "", nil, err
	}
	scope = text(realm["id"])
	doc, err = s.store.Get(r.Context(), entity.RealmConsumer, scope, r.PathValue("consumerId"))
	return scope, doc, err
}

func (s *api) getRealmConsumer(w http.ResponseWriter, r *http.Request) error {
	_, doc, err := s.realmConsumer(r)
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, presentRealmConsumer(doc))
}

func (s *api) patchRealmConsumer(w http.ResponseWriter, r *http.Request) error {
	scope, old, err := s.realmConsumer(r)
	if err != nil {
		return err
	}
	doc, err := s.patchedByPath(r, entity.RealmConsumer, scope, text(old["id"]))
	if err != nil {
		return takenIn(err)
	}
	return write(w, http.StatusOK, presentRealmConsumer(doc))
}

func (s *api) deleteRealmConsumer(w http.ResponseWriter, r *http.Request) error {
	scope, doc, err := s.realmConsumer(r)
	if err != nil {
		return err
	}
	if err := s.store.Delete(r.Context(), entity.RealmConsumer, scope, text(doc["id"])); err != nil {
		return err
	}
	return noContent(w)
}

// moveRealmConsumer takes a consumer with its keys to another realm.
func (s *api) moveRealmConsumer(w http.ResponseWriter, r *http.Request) error {
	scope, consumer, err := s.realmConsumer(r)
	if err != nil {
		return err
	}
	target, err := requestedRealm(r)
	if err != nil {
		return err
	}
	id := text(consumer["id"])
	err = s.store.Update(r.Context(), func(tx *store.Tx) error {
		to, err := tx.Get(r.Context(), entity.Realm, "", target)
		if errors.Is(err, store.ErrNotFound) {
			return violation("target_realm_id", "missing_reference", "there is no such realm")
		}
		if err != nil {
			return err
		}
		if text(to["id"]) == scope {
			return violation("target_realm_id", "eq", "must be another realm")
		}
		keys, err := everything(r.Context(), tx, entity.RealmKey, scope, map[string]string{"consumer": id})
		if err != nil {
			return err
		}
		if err := tx.Delete(r.Context(), entity.RealmConsumer, scope, id); err != nil {
			return err
		}
		if err := tx.Insert(r.Context(), entity.RealmConsumer, text(to["id"]), consumer); err != nil {
			return err
		}
		for _, key := range keys {
			if err := tx.Insert(r.Context(), entity.RealmKey, text(to["id"]), key); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return takenIn(err)
	}
	return write(w, http.StatusCreated, map[string]any{"realm_id": target})
}

func requestedRealm(r *http.Request) (string, error) {
	body, err := decode(r)
	if err != nil {
		return "", err
	}
	id, ok := body["target_realm_id"].(string)
	if !ok || !isUUID(id) || len(body) != 1 {
		return "", violation("target_realm_id", "uuid", "must be the id of a realm, and nothing else be given")
	}
	return id, nil
}

func (s *api) listRealmKeys(w http.ResponseWriter, r *http.Request) error {
	scope, consumer, err := s.realmConsumer(r)
	if err != nil {
		return err
	}
	return s.realmPage(w, r, entity.RealmKey, scope, func(q *store.Query) {
		q.Ref = map[string]string{"consumer": text(consumer["id"])}
	}, presentRealmKey)
}

func presentRealmKey(doc map[string]any) map[string]any {
	out := presentEntity(entity.RealmKey, doc)
	delete(out, "updated_at")
	return out
}

// createRealmKey answers with the secret, once and never again.
func (s *api) createRealmKey(w http.ResponseWriter, r *http.Request) error {
	scope, consumer, err := s.realmConsumer(r)
	if err != nil {
		return err
	}
	doc, err := s.realmKey(r, consumer)
	if err != nil {
		return err
	}
	secret := text(doc["secret"])
	sum := sha256.Sum256([]byte(secret))
	delete(doc, "secret")
	doc["secret_digest"] = hex.EncodeToString(sum[:])
	if err := s.store.Insert(r.Context(), entity.RealmKey, scope, doc); err != nil {
		return takenIn(err)
	}
	answer := presentEntity(entity.RealmKey, doc)
	answer["secret"] = secret
	return write(w, http.StatusCreated, answer)
}

// realmKey reads a key: one whose secret is made here, or one that comes along
// with its secret.
func (s *api) realmKey(r *http.Request, consumer map[string]any) (map[string]any, error) {
	body, err := decode(r)
	if err != nil {
		return nil, err
	}
	dropNulls(body)
	if err := refuse(body, []string{"id", "created_at", "updated_at", "consumer"}); err != nil {
		return nil, err
	}
	_, given := body["secret"]
	switch legacy := body["type"] == "legacy"; {
	case legacy && !given:
		return nil, violation("secret", "required", "required field missing")
	case !legacy && given:
		return nil, violation("secret", "unknown_field", "is made by the server unless type is legacy")
	}
	body["consumer"] = map[string]any{"id": consumer["id"]}
	doc, err := s.completed(r.Context(), entity.RealmKey.Schema(), body)
	if err != nil {
		return nil, err
	}
	doc["created_at"] = s.timestamp()
	doc["updated_at"] = doc["created_at"]
	return doc, nil
}

// realmKeyOf returns the key that a path names.
func (s *api) realmKeyOf(r *http.Request) (scope string, doc map[string]any, err error) {
	scope, consumer, err := s.realmConsumer(r)
	if err != nil {
		return "", nil, err
	}
	doc, err = s.store.Get(r.Context(), entity.RealmKey, scope, r.PathValue("keyId"))
	if err == nil && !refersTo(doc["consumer"], text(consumer["id"])) {
		err = store.ErrNotFound
	}
	return scope, doc, err
}

func (s *api) getRealmKey(w http.ResponseWriter, r *http.Request) error {
	_, doc, err := s.realmKeyOf(r)
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, presentRealmKey(doc))
}

func (s *api) deleteRealmKey(w http.ResponseWriter, r *http.Request) error {
	scope, doc, err := s.realmKeyOf(r)
	if err != nil {
		return err
	}
	if err := s.store.Delete(r.Context(), entity.RealmKey, scope, text(doc["id"])); err != nil {
		return err
	}
	return noContent(w)
}
