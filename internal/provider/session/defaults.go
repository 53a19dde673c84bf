package session

import (
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Schema is the schema of a plugin with the defaults of the data planes' oldest
// version, where the user says which that is: what is left out then means the same
// to all of them.
func (s *Session) Schema(p *plugins.Plugin) *schema.Schema {
	if s.Minimum.IsZero() || p.Custom || p.Info == nil {
		return p.Schema
	}
	if known, ok := s.versioned.Load(p); ok {
		return known.(*schema.Schema)
	}
	own := p.Schema
	if defaults := p.Info.DefaultsAt(s.Minimum); len(defaults) > 0 {
		own = own.WithDefaults(defaults)
	}
	known, _ := s.versioned.LoadOrStore(p, own)
	return known.(*schema.Schema)
}
