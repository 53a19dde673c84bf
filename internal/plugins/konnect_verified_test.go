package plugins_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/dataplane"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
)

// verifiedCases are instances, and the fields by which new data planes refuse
// them; "?" before one is a possibility.
var verifiedCases = []struct {
	plugin, entity string
	want           []string
}{
	{"rate-limiting", `{"config":{"minute":5,"policy":"local"}}`, nil},
	{"rate-limiting", `{"config":{"minute":5,"policy":"local","redis":{"host":"a"}}}`, nil},
	{"rate-limiting", `{"config":{"minute":5,"policy":"local","redis":{"host":"a","ssl_verify":false}}}`, []string{"?config.redis.ssl_verify"}},
	{"rate-limiting", `{"config":{"minute":5,"policy":"redis","redis":{"host":"a","ssl_verify":false}}}`, []string{"config.redis.ssl_verify"}},
	{"rate-limiting", `{"config":{"minute":5,"policy":"redis","redis":{"host":"a","ssl_verify":true}}}`, nil},
	{"rate-limiting", `{"config":{"minute":5,"policy":"redis","redis":{"host":"a","ssl_verify":"?"}}}`, nil},
	{"rate-limiting", `{"config":{"minute":5,"policy":"?","redis":{"host":"a"}}}`, nil},
	{"rate-limiting", `{"config":"?"}`, nil},
	{"rate-limiting-advanced", `{"config":{"limit":[5],"window_size":[60],"strategy":"redis","redis":{"host":"a","ssl_verify":false}}}`, []string{"config.redis.ssl_verify"}},
	{"http-log", `{"config":{"http_endpoint":"https://a","ssl_verify":false}}`, []string{"config.ssl_verify"}},
	{"http-log", `{"config":{"http_endpoint":"http://a","ssl_verify":false}}`, []string{"?config.ssl_verify"}},
	{"http-log", `{"config":{"http_endpoint":"https://a","ssl_verify":true}}`, nil},
	{"tcp-log", `{"config":{"host":"a","port":1,"tls":true,"ssl_verify":false}}`, []string{"config.ssl_verify"}},
	{"tcp-log", `{"config":{"host":"a","port":1}}`, nil},
	{"ldap-auth", `{"config":{"ldap_host":"a","base_dn":"dc=a","attribute":"cn","start_tls":true,"verify_ldap_host":false}}`, []string{"config.verify_ldap_host"}},
	{"ldap-auth", `{"config":{"ldap_host":"a","base_dn":"dc=a","attribute":"cn","ldaps":true,"verify_ldap_host":false}}`, []string{"config.verify_ldap_host"}},
	{"openid-connect", `{"config":{"issuer":"https://a","ssl_verify":false,"session_storage":"redis","redis":{"host":"a","ssl_verify":false}}}`, []string{"config.ssl_verify", "config.redis.ssl_verify"}},
	{"openid-connect", `{"config":{"issuer":"https://a","ssl_verify":true}}`, nil},
	{"acme", `{"config":{"account_email":"a@b.example","storage":"vault","storage_config":{"vault":{"host":"a","tls_verify":false}}}}`, []string{"config.storage_config.vault.tls_verify"}},
	{"acme", `{"config":{"account_email":"a@b.example","storage":"shm"}}`, nil},
	{"ai-proxy-advanced", `{"config":{"targets":[],"vectordb":{"strategy":"pgvector","dimensions":1,"distance_metric":"cosine","pgvector":{"ssl_verify":false}}}}`, []string{"config.vectordb.pgvector.ssl_verify"}},
	{"datakit", `{"config":{"nodes":[{"name":"a","type":"call","url":"https://a","ssl_verify":false},{"name":"b","type":"call","url":"https://a","ssl_verify":true},{"name":"c","type":"jq","jq":"."}]}}`, []string{"config.nodes[0].ssl_verify"}},
	{"datakit", `{"config":{"nodes":["?",{"name":"b","type":"?","ssl_verify":false}]}}`, nil},
	{"kafka-log", `{"config":{"topic":"a","security":{"ssl":true,"ssl_verify":false}}}`, []string{"config.security.ssl_verify"}},
	{"kafka-log", `{"config":{"topic":"a","security":{"ssl":false}}}`, nil},
	{"kafka-consume", `{"config":{"topics":[{"name":"a"},{"name":"b","schema_registry":{"confluent":{"url":"https://a","authentication":{"mode":"oauth2","oauth2_client":{"ssl_verify":false}}}}}],"bootstrap_servers":[{"host":"a","port":1}]}}`, []string{"config.topics[1].schema_registry.confluent.authentication.oauth2_client.ssl_verify"}},
	{"request-callout", `{"config":{"callouts":[{"name":"a","request":{"url":"https://a","http_opts":{"ssl_verify":true}}},{"name":"b","request":{"url":"https://b","http_opts":{"ssl_verify":false}}}]}}`, []string{"config.callouts[1].request.http_opts.ssl_verify"}},
	{"solace-log", `{"config":{"session":{"host":"tcps://a","ssl_validate_certificate":false}}}`, []string{"config.session.ssl_validate_certificate"}},
	{"acl", `{"config":{"allow":["a"]}}`, nil},
}

func TestJudgeVerified(t *testing.T) {
	t.Parallel()
	for _, c := range verifiedCases {
		in := caseOf(t, c.plugin, decode(t, c.entity))
		var got []string
		for _, f := range plugins.JudgeVerified(in, dataplane.Only(dataplane.Version{})) {
			at := f.Path.String()
			if strings.Contains(f.Message, "may refuse") {
				at = "?" + at
			}
			got = append(got, at)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s %s: got %q, want %q", c.plugin, c.entity, got, c.want)
		}
		if old := plugins.JudgeVerified(in, dataplane.Only(dataplane.Version{Major: 3, Minor: 13})); len(old) > 0 {
			t.Errorf("%s: old data planes refuse %v", c.plugin, old)
		}
	}
}
