package server

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/fault"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/wire"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// realms are the scope of what is in them, as control planes are of their
// entities. Consumers go along with a realm only where that is asked for.
func (s *api) realms() *platform {
	return &platform{
		api: s, typ: entity.Realm, id: "realmId", pages: realmPages, patch: true,
		forcible: true,
		removing: func(ctx context.Context, tx *store.Tx, _ place, doc map[string]any, force bool) error {
			page, err := tx.List(ctx, entity.RealmConsumer, jsonvalue.Text(doc["id"]), store.Query{Size: 1})
			if err == nil && len(page.Docs) > 0 && !force {
				err = fault.BadParameter("force", "must be true to delete the consumers of the realm along with it")
			}
			return err
		},
	}
}

func (s *api) realmConsumers(realms *platform) *platform {
	return &platform{
		api: s, typ: entity.RealmConsumer, above: realms, id: "consumerId", pages: realmPages, patch: true,
		filters: map[string][]string{"username": {"eq"}, "custom_id": {"eq"}},
		judge:   dropEmpty,
		present: presentRealmConsumer,
		taken:   takenInRealm,
	}
}

// dropEmpty makes an empty custom_id none, since several consumers may have it.
func dropEmpty(doc map[string]any) error {
	if doc["custom_id"] == "" {
		doc["custom_id"] = nil
	}
	return nil
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

// takenInRealm tells duplicates as realms do: they know no 409.
var takenInRealm = map[string]error{
	"username":  fault.Violation("username", "unique", "another one in the realm has the same username"),
	"custom_id": fault.Violation("custom_id", "unique", "another one in the realm has the same custom_id"),
	"secret":    fault.Violation("secret", "unique", "another one in the realm has the same secret"),
}

// realmKeys show their secret once, in the answer that tells of their creation.
func (s *api) realmKeys(consumers *platform) *platform {
	c := &platform{
		api: s, typ: entity.RealmKey, above: consumers, id: "keyId", pages: realmPages,
		taken: takenInRealm,
		present: func(_ context.Context, _ store.Reader, doc map[string]any) (map[string]any, error) {
			return presentRealmKey(doc), nil
		},
	}
	c.created = func(w http.ResponseWriter, r *http.Request) error { return createRealmKey(c, w, r) }
	return c
}

// moveRealmConsumer takes a consumer with its keys to another realm.
func (s *api) moveRealmConsumer(consumers *platform, w http.ResponseWriter, r *http.Request) error {
	p, err := consumers.in(r)
	if err != nil {
		return err
	}
	consumer, err := consumers.find(r.Context(), s.store, p, r.PathValue(consumers.id))
	if err != nil {
		return err
	}
	target, err := requestedRealm(r)
	if err != nil {
		return err
	}
	scope, id := p.scope, jsonvalue.Text(consumer["id"])
	err = s.store.Update(r.Context(), func(tx *store.Tx) error {
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
		return consumers.worded(err, consumer)
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
	out := presentEntity(entity.RealmKey, doc)
	delete(out, "updated_at")
	return out
}

// createRealmKey answers with the secret, of which only a digest is kept.
func createRealmKey(c *platform, w http.ResponseWriter, r *http.Request) error {
	p, err := c.in(r)
	if err != nil {
		return err
	}
	doc, err := c.realmKey(r, p)
	if err != nil {
		return err
	}
	secret := jsonvalue.Text(doc["secret"])
	sum := sha256.Sum256([]byte(secret))
	delete(doc, "secret")
	doc["secret_digest"] = hex.EncodeToString(sum[:])
	if err := c.store.Insert(r.Context(), entity.RealmKey, p.scope, doc); err != nil {
		return c.worded(err, doc)
	}
	answer := presentEntity(entity.RealmKey, doc)
	answer["secret"] = secret
	return wire.Write(w, http.StatusCreated, answer)
}

// realmKey reads a key: one whose secret is made here, or one that comes along
// with its secret.
func (s *api) realmKey(r *http.Request, p place) (map[string]any, error) {
	body, err := wire.Decode(r)
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
		return nil, fault.Violation("secret", "required", "required field missing")
	case !legacy && given:
		return nil, fault.Violation("secret", "unknown_field", "is made by the server unless type is legacy")
	}
	body["consumer"] = map[string]any{"id": p.refs["consumer"]}
	doc, err := s.completed(r.Context(), entity.RealmKey.Schema(), body)
	if err != nil {
		return nil, err
	}
	doc["created_at"] = s.timestamp()
	doc["updated_at"] = doc["created_at"]
	return doc, nil
}
