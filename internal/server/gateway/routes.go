package gateway

import (
	"context"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// completeRoute is irregular in that routes have two forms: with an expression,
// or with methods, hosts, paths and their kin. How paths are handled is filled
// in for the latter only. decK never sends it with an expression and compares
// what it reads with that; who sends it reads it.
func (s *Gateway) completeRoute(ctx context.Context, _ string, body map[string]any) (map[string]any, error) {
	form, own := entity.RouteForm(body)
	doc, err := s.Completed(ctx, form, own)
	if err == nil && form == entity.RouteExpression.Schema() && own["path_handling"] == nil {
		delete(doc, "path_handling")
	}
	return doc, err
}
