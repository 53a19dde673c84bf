package server

import (
	"net/http"
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
	s.serve("POST "+consumers.collectionPath()+"/{consumerId}/move", about{
		body:    object(map[string]shape{"target_realm_id": typed("string")}, "target_realm_id"),
		answers: answers{http.StatusCreated: object(map[string]shape{"realm_id": typed("string")}, "realm_id")},
	}, func(w http.ResponseWriter, r *http.Request) error { return s.moveRealmConsumer(consumers, w, r) })
	s.serve("POST "+providers.collectionPath()+"/{dcrProviderId}/verify", about{
		answers: answers{http.StatusOK: object(map[string]shape{
			"status": typed("string"), "errors": listOf(typed("string")),
		}, "status", "errors")},
	}, s.verifyProvider(providers))
	s.applicationRoutes()
	s.organizationRoutes()
}
