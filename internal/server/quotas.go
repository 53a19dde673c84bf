package server

import (
	"context"
	"fmt"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/fault"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// withinLimit refuses the entity that has just been added if it is one too
// many. It counts all there are, which is why there are no limits unless they
// are asked for.
func (s *api) withinLimit(ctx context.Context, tx *store.Tx, t *entity.Type, scope string) error {
	limit, limited := s.limits[t]
	if !limited {
		return nil
	}
	page, err := tx.List(ctx, t, scope, store.Query{Size: 1, Number: 1})
	if err == nil && page.Total > limit {
		err = fault.Quota(fmt.Sprintf("quota exceeded: there can be %d of %s", limit, t.Name))
	}
	return err
}
