// Package gateway serves the configuration of a control plane's gateways:
// services, routes, plugins, consumers and the like. [collection] serves the
// regular entities, [legacy] those of the older dialect, and each irregular
// group has a file of its own (memberships, plugins and their schemas,
// partials).
//
// The package does not know what else the API serves.
package gateway

import (
	"sync"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/dao"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/openapi"
)

// Gateway is the state that its endpoints share.
type Gateway struct {
	*dao.DAO
	bundled *plugins.Set
	custom  *customPlugins
	// partials are the kinds of partials, by name.
	partials plugins.PartialKinds
	former   sync.Map // *plugins.Plugin, a bundled one: its former fields
	// available are the bundled plugins that Konnect has.
	available func() []string
}

// New returns the endpoints of the package, with the bundled plugins.
func New(d *dao.DAO, bundled *plugins.Set) *Gateway {
	return &Gateway{
		DAO: d, bundled: bundled, custom: newCustomPlugins(),
		partials: plugins.NewPartialKinds(bundled, entity.PartialFrame(), entity.Schemas), available: inKonnect(bundled),
	}
}

// Routes registers the endpoints.
func (s *Gateway) Routes(serve openapi.Register) {
	for _, t := range s.Store.Types().Core() {
		s.collectionRoutes(serve, s.collection(t))
	}
	s.legacyRoutes(serve)
	s.membershipRoutes(serve)
	s.schemaRoutes(serve)
	s.partialRoutes(serve)
	s.searchRoutes(serve)
}
