package session

import (
	"context"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// PartialKind returns of which kind a partial is, or "" when that cannot be
// told: it may not exist yet.
func (s *Session) PartialKind(ctx context.Context, controlPlane any, id string) string {
	cp, known := controlPlane.(string)
	if !known || s.API == nil {
		return ""
	}
	kind, _ := s.object(ctx, client.Ref{Type: entity.Partial, Parents: []string{cp}, Key: id}).doc["type"].(string)
	return kind
}
