package server

import (
	"github.com/openkonnect/terraform-provider-konnect/internal/server/fault"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/wire"

	"net/http"
)

// organizationRoutes serve what command line tools ask first, to see whether
// their token is good and to tell whose it is.
func (s *api) organizationRoutes() {
	a := about{answers: answers{http.StatusOK: object(map[string]shape{
		"id": typed("string"), "name": typed("string"), "state": typed("string"),
	}, "id", "name", "state")}}
	for _, version := range []string{"v2", "v3"} {
		s.serve("GET /"+version+"/organizations/me", a, func(w http.ResponseWriter, _ *http.Request) error {
			return wire.Write(w, http.StatusOK, map[string]any{"id": fault.Organization, "name": "local", "state": "active"})
		})
	}
}
