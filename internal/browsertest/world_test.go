package browsertest_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/controlplane"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/seed"
	"github.com/openkonnect/terraform-provider-konnect/internal/server"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/access"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
	"github.com/openkonnect/terraform-provider-konnect/internal/ui"
)

// concealed is in every secret of a world, and nowhere else.
const concealed = "concealed-"

// owner is a token that may do everything.
const owner = "okat_owner"

// world is a server with several control planes, on a port of its own.
type world struct {
	plane   *controlplane.ControlPlane
	api     *client.Client
	address string            // of the pages
	ids     map[string]string // of the control planes, by their names
}

// newWorld serves what testdata holds, and what no file of decK can hold, until
// the test ends.
func newWorld(t *testing.T, guard access.Guard) *world {
	t.Helper()
	o := server.Options{Guard: guard}
	if guard == access.Guarded {
		o.Tokens = []string{owner}
	}
	file := shop(t)
	fill := func(ctx context.Context, s *store.Store) error { return seed.Fill(ctx, s, file) }
	plane, err := controlplane.Open(t.Context(), controlplane.Options{Database: filepath.Join(t.TempDir(), "konnect.db"), Fill: fill, API: o})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = plane.Close() })
	listening := httptest.NewServer(ui.Beside(plane, ui.New(ui.Options{API: plane, Bundled: controlplane.Bundled(), Schemas: seed.Schemas()})))
	t.Cleanup(listening.Close)
	w := &world{plane: plane, address: listening.URL + ui.Path, ids: map[string]string{}}
	if w.api, err = client.New(client.Options{Transport: client.HandlerTransport(plane), Token: owner}); err != nil {
		t.Fatal(err)
	}
	w.fill(t)
	return w
}

// fill makes the other control planes: an empty one, one of several pages, a
// group, and one whose names would be markup.
func (w *world) fill(t *testing.T) {
	t.Helper()
	shop, err := w.api.List(t.Context(), client.Ref{Type: entity.ControlPlane}, nil)
	if err != nil || len(shop) != 1 {
		t.Fatal(shop, err)
	}
	w.ids["shop"], _ = shop[0]["id"].(string)
	certificate, _, _ := pair(t)
	w.make(t, entity.DataPlaneCertificate, map[string]any{"cert": certificate}, "shop")
	w.make(t, entity.PluginSchema, map[string]any{"lua_schema": `return { name = "mine", fields = { { config = { type = "record", fields = { { size = { type = "integer", default = 3 } } } } } } }`}, "shop")
	w.make(t, entity.ConfigStore, map[string]any{"name": "settings"}, "shop")
	w.make(t, entity.ControlPlane, map[string]any{"name": "empty", "description": "Nothing is in it yet."})
	w.make(t, entity.ControlPlane, map[string]any{"name": "together", "cluster_type": "CLUSTER_TYPE_CONTROL_PLANE_GROUP"})
	w.make(t, entity.ControlPlane, map[string]any{"name": "large"})
	for i := range 60 {
		w.make(t, entity.Service, map[string]any{"name": fmt.Sprintf("service-%02d", i), "host": "a.example"}, "large")
	}
	w.make(t, entity.ControlPlane, map[string]any{"name": markup, "description": markup})
	w.make(t, entity.Consumer, map[string]any{"username": markup, "custom_id": markup, "tags": []any{`"><i>tag`}}, markup)
	w.make(t, entity.Service, map[string]any{"name": long, "host": long[:63] + ".example", "path": "/a'b"}, markup)
	w.make(t, entity.Plugin, map[string]any{"name": "request-termination", "config": map[string]any{"message": markup}}, markup)
}

// markup is a name that must stay one.
const markup = `<img src=x onerror=alert(1)>"'</script><script>alert(2)</script>{{.}}`

// long is a name for which no telephone has room in one line.
const long = "a-service-with-a-name-that-is-so-long-that-nobody-wants-to-read-it_and_that_nothing_says_where_to_break_it"

// make makes an entity, in the control plane of a name if it is in one.
func (w *world) make(t *testing.T, typ *entity.Type, doc map[string]any, plane ...string) string {
	t.Helper()
	var parents []string
	for _, name := range plane {
		parents = append(parents, w.ids[name])
	}
	made, err := w.api.Create(t.Context(), client.Ref{Type: typ, Parents: parents}, doc)
	if err != nil {
		t.Fatal(err)
	}
	id, _ := made["id"].(string)
	if typ == entity.ControlPlane {
		w.ids[made["name"].(string)] = id
	}
	return id
}

// find returns the id of an entity in shop, by its name.
func (w *world) find(t *testing.T, typ *entity.Type, name string) string {
	t.Helper()
	doc, err := w.api.Get(t.Context(), client.Ref{Type: typ, Parents: []string{w.ids["shop"]}, Key: name})
	if err != nil {
		t.Fatal(err)
	}
	id, _ := doc["id"].(string)
	return id
}

// shop is the file in testdata, with a certificate and keys.
func shop(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "shop.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	certificate, private, public := pair(t)
	filled := strings.NewReplacer(`"@certificate"`, strconv.Quote(certificate), `"@key"`, strconv.Quote(private), `"@public"`, strconv.Quote(public)).Replace(string(text))
	file := filepath.Join(t.TempDir(), "shop.yaml")
	if err := os.WriteFile(file, []byte(filled), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// pair is a certificate of an authority, with its keys.
func pair(t *testing.T) (certificate, private, public string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "shop.example"}, NotBefore: time.Unix(0, 0), NotAfter: time.Now().AddDate(1, 0, 0),
		IsCA: true, BasicConstraintsValid: true,
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	pkix, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	encoded := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	return encoded("CERTIFICATE", cert), encoded("PRIVATE KEY", pkcs8), encoded("PUBLIC KEY", pkix)
}
