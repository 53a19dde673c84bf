package server

import "net/http"

// organization is the one that everything belongs to: this control plane has
// no accounts, but clients ask who they are, and messages name one.
const organization = "00000000-0000-0000-0000-000000000000"

// organizationRoutes serve what command line tools ask first, to see whether
// their token is good and to tell whose it is.
func (s *api) organizationRoutes() {
	a := about{answers: answers{http.StatusOK: object(map[string]shape{
		"id": typed("string"), "name": typed("string"), "state": typed("string"),
	}, "id", "name", "state")}}
	for _, version := range []string{"v2", "v3"} {
		s.serve("GET /"+version+"/organizations/me", a, func(w http.ResponseWriter, _ *http.Request) error {
			return write(w, http.StatusOK, map[string]any{"id": organization, "name": "local", "state": "active"})
		})
	}
}
