package server

import (
	"net/http"

	"github.com/openkonnect/terraform-provider-konnect/internal/server/openapi"
)

// platformRoutes serves the collections of the platform family.
func (s *api) platformRoutes() {
	planes := s.controlPlanes()
	stores := s.configStores(planes)
	realms := s.realms()
	consumers := s.realmConsumers(realms)
	products := s.apiProducts()
	versions := s.productVersions(products)
	providers := s.dcrProviders()
	for _, c := range []*platform{
		planes, stores, s.secrets(stores),
		realms, consumers, s.realmKeys(consumers),
		products, s.documents(products), versions, s.specifications(versions),
		s.authStrategies(), providers, s.portalProductVersions(),
	} {
		c.routes()
	}
	s.serve("POST "+consumers.collectionPath()+"/{consumerId}/move", openapi.Created(openapi.Whole(openapi.Members{"realm_id": openapi.Text})).With(openapi.Whole(openapi.Members{"target_realm_id": openapi.Text})), func(w http.ResponseWriter, r *http.Request) error { return s.moveRealmConsumer(consumers, w, r) })
	s.serve("POST "+providers.collectionPath()+"/{dcrProviderId}/verify", openapi.OK(openapi.Whole(openapi.Members{"status": openapi.Text, "errors": openapi.ListOf(openapi.Text)})), s.verifyProvider(providers))
	s.applicationRoutes()
	s.organizationRoutes()
}
