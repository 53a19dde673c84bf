package server

import (
	"github.com/openkonnect/terraform-provider-konnect/internal/server/fault"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/wire"

	"net/http"

	"github.com/openkonnect/terraform-provider-konnect/internal/server/openapi"
)

// organizationRoutes serve the first requests of command line tools, which
// check whether their token is valid and whose it is.
func (s *api) organizationRoutes() {
	a := openapi.OK(openapi.Whole(openapi.Members{"id": openapi.Text, "name": openapi.Text, "state": openapi.Text}))
	for _, version := range []string{"v2", "v3"} {
		s.serve("GET /"+version+"/organizations/me", a, func(w http.ResponseWriter, _ *http.Request) error {
			return wire.Write(w, http.StatusOK, map[string]any{"id": fault.Organization, "name": "local", "state": "active"})
		})
	}
}
