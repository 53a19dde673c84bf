package server_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/server"
)

// leastBodies are what creates one of each type with as little as possible, by
// the path of the collection. They are created in this order; {name} is the id
// of an earlier one.
var leastBodies = []struct{ name, path, body string }{
	{"services", "services", `{"host":"h"}`},
	{"routes", "routes", `{"paths":["/"]}`},
	{"consumers", "consumers", `{"username":"ann"}`},
	{"consumer_groups", "consumer_groups", `{"name":"gold"}`},
	{"plugins", "plugins", `{"name":"key-auth"}`},
	{"upstreams", "upstreams", `{"name":"u"}`},
	{"targets", "upstreams/{upstreams}/targets", `{"target":"10.0.0.1:80"}`},
	{"certificates", "certificates", `{"cert":"{rsa.crt}","key":"{rsa.key}"}`},
	{"ca_certificates", "ca_certificates", `{"cert":"{ca.crt}"}`},
	{"snis", "snis", `{"name":"a.test","certificate":{"id":"{certificates}"}}`},
	{"vaults", "vaults", `{"name":"env","prefix":"secrets","config":{"prefix":"A"}}`},
	{"key_sets", "key-sets", `{}`},
	{"keys", "keys", `{"kid":"k","pem":{"public_key":"{ec.pub}"}}`},
	{"partials", "partials", `{"type":"redis-ce","config":{}}`},
	{"custom_plugins", "custom-plugins", `{"name":"least","schema":"return { name = 'least', fields = { { config = { type = 'record', fields = {} } } } }","handler":"return { PRIORITY = 1, VERSION = '1' }"}`},
	{"cloned_plugins", "cloned-plugins", `{"name":"acl-two","ref":"acl"}`},
	{"degraphql_routes", "services/{services}/degraphql/routes", `{"uri":"/me","query":"query { me }"}`},
	{"graphql_ratelimiting_advanced_cost_decoration", "graphql-rate-limiting-advanced/costs", `{"type_path":"Query.me"}`},
	{"acls", "consumers/{consumers}/acls", `{"group":"g"}`},
	{"basicauth_credentials", "consumers/{consumers}/basic-auth", `{"username":"u","password":"p"}`},
	{"hmacauth_credentials", "consumers/{consumers}/hmac-auth", `{"username":"u"}`},
	{"jwt_secrets", "consumers/{consumers}/jwt", `{}`},
	{"keyauth_credentials", "consumers/{consumers}/key-auth", `{}`},
	{"mtls_auth_credentials", "consumers/{consumers}/mtls-auth", `{"subject_name":"s"}`},
}

// What an entity has beyond what was sent, and what only a server can know, is
// exactly what its JSON Schema has as defaults.
func TestJSONSchema_defaults(t *testing.T) {
	t.Parallel()
	s := &session{handler: newServer(t, server.Options{}), vars: pemFiles(t)}
	s.createControlPlane(t)
	seen := map[string]bool{}
	for _, least := range leastBodies {
		seen[least.name] = true
		s.run(t, row{Do: "POST {core}/" + least.path, Body: json.RawMessage(least.body), Status: http.StatusCreated, Save: map[string]string{least.name: "id"}})
		typ := entity.Named(least.name)
		one := strings.Join([]string{s.expand("{core}"), s.expand(least.path), s.vars[least.name]}, "/")
		got := s.answer(t, "GET "+one)
		if typ.Envelope != "" {
			got = lookup(got, typ.Envelope)
		}
		want, _ := decodeJSON(t, []byte(s.expand(least.body))).(map[string]any)
		complete(s.answer(t, "GET {core}/v1/schemas/json/"+typ.Singular), want)
		for name, v := range want {
			if slices.Contains(notAsSent[least.name], name) {
				continue
			}
			if have := lookup(got, name); encodeJSON(t, have) != encodeJSON(t, v) {
				t.Errorf("%s: %s is %v, and by its JSON schema %v", least.name, name, have, v)
			}
		}
		answer, _ := got.(map[string]any)
		for name, v := range answer {
			if _, expected := want[name]; !expected && !slices.Contains(made[least.name], name) && !slices.Contains(typ.Computed, name) && parentOf(least.path) != name+"s" {
				t.Errorf("%s: the server fills in %s with %v, and its JSON schema has no default", least.name, name, v)
			}
		}
	}
	for _, typ := range entity.Types().Core() {
		if !seen[typ.Name] {
			t.Errorf("no least %s is created", typ.Name)
		}
	}
}

// made are the fields that the server makes up or derives.
var made = map[string][]string{
	"certificates":         {"snis"},
	"hmacauth_credentials": {"secret"},
	"jwt_secrets":          {"key", "secret"},
	"keyauth_credentials":  {"key"},
	"plugins":              {"config"},
}

// notAsSent are fields that a schema of their own completes, or that are kept
// in another form.
var notAsSent = map[string][]string{
	"plugins":               {"protocols"},
	"partials":              {"config"},
	"basicauth_credentials": {"password"},
}

// parentOf is the name of the type above a nested collection.
func parentOf(nested string) string {
	above, _, _ := strings.Cut(nested, "/{")
	return above
}

// answer is the body of an answer that must be a success.
func (s *session) answer(t testing.TB, do string) any {
	t.Helper()
	method, target, _ := strings.Cut(s.expand(do), " ")
	rec := s.send(t, method, target, "")
	if rec.Code != http.StatusOK {
		t.Fatalf("%s: %d %s", do, rec.Code, rec.Body)
	}
	return decodeJSON(t, rec.Body.Bytes())
}

// complete fills in the defaults of a JSON Schema as its readers do: those of a
// field, and those of the fields below it, also of a record that is given in
// part.
func complete(schema any, doc map[string]any) {
	properties, _ := lookup(schema, "properties").(map[string]any)
	for name, p := range properties {
		if given, ok := doc[name]; ok {
			if record, ok := given.(map[string]any); ok {
				complete(p, record)
			}
			continue
		}
		if v := lookup(p, "default"); v != nil {
			doc[name] = v
			continue
		}
		below := map[string]any{}
		if complete(p, below); len(below) > 0 {
			doc[name] = below
		}
	}
}

// The defaults of a record's own fields say the same as that of the record.
func TestJSONSchema_bothFormsOfDefaults(t *testing.T) {
	t.Parallel()
	s := &session{handler: newServer(t, server.Options{}), vars: map[string]string{}}
	s.createControlPlane(t)
	records := 0
	for _, typ := range entity.Types().Core() {
		properties, _ := lookup(s.answer(t, "GET {core}/v1/schemas/json/"+typ.Singular), "properties").(map[string]any)
		for name, p := range properties {
			whole, ok := lookup(p, "default").(map[string]any)
			if !ok || lookup(p, "properties") == nil {
				continue
			}
			records++
			whole = maps.Clone(whole)
			dropNull(whole)
			parts := map[string]any{}
			complete(p, parts)
			dropNull(parts)
			if a, b := encodeJSON(t, whole), encodeJSON(t, parts); a != b {
				t.Errorf("%s.%s: the default is %s, and its fields make %s", typ.Name, name, a, b)
			}
		}
	}
	if records == 0 {
		t.Error("no record has a default")
	}
}

// dropNull removes null from objects, at every depth.
func dropNull(doc map[string]any) {
	for name, v := range doc {
		if v == nil {
			delete(doc, name)
		}
		if below, ok := v.(map[string]any); ok {
			dropNull(below)
		}
	}
}

// Konnect takes at most 100 KB of one streamed plugin.
func TestCustomPlugin_size(t *testing.T) {
	t.Parallel()
	s := &session{handler: newServer(t, server.Options{}), vars: map[string]string{}}
	s.createControlPlane(t)
	const schema = `return { name = 'long', fields = { { config = { type = 'record', fields = {} } } } }`
	const handler = `return { PRIORITY = 1, VERSION = '1' }`
	for _, c := range []struct {
		name   string
		size   int
		status int
	}{
		{"at the limit", 100 << 10, http.StatusOK},
		{"a byte more", 100<<10 + 1, http.StatusBadRequest},
		{"twice", 200 << 10, http.StatusBadRequest},
	} {
		t.Run(c.name, func(t *testing.T) {
			padding := strings.Repeat("-", c.size-len(schema)-len(handler)-1)
			body := encodeJSON(t, map[string]any{"schema": schema, "handler": handler + "\n" + padding})
			rec := s.send(t, http.MethodPut, s.vars["core"]+"/custom-plugins/long", body)
			if rec.Code != c.status {
				t.Fatalf("status %d, want %d: %s", rec.Code, c.status, rec.Body)
			}
			if want := fmt.Sprintf("have %d bytes", c.size); c.status != http.StatusOK && !strings.Contains(rec.Body.String(), want) {
				t.Errorf("the answer does not say %q: %s", want, rec.Body)
			}
		})
	}
}

// A client may send back all that it has read of a plugin: nothing changes.
func TestPlugin_sentBack(t *testing.T) {
	t.Parallel()
	s := &session{handler: newServer(t, server.Options{}), vars: map[string]string{}}
	s.createControlPlane(t)
	sent := 0
	for _, name := range plugins.Bundled(entity.Plugin.Schema(), entity.Schemas).Names() {
		rec := s.send(t, http.MethodPost, s.vars["core"]+"/plugins", encodeJSON(t, map[string]any{"name": name}))
		if rec.Code != http.StatusCreated {
			continue // it needs a configuration
		}
		sent++
		read := decodeJSON(t, rec.Body.Bytes())
		again := s.send(t, http.MethodPut, s.vars["core"]+"/plugins/"+jsonvalue.Text(lookup(read, "id")), encodeJSON(t, read))
		if again.Code != http.StatusOK || encodeJSON(t, decodeJSON(t, again.Body.Bytes())) != encodeJSON(t, read) {
			t.Errorf("%s: %d\nread: %s\nnow:  %s", name, again.Code, rec.Body, again.Body)
		}
	}
	if sent < 40 {
		t.Errorf("only %d plugins were sent back", sent)
	}
}
