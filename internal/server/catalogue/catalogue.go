// Package catalogue serves the API products: their portals, the strategies and
// DCR providers by which applications authenticate, and realms. Users of
// gateways alone need none of it.
//
// A product version may be implemented by a service of a gateway. The package
// knows which plugins the service then needs; callers give it the function that
// judges plugins.
package catalogue

import (
	"context"
	"net/http"

	"github.com/openkonnect/terraform-provider-konnect/internal/server/dao"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/openapi"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/platform"
)

// Catalogue is the state that its endpoints share.
type Catalogue struct {
	*dao.DAO
	completePlugin CompletePlugin
}

// CompletePlugin turns a plugin into the document to store in a control plane,
// or says which rules it breaks.
type CompletePlugin func(ctx context.Context, controlPlane string, body map[string]any) (map[string]any, error)

// New returns the endpoints of the catalogue.
func New(d *dao.DAO, completePlugin CompletePlugin) *Catalogue {
	return &Catalogue{d, completePlugin}
}

// Routes registers the endpoints.
func (s *Catalogue) Routes(serve openapi.Register) {
	realms := s.realms()
	consumers := s.realmConsumers(realms)
	products := s.apiProducts()
	versions := s.productVersions(products)
	providers := s.dcrProviders()
	for _, c := range []*platform.Collection{
		realms, consumers, s.realmKeys(consumers),
		products, s.documents(products), versions, s.specifications(versions),
		s.authStrategies(), providers, s.portalProductVersions(),
	} {
		c.Routes(serve)
	}
	move := openapi.Created(openapi.Whole(openapi.Members{"realm_id": openapi.Text}))
	serve("POST "+consumers.Path()+"/{consumerId}/move",
		move.With(openapi.Whole(openapi.Members{"target_realm_id": openapi.Text})),
		func(w http.ResponseWriter, r *http.Request) error { return s.moveRealmConsumer(consumers, w, r) })
	serve("POST "+providers.Path()+"/{dcrProviderId}/verify",
		openapi.OK(openapi.Whole(openapi.Members{"status": openapi.Text, "errors": openapi.ListOf(openapi.Text)})),
		s.verifyProvider(providers))
	s.applicationRoutes(serve)
}
