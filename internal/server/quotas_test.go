package server_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/server"
)

// An entity too many is refused in the dialect of its family, by POST and by
// PUT, and leaves nothing behind. Replacing one is no addition.
func TestServer_limits(t *testing.T) {
	t.Parallel()
	s := &session{vars: pemFiles(t), handler: newServer(t, server.Options{Limits: map[*entity.Type]int{
		entity.ControlPlane: 2, entity.Service: 1, entity.DataPlaneCertificate: 0,
	}})}
	s.createControlPlane(t)
	problem := map[string]any{"status": json.Number("403"), "title": "Quota Exceeded", "detail": "<any>"}
	core := map[string]any{"code": json.Number("7"), "message": "usage constraint error"}
	for _, r := range []row{
		{Do: "POST /v2/control-planes", Body: []byte(`{"name":"second"}`), Status: 201, Save: map[string]string{"second": "id"}},
		{Do: "POST /v2/control-planes", Body: []byte(`{"name":"third"}`), Status: 403, Want: problem},
		{Do: "GET /v2/control-planes?filter[name][eq]=third", Status: 200, Want: map[string]any{"data": []any{}}},
		{Do: "POST {core}/services", Body: []byte(`{"name":"a","host":"h"}`), Status: 201},
		{Do: "POST {core}/services", Body: []byte(`{"name":"b","host":"h"}`), Status: 403, Want: core},
		{Do: "PUT {core}/services/b", Body: []byte(`{"host":"h"}`), Status: 403, Want: core},
		{Do: "PUT {core}/services/a", Body: []byte(`{"host":"other"}`), Status: 200, Want: map[string]any{"host": "other"}},
		{Do: "GET {core}/services/b", Status: 404},
		{Do: "POST {core}/routes", Body: []byte(`{"paths":["/"]}`), Status: 201},
		{Do: "POST /v2/control-planes/{second}/core-entities/services", Body: []byte(`{"name":"a","host":"h"}`), Status: 201},
		{Do: "POST {cp}/dp-client-certificates", Body: []byte(`{"cert":"{rsa.crt}"}`), Status: 403, Want: map[string]any{"message": "<any>"}},
		{Do: "DELETE {core}/services/a", Status: http.StatusNoContent},
		{Do: "PUT {core}/services/b", Body: []byte(`{"host":"h"}`), Status: 200},
	} {
		s.run(t, r)
	}
}
