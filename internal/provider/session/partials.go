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
	return s.kinds.ask(scopedName{cp, id}, func() string {
		doc, err := s.API.Get(ctx, client.Ref{Type: entity.Partial, Parents: []string{cp}, Key: id})
		if err != nil {
			return ""
		}
		kind, _ := doc["type"].(string)
		return kind
	})
}
