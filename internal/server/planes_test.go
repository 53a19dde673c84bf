package server_test

import (
	"net/http"
	"path/filepath"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/server"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// A control plane that another server has deleted is gone for all requests,
// also of a server that remembers it.
func TestServer_planeDeletedElsewhere(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "konnect.db")
	open := func() http.Handler {
		st, err := store.Open(t.Context(), path, entity.Types())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := st.Close(); err != nil {
				t.Error(err)
			}
		})
		return server.New(server.Options{Store: st, Bundled: plugins.Bundled(entity.Plugin.Schema(), entity.Schemas)})
	}
	const id = "8d9f9a52-0b0e-4f0c-9d52-6a6b7ee0a001"
	rows := []row{
		{Do: "GET {core}/services", Status: http.StatusOK},
		{Do: "GET {core}/services/" + id, Status: http.StatusNotFound},
		{Do: "POST {core}/services", Body: []byte(`{"host":"h"}`), Status: http.StatusCreated},
		{Do: "POST {core}/services", Body: []byte(`{"host":1}`), Status: http.StatusBadRequest},
		{Do: "PUT {core}/services/" + id, Body: []byte(`{"host":"h"}`), Status: http.StatusOK},
		{Do: "GET {core}/services/" + id + "/routes", Status: http.StatusOK},
		{Do: "DELETE {core}/services/" + id, Status: http.StatusNoContent},
		{Do: "DELETE {core}/services/" + id, Status: http.StatusNoContent},
	}
	here := &session{handler: open(), vars: map[string]string{}}
	here.createControlPlane(t)
	for _, r := range rows {
		here.run(t, r)
	}
	there := &session{handler: open(), vars: here.vars}
	there.run(t, row{Do: "DELETE {cp}", Status: http.StatusNoContent})
	for _, r := range rows {
		r.Name, r.Status = r.Do, http.StatusNotFound
		here.run(t, r)
	}
}
