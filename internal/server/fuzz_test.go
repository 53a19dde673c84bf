package server_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/server"
)

// FuzzServer sends anything anywhere. Whatever it is, the answer is no 5xx,
// and it is JSON.
func FuzzServer(f *testing.F) {
	methods := []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"}
	for i, s := range []struct{ path, body string }{
		{"/healthz", ""},
		{"/v2/control-planes", `{"name":"fuzzed","labels":{"a":"b"}}`},
		{"/v2/control-planes?page[size]=1&page[number]=2&sort=name&filter[name][eq]=x&labels=a:b", ""},
		{"{cp}", `{"labels":{"a":null},"description":null}`},
		{"{core}/services", `{"name":"s","url":"https://[::1]:80/x?y#z","tags":["a"]}`},
		{"{core}/services?size=1&offset=x&tags=a/b", ""},
		{"{core}/services/s", `{"host":"h","port":1e3}`},
		{"{core}/services/s/routes", `{"paths":["~/(x"],"headers":{"a":["b"]},"protocols":["http","http"]}`},
		{"{core}/routes", `{"expression":"x","priority":70368744177664}`},
		{"{core}/consumers", `{"username":"u","custom_id":"é"}`},
		{"{core}/consumers/u/consumer_groups", `{"group":"g"}`},
		{"{core}/consumer_groups", `{"name":"g"}`},
		{"{core}/consumer_groups/g/consumers", `{"consumer":"u"}`},
		{"{core}/plugins", `{"name":"rate-limiting","config":{"minute":5,"redis":{"host":"x"}}}`},
		{"{core}/services/s/plugins", `{"name":"cors","config":{"origins":["*"]}}`},
		{"{core}/plugin-schemas", `{"lua_schema":"return {name='fuzzed',fields={}}"}`},
		{"{core}/plugin-schemas/fuzzed", `{"lua_schema":"return {name='fuzzed',fields={{config={type='record',fields={}}}}}"}`},
		{"{core}/schemas/plugins/cors", ""},
		{"{core}/upstreams", `{"name":"u","hash_on":"ip","healthchecks":{"active":{"timeout":0.5}}}`},
		{"{core}/upstreams/u/targets", `{"target":"[::1]:80"}`},
		{"{core}/upstreams/u/targets/::1", `{"weight":1}`},
		{"{core}/certificates", `{"vault":"{vault://a/b}","snis":["a.b",5,"a.b"]}`},
		{"{core}/ca_certificates", `{"cert":"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----"}`},
		{"{core}/snis/a.b", `{"certificate":{"id":"x"}}`},
		{"{core}/vaults/v1", `{"name":"konnect","config":{"config_store_id":[]}}`},
		{"{core}/key-sets/s/keys", `{"kid":"k","jwk":"{\"kid\":1,\"kty\":\"EC\"}"}`},
		{"{core}/partials", `{"type":"redis-ee","config":{"sentinel_nodes":[{}]}}`},
		{"{core}/plugins", `{"name":"rate-limiting","partials":[{"id":"8d9f9a52-0b0e-4f0c-9d52-6a6b7ee0afff","path":5}],"config":[]}`},
		{"{core}/consumers/u/key-auth", `{"ttl":1e2}`},
		{"{core}/consumers/u/jwt", `{"algorithm":"RS256","rsa_public_key":"x"}`},
		{"{core}/consumers/u/basic-auth", `{"username":"u","password":"p"}`},
		{"{core}/custom-plugins", `{"name":"p","schema":"return {name='p',fields={}}","handler":"return"}`},
		{"{cp}/config-stores", `{"name":"s"}`},
		{"{cp}/config-stores/8d9f9a52-0b0e-4f0c-9d52-6a6b7ee0afff/secrets/k?force=true", `{"key":{},"value":[]}`},
		{"{cp}/dp-client-certificates", `{"cert":"0"}`},
		{"{cp}/group-memberships/add", `{"members":[{"id":[]}]}`},
		{"/v1/realms", `{"name":"r","ttl":5e0,"allowed_control_planes":["x","x"]}`},
		{"/v1/realms/8d9f9a52-0b0e-4f0c-9d52-6a6b7ee0afff/consumers", `{"username":"u"}`},
		{"{core}/schemas/plugins/validate", `{"name":"cors","config":{"max_age":1e400}}`},
	} {
		for m := range methods {
			f.Add(m, s.path, s.body)
		}
		f.Add(i, s.path+"/%00", s.body+"}")
	}
	s := &session{handler: newServer(f, server.Options{}), vars: map[string]string{}}
	s.createControlPlane(f)
	f.Fuzz(func(t *testing.T, method int, path, body string) {
		target := s.expand(path)
		u, err := url.ParseRequestURI(target)
		if err != nil || method < 0 {
			return // no client can send it
		}
		m := methods[method%len(methods)]
		if m == http.MethodDelete && u.Path == s.vars["cp"] {
			return // everything else needs it
		}
		rec := s.send(t, m, target, body)
		if rec.Code >= 500 || rec.Code < 200 || rec.Code >= 300 && rec.Code < 400 {
			t.Errorf("%s %s: status %d: %s", m, target, rec.Code, rec.Body)
		}
		checkAnswer(t, rec)
	})
}
