// Package dao has the steps between a request and the database, and between the
// database and an answer, for all collections: a [DAO] completes and judges
// requests, counts entities, gives the time and finds the control plane in a
// path.
//
// The package does not know the endpoints.
package dao

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/fault"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/wire"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// DAO is the database with the rules for writing entities.
type DAO struct {
	Store *store.Store
	// limits are how many entities of a type a control plane may have.
	limits map[*entity.Type]int
	Now    func() time.Time
	made   schema.Auto // what is made for whoever leaves it out
	planes *knownPlanes
}

// New returns a DAO. A function that makes ids may be nil: they are random then.
func New(s *store.Store, limits map[*entity.Type]int, now func() time.Time, newID func() string) *DAO {
	d := &DAO{Store: s, limits: limits, Now: now, made: schema.Auto{Now: now}, planes: newKnownPlanes()}
	if newID != nil {
		d.made.UUID = func() any { return newID() }
	}
	return d
}

// Completed is a request body made whole and judged.
func (d *DAO) Completed(ctx context.Context, sc *schema.Schema, body map[string]any) (map[string]any, error) {
	doc, errs := sc.Check(ctx, withoutNull(sc, body), schema.Insert, d.made)
	if errs != nil {
		return nil, fault.Invalid(errs.Violations()...)
	}
	return withObjects(sc, doc), nil
}

// Timestamp is the platform's form of now.
func (d *DAO) Timestamp() string {
	return d.Now().UTC().Format("2006-01-02T15:04:05.000Z")
}

// WithinLimit refuses the entity that has just been added if there are too many
// now. It counts all of them, so there are limits only if the operator sets
// some.
func (d *DAO) WithinLimit(ctx context.Context, tx *store.Tx, t *entity.Type, scope string) error {
	limit, limited := d.limits[t]
	if !limited {
		return nil
	}
	page, err := tx.List(ctx, t, scope, store.Query{Size: 1, Number: 1})
	if err == nil && page.Total > limit {
		err = fault.Quota(fmt.Sprintf("quota exceeded: there can be %d of %s", limit, t.Name))
	}
	return err
}

// Body reads a body in which null means the same as no value, as Konnect does
// at the top of an entity. Below config it means the same too, but that needs
// the schema (see [DAO.Completed]).
func Body(r *http.Request) (map[string]any, error) {
	body, err := wire.Decode(r)
	maps.DeleteFunc(body, func(_ string, v any) bool { return v == nil })
	return body, err
}

// Refuse reports fields that only the server sets as unknown.
func Refuse(body map[string]any, names []string) error {
	for _, name := range names {
		if _, ok := body[name]; ok {
			return fault.Violation(name, "unknown_field", "unknown field")
		}
	}
	return nil
}

// Present leaves out null values, internal fields and those that are never
// shown.
func Present(t *entity.Type, doc map[string]any) map[string]any { return PresentWhole(t, doc, "") }

// PresentWhole is Present that shows one member with its null values.
func PresentWhole(t *entity.Type, doc map[string]any, whole string) map[string]any {
	shown := make(map[string]any, len(doc))
	for name, v := range doc {
		switch {
		case v == nil, slices.Contains(t.Internal, name), slices.Contains(t.WriteOnly, name):
		case name == whole && name != "":
			shown[name] = v
		default:
			shown[name] = wire.CompactValue(v)
		}
	}
	return shown
}

// Kept is a new form of a document that keeps its identity.
func Kept(old, doc map[string]any) map[string]any {
	now := maps.Clone(doc)
	for _, name := range []string{"id", "created_at"} {
		if v, ok := old[name]; ok {
			now[name] = v
		}
	}
	return now
}

// RefersTo reports whether a foreign key refers to an id.
func RefersTo(v any, id string) bool {
	ref, ok := v.(map[string]any)
	return ok && ref["id"] == id
}

// Tidy reduces foreign keys to the part that is stored.
func Tidy(t *entity.Type, doc map[string]any) {
	for _, ref := range t.References {
		if v, ok := doc[ref.Field].(map[string]any); ok {
			doc[ref.Field] = map[string]any{"id": v["id"]}
		}
	}
}
