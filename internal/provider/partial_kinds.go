package provider

import (
	"context"
	"sync"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// kindBook knows of which kind the partials of a session are, each asked for
// once.
type kindBook struct {
	mu    sync.Mutex
	asked map[inquiry]func() string
}

// partialKind returns of which kind a partial is, or "" when that cannot be
// told: it may not exist yet.
func (s *session) partialKind(ctx context.Context, controlPlane any, id string) string {
	cp, known := controlPlane.(string)
	if !known || s.api == nil {
		return ""
	}
	q := inquiry{cp, id}
	s.kinds.mu.Lock()
	ask := s.kinds.asked[q]
	if ask == nil {
		ask = sync.OnceValue(func() string {
			doc, err := s.api.Get(ctx, client.Ref{Type: entity.Partial, Parents: []string{cp}, Key: id})
			if err != nil {
				return ""
			}
			kind, _ := doc["type"].(string)
			return kind
		})
		if s.kinds.asked == nil {
			s.kinds.asked = map[inquiry]func() string{}
		}
		s.kinds.asked[q] = ask
	}
	s.kinds.mu.Unlock()
	return ask()
}
