package gateway

import (
	"context"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// completeRoute is irregular in that routes have two forms: with an expression,
// or with methods, hosts, paths and their kin.
func (s *Gateway) completeRoute(ctx context.Context, _ string, body map[string]any) (map[string]any, error) {
	return s.Completed(ctx, entity.RouteForm(body), body)
}
