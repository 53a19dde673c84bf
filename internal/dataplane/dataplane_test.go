package dataplane_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/dataplane"
	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/finding"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// decode reads a document; "?" stands for a value that is not known yet.
func decode(t testing.TB, text string) map[string]any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var doc map[string]any
	if err := d.Decode(&doc); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return schema.Walk(nil, doc, func(c *schema.Cursor) bool {
		if c.Value == "?" {
			c.Replace(schema.Unknown)
		}
		return true
	}).(map[string]any)
}

func said(found []finding.Finding) string {
	var out []string
	for _, f := range found {
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s: %s %s", f.Path, f.Message, f.Hint)))
	}
	return strings.Join(out, "\n")
}

// complete is a document of an entity with its defaults.
func complete(t testing.TB, name string, doc map[string]any) map[string]any {
	t.Helper()
	i := slices.IndexFunc(entity.Types(), func(e *entity.Type) bool { return e.Name == name })
	if i < 0 || name == "plugins" {
		return doc
	}
	out, errs := document.Complete(t.Context(), entity.Types()[i].Schema(), doc)
	if errs != nil {
		t.Fatal(errs)
	}
	return out
}

const refused = "data planes of version 3.14 or later refuse the whole configuration of their control plane because of it. " +
	"They go on with the last one that they took, while the control plane reports success. " +
	"Set it to true, or have the operator of the data planes set tls_certificate_verify to off in their kong.conf."

var verifiedCases = []struct {
	name, entity, doc string
	want              string
}{
	{"https", "services", `{"protocol":"https","host":"a","tls_verify":false}`, "tls_verify: it is false, so that certificates are not verified: " + refused},
	{"tls", "services", `{"protocol":"tls","host":"a","tls_verify":false}`, "tls_verify: it is false"},
	{"grpcs", "services", `{"protocol":"grpcs","host":"a","tls_verify":false}`, "tls_verify: it is false"},
	{"wss", "services", `{"protocol":"wss","host":"a","tls_verify":false}`, "tls_verify: it is false"},
	{"url", "services", `{"url":"https://a","tls_verify":false}`, "tls_verify: it is false"},
	{"verified", "services", `{"protocol":"https","host":"a","tls_verify":true}`, ""},
	{"left out", "services", `{"protocol":"https","host":"a"}`, ""},
	{"null", "services", `{"protocol":"https","host":"a","tls_verify":null}`, ""},
	{"unknown", "services", `{"protocol":"https","host":"a","tls_verify":"?"}`, ""},
	{"http", "services", `{"protocol":"http","host":"a"}`, ""},
	{"Redis", "partials", `{"type":"redis-ee","config":{"host":"a","ssl_verify":false}}`, "config.ssl_verify: it is false, so that certificates"},
	{"Redis CE", "partials", `{"type":"redis-ce","config":{"host":"a","ssl_verify":false}}`, "config.ssl_verify: it is false"},
	{"Redis with verification", "partials", `{"type":"redis-ce","config":{"host":"a","ssl_verify":true}}`, ""},
	{"unknown partial", "partials", `{"type":"redis-ce","config":"?"}`, ""},
	{"a route", "routes", `{"protocols":["https"],"hosts":["a"]}`, ""},
}

func TestJudgeVerified(t *testing.T) {
	t.Parallel()
	for _, c := range verifiedCases {
		t.Run(c.entity+" "+c.name, func(t *testing.T) {
			t.Parallel()
			doc := decode(t, c.doc)
			in := dataplane.Document{Written: doc, Completed: complete(t, c.entity, doc)}
			for version, concerned := range map[string]bool{"": true, "3.13.0.7": false, "3.14": true, "3.15.0.1": true} {
				want := c.want
				if !concerned {
					want = ""
				}
				got := said(dataplane.JudgeVerified(in, dataplane.RulesOf(c.entity).Verified, dataplane.Only(dataplane.ParsePatch(version))))
				if !strings.HasPrefix(got, want) || want == "" && got != "" {
					t.Errorf("version %q: got\n%s\nwant\n%s", version, got, want)
				}
			}
		})
	}
}

// A field that is not in use counts only where it is written, and perhaps.
func TestJudgeVerified_unused(t *testing.T) {
	t.Parallel()
	fields := []dataplane.Verified{{At: "list[](call).verify", If: dataplane.Where{"list[].url": {"https://"}}}}
	judge := func(written, completed string) string {
		return said(dataplane.JudgeVerified(dataplane.Document{Written: decode(t, written), Completed: decode(t, completed)}, fields, dataplane.Only(dataplane.Version{})))
	}
	full := `{"list":[{"type":"jq","verify":false,"url":"https://a"},{"type":"call","url":"http://a","verify":false},{"type":"call","url":"HTTPS://a","verify":false}]}`
	if got := judge(`{"list":[{"type":"jq"},{"type":"call","url":"http://a"},{"type":"call","url":"HTTPS://a"}]}`, full); !strings.HasPrefix(got, "list[2].verify: left out, it is false in Konnect") || strings.Contains(got, "\n") {
		t.Error(got)
	}
	if got := judge(full, full); !strings.HasPrefix(got, "list[1].verify: it is false, so that certificates are not verified: data planes of version 3.14 or later may refuse the whole configuration of their control plane because of it, though it is not in use here.") {
		t.Error(got)
	}
	for _, doc := range []string{`{}`, `{"list":null}`, `{"list":"?"}`, `{"list":["?"]}`, `{"list":[7]}`, `{"list":{"a":7}}`, `{"list":[{"type":"?","verify":false,"url":"https://a"}]}`} {
		if got := judge(doc, doc); got != "" {
			t.Errorf("%s: %s", doc, got)
		}
	}
}

// Versions are asked for only where they matter.
func TestJudge_asks(t *testing.T) {
	t.Parallel()
	ask := func() dataplane.Versions { t.Error("versions were asked for"); return dataplane.Versions{} }
	doc := dataplane.Document{Written: decode(t, `{"protocol":"https","host":"a","tls_verify":true}`)}
	rules := dataplane.RulesOf("services")
	if got := dataplane.JudgeVerified(doc, rules.Verified, ask); got != nil {
		t.Error(got)
	}
	if got := dataplane.JudgeRewrites(doc, rules.Rewrites, ask); got.Found != nil {
		t.Error(got)
	}
}

var rewriteCases = []struct {
	entity, doc, version, want string
}{
	{"services", `{"protocol":"tls","host":"a","tls_verify":true}`, "3.1", "tls_verify: data planes before version 3.2 do not get this at all, because of it; the data planes may be of version 3.1."},
	{"services", `{"protocol":"https","host":"a","tls_verify":true}`, "3.1", ""},
	{"services", `{"tls_sans":{"uris":["a"]}}`, "3.10.0.5", "tls_sans: data planes before version 3.10.0.6 do not get tls_sans; the data planes may be of version 3.10."},
	{"services", `{"tls_sans":{"uris":["a"]}}`, "3.10.0.6", ""},
	{"services", `{"tls_sans":{"uris":["a"]}}`, "", ""},
	{"services", `{"tls_sans":"?"}`, "3.10", ""},
	{"routes", `{"expression":"a"}`, "3.5", "expression: data planes before version 3.6 cannot use it"},
	{"routes", `{"snis":["a.example","*.example"]}`, "3.6", "snis[1]: data planes before version 3.7 cannot use it"},
	{"routes", `{"snis":["a.example","?"]}`, "3.6", ""},
	{"routes", `{"expression":"a","path_handling":"v1"}`, "3.6", "path_handling: data planes before version 3.7 do not get path_handling"},
	{"routes", `{"paths":["/"],"path_handling":"v1"}`, "3.6", ""},
	{"plugins", `{"instance_name":"a"}`, "3.1", "instance_name: data planes before version 3.2 do not get instance_name"},
	{"upstreams", `{"algorithm":"latency"}`, "3.1", `algorithm: data planes before version 3.2 get "round-robin" in place of "latency"`},
	{"upstreams", `{"algorithm":"sticky-sessions","sticky_sessions_cookie":"a","sticky_sessions_cookie_path":"/"}`, "3.10",
		"algorithm: data planes before version 3.11 get \"consistent-hashing\" in place of \"sticky-sessions\"; the data planes may be of version 3.10.\n" +
			"sticky_sessions_cookie: data planes before version 3.11 do not get sticky_sessions_cookie; the data planes may be of version 3.10."},
	{"upstreams", `{"algorithm":"round-robin","sticky_sessions_cookie":"a","sticky_sessions_cookie_path":"/a"}`, "3.10",
		"sticky_sessions_cookie: data planes before version 3.11 do not get sticky_sessions_cookie and sticky_sessions_cookie_path; "},
	{"upstreams", `{"algorithm":"round-robin","use_srv_name":false}`, "3.0", ""},
	{"targets", `{"target":"a","failover":true}`, "3.11", "failover: data planes before version 3.12 do not get failover"},
	{"targets", `{"target":"a","failover":false}`, "3.11", ""},
	{"ca_certificates", `{"cert":"{vault://env/ca}"}`, "3.14", "cert: data planes before version 3.15 cannot use the reference to a vault"},
	{"ca_certificates", `{"cert":"-----BEGIN"}`, "3.14", ""},
	{"vaults", `{"name":"azure-certs","prefix":"a"}`, "3.14", "name: data planes before version 3.15 do not get this at all, because of it"},
	{"vaults", `{"name":"conjur","prefix":"a"}`, "3.10", "name: data planes before version 3.11 do not get this at all"},
	{"vaults", `{"name":"hcv","prefix":"a-b","config":{"ttl":5}}`, "3.2",
		"prefix: data planes before version 3.3 get the prefix with _ for every hyphen in its place; the data planes may be of version 3.2.\n" +
			"config.ttl: data planes before version 3.4 do not get config.ttl; the data planes may be of version 3.2."},
	{"vaults", `{"name":"aws","prefix":"a","config":{"sts_endpoint_url":"https://a"}}`, "3.6.1.7", "config.sts_endpoint_url: data planes before version 3.7.1.3, but for patches from 3.4.3.13, 3.5.0.8 and 3.6.1.8 on, do not get config.sts_endpoint_url"},
	{"vaults", `{"name":"aws","prefix":"a","config":{"sts_endpoint_url":"https://a"}}`, "3.6.1.8", ""},
	{"vaults", `{"name":"hcv","prefix":"a","config":{"auth_method":"approle","ttl":1}}`, "3.3", "config.auth_method: data planes before version 3.6 do not get this at all, because of it; the data planes may be of version 3.3."},
	{"vaults", `{"name":"hcv","prefix":"a","config":{"auth_method":"jwt","jwt_role":"a","oauth2_client_secret":"hidden"}}`, "3.12",
		"config.auth_method: data planes before version 3.13 do not get config.auth_method; the data planes may be of version 3.12.\n" +
			"config.jwt_role: data planes before version 3.13 do not get config.jwt_role and config.oauth2_client_secret; the data planes may be of version 3.12."},
	{"keys", `{"x5t":"a"}`, "3.9", "x5t: data planes before version 3.10 do not get x5t"},
	{"keys", `{"x5t":"a"}`, "3.0", ": data planes before version 3.1 do not get this at all; the data planes may be of version 3.0."},
	{"cloned_plugins", `{"name":"a","ref":"key-auth"}`, "3.14", "ref: data planes before version 3.15 do not get this at all, because of it, and none of its instances; "},
	{"custom_plugins", `{"name":"a"}`, "3.8", ": data planes before version 3.9 do not get this at all; "},
	{"partials", `{"type":"redis-ee","config":{"cloud_authentication":{"auth_provider":"aws"}}}`, "3.12", "config.cloud_authentication: data planes before version 3.13 do not get"},
	{"jwt_secrets", `{"algorithm":"ES512"}`, "3.6", "algorithm: data planes before version 3.7 do not get algorithm"},
	{"jwt_secrets", `{"algorithm":"Ed448"}`, "3.10", "algorithm: data planes before version 3.11 do not get this at all"},
	{"jwt_secrets", `{"algorithm":"HS256"}`, "3.0", ""},
	{"consumers", `{"username":"a"}`, "3.0", ""},
	{"nothing", `{}`, "3.0", ""},
}

func TestJudgeRewrites(t *testing.T) {
	t.Parallel()
	for _, c := range rewriteCases {
		in := dataplane.Document{Written: decode(t, c.doc)}
		got := dataplane.JudgeRewrites(in, dataplane.RulesOf(c.entity).Rewrites, dataplane.Only(dataplane.ParsePatch(c.version)))
		if text := said(got.Found); !strings.HasPrefix(text, c.want) || strings.Count(text, "\n") != strings.Count(c.want, "\n") || c.want == "" && text != "" {
			t.Errorf("%s %s, version %s: got\n%s\nwant\n%s", c.entity, c.doc, c.version, text, c.want)
		}
	}
}

// What newer data planes do not get is told by the newest, and a new name that
// means the same not at all.
func TestJudgeRewrites_newer(t *testing.T) {
	t.Parallel()
	rewrites := []dataplane.Rewrite{
		{ID: "1", At: []string{"old"}, From: "3.3", Does: dataplane.RewriteDrop},
		{ID: "2", At: []string{"old"}, From: "3.8", Does: dataplane.RewriteMove, To: "new"},
		{ID: "3", At: []string{"old"}, Before: "3.2", Only: "on Sundays", Does: dataplane.RewriteDrop},
		{ID: "4", At: []string{"left"}, Before: "3.2", Values: []any{nil}, Does: dataplane.RewriteSet, Note: "a placeholder"},
	}
	doc := dataplane.Document{Written: map[string]any{"old": "a", "left": "a"}}
	mixed := func() dataplane.Versions {
		return dataplane.Versions{Oldest: dataplane.ParsePatch("3.1"), Newest: dataplane.ParsePatch("3.15")}
	}
	if got := said(dataplane.JudgeRewrites(doc, rewrites, mixed).Found); got != "old: data planes from version 3.3 on do not get old." {
		t.Error(got)
	}
	delete(doc.Written, "left")
	if got := said(dataplane.JudgeRewrites(doc, rewrites[3:], mixed).Found); !strings.HasPrefix(got, "left: data planes before version 3.2 get a placeholder where it is left out;") {
		t.Error(got)
	}
}

// The rules name entities and fields that there are.
func TestRulesOf(t *testing.T) {
	t.Parallel()
	for _, name := range dataplane.Entities() {
		i := slices.IndexFunc(entity.Types(), func(e *entity.Type) bool { return e.Name == name })
		if i < 0 {
			t.Errorf("there is no entity %s", name)
			continue
		}
		rules := dataplane.RulesOf(name)
		fields := []string{}
		for _, v := range rules.Verified {
			fields = append(fields, v.At)
		}
		for _, r := range rules.Rewrites {
			fields = append(fields, r.At...)
			for _, text := range append(r.Patches, r.Before) {
				if dataplane.ParsePatch(text).IsZero() {
					t.Errorf("%s: %s: %q is no version", name, r.ID, text)
				}
			}
		}
		for _, f := range fields {
			if first, _, _ := strings.Cut(f, "."); entity.Types()[i].Schema().Field(first) == nil && !(name == "routes" && first == "expression") {
				t.Errorf("%s has no field %s", name, f)
			}
		}
	}
}

func FuzzJudge(f *testing.F) {
	for _, c := range rewriteCases {
		f.Add(c.entity, c.doc)
	}
	f.Fuzz(func(t *testing.T, name, text string) {
		var doc map[string]any
		if json.Unmarshal([]byte(text), &doc) != nil {
			return
		}
		in, rules := dataplane.Document{Written: doc}, dataplane.RulesOf(name)
		dataplane.JudgeRewrites(in, rules.Rewrites, dataplane.Only(dataplane.ParsePatch("3.0")))
		dataplane.JudgeVerified(in, rules.Verified, dataplane.Only(dataplane.Version{}))
	})
}
