package server

import (
	"context"
	"fmt"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/fault"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// KonnectLimits are how many entities of a type Konnect takes by default, in
// each control plane, and of control planes themselves.
func KonnectLimits() map[*entity.Type]int {
	limits := map[*entity.Type]int{
		entity.ControlPlane:         100,
		entity.DataPlaneCertificate: 32,
		entity.CustomPlugin:         100,
	}
	for limit, types := range map[int][]*entity.Type{
		1_000: {entity.Certificate, entity.SNI, entity.Vault, entity.AsymmetricKey, entity.ConsumerGroup},
		10_000: {
			entity.Service, entity.Route, entity.Plugin, entity.Upstream, entity.Target,
		},
		50_000: {
			entity.Consumer, entity.ACL, entity.BasicAuth, entity.HMACAuth, entity.JWT, entity.KeyAuth, entity.MTLSAuth,
		},
	} {
		for _, t := range types {
			limits[t] = limit
		}
	}
	return limits
}

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
