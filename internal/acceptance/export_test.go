package acceptance

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/acctest/random"
	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/configuration"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/resource"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
)

// exported is what a control plane holds, as a configuration.
func exported(t testing.TB, cp *acctest.ControlPlane, plane string, o configuration.Options) *configuration.Folder {
	t.Helper()
	s := session.New(resource.Bundled())
	api, err := client.New(client.Options{Transport: client.HandlerTransport(cp)})
	if err != nil {
		t.Fatal(err)
	}
	s.API, o.Provider.Embedded = api, "konnect.db"
	folder, err := configuration.Export(t.Context(), s, plane, o)
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

type doc = acctest.Object

// testPEM is a certificate or a key of the tests of the server.
func testPEM(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../server/testdata/pem", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// everything fills a control plane with at least one of every kind.
func everything(t testing.TB, w *acctest.World) {
	t.Helper()
	in := w.Scope()
	ref := func(made map[string]any) doc { return doc{"id": made["id"]} }
	below := func(made map[string]any) []string { return []string{w.ID, made["id"].(string)} }
	w.Make(t, entity.DataPlaneCertificate, in, doc{"cert": testPEM(t, "ec.crt"), "title": "eu"})
	store := w.Make(t, entity.ConfigStore, in, doc{"name": "secrets"})
	w.Make(t, entity.ConfigStoreSecret, below(store), doc{"key": "token", "value": "very-0-secret"})
	ca := w.Make(t, entity.CACertificate, in, doc{"cert": testPEM(t, "ca.crt")})
	cert := w.Make(t, entity.Certificate, in, doc{"cert": testPEM(t, "rsa.crt"), "key": testPEM(t, "rsa.key"), "tags": []any{"a"}})
	w.Make(t, entity.SNI, in, doc{"name": "shop.example", "certificate": ref(cert)})
	upstream := w.Make(t, entity.Upstream, in, doc{"name": "orders.internal", "healthchecks": doc{"active": doc{"http_path": "/health"}}})
	w.Make(t, entity.Target, below(upstream), doc{"target": "10.0.0.1:8000", "weight": 10})
	orders := w.Make(t, entity.Service, in, doc{"name": "orders", "host": "orders.internal", "ca_certificates": []any{ca["id"]}, "tls_verify": true,
		"protocol": "https", "client_certificate": ref(cert), "tags": []any{"team-a"}})
	w.Make(t, entity.Service, in, doc{"name": "Orders", "host": "b.example", "tags": []any{"a ${b} %{c}"}})
	w.Make(t, entity.Service, in, doc{"host": "plain.example"})
	route := w.Make(t, entity.Route, in, doc{"name": "get", "paths": []any{"/orders", `~/a/\d+$`}, "methods": []any{"GET"}, "service": ref(orders), "headers": doc{"x-version": []any{"1"}}})
	w.Make(t, entity.Route, in, doc{"hosts": []any{"a.example"}})
	w.Make(t, entity.Route, in, doc{"name": "expr", "expression": `http.path == "/"`, "priority": 7})
	alice := w.Make(t, entity.Consumer, in, doc{"username": "alice", "custom_id": "4711"})
	gold := w.Make(t, entity.ConsumerGroup, in, doc{"name": "gold"})
	if err := w.Client.Do(t.Context(), "POST", "/v2/control-planes/"+w.ID+"/core-entities/consumer_groups/"+gold["id"].(string)+"/consumers", map[string]any{"consumer": alice["id"]}, nil); err != nil {
		t.Fatal(err)
	}
	w.Make(t, entity.ACL, below(alice), doc{"group": "admins"})
	w.Make(t, entity.BasicAuth, below(alice), doc{"username": "alice", "password": "p4ssw0rd"})
	w.Make(t, entity.HMACAuth, below(alice), doc{"username": "alice", "secret": "hmac-0-secret"})
	w.Make(t, entity.JWT, below(alice), doc{"key": "issuer", "secret": "jwt-0-secret"})
	w.Make(t, entity.KeyAuth, below(alice), doc{"key": "key-0-one"})
	w.Make(t, entity.KeyAuth, below(alice), doc{"key": "key-0-two", "ttl": 3600})
	w.Make(t, entity.MTLSAuth, below(alice), doc{"subject_name": "alice@example.com", "ca_certificate": ref(ca)})
	w.Make(t, entity.PluginSchema, in, doc{"lua_schema": "return { name = \"greeter\", fields = { { config = { type = \"record\",\n fields = { { greeting = { type = \"string\" } }, { password = { type = \"string\", encrypted = true } } } } } } }\n"})
	w.Make(t, entity.CustomPlugin, in, doc{"name": "streamed", "handler": "return {\n  PRIORITY = 5, VERSION = \"1\",\n}\n",
		"schema": "return {\n  name = \"streamed\",\n  fields = { { config = { type = \"record\", fields = { { text = { type = \"string\" } } } } } },\n}\n"})
	w.Make(t, entity.ClonedPlugin, in, doc{"name": "transformer-two", "ref": "request-transformer"})
	redis := w.Make(t, entity.Partial, in, doc{"name": "redis", "type": "redis-ee", "config": doc{"host": "redis.internal", "password": "redis-0-password"}})
	for _, p := range []doc{
		{"name": "greeter", "config": doc{"greeting": "hello", "password": "greeter-0-password"}, "service": ref(orders)},
		{"name": "streamed", "config": doc{"text": "a\nb\n"}},
		{"name": "transformer-two", "config": doc{"add": doc{"headers": []any{"c:d"}}}, "consumer_group": ref(gold)},
		{"name": "rate-limiting", "config": doc{"minute": 5, "policy": "redis", "redis": doc{"host": "r", "password": "limit-0-password"}}, "route": ref(route)},
		{"name": "cors", "config": doc{"origins": []any{"https://a.example"}}, "instance_name": "cors-of-all", "tags": []any{"team-a"}},
		{"name": "request-transformer", "config": doc{"add": doc{"headers": []any{"a:b"}}}, "service": ref(orders), "consumer": ref(alice)},
		{"name": "pre-function", "config": doc{"access": []any{"kong.log(\"a\")\nkong.log(\"b\")\n", "return 1"}}},
		{"name": "rate-limiting-advanced", "config": doc{"limit": []any{5}, "window_size": []any{60}, "strategy": "redis", "sync_rate": 1},
			"partials": []any{doc{"id": redis["id"], "path": "config.redis"}}},
	} {
		w.Make(t, entity.Plugin, in, p)
	}
	w.Make(t, entity.DegraphqlRoute, below(orders), doc{"uri": "/me", "query": "query { me }"})
	w.Make(t, entity.CostDecoration, in, doc{"type_path": "Query.a", "add_arguments": []any{"b"}})
	w.Make(t, entity.Vault, in, doc{"name": "konnect", "prefix": "store-one", "config": doc{"config_store_id": store["id"]}})
	w.Make(t, entity.Vault, in, doc{"name": "hcv", "prefix": "hashi-one", "config": doc{"host": "vault.internal", "token": "vault-0-token"}})
	set := w.Make(t, entity.KeySet, in, doc{"name": "keys"})
	w.Make(t, entity.AsymmetricKey, in, doc{"kid": "one", "name": "first", "pem": doc{"public_key": testPEM(t, "ec.pub")}, "set": ref(set)})
	realm := w.Make(t, entity.Realm, nil, doc{"name": "staff", "allowed_control_planes": []any{w.ID}})
	bob := w.Make(t, entity.RealmConsumer, []string{realm["id"].(string)}, doc{"username": "bob"})
	w.Make(t, entity.RealmKey, []string{realm["id"].(string), bob["id"].(string)}, doc{"type": "new"})
}

// secrets are texts that no file but one may have.
var secrets = []string{"very-0-secret", "p4ssw0rd", "hmac-0-secret", "jwt-0-secret", "key-0-one", "key-0-two", "redis-0-password", "greeter-0-password", "limit-0-password", "vault-0-token", "PRIVATE KEY"}

// The plan for what was exported imports everything, and does nothing else.
func TestAccExport(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorld(t)
	everything(t, w)
	folder := exported(t, w.ControlPlane, w.ID, configuration.Options{Imports: true})
	for name, text := range folder.Files {
		for _, secret := range secrets {
			if name != "terraform.tfvars" && strings.Contains(text, secret) {
				t.Errorf("%s has a secret: %s", name, secret)
			}
		}
	}
	for name, r := range resource.All() {
		// Plugins of one kind are samples of all; a control plane is a group, or not.
		if r.Plugin == "" && name != "konnect_gateway_plugin" && r.Type != entity.Membership && !mentions(folder, name) {
			t.Errorf("there is no %s", name)
		}
	}
	tf := w.Terraform(t, folder.Files)
	if out, code := tf.Run(t, "fmt", "-check", "-recursive", "-diff"); code != 0 {
		t.Errorf("terraform fmt would change %s", out)
	}
	out, code := tf.Run(t, "plan", "-no-color", "-input=false", "-detailed-exitcode")
	if want := fmt.Sprintf("Plan: %d to import, 0 to add, 0 to change, 0 to destroy.", folder.Resources); code != 2 || !strings.Contains(string(out), want) {
		t.Errorf("exit code %d, want %q:\n%s", code, want, out)
	}
	if strings.Contains(string(out), "Warning") {
		t.Errorf("%s", out)
	}
	settle(t, tf, w.ControlPlane)
	if diff := cmp.Diff(folder.Files, exported(t, w.ControlPlane, w.ID, configuration.Options{Imports: true}).Files); diff != "" {
		t.Errorf("exported again: %s", diff)
	}
}

func mentions(folder *configuration.Folder, resource string) bool {
	for _, text := range folder.Files {
		if strings.Contains(text, "resource \""+resource+"\"") {
			return true
		}
	}
	return false
}

// A group has its members, whose own control planes are elsewhere.
func TestAccExport_group(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorld(t)
	group := w.MakePlane(t, doc{"cluster_type": "CLUSTER_TYPE_CONTROL_PLANE_GROUP"})
	if err := w.Client.Do(t.Context(), "POST", "/v2/control-planes/"+group+"/group-memberships/add", map[string]any{"members": []any{doc{"id": w.ID}}}, nil); err != nil {
		t.Fatal(err)
	}
	folder := exported(t, w.ControlPlane, group, configuration.Options{Imports: true})
	out, code := w.Terraform(t, folder.Files).Run(t, "plan", "-no-color", "-input=false", "-detailed-exitcode")
	if code != 2 || !strings.Contains(string(out), "Plan: 2 to import, 0 to add, 0 to change, 0 to destroy.") || len(folder.Notes) > 0 {
		t.Errorf("exit code %d, %v:\n%s", code, folder.Notes, out)
	}
}

// What others refer to and what is not part of the export is looked up by name.
func TestAccExport_filtered(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorld(t)
	everything(t, w)
	for name, c := range map[string]struct {
		options configuration.Options
		want    int
		looked  []string
	}{
		"a tag":  {configuration.Options{Tags: []string{"team-a"}}, 2, []string{"konnect_gateway_ca_certificate", "konnect_gateway_control_plane"}},
		"no tag": {configuration.Options{Tags: []string{"team-a", "team-b"}}, 0, nil},
		"a kind": {configuration.Options{Kinds: []*entity.Type{entity.Route}}, 3, []string{"konnect_gateway_service"}},
		"both":   {configuration.Options{Kinds: []*entity.Type{entity.Plugin}, Tags: []string{"team-a"}}, 1, []string{"konnect_gateway_control_plane"}},
		"below":  {configuration.Options{Kinds: []*entity.Type{entity.KeyAuth, entity.ConsumerGroupMember}}, 3, []string{"konnect_gateway_consumer", "konnect_gateway_consumer_group"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.options.Imports = true
			folder := exported(t, w.ControlPlane, w.ID, c.options)
			out, code := w.Terraform(t, folder.Files).Run(t, "plan", "-no-color", "-input=false")
			want := fmt.Sprintf("Plan: %d to import, 0 to add, 0 to change, 0 to destroy.", c.want)
			if c.want == 0 {
				want = "No changes."
			}
			if code != 0 || !strings.Contains(string(out), want) || folder.Resources != c.want {
				t.Errorf("exit code %d, want %q:\n%s", code, want, out)
			}
			for _, name := range c.looked {
				if !strings.Contains(folder.Files["data.tf"], "data \""+name+"\"") {
					t.Errorf("there is no data source %s: %s", name, folder.Files["data.tf"])
				}
			}
		})
	}
}

// unwritable are types that an export only notes.
var unwritable = []*entity.Type{entity.BasicAuth, entity.DegraphqlRoute, entity.CostDecoration}

// shuffled is a control plane with entities of random content.
func shuffled(t testing.TB, seed uint64, fills int) *acctest.World {
	t.Helper()
	w := acctest.NewWorld(t)
	g := random.New(t, seed, w.Client, w.ID)
	g.Without = unwritable
	for range fills {
		g.Fill()
	}
	return w
}

// made is the only control plane that there is.
func made(t testing.TB, cp *acctest.ControlPlane) string {
	t.Helper()
	return cp.ID(t, entity.ControlPlane, nil, "name", "world")
}

// What is exported makes the same of nothing, and is taken over without a change,
// whatever it holds.
func TestExport_random(t *testing.T) {
	t.Parallel()
	for _, seed := range []uint64{0, 1, 5} { // 5 has texts of several lines in lists
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			w, empty := shuffled(t, seed, 1+int(seed)%3), acctest.New(t)
			folder := exported(t, w.ControlPlane, w.ID, configuration.Options{Imports: true})
			acctest.ReadFolder(t, folder.Files).Import(t, w.Protocol(t))
			if w.Writes() > 0 {
				t.Error("an import wrote")
			}
			folder = exported(t, w.ControlPlane, w.ID, configuration.Options{})
			if n := acctest.ReadFolder(t, folder.Files).Apply(t, empty.Protocol(t)); n != folder.Resources || len(folder.Notes) > 0 {
				t.Errorf("%d resources of %d, %q", n, folder.Resources, folder.Notes)
			}
			if diff := cmp.Diff(folder.Files, exported(t, empty, made(t, empty), configuration.Options{}).Files); diff != "" {
				t.Errorf("exported again: %s", diff)
			}
		})
	}
}

// Terraform itself makes the same of nothing, for five hundred entities.
func TestAccExport_random(t *testing.T) {
	t.Parallel()
	w, empty := shuffled(t, 500, 5), acctest.New(t)
	folder := exported(t, w.ControlPlane, w.ID, configuration.Options{})
	if folder.Resources < 500 {
		t.Fatalf("%d resources", folder.Resources)
	}
	tf := empty.Terraform(t, folder.Files)
	if out, code := tf.Run(t, "apply", "-auto-approve", "-no-color", "-input=false"); code != 0 {
		t.Fatalf("%s", out)
	}
	if diff := cmp.Diff(folder.Files, exported(t, empty, made(t, empty), configuration.Options{}).Files); diff != "" {
		t.Errorf("exported again: %s", diff)
	}
}

// What a newer control plane holds, and what a token may not see, is noted, and the
// rest is exported all the same.
func TestExport_noted(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorld(t)
	w.Make(t, entity.Plugin, w.Scope(), doc{"name": "cors", "config": doc{"origins": []any{"*"}}})
	w.Make(t, entity.Realm, nil, doc{"name": "staff", "allowed_control_planes": []any{w.ID, w.MakePlane(t, doc{})}})
	const shared = "Not exported: realm staff with its consumers, which other control planes use as well"
	w.Amend(func(_ string, doc map[string]any) {
		if config, ok := doc["config"].(map[string]any); ok && doc["name"] == "cors" {
			config["later"], config["nothing"] = "x", nil
		}
	})
	folder := exported(t, w.ControlPlane, w.ID, configuration.Options{})
	if diff := cmp.Diff([]string{"Not exported: gateway plugin cors: config.later, which this version does not know", shared}, folder.Notes); diff != "" {
		t.Error(diff)
	}
	for name, want := range map[string]string{"plugins.tf": "# Not exported: gateway plugin cors: config.later", "realms.tf": "# " + shared} {
		if !strings.Contains(folder.Files[name], want) {
			t.Errorf("%s does not say so: %s", name, folder.Files[name])
		}
	}
	w.Intercept(func(out http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		if !strings.HasPrefix(r.URL.Path, "/v1/realms") {
			return false
		}
		out.Header().Set("Content-Type", "application/problem+json")
		out.WriteHeader(http.StatusForbidden)
		fmt.Fprint(out, `{"status": 403, "title": "Forbidden", "detail": "You do not have permission to perform this action"}`)
		return true
	})
	folder = exported(t, w.ControlPlane, w.ID, configuration.Options{})
	if diff := cmp.Diff([]string{"Not exported: realms and their consumers, which this token may not see"}, folder.Notes); diff != "" || folder.Resources != 2 {
		t.Errorf("%d resources: %s", folder.Resources, diff)
	}
}

// crowd fills a control plane with services, routes, consumers, keys and plugins.
func crowd(t testing.TB, n int) *acctest.World {
	t.Helper()
	w := acctest.NewWorld(t)
	for i := range n / 5 {
		svc := w.Make(t, entity.Service, w.Scope(), doc{"name": fmt.Sprintf("service-%d", i), "host": "a.example"})
		w.Make(t, entity.Route, w.Scope(), doc{"name": fmt.Sprintf("route-%d", i), "paths": []any{fmt.Sprintf("/%d", i)}, "service": doc{"id": svc["id"]}})
		consumer := w.Make(t, entity.Consumer, w.Scope(), doc{"username": fmt.Sprintf("consumer-%d", i)})
		w.Make(t, entity.KeyAuth, []string{w.ID, consumer["id"].(string)}, doc{"key": fmt.Sprintf("key-%d", i)})
		w.Make(t, entity.Plugin, w.Scope(), doc{"name": "rate-limiting", "config": doc{"minute": 5 + i, "policy": "local"}, "service": doc{"id": svc["id"]}})
	}
	return w
}

// An export costs a request for each page of a collection, however many there are
// in it.
func TestExport_requests(t *testing.T) {
	t.Parallel()
	var requests []int
	for _, n := range []int{5, 250} {
		w := crowd(t, n)
		if folder := exported(t, w.ControlPlane, w.ID, configuration.Options{}); folder.Resources != n+1 {
			t.Errorf("%d resources, not %d", folder.Resources, n+1)
		}
		requests = append(requests, len(w.Requests()))
	}
	if requests[0] != requests[1] || requests[0] > 40 {
		t.Errorf("%d requests for few, %d for many", requests[0], requests[1])
	}
}

// BenchmarkExport is for 5,000 entities.
func BenchmarkExport(b *testing.B) {
	w := crowd(b, 5000)
	w.Requests()
	for b.Loop() {
		exported(b, w.ControlPlane, w.ID, configuration.Options{Imports: true})
	}
	b.ReportMetric(float64(len(w.Requests()))/float64(b.N), "requests/op")
}
