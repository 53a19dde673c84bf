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
	for _, c := range []*platform{
		planes, stores, s.secrets(stores),
		realms, consumers, s.realmKeys(consumers),
	} {
		c.routes()
	}
	s.serve("POST "+consumers.collectionPath()+"/{consumerId}/move", about{
		body:    object(map[string]shape{"target_realm_id": typed("string")}, "target_realm_id"),
		answers: answers{http.StatusCreated: object(map[string]shape{"realm_id": typed("string")}, "realm_id")},
	}, func(w http.ResponseWriter, r *http.Request) error { return s.moveRealmConsumer(consumers, w, r) })
}
