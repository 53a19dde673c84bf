package catalogue

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/dao"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/fault"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/platform"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/wire"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// realms are the scope of what is in them, like control planes. Deleting a
// realm deletes its consumers only if the request asks for it.
func (s *Catalogue) realms() *platform.Collection {
	return &platform.Collection{
		DAO: s.DAO, Type: entity.Realm, ID: "realmId", Pages: platform.RealmPages, Patch: true,
		Forcible: true,
		Removing: func(ctx context.Context, tx *store.Tx, _ platform.Parents, doc map[string]any, force bool) error {
			page, err := tx.List(ctx, entity.RealmConsumer, jsonvalue.Text(doc["id"]), store.Query{Size: 1})
			if err == nil && len(page.Docs) > 0 && !force {
				err = fault.BadParameter("force", "must be true to delete the consumers of the realm along with it")
			}
			return err
		},
	}
}

func (s *Catalogue) realmConsumers(realms *platform.Collection) *platform.Collection {
	return &platform.Collection{
		DAO: s.DAO, Type: entity.RealmConsumer, Above: realms, ID: "consumerId", Pages: platform.RealmPages, Patch: true,
		Filters: map[string][]string{"username": {"eq"}, "custom_id": {"eq"}},
		Present: presentRealmConsumer,
		Taken:   takenInRealm,
	}
}

// presentRealmConsumer shows every field, empty where it is not set.
func presentRealmConsumer(_ context.Context, _ store.Reader, doc map[string]any) (map[string]any, error) {
	out := wire.Compact(doc)
	for _, name := range []string{"custom_id", "type"} {
		if out[name] == nil {
			out[name] = ""
		}
	}
	return out, nil
}

// takenInRealm reports duplicates as realms do, without the status 409.
var takenInRealm = map[string]error{
	"username":  fault.Violation("username", "unique", "another one in the realm has the same username"),
	"custom_id": fault.Violation("custom_id", "unique", "another one in the realm has the same custom_id"),
	"secret":    fault.Violation("secret", "unique", "another one in the realm has the same secret"),
}

// realmKeys show their secret only once, in the answer to their creation.
func (s *Catalogue) realmKeys(consumers *platform.Collection) *platform.Collection {
	c := &platform.Collection{
		DAO: s.DAO, Type: entity.RealmKey, Above: consumers, ID: "keyId", Pages: platform.RealmPages,
		Taken: takenInRealm,
		Present: func(_ context.Context, _ store.Reader, doc map[string]any) (map[string]any, error) {
			return presentRealmKey(doc), nil
		},
	}
	c.Created = func(w http.ResponseWriter, r *http.Request) error { return s.createRealmKey(c, w, r) }
	return c
}

// moveRealmConsumer takes a consumer with its keys to another realm.
func (s *Catalogue) moveRealmConsumer(consumers *platform.Collection, w http.ResponseWriter, r *http.Request) error {
	p, err := consumers.In(r)
	if err != nil {
		return err
	}
	consumer, err := consumers.Find(r.Context(), s.Store, p, r.PathValue(consumers.ID))
	if err != nil {
		return err
	}
	target, err := requestedRealm(r)
	if err != nil {
		return err
	}
	scope, id := p.Scope, jsonvalue.Text(consumer["id"])
	err = s.Store.Update(r.Context(), func(tx *store.Tx) error {
		to, err := tx.Get(r.Context(), entity.Realm, "", target)
		if errors.Is(err, store.ErrNotFound) {
			return fault.Violation("target_realm_id", "missing_reference", "there is no such realm")
		}
		if err != nil {
			return err
		}
		if jsonvalue.Text(to["id"]) == scope {
			return fault.Violation("target_realm_id", "eq", "must be another realm")
		}
		keys, err := store.All(r.Context(), tx, entity.RealmKey, scope, map[string]string{"consumer": id})
		if err != nil {
			return err
		}
		if err := tx.Delete(r.Context(), entity.RealmConsumer, scope, id); err != nil {
			return err
		}
		if err := tx.Insert(r.Context(), entity.RealmConsumer, jsonvalue.Text(to["id"]), consumer); err != nil {
			return err
		}
		for _, key := range keys {
			if err := tx.Insert(r.Context(), entity.RealmKey, jsonvalue.Text(to["id"]), key); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return consumers.Worded(err, consumer)
	}
	return wire.Write(w, http.StatusCreated, map[string]any{"realm_id": target})
}

func requestedRealm(r *http.Request) (string, error) {
	body, err := wire.Decode(r)
	if err != nil {
		return "", err
	}
	id, ok := body["target_realm_id"].(string)
	if !ok || !schema.IsUUID(id) || len(body) != 1 {
		return "", fault.Violation("target_realm_id", "uuid", "must be the id of a realm, and nothing else be given")
	}
	return id, nil
}

func presentRealmKey(doc map[string]any) map[string]any {
	out := dao.Present(entity.RealmKey, doc)
	delete(out, "updated_at")
	return out
}

// createRealmKey answers with the secret, of which only a digest is kept.
func (s *Catalogue) createRealmKey(c *platform.Collection, w http.ResponseWriter, r *http.Request) error {
	p, err := c.In(r)
	if err != nil {
		return err
	}
	doc, err := s.realmKey(r, p)
	if err != nil {
		return err
	}
	secret := jsonvalue.Text(doc["secret"])
	sum := sha256.Sum256([]byte(secret))
	delete(doc, "secret")
	doc["secret_digest"] = hex.EncodeToString(sum[:])
	if err := c.Store.Insert(r.Context(), entity.RealmKey, p.Scope, doc); err != nil {
		return c.Worded(err, doc)
	}
	answer := dao.Present(entity.RealmKey, doc)
	answer["secret"] = secret
	return wire.Write(w, http.StatusCreated, answer)
}

// realmKey reads a key. It makes the secret, unless the request has one.
func (s *Catalogue) realmKey(r *http.Request, p platform.Parents) (map[string]any, error) {
	body, err := dao.Body(r)
	if err != nil {
		return nil, err
	}
	if err := dao.Refuse(body, []string{"id", "created_at", "updated_at", "consumer"}); err != nil {
		return nil, err
	}
	_, given := body["secret"]
	if text := entity.RealmSecretFault(body["type"], given); text != "" {
		return nil, fault.Violation("secret", map[bool]string{true: "unknown_field", false: "required"}[given], text)
	}
	body["consumer"] = map[string]any{"id": p.Refs["consumer"]}
	doc, err := s.Completed(r.Context(), entity.RealmKey.Schema(), body)
	if err != nil {
		return nil, err
	}
	doc["created_at"] = s.Timestamp()
	doc["updated_at"] = doc["created_at"]
	return doc, nil
}
