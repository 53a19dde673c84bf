package ui_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io/fs"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/openkonnect/terraform-provider-konnect/internal/controlplane"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/access"
	"github.com/openkonnect/terraform-provider-konnect/internal/ui"
)

// certificate is one of the server's test data as a JSON text.
func certificate(t testing.TB, file string) string {
	t.Helper()
	content, err := os.ReadFile("../server/testdata/pem/" + file)
	if err != nil {
		t.Fatal(err)
	}
	out, err := json.Marshal(string(content))
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// A group shows its members, and what they cannot both have.
func TestOverview_group(t *testing.T) {
	t.Parallel()
	w := newWorld(t, access.Unguarded)
	other := w.make(t, "/v2/control-planes", `{"name":"other"}`)
	group := w.make(t, "/v2/control-planes", `{"name":"all","cluster_type":"CLUSTER_TYPE_CONTROL_PLANE_GROUP"}`)
	at := "/ui/planes/" + group
	if got := w.page(t, at); !strings.Contains(got, "has no members") {
		t.Errorf("an empty group:\n%s", got)
	}
	rec := w.ask(t, http.MethodPut, "/v2/control-planes/"+group+"/group-memberships", `{"members":[{"id":"`+w.id+`"},{"id":"`+other+`"}]}`, "Content-Type", "application/json")
	if rec.Code/100 != 2 {
		t.Fatalf("%d %s", rec.Code, rec.Body)
	}
	if got := w.page(t, at); !strings.Contains(got, ">shop<") || !strings.Contains(got, ">other<") || !strings.Contains(got, "go together") {
		t.Errorf("two members:\n%s", got)
	}
	for _, plane := range []string{w.id, other} {
		w.make(t, "/v2/control-planes/"+plane+"/core-entities/consumers", `{"username":"alice"}`)
	}
	if got := w.page(t, at); !strings.Contains(got, `class="problem"`) || !strings.Contains(got, other) {
		t.Errorf("a conflict:\n%s", got)
	}
}

// Certificates show when they end, data planes what is wrong with them.
func TestOverview_dates(t *testing.T) {
	t.Parallel()
	w := newWorld(t, access.Unguarded)
	w.make(t, w.in("certificates"), `{"cert":`+certificate(t, "rsa.crt")+`,"key":`+certificate(t, "rsa.key")+`}`)
	w.make(t, "/v2/control-planes/"+w.id+"/dp-client-certificates", `{"cert":`+certificate(t, "rsa.crt")+`}`)
	const nodes = `{"items":[{"id":"1","hostname":"dp-1","version":"3.14.0","last_ping":1600000000,"compatibility_status":{"state":"COMPATIBILITY_STATE_INCOMPATIBLE",
		"issues":[{"code":"P1","severity":"error","description":"plugin <ace> is not there"}]}}],"page":{"total_count":1}}`
	api := http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/nodes") {
			rw.Header().Set("Content-Type", "application/json")
			_, _ = rw.Write([]byte(nodes))
			return
		}
		w.plane.ServeHTTP(rw, r)
	})
	for day, want := range map[string]string{"1970-01-01": "ends on", "9999-01-01": ": expired"} {
		now, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		w.Handler = ui.New(ui.Options{API: api, Bundled: controlplane.Bundled(), Now: func() time.Time { return now }})
		got := w.page(t, "/ui/planes/"+w.id)
		if strings.Count(got, want) != 2 || want == "ends on" && strings.Contains(got, "expired") {
			t.Errorf("on %s %d times %q:\n%s", day, strings.Count(got, want), want, got)
		}
		for _, want := range []string{"dp-1", "3.14.0", "COMPATIBILITY_STATE_INCOMPATIBLE", "plugin &lt;ace&gt; is not there"} {
			if !strings.Contains(got, want) {
				t.Errorf("no %q in\n%s", want, got)
			}
		}
	}
}

// The download is what export writes, without the values of secrets.
func TestDownload(t *testing.T) {
	t.Parallel()
	w := newWorld(t, access.Unguarded)
	w.make(t, w.in("services"), `{"name":"orders","host":"orders.example"}`)
	consumer := w.make(t, w.in("consumers"), `{"username":"alice"}`)
	w.make(t, w.in("consumers/"+consumer+"/key-auth"), `{"key":"s3cret-key"}`)
	rec := w.ask(t, http.MethodGet, "/ui/planes/"+w.id+"/terraform.zip", "")
	archive, err := zip.NewReader(bytes.NewReader(rec.Body.Bytes()), int64(rec.Body.Len()))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range archive.File {
		content, err := fs.ReadFile(archive, f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name] = string(content); strings.Contains(files[f.Name], "s3cret") {
			t.Errorf("%s shows a secret:\n%s", f.Name, content)
		}
	}
	for name, want := range map[string]string{
		"shop/services.tf": `resource "konnect_gateway_service" "orders"`, "shop/imports.tf": "import {", "shop/variables.tf": "variable", "shop/terraform.tfvars": "export writes them",
	} {
		if !strings.Contains(files[name], want) {
			t.Errorf("%s has no %q:\n%s", name, want, files[name])
		}
	}
	if got := w.ask(t, http.MethodGet, "/ui/planes/"+consumer+"/terraform.zip", ""); got.Code != http.StatusNotFound {
		t.Errorf("of nothing: %d", got.Code)
	}
}
