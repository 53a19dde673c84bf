package session

import (
	"context"
	"errors"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// NoteMade remembers the id of an object that this run is about to make.
func (s *Session) NoteMade(t *entity.Type, id string) { s.made.Store(nameOf(t, id), true) }

// NoteTaken remembers an object that a resource of this run has taken over.
func (s *Session) NoteTaken(t *entity.Type, id string) { s.taken.Store(nameOf(t, id), true) }

// IsTaken reports whether a resource of this run has taken over an object: then it
// is not that of any other any more.
func (s *Session) IsTaken(t *entity.Type, id string) bool {
	_, taken := s.taken.Load(nameOf(t, id))
	return taken
}

// Makes reports whether this run makes an object.
func (s *Session) Makes(t *entity.Type, id string) bool {
	_, made := s.made.Load(nameOf(t, id))
	return made
}

// Lacks reports whether the control plane says that there is no such object. It
// is asked once for each, and not for what this run makes or this configuration
// manages. Any other answer is none: another request will show the error.
func (s *Session) Lacks(ctx context.Context, ref client.Ref) bool {
	if s.API == nil || s.Manages(ref.Type, ref.Key) || s.Makes(ref.Type, ref.Key) {
		return false
	}
	if ref.Type == entity.ControlPlane {
		return s.plane(ctx, ref.Key).missing
	}
	return s.object(ctx, ref).missing
}

// object is what the control plane says of an id.
type object struct {
	doc     map[string]any
	missing bool // it says that there is none
}

// object asks for an object, once.
func (s *Session) object(ctx context.Context, ref client.Ref) object {
	q := lookup{in: collection{ref.Type.Name, strings.Join(ref.Parents, "/")}, key: ref.Key}
	return s.objects.ask(q, func() object {
		doc, err := s.API.Read(ctx, ref, client.Often)
		return object{doc, errors.Is(err, client.ErrNotFound)}
	})
}
