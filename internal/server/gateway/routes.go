package gateway

import (
	"context"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// completeRoute is irregular in that routes have two forms: with an expression,
// or with methods, hosts, paths and their kin. Neither knows the fields of the
// other, so a mixture is refused.
func (s *Gateway) completeRoute(ctx context.Context, _ string, body map[string]any) (map[string]any, error) {
	if _, ok := body["expression"]; ok {
		return s.Completed(ctx, entity.RouteExpression.Schema(), body)
	}
	return s.Completed(ctx, entity.Route.Schema(), body)
}
