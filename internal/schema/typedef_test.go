package schema_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// judge validates a value under a typedef and returns what the error tree says
// of it.
func judge(t *testing.T, typedef string, value any) any {
	t.Helper()
	def, ok := schema.Typedef(typedef)
	if !ok {
		t.Fatalf("no typedef %s", typedef)
	}
	s, err := schema.Compile(schema.Def{"name": "t", "fields": []any{schema.Def{"v": def}}}, func(string) *schema.Schema { return &schema.Schema{} })
	if err != nil {
		t.Fatalf("%s: %v", typedef, err)
	}
	tree := s.Validate(t.Context(), map[string]any{"v": value}, schema.Insert).Tree()
	fields, _ := tree.(map[string]any)
	return fields["v"]
}

func TestTypedef_text(t *testing.T) {
	t.Parallel()
	const badCookie = "contains one or more invalid characters. ASCII control characters (0-31;127), space, tab and the characters ()<>@,;:\\\"/?={}[] are not allowed."
	good := map[string][]string{
		"host":                    {"1.2.3.4", "::1", "[::1]", "a.", "-a", "a_b", "1e3", "example.com", "01.2.3.4", "2001:db8::", "::", "1:2:3:4:5:6:7:8", "A-b.C"},
		"redis_host":              {"localhost"},
		"host_with_optional_port": {"a:80", "[::1]:80", "1.2.3.4:65535", "a.b.", "::1"},
		"wildcard_host":           {"*", "*a.com", "a.*", "*.a.com", "a.com"},
		"sni":                     {"a.com", "a_b"},
		"redis_server_name":       {"a.com"},
		"ip":                      {"1.2.3.4", "::1", "[::1]", "2001:db8::1", "::ffff:1.2.3.4"},
		"ip_or_cidr":              {"1.2.3.4", "10.0.0.1/8", "0.0.0.0/0", "::/0", "2001:db8::/128", "::1"},
		"cidr_v4":                 {"10.0.0.1", "10.0.0.1/32"},
		"cidr":                    {"192.168.0.0/16"},
		"path":                    {"/", "/a/b/", "/a.b-c_d~e", "/%41%2f", "/:@!$&'()*+,;="},
		"url":                     {"http://a", "http://a b", "1http://x", "https://u:p@a:8080/x?y#z", "http://[::1]:80/", "s3://bucket", "http://a:b"},
		"http_method":             {"GET", "FOO"},
		"header_name":             {"X-Any_1", "_x", "9"},
		"cookie_name":             {"sid", "a!b"},
		"name":                    {"a.b-c_d~e", "1"},
		"utf8_name":               {"ü1", "a~b", "名前", "a.b"},
		"tag":                     {"a b", "é☃", "a:b"},
		"semantic_version":        {"1", "1.2.3-rc.1", "1.2.x", "1abc"},
		"uuid":                    {"C9D66C3A-0000-0000-0000-00000000000f"},
		"protocol":                {"udp", "tls_passthrough"},
		"router_path":             {"/", "/a b", "/é", "~/a/(?<b>\\d+)$", "~/a/../b", "/a%2Fb", "/%25", "/..a"},
		"capability":              {"x"},
	}
	bad := []struct{ typedef, value, want string }{
		{"host", "", "length must be at least 1"},
		{"host", "1.2.3", "invalid value: 1.2.3"},
		{"host", "123", "invalid value: 123"},
		{"host", "256.1.1.1", "invalid value: 256.1.1.1"},
		{"host", "1.2.3.4.", "invalid value: 1.2.3.4."},
		{"host", "1.2.3.0004", "invalid value: 1.2.3.0004"},
		{"host", "a-", "invalid value: a-"},
		{"host", "a-.b", "invalid value: a-.b"},
		{"host", "a..b", "invalid value: a..b"},
		{"host", ".a", "invalid value: .a"},
		{"host", "a/b", "invalid value: a/b"},
		{"host", "*.a", "invalid value: *.a"},
		{"host", "http://a", "invalid value: http://a"},
		{"host", "foo:bar", "invalid value: foo:bar"},
		{"host", ":80", "invalid value: :80"},
		{"host", "é", "invalid value: é"},
		{"host", "a b", "invalid value: a b"},
		{"host", "[::1]:", "invalid value: [::1]:"},
		{"host", "[::1]x", "invalid value: [::1]x"},
		{"host", "[::1", "invalid value: [::1"},
		{"host", "::g", "invalid value: ::g"},
		{"host", "1::2::3", "invalid value: 1::2::3"},
		{"host", "1:2:3:4:5:6:7", "invalid value: 1:2:3:4:5:6:7"},
		{"host", "12345::", "invalid value: 12345::"},
		{"host", "::ffff:1.2.3.4", "invalid value: ::ffff:1.2.3.4"},
		{"host", "fe80::1%eth0", "invalid value: fe80::1%eth0"},
		{"host", "a:80", "must not have a port"},
		{"host", "a:99999", "must not have a port"},
		{"host", "[::1]:80", "must not have a port"},
		{"host", "[::1]:99999", "must not have a port"},
		{"host", "1.2.3.4:80", "must not have a port"},
		{"host", "a:99999999999999999999", "must not have a port"},
		{"host_with_optional_port", "a-", "invalid hostname: a-"},
		{"host_with_optional_port", "a:b", "invalid hostname: a:b"},
		{"host_with_optional_port", "1.2.3:80", "invalid ipv4 address: 1.2.3:80"},
		{"host_with_optional_port", "1.2.3.4:", "invalid ipv4 address: 1.2.3.4:"},
		{"host_with_optional_port", "1::2::3", "invalid ipv6 address: 1::2::3"},
		{"host_with_optional_port", "[::1]x", "invalid ipv6 address"},
		{"host_with_optional_port", "a:65536", "invalid port number"},
		{"host_with_optional_port", "[::1]:65536", "invalid port number"},
		{"sni", "1.2.3.4", "must not be an IP"},
		{"sni", "1.2.3.4:80", "must not be an IP"},
		{"sni", "::1", "must not be an IP"},
		{"sni", "a.com:80", "must not have a port"},
		{"sni", "1.2.3.4:99999", "must not have a port"},
		{"sni", "a..b", "invalid value: a..b"},
		{"redis_server_name", "::1", "must not be an IP"},
		{"wildcard_host", "a*b", "wildcard must be leftmost or rightmost character"},
		{"wildcard_host", "a.*.com", "wildcard must be leftmost or rightmost character"},
		{"wildcard_host", "*.a.*", "only one wildcard must be specified"},
		{"wildcard_host", "*..com", "invalid value: wildcard..com"},
		{"wildcard_host", "*:80", "must not have a port"},
		{"ip", "01.2.3.4", "not an ip address: 01.2.3.4"},
		{"ip", "10.0.0.0/8", "not an ip address: 10.0.0.0/8"},
		{"ip", "[1.2.3.4]", "not an ip address: [1.2.3.4]"},
		{"ip", "[::1", "not an ip address: [::1"},
		{"ip", "::1%eth0", "not an ip address: ::1%eth0"},
		{"ip", "localhost", "not an ip address: localhost"},
		{"ip_or_cidr", "10.0.0.0/33", "invalid ip or cidr range: '10.0.0.0/33'"},
		{"ip_or_cidr", "10.0.0.0/08", "invalid ip or cidr range: '10.0.0.0/08'"},
		{"ip_or_cidr", "10.0.0.0/", "invalid ip or cidr range: '10.0.0.0/'"},
		{"ip_or_cidr", "10.0.0.0/-1", "invalid ip or cidr range: '10.0.0.0/-1'"},
		{"ip_or_cidr", "10.0.0.0/+8", "invalid ip or cidr range: '10.0.0.0/+8'"},
		{"ip_or_cidr", "::1/129", "invalid ip or cidr range: '::1/129'"},
		{"ip_or_cidr", "1.2.3", "invalid ip or cidr range: '1.2.3'"},
		{"cidr_v4", "::1", "invalid ipv4 cidr range: '::1'"},
		{"cidr", "10.0.0.0/-1", "invalid ipv4 cidr range: '10.0.0.0/-1'"},
		{"path", "a", "should start with: /"},
		{"path", "/a//b", "must not have empty segments"},
		{"path", "/a b", "invalid path: '/a b' (characters outside of the reserved list of RFC 3986 found)"},
		{"path", "/a?b", "invalid path: '/a?b' (characters outside of the reserved list of RFC 3986 found)"},
		{"path", "/é%", "invalid path: '/é%' (characters outside of the reserved list of RFC 3986 found)"},
		{"path", "/a%", "invalid url-encoded value: '%'"},
		{"path", "/a%4", "invalid url-encoded value: '%4'"},
		{"path", "/%41%zz", "invalid url-encoded value: '%zz'"},
		{"path", "/%%41", "invalid url-encoded value: '%%4'"},
		{"url", "a", "missing host in url"},
		{"url", "http:", "missing host in url"},
		{"url", "http:///x", "missing host in url"},
		{"url", "http://:80", "missing host in url"},
		{"url", "http://u@", "missing host in url"},
		{"url", "mailto:x@y", "missing host in url"},
		{"url", "//a", "missing scheme in url"},
		{"url", "#http://a", "missing host in url"},
		{"http_method", "get", "invalid value: get"},
		{"http_method", "GET1", "invalid value: GET1"},
		{"header_name", "X Any", "bad header name 'X Any', allowed characters are A-Z, a-z, 0-9, '_', and '-'"},
		{"header_name", "é", "bad header name 'é', allowed characters are A-Z, a-z, 0-9, '_', and '-'"},
		{"cookie_name", "a b", badCookie},
		{"cookie_name", "a=b", badCookie},
		{"cookie_name", "\x7f", badCookie},
		{"cookie_name", "é", badCookie},
		{"name", "a b", "invalid value 'a b': it must only contain alphanumeric and '., -, _, ~' characters"},
		{"name", "é", "invalid value 'é': it must only contain alphanumeric and '., -, _, ~' characters"},
		{"utf8_name", "a/b", "invalid value 'a/b': the only accepted ascii characters are alphanumerics or ., -, _, and ~"},
		{"utf8_name", "a\xffb", "invalid utf-8 character sequence detected at position 2"},
		{"utf8_name", "\xc0\x80", "invalid utf-8 character sequence detected at position 1"},
		{"utf8_name", "é\xed\xa0\x80", "invalid utf-8 character sequence detected at position 3"},
		{"utf8_name", "\xe0\x80\x80", "invalid utf-8 character sequence detected at position 1"},
		{"utf8_name", "a\xf4\x90\x80\x80", "invalid utf-8 character sequence detected at position 2"},
		{"utf8_name", "a\xe2\x98", "invalid utf-8 character sequence detected at position 2"},
		{"tag", "a,b", "invalid tag 'a,b': expected printable ascii (except `,` and `/`) or valid utf-8 sequences"},
		{"tag", "a/b", "invalid tag 'a/b': expected printable ascii (except `,` and `/`) or valid utf-8 sequences"},
		{"tag", "a\nb", "invalid tag 'a\nb': expected printable ascii (except `,` and `/`) or valid utf-8 sequences"},
		{"tag", "\x80", "invalid utf-8 character sequence detected at position 1"},
		{"tag", "", "length must be at least 1"},
		{"semantic_version", "v1", "invalid version number: must be in format of X.Y.Z"},
		{"semantic_version", "1..2", "must not have empty version segments"},
		{"uuid", "c9d66c3a", "expected a valid UUID"},
		{"protocol", "ftp", "expected one of: grpc, grpcs, http, https, tcp, tls, tls_passthrough, udp"},
		{"router_path", "a", "should start with: / (fixed path) or ~/ (regex path)"},
		{"router_path", "~a", "should start with: / (fixed path) or ~/ (regex path)"},
		{"router_path", "~/a//b", "must not have empty segments"},
		{"router_path", "/a%zz", "invalid url-encoded value: '%zz'"},
		{"router_path", "/%41", "non-normalized path, consider use '/A' instead"},
		{"router_path", "/%2f", "non-normalized path, consider use '/%2F' instead"},
		{"router_path", "/a/../b", "non-normalized path, consider use '/b' instead"},
		{"router_path", "/a/.", "non-normalized path, consider use '/a/' instead"},
		{"router_path", "/a/b/..", "non-normalized path, consider use '/a/' instead"},
		{"router_path", "/../..", "non-normalized path, consider use '/' instead"},
		{"router_path", "~/a(", "invalid regex: '/a(' (PCRE returned: missing closing parenthesis at offset 3)"},
	}
	for typedef, values := range good {
		for _, value := range values {
			if got := judge(t, typedef, value); got != nil {
				t.Errorf("%s of %q: %v", typedef, value, got)
			}
		}
	}
	for _, tt := range bad {
		if got := judge(t, tt.typedef, tt.value); got != tt.want {
			t.Errorf("%s of %q\n got %v\nwant %v", tt.typedef, tt.value, got, tt.want)
		}
	}
}

func TestTypedef_value(t *testing.T) {
	t.Parallel()
	tests := []struct {
		typedef, value string
		want           any
	}{
		{"port", `0`, nil},
		{"port", `65535`, nil},
		{"port", `65536`, "value should be between 0 and 65535"},
		{"port", `1.5`, "expected an integer"},
		{"timeout", `2147483647`, "value should be between 0 and 2147483646"},
		{"ttl", `1.5`, nil},
		{"ttl", `100000001`, "value should be between 0 and 100000000"},
		{"auto_timestamp_s", `0`, "expected a valid timestamp"},
		{"auto_timestamp_ms", `0.5`, nil},
		{"protocols", `["http","x"]`, []any{nil, "expected one of: grpc, grpcs, http, https, tcp, tls, tls_passthrough, udp"}},
		{"protocols_http", `["tcp"]`, []any{"expected one of: grpc, grpcs, http, https"}},
		{"protocols_http", `[]`, nil},
		{"methods", `["GET","get"]`, []any{nil, "invalid value: get"}},
		{"tags", `["a",""]`, []any{nil, "length must be at least 1"}},
		{"headers", `{"x":[]}`, nil},
		{"headers", `{"x y":["a"]}`, "bad header name 'x y', allowed characters are A-Z, a-z, 0-9, '_', and '-'"},
		{"headers", `{"x":"a"}`, "expected an array"},
		{"hosts", `["*.a.com","a.*","1.2.3.4:80","*.a.com:80"]`, nil},
		{"hosts", `["*.*"]`, []any{"invalid wildcard: must have at most one wildcard"}},
		{"hosts", `["a*b"]`, []any{"invalid wildcard: must be placed at leftmost or rightmost label"}},
		{"hosts", `["*.a..b"]`, []any{"invalid hostname: abc.a..b"}},
		{"router_paths", `["/","x"]`, []any{nil, "should start with: / (fixed path) or ~/ (regex path)"}},
		{"sources", `[{"ip":"10.0.0.0/8"},{"port":1}]`, nil},
		{"sources", `[{}]`, []any{map[string]any{"@entity": []any{"at least one of these fields must be non-empty: 'ip', 'port'"}}}},
		{"destinations", `[{"ip":"x"}]`, []any{map[string]any{"ip": "invalid ip or cidr range: 'x'"}}},
		{"no_sources", `[]`, "value must be null"},
		{"no_destinations", `[{}]`, "value must be null"},
		{"no_headers", `{}`, "value must be null"},
		{"no_methods", `["GET"]`, "value must be null"},
		{"no_hosts", `null`, nil},
		{"no_paths", `["/"]`, "value must be null"},
		{"no_route", `{"id":"x"}`, "value must be null"},
		{"no_service", `null`, nil},
		{"no_consumer", `"x"`, "value must be null"},
		{"queue", `{"max_batch_size":0}`, map[string]any{"max_batch_size": "value should be between 1 and 1000000"}},
		{"queue", `{"concurrency_limit":2}`, map[string]any{"concurrency_limit": "expected one of: -1, 1"}},
		{"queue", `{"initial_retry_delay":0}`, map[string]any{"initial_retry_delay": "value should be between 0 and 1000000"}},
		{"propagation", `{"default_format":"w3c","extract":["b3"],"inject":["preserve","b3-single"],"clear":["x-a"]}`, nil},
		{"propagation", `{"default_format":"preserve"}`, map[string]any{"default_format": "expected one of: w3c, b3, b3-single, jaeger, ot, datadog, aws, gcp, instana"}},
		{"propagation", `{}`, map[string]any{"default_format": "required field missing"}},
		{"pem", `{}`, map[string]any{"@entity": []any{"at least one of these fields must be non-empty: 'private_key', 'public_key'"}}},
		{"pem", `{"public_key":"x"}`, "could not load public key"},
		{"pem", `{"private_key":"x"}`, "could not load private key: not a key of this kind in PEM form"},
		{"pem", `{"private_key":"{vault://env/k}","public_key":"x"}`, nil},
		{"jwk", `{"kid":"1"}`, "could not load JWK, likely not a valid key"},
		{"jwk", `{"kty":"RSA"}`, map[string]any{"kid": "required field missing"}},
		{"jwk", `{"kid":"1","kty":"RSA","n":"AQAB","e":"AQAB"}`, nil},
		{"jwk", `{"kid":"1","kty":"RSA","n":"*","e":"AQAB"}`, "could not load JWK, likely not a valid key"},
		{"jwk", `{"kid":"1","kty":"EC","crv":"P-256","x":"AQAB","y":"AQAB"}`, "could not load JWK, likely not a valid key"},
		{"jwk", `{"kid":"1","kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`, nil},
		{"jwk", `{"kid":"1","kty":"OKP","crv":"Ed448","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`, "could not load JWK, likely not a valid key"},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, judge(t, tt.typedef, decode(t, tt.value))); diff != "" {
			t.Errorf("%s of %s:\n%s", tt.typedef, tt.value, diff)
		}
	}
}

func decode(t *testing.T, text string) any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestTypedef_keys(t *testing.T) {
	t.Parallel()
	encode := func(label string, der []byte, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return string(pem.EncodeToMemory(&pem.Block{Type: label, Bytes: der}))
	}
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	edPublic, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, ec.Public(), ec)
	certificate := encode("CERTIFICATE", der, err)
	ecDER, err := x509.MarshalECPrivateKey(ec)
	ecText := encode("EC PRIVATE KEY", ecDER, err)
	pkcs8, err := x509.MarshalPKCS8PrivateKey(ec)
	ecPKCS8 := encode("PRIVATE KEY", pkcs8, err)
	spki, err := x509.MarshalPKIXPublicKey(ec.Public())
	ecPublic := encode("PUBLIC KEY", spki, err)
	edDER, err := x509.MarshalPKCS8PrivateKey(ed)
	edText := encode("PRIVATE KEY", edDER, err)
	edSPKI, err := x509.MarshalPKIXPublicKey(edPublic)
	edPublicText := encode("PUBLIC KEY", edSPKI, err)
	// a key on secp256k1, which OpenSSL knows and Go does not
	foreign, err := base64.StdEncoding.DecodeString("MFYwEAYHKoZIzj0CAQYFK4EEAAoDQgAEeb5mfvncu6xVoGKVzocLBwKb/NstzijZWfKBWxb4F5hIOtp3JqPEZV2k+/wOEQio/Re0SKaFVBmcR9CP+xDUuA==")
	foreignText := encode("PUBLIC KEY", foreign, err)

	tests := []struct {
		name, typedef string
		value         any
		want          any
	}{
		{"certificate", "certificate", certificate, nil},
		{"certificate after other text", "certificate", "subject\n" + certificate, nil},
		{"chain", "certificate", certificate + certificate, nil},
		{"key for certificate", "certificate", ecText, "invalid certificate: neither PEM nor DER"},
		{"text for certificate", "certificate", "not a cert", "invalid certificate: neither PEM nor DER"},
		{"broken certificate", "certificate", encode("CERTIFICATE", der[:40], nil), "invalid certificate: the content has not the form that its label promises"},
		{"key labelled certificate", "certificate", encode("CERTIFICATE", ecDER, nil), "invalid certificate: the content has not the form that its label promises"},
		{"SEC 1", "key", ecText, nil},
		{"PKCS 8", "key", ecPKCS8, nil},
		{"public", "key", ecPublic, nil},
		{"Ed25519", "key", edText, nil},
		{"curve that Go lacks", "key", foreignText, nil},
		{"certificate for key", "key", certificate, "invalid key: not a key of this kind in PEM form"},
		{"broken key", "key", encode("PUBLIC KEY", spki[:40], nil), "invalid key: the content has not the form that its label promises"},
		{"garbage in key", "key", encode("PRIVATE KEY", []byte("garbage"), nil), "invalid key: not a key of this kind in PEM form"},
		{"pair", "pem", map[string]any{"private_key": ecPKCS8, "public_key": ecPublic}, nil},
		{"pair of Ed25519", "pem", map[string]any{"private_key": edText, "public_key": edPublicText}, nil},
		{"one half", "pem", map[string]any{"private_key": ecPKCS8, "public_key": nil}, nil},
		{"two kinds", "pem", map[string]any{"private_key": ecPKCS8, "public_key": edPublicText}, "public key does not match private key"},
		{"private for public", "pem", map[string]any{"public_key": ecPKCS8}, "could not load public key"},
		{"point", "jwk", map[string]any{"kid": "1", "kty": "EC", "crv": "P-256", "x": coordinate(spki[27:59]), "y": coordinate(spki[59:91])}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, judge(t, tt.typedef, tt.value)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func coordinate(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// TestTypedef_definitions holds every typedef against the metaschema, and shows
// that a caller's copy is its own.
func TestTypedef_definitions(t *testing.T) {
	t.Parallel()
	check := func(name string, def schema.Def) {
		plugin := schema.Def{"name": "t", "fields": []any{schema.Def{"config": schema.Def{"type": "record", "fields": []any{schema.Def{"v": def}}}}}}
		if errs := schema.CheckDefinition(t.Context(), plugin); errs != nil {
			t.Errorf("%s: %s", name, errs.Summary())
		}
	}
	for _, name := range schema.TypedefNames() {
		def, _ := schema.Typedef(name)
		check(name, def)
		if text, _ := def["description"].(string); len(text) < 10 {
			t.Errorf("%s has no description", name)
		}
		def["type"] = "changed"
		if again, _ := schema.Typedef(name); again["type"] == "changed" {
			t.Errorf("%s is shared between its users", name)
		}
	}
	check("redis", schema.RedisDef())
	if _, ok := schema.Typedef("no_consumer_group"); ok {
		t.Error("no_consumer_group is not part of the open-source gateway")
	}
}

func TestFunctionNamed(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"typedefs.host.custom_validator", "typedefs.header_name.custom_validator", "typedefs.path.custom_validator", "typedefs.url.custom_validator",
		"typedefs.redis_server_name.custom_validator", "typedefs.destinations.elements.fields.1.ip.custom_validator", "typedefs.pem.custom_validator",
	} {
		if f := schema.FunctionNamed(name); f == nil || f.Name != name {
			t.Errorf("FunctionNamed(%s) = %v", name, f)
		}
	}
	if a, b := schema.FunctionNamed("typedefs.sni.custom_validator"), schema.FunctionNamed("typedefs.redis_server_name.custom_validator"); a != b {
		t.Error("one function has two identities")
	}
	if f := schema.FunctionNamed("typedefs.host"); f != nil {
		t.Errorf("FunctionNamed of no function = %v", f.Name)
	}
}

func TestSplitURL(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		want schema.URL
	}{
		{"https://u:p:w@h.com:8080/a/b;c?d=e#f", schema.URL{Scheme: "https", Authority: "u:p:w@h.com:8080", UserInfo: "u:p:w", User: "u:p", Password: "w", Host: "h.com", Port: "8080", Path: "/a/b", Params: "c", Query: "d=e", Fragment: "f"}},
		{"http://[::1]:80", schema.URL{Scheme: "http", Authority: "[::1]:80", Host: "::1", Port: "80"}},
		{"http://[::1]", schema.URL{Scheme: "http", Authority: "[::1]", Host: "::1"}},
		{"http://a?b", schema.URL{Scheme: "http", Authority: "a?b", Host: "a?b"}},
		{"/a:b", schema.URL{Path: "/a:b"}},
		{"a.com:80", schema.URL{Scheme: "a.com", Path: "80"}},
		{":x", schema.URL{Path: ":x"}},
		{"", schema.URL{}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, schema.SplitURL(tt.text)); diff != "" {
			t.Errorf("%q:\n%s", tt.text, diff)
		}
	}
}

func FuzzTypedef(f *testing.F) {
	for _, seed := range []string{"a:80", "[::1]:80", "1.2.3.4/8", "/a%2f/..", "~/(", "http://u@h:1/", "é\xff", "*.a"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, name := range schema.TypedefNames() {
			if def, _ := schema.Typedef(name); def["type"] == "string" {
				if check, ok := def["custom_validator"].(*schema.Function); ok {
					check.Check(text)
				}
			}
		}
	})
}
