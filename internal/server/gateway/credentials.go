package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/dao"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/fault"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// hashPassword replaces a password by its hash, unless the request says that it
// is one already.
func hashPassword(r *http.Request, doc map[string]any) {
	if r.URL.Query().Get("skip_hash") == "true" {
		return
	}
	entity.HashPassword(doc)
}

// completeKeyAuth turns the remaining time of a key into the time when it
// expires.
func (s *Gateway) completeKeyAuth(ctx context.Context, _ string, body map[string]any) (map[string]any, error) {
	doc, err := s.Completed(ctx, entity.KeyAuth.Schema(), body)
	if err != nil {
		return nil, err
	}
	if ttl, ok := doc["ttl"].(json.Number); ok && ttl != "0" {
		seconds, err := strconv.ParseFloat(ttl.String(), 64)
		if err != nil {
			return nil, fault.Violation("ttl", "type", "expected an integer")
		}
		doc["expires_at"] = json.Number(strconv.FormatInt(s.Now().Unix()+int64(seconds), 10))
	}
	return doc, nil
}

// secondsLeft returns how long a key still lives; ends is false if it never
// expires.
func (s *Gateway) secondsLeft(doc map[string]any) (left int64, ends bool) {
	at, ok := doc["expires_at"].(json.Number)
	if !ok {
		return 0, false
	}
	unix, err := at.Int64()
	return unix - s.Now().Unix(), err == nil
}

func (s *Gateway) presentKeyAuth(doc map[string]any) map[string]any {
	out := dao.Present(entity.KeyAuth, doc)
	if left, ends := s.secondsLeft(doc); ends {
		out["ttl"] = left
	}
	return out
}

func (s *Gateway) unexpired(doc map[string]any) bool {
	left, ends := s.secondsLeft(doc)
	return !ends || left > 0
}

// removeExpired deletes expired keys with the same value.
func (s *Gateway) removeExpired(ctx context.Context, tx *store.Tx, scope string, doc map[string]any) error {
	page, err := tx.List(ctx, entity.KeyAuth, scope, store.Query{Size: 1, Equal: map[string]string{"key": jsonvalue.Text(doc["key"])}})
	if err != nil {
		return err
	}
	for _, old := range page.Docs {
		if s.unexpired(old) {
			continue
		}
		if err := tx.Delete(ctx, entity.KeyAuth, scope, jsonvalue.Text(old["id"])); err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
	}
	return nil
}
