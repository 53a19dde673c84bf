package deck

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest/random"
	"github.com/openkonnect/terraform-provider-konnect/internal/pgtest"
)

// TestRoundTrip_random fills control planes at random with entities of all
// kinds: what is exported is taken by decK, makes the same of an empty control
// plane, and changes nothing when it comes a second time.
func TestRoundTrip_random(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			roundTripAtRandom(t, seed, ":memory:")
		})
	}
}

// TestRoundTrip_postgres does so once on PostgreSQL.
func TestRoundTrip_postgres(t *testing.T) {
	t.Parallel()
	roundTripAtRandom(t, 1, pgtest.New(t))
}

func roundTripAtRandom(t *testing.T, seed uint64, database string) {
	first, second := newTargetIn(t, database, "demo"), newTarget(t)
	g := random.New(t, seed, first.Client, first.ID)
	g.Fill()
	o := ExportOptions{Hashes: true, WithID: g.Maybe(), JSON: g.Maybe()}
	if g.Rand.IntN(4) == 0 {
		o.Format = ForDBless
	}
	text, notes := export(t, first, o)
	if len(notes) > 0 {
		t.Errorf("not everything: %q", notes)
	}
	if o.Format == ForDeck {
		takenByDeck(t, text)
	}
	if n := importFile(t, second, text).Count(); n[Update]+n[Keep] > 0 {
		t.Errorf("an empty control plane: %v", n)
	}
	if diff := cmp.Diff(text, must(export(t, second, o))); diff != "" {
		t.Errorf("exported again: %s", diff)
	}
	for _, target := range []*Target{first, second} {
		if n := importFile(t, target, text).Count(); n[Update]+n[Create] > 0 {
			t.Errorf("nothing has changed, yet: %v", n)
		}
	}
}

// deckFields are the fields that decK's own schema has for the entities of a
// list, and what an entry must have: all of one of the alternatives.
var deckFields = map[string]struct {
	fields   []string
	required [][]string
}{
	"": {[]string{"_format_version", "_info", "_konnect", "ca_certificates", "certificates", "cloned_plugins", "consumer_groups", "consumers", "custom_entities", "custom_plugins", "key_sets", "keys",
		"partials", "plugins", "routes", "services", "upstreams", "vaults"}, [][]string{{"_format_version"}}},
	"ca_certificates": {[]string{"cert", "cert_digest"}, [][]string{{"cert"}}},
	"certificates":    {[]string{"cert", "key", "snis"}, [][]string{{"id", "cert", "key"}}},
	"snis":            {[]string{"name"}, [][]string{{"name"}}},
	"consumer_groups": {[]string{"name", "consumers", "plugins"}, [][]string{{"name"}}},
	"consumers": {[]string{"username", "custom_id", "groups", "plugins", "acls", "basicauth_credentials", "hmacauth_credentials", "jwt_secrets", "keyauth_credentials",
		"mtls_auth_credentials"}, [][]string{{"username"}, {"custom_id"}}},
	"groups":                  {[]string{"name"}, [][]string{{"name"}, {"id"}}},
	"acls":                    {[]string{"group"}, [][]string{{"group"}}},
	"basicauth_credentials":   {[]string{"username", "password"}, [][]string{{"username", "password"}}},
	"hmacauth_credentials":    {[]string{"username", "secret"}, [][]string{{"username", "secret"}}},
	"jwt_secrets":             {[]string{"algorithm", "key", "secret", "rsa_public_key"}, [][]string{{"algorithm", "key", "secret"}}},
	"keyauth_credentials":     {[]string{"key", "ttl"}, [][]string{{"key"}}},
	"mtls_auth_credentials":   {[]string{"subject_name", "ca_certificate"}, [][]string{{"id", "subject_name"}}},
	"cloned_plugins":          {[]string{"name", "ref", "priority"}, [][]string{{"name", "ref"}}},
	"custom_entities":         {[]string{"type", "fields"}, [][]string{{"type"}}},
	"custom_plugins":          {[]string{"name", "schema", "handler"}, [][]string{{"name", "schema", "handler"}}},
	"key_sets":                {[]string{"name"}, [][]string{{"name"}, {"id"}}},
	"keys":                    {[]string{"name", "kid", "jwk", "pem", "set"}, [][]string{{"name"}, {"id", "kid", "set"}}},
	"partials":                {[]string{"name", "type", "config"}, [][]string{{"type"}}},
	"consumer_groups.plugins": {[]string{"name", "config", "instance_name", "ordering"}, [][]string{{"name"}}},
	"plugins.partials":        {[]string{"name", "path"}, [][]string{{"name"}, {"id"}}},
	"plugins": {[]string{"name", "config", "consumer", "consumer_group", "route", "service", "enabled", "instance_name", "ordering", "partials", "protocols"},
		[][]string{{"name"}}},
	"routes": {[]string{"name", "destinations", "expression", "headers", "hosts", "https_redirect_status_code", "methods", "path_handling", "paths", "plugins",
		"preserve_host", "priority", "protocols", "regex_priority", "request_buffering", "response_buffering", "service", "snis", "sources", "strip_path"},
		[][]string{{"name"}, {"id"}}},
	"services": {[]string{"name", "ca_certificates", "client_certificate", "connect_timeout", "enabled", "host", "path", "plugins", "port", "protocol", "read_timeout",
		"retries", "routes", "tls_verify", "tls_verify_depth", "write_timeout"}, [][]string{{"name"}, {"id"}}},
	"targets": {[]string{"target", "weight", "failover"}, [][]string{{"target"}}},
	"upstreams": {[]string{"name", "algorithm", "client_certificate", "hash_fallback", "hash_fallback_header", "hash_fallback_query_arg", "hash_fallback_uri_capture",
		"hash_on", "hash_on_cookie", "hash_on_cookie_path", "hash_on_header", "hash_on_query_arg", "hash_on_uri_capture", "healthchecks", "host_header", "slots",
		"targets", "use_srv_name", "sticky_sessions_cookie", "sticky_sessions_cookie_path"}, [][]string{{"name"}}},
	"vaults": {[]string{"name", "config", "description", "prefix"}, [][]string{{"name", "prefix"}}},
}

// takenByDeck judges a file by that.
func takenByDeck(t *testing.T, text string) {
	t.Helper()
	var root map[string]any
	if err := yaml.Unmarshal([]byte(text), &root); err != nil {
		t.Fatalf("another parser: %v", err)
	}
	judgeForDeck(t, "", "", root)
}

func judgeForDeck(t *testing.T, below, list string, entry map[string]any) {
	t.Helper()
	known, narrower := deckFields[below+"."+list]
	if !narrower {
		known = deckFields[list]
	}
	for name, v := range entry {
		if !slices.Contains(append([]string{"id", "tags"}, known.fields...), name) {
			t.Errorf("%s: decK has no field %q there", list, name)
		}
		if all, ok := v.([]any); ok && deckFields[name].fields != nil {
			for _, one := range all {
				if inner, ok := one.(map[string]any); ok {
					judgeForDeck(t, list, name, inner)
				}
			}
		}
	}
	if !slices.ContainsFunc(known.required, func(names []string) bool {
		return !slices.ContainsFunc(names, func(name string) bool { return entry[name] == nil })
	}) {
		t.Errorf("%s: an entry must have %q, and has %q", list, known.required, slices.Sorted(maps.Keys(entry)))
	}
}
