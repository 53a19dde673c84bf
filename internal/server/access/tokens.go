package access

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/fault"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// tokenPrefix lets people and scanners recognise a token. It differs from
// Konnect's kpat_, so that nobody reports our tokens to Kong.
const tokenPrefix = "okat_"

// Tokens are the bearer tokens that a database keeps, for every server on it.
//
// Only the SHA-256 of a token is kept. A slow hash protects secrets that people
// choose; these are 130 random bits, which nobody guesses from their digest,
// and they are checked with every request.
type Tokens struct {
	store *store.Store
	now   func() time.Time
}

// Token describes a token, without the token itself.
type Token struct {
	Name     string
	ReadOnly bool
	// ControlPlanes are the ids of the control planes that the token is limited
	// to; nil means everything. [Tokens.Create] accepts names too.
	ControlPlanes []string
	CreatedAt     time.Time
	ExpiresAt     time.Time // zero: never
}

// Expired reports whether a token has expired.
func (t Token) Expired(now time.Time) bool {
	return !t.ExpiresAt.IsZero() && !now.Before(t.ExpiresAt)
}

// NewTokens returns the tokens in a database.
func NewTokens(s *store.Store) *Tokens { return &Tokens{s, time.Now} }

// Create makes a token and returns it. It cannot be read again later.
func (t *Tokens) Create(ctx context.Context, token Token) (secret string, err error) {
	secret = tokenPrefix + rand.Text()
	err = t.store.Update(ctx, func(tx *store.Tx) error {
		planes, err := planeIDs(ctx, tx, token.ControlPlanes)
		if err != nil {
			return err
		}
		doc, err := t.document(ctx, token, secret, planes)
		if err != nil {
			return err
		}
		return tx.Insert(ctx, entity.Token, "", doc)
	})
	if unique := (*store.UniqueError)(nil); errors.As(err, &unique) {
		return "", fmt.Errorf("there is a token %s already; delete it first, or choose another name", token.Name)
	}
	if err != nil {
		return "", err
	}
	return secret, nil
}

func (t *Tokens) document(ctx context.Context, token Token, secret string, planes []any) (map[string]any, error) {
	now := t.now()
	body := map[string]any{
		"name": token.Name, "digest": digest(secret), "read_only": token.ReadOnly,
		"created_at": now.UTC().Format(time.RFC3339),
	}
	if planes != nil {
		body["control_planes"] = planes
	}
	if !token.ExpiresAt.IsZero() {
		body["expires_at"] = token.ExpiresAt.UTC().Format(time.RFC3339)
	}
	doc, errs := entity.Token.Schema().Check(ctx, body, schema.Insert, schema.Auto{Now: t.now})
	if errs != nil {
		return nil, fmt.Errorf("token %q: %s", token.Name, fault.Summary(errs.Violations()))
	}
	return doc, nil
}

// planeIDs finds control planes by their ids or names.
func planeIDs(ctx context.Context, tx *store.Tx, planes []string) ([]any, error) {
	var ids []any
	for _, plane := range planes {
		field := "name"
		if schema.IsUUID(plane) {
			field, plane = "id", strings.ToLower(plane)
		}
		page, err := tx.List(ctx, entity.ControlPlane, "", store.Query{Size: 1, Equal: map[string]string{field: plane}})
		if err != nil {
			return nil, err
		}
		if len(page.Docs) == 0 {
			return nil, fmt.Errorf("there is no control plane with the %s %q", field, plane)
		}
		if id := page.Docs[0]["id"]; !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// List returns all tokens, oldest first.
func (t *Tokens) List(ctx context.Context) ([]Token, error) {
	docs, err := store.All(ctx, t.store, entity.Token, "", nil)
	if err != nil {
		return nil, err
	}
	tokens := make([]Token, len(docs))
	for i, doc := range docs {
		if tokens[i], err = tokenOf(doc); err != nil {
			return nil, err
		}
	}
	return tokens, nil
}

// Delete revokes a token. Servers look tokens up with every request, so once
// Delete has returned, the token admits no request.
func (t *Tokens) Delete(ctx context.Context, name string) error {
	return t.store.Update(ctx, func(tx *store.Tx) error {
		page, err := tx.List(ctx, entity.Token, "", store.Query{Size: 1, Equal: map[string]string{"name": name}})
		if err != nil {
			return err
		}
		if len(page.Docs) == 0 {
			return fmt.Errorf("there is no token %q", name)
		}
		return tx.Delete(ctx, entity.Token, "", jsonvalue.Text(page.Docs[0]["id"]))
	})
}

// tokenOf reads a document. A document that it cannot read is an error, so that
// it never loses a limit.
func tokenOf(doc map[string]any) (t Token, err error) {
	t.Name = jsonvalue.Text(doc["name"])
	t.ReadOnly = doc["read_only"] != false
	if doc["control_planes"] != nil {
		planes, ok := doc["control_planes"].([]any)
		if !ok {
			return t, fmt.Errorf("token %s: control_planes is not a list", t.Name)
		}
		t.ControlPlanes = make([]string, len(planes))
		for i, id := range planes {
			t.ControlPlanes[i] = jsonvalue.Text(id)
		}
	}
	if t.CreatedAt, err = time.Parse(time.RFC3339, jsonvalue.Text(doc["created_at"])); err != nil {
		return t, fmt.Errorf("token %s: created_at: %w", t.Name, err)
	}
	if expires := doc["expires_at"]; expires != nil {
		if t.ExpiresAt, err = time.Parse(time.RFC3339, jsonvalue.Text(expires)); err != nil {
			return t, fmt.Errorf("token %s: expires_at: %w", t.Name, err)
		}
	}
	return t, nil
}

func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
