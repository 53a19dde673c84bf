package client

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"

	"github.com/google/uuid"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// Create stores a new entity in the collection of ref, whose Key is not used,
// and returns it as the server completed it. It never takes over or changes an
// entity that exists: where id, name or another unique value is taken, the
// error is [ErrConflict].
//
// A core entity without an id in its body is put under a fresh random UUID, so
// that the request can be repeated when its answer is lost, and still leaves
// exactly one entity. If the answer cannot be read, the entity is read instead;
// see [Error.MayExist]. Any other entity is posted. A POST is repeated only if
// the server cannot have stored the entity; see [Error.MayHaveHappened].
func (c *Client) Create(ctx context.Context, ref Ref, body map[string]any) (map[string]any, error) {
	if ChoosesID(ref.Type) && body["id"] == nil {
		id, err := uuid.NewRandom()
		if err != nil {
			return nil, fmt.Errorf("choosing an id for a new %s: %w", ref.Type.Title, err)
		}
		ref.Key = id.String()
		return c.CreateAs(ctx, ref, body)
	}
	ref.Key = ""
	path, err := ref.Path()
	if err != nil {
		return nil, err
	}
	wanted, _ := body[ref.Type.Address()].(string)
	return c.entity(ctx, http.MethodPost, path, ref.Type, wanted, body)
}

// CreateAs creates a core entity under the key of ref, an id that nobody else
// can have: that of an earlier attempt makes the two attempts one. If the answer
// is a success but not this entity, a read says what became of it.
func (c *Client) CreateAs(ctx context.Context, ref Ref, body map[string]any) (map[string]any, error) {
	body = maps.Clone(body)
	delete(body, "id")
	doc, err := c.Put(ctx, ref, body)
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Status/100 != 2 {
		return doc, err
	}
	doc, missing := c.Get(ctx, ref)
	if missing == nil {
		return doc, nil
	}
	if !errors.Is(missing, ErrNotFound) {
		e.MayExist = ref.Key
	}
	return nil, e
}

// ChoosesID reports whether a PUT under an id that we choose creates an entity.
// Platform entities get their ids from the server, and a PUT under a name could
// replace another entity.
func ChoosesID(t *entity.Type) bool {
	return t != nil && t.Family == entity.Core && t.ID == "id"
}

// Get returns one entity.
func (c *Client) Get(ctx context.Context, ref Ref) (map[string]any, error) {
	return c.member(ctx, http.MethodGet, ref, nil)
}

// Put replaces an entity, or creates it under the key.
func (c *Client) Put(ctx context.Context, ref Ref, body map[string]any) (map[string]any, error) {
	return c.member(ctx, http.MethodPut, ref, body)
}

// Patch changes the given fields of a platform entity.
func (c *Client) Patch(ctx context.Context, ref Ref, body map[string]any) (map[string]any, error) {
	return c.member(ctx, http.MethodPatch, ref, body)
}

// Delete removes an entity. If there was none, the error is [ErrNotFound],
// provided that the server says so.
func (c *Client) Delete(ctx context.Context, ref Ref) error {
	path, err := ref.member()
	if err != nil {
		return err
	}
	return c.Do(ctx, http.MethodDelete, path, nil, nil)
}

// List returns all entities of the collection of ref that match the query.
func (c *Client) List(ctx context.Context, ref Ref, query url.Values) ([]map[string]any, error) {
	ref.Key = ""
	path, err := ref.Path()
	if err != nil {
		return nil, err
	}
	return c.ListPath(ctx, ref.Type.Family, path, query)
}

func (c *Client) member(ctx context.Context, method string, ref Ref, body map[string]any) (map[string]any, error) {
	path, err := ref.member()
	if err != nil {
		return nil, err
	}
	var content any
	if body != nil {
		content = body
	}
	return c.entity(ctx, method, path, ref.Type, ref.Key, content)
}

// entity sends a request whose answer is one entity, addressed by key where
// that is known. Anything else that looks like a success, such as the page of a
// proxy, must not get into a state.
func (c *Client) entity(ctx context.Context, method, path string, t *entity.Type, key string, body any) (map[string]any, error) {
	r, err := c.exchange(ctx, method, path, body)
	if err != nil {
		return nil, err
	}
	doc, err := r.document()
	if err != nil {
		return nil, err
	}
	doc = unwrap(t, doc)
	switch {
	case idIn(t, doc) == "":
		return nil, r.fail(fmt.Sprintf("the answer is not a %s: it has no %s", t.Title, t.ID))
	case key != "" && !names(t, doc, key):
		return nil, r.fail(fmt.Sprintf("the answer is another %s than the one asked for", t.Title))
	}
	return doc, nil
}

// unwrap takes an entity out of its envelope, which only some answers of a type
// have.
func unwrap(t *entity.Type, doc map[string]any) map[string]any {
	if inner, ok := doc[t.Envelope].(map[string]any); ok && doc[t.ID] == nil {
		return inner
	}
	return doc
}
