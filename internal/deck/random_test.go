package deck

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/pgtest"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	samples "github.com/openkonnect/terraform-provider-konnect/internal/plugins/sample"
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
	g := &generator{T: t, r: rand.New(rand.NewPCG(seed, 0)), target: first, ids: map[*entity.Type][]string{}}
	g.fill()
	o := ExportOptions{Hashes: true, WithID: g.maybe(), JSON: g.maybe()}
	if g.r.IntN(4) == 0 {
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

// generator makes entities of random content.
type generator struct {
	*testing.T

	r      *rand.Rand
	target *Target
	ids    map[*entity.Type][]string
}

func (g *generator) maybe() bool { return g.r.IntN(2) == 0 }

// oddTexts are what YAML takes for something else, or for its own signs.
var oddTexts = []string{
	"a", "true", "null", "1", "0x1F", "12:30", "1_000", "~", "yes", "-", "- a", "#b", "a: b", "a #c", "ä", "x\ny", "x\ny\n", " lead", "trail ", "tab\tin",
	`"quoted"`, "'", "%p", "@at", "&anchor", "*alias", "!tag", "{", "[", "|", ">", "\u2028", "\u0085", "\\", "3.0", "1e3", "2026-01-01", "$", "a\n\nb", "\n", "-----",
}

func (g *generator) text() string { return oddTexts[g.r.IntN(len(oddTexts))] }

// named returns a text that nothing else has.
func (g *generator) named(prefix string, odd bool) string {
	name := fmt.Sprintf("%s%d", prefix, g.r.Uint64())
	if odd {
		return g.text() + name
	}
	return name
}

// create makes an entity, below a parent if there is one. Some get tags, of
// which some are odd.
func (g *generator) create(typ *entity.Type, body map[string]any) string {
	g.Helper()
	if g.maybe() && isTagged(typ) {
		tags := slices.DeleteFunc([]any{"team", "1", "true", "a b", "ö"}, func(any) bool { return g.maybe() })
		if len(tags) > 0 {
			body["tags"] = tags
		}
	}
	plan := &Plan{target: g.target, types: entity.Types().Core(), hashed: true}
	step := (&matcher{file: &File{}}).step(&item{typ: typ, id: uuid.NewString(), doc: body, node: &node{}})
	if err := plan.write(g.Context(), step); err != nil {
		g.Fatalf("%s %v: %v", typ.Name, body, err)
	}
	g.ids[typ] = append(g.ids[typ], step.ID)
	return step.ID
}

// one refers to a random entity of a type.
func (g *generator) one(typ *entity.Type) map[string]any {
	return map[string]any{"id": g.ids[typ][g.r.IntN(len(g.ids[typ]))]}
}

func (g *generator) pem(name string) string {
	text, err := os.ReadFile(filepath.Join("../server/testdata/pem", name))
	if err != nil {
		g.Fatal(err)
	}
	return string(text)
}

// fill makes some of everything, each after what it refers to.
func (g *generator) fill() {
	g.create(entity.CACertificate, map[string]any{"cert": g.pem("ca.crt")})
	for _, kind := range []string{"rsa", "ec"} {
		g.create(entity.Certificate, map[string]any{"cert": g.pem(kind + ".crt"), "key": g.pem(kind + ".key")})
	}
	for range 3 {
		g.create(entity.SNI, map[string]any{"name": g.named("s", false) + ".example", "certificate": g.one(entity.Certificate)})
		g.service()
		g.create(entity.ConsumerGroup, map[string]any{"name": g.named("g", true)})
		g.create(entity.Upstream, map[string]any{"name": g.named("u", false), "slots": json.Number("100"), "client_certificate": g.one(entity.Certificate)})
		g.create(entity.Vault, map[string]any{"name": "env", "prefix": g.named("v", false), "config": map[string]any{"prefix": "P_"}, "description": g.text()})
		g.create(entity.KeySet, map[string]any{"name": g.named("k", true)})
		g.create(entity.CustomPlugin, g.customPlugin())
		g.create(entity.ClonedPlugin, map[string]any{"name": g.named("clone", false), "ref": "request-transformer", "priority": json.Number("7")})
		g.create(entity.DegraphqlRoute, map[string]any{"service": g.one(entity.Service), "uri": "/me/:id", "query": g.text(), "methods": []any{"GET", "POST"}})
		g.create(entity.CostDecoration, map[string]any{"type_path": g.text(), "add_arguments": []any{g.text()}, "mul_constant": json.Number("2.5")})
		g.create(entity.Partial, map[string]any{"name": g.named("p", true), "type": "redis-ee", "config": map[string]any{"host": "h", "username": g.text()}})
	}
	for range 4 {
		g.route()
		g.consumer()
		g.key()
		g.create(entity.Target, map[string]any{"upstream": g.one(entity.Upstream), "target": g.named("t", false) + ":80", "weight": json.Number(fmt.Sprint(g.r.IntN(100)))})
	}
	g.plugins()
}

func (g *generator) service() {
	body := map[string]any{"host": "h.example", "name": g.named("s", false), "retries": json.Number(fmt.Sprint(g.r.IntN(9))), "enabled": g.maybe()}
	if g.maybe() {
		delete(body, "name")
	}
	if g.maybe() {
		maps.Copy(body, map[string]any{"protocol": "https", "port": json.Number("443"), "path": "/p", "client_certificate": g.one(entity.Certificate),
			"ca_certificates": []any{g.ids[entity.CACertificate][0]}, "tls_verify": g.maybe()})
	}
	g.create(entity.Service, body)
}

func (g *generator) route() {
	body := map[string]any{"name": g.named("r", false), "protocols": []any{"http"}, "strip_path": g.maybe()}
	if g.maybe() {
		delete(body, "name")
	}
	if g.maybe() {
		body["service"] = g.one(entity.Service)
	}
	if g.maybe() {
		body["expression"], body["priority"] = `http.path == "/x" && http.host != "ä"`, json.Number(fmt.Sprint(g.r.IntN(99)))
	} else {
		body["paths"], body["headers"] = []any{"/b", `~/a/\d+$`}, map[string]any{"x-version": []any{g.text(), "yes"}}
	}
	g.create(entity.Route, body)
}

func (g *generator) consumer() {
	body := map[string]any{"username": g.named("c", true), "custom_id": g.named("i", true)}
	if g.maybe() {
		delete(body, "username")
	}
	of := map[string]any{"id": g.create(entity.Consumer, body)}
	for _, typ := range []*entity.Type{entity.KeyAuth, entity.JWT, entity.HMACAuth, entity.BasicAuth, entity.ACL, entity.MTLSAuth} {
		credential := map[*entity.Type]map[string]any{
			entity.KeyAuth:   {"key": g.named("key", true)},
			entity.JWT:       {"key": g.named("iss", true), "secret": g.text(), "algorithm": "HS384"},
			entity.HMACAuth:  {"username": g.named("h", true), "secret": g.text()},
			entity.BasicAuth: {"username": g.named("b", true), "password": g.text()},
			entity.ACL:       {"group": g.named("a", true)},
			entity.MTLSAuth:  {"subject_name": g.named("m", true), "ca_certificate": g.one(entity.CACertificate)},
		}[typ]
		credential["consumer"] = of
		g.create(typ, credential)
	}
	for _, group := range g.ids[entity.ConsumerGroup] {
		if g.maybe() {
			plan := &Plan{target: g.target}
			step := Step{Type: entity.ConsumerGroupMember, ID: fmt.Sprint(of["id"]), below: group, body: map[string]any{"consumer": of["id"]}}
			if err := plan.write(g.Context(), step); err != nil {
				g.Fatal(err)
			}
		}
	}
}

func (g *generator) key() {
	body := map[string]any{"kid": g.named("kid", true), "name": g.named("n", true), "pem": map[string]any{"public_key": g.pem("ec.pub")}, "set": g.one(entity.KeySet)}
	if g.maybe() {
		delete(body, "name")
	} else if g.maybe() {
		delete(body, "set")
	}
	g.create(entity.AsymmetricKey, body)
}

func (g *generator) customPlugin() map[string]any {
	name := g.named("custom", false)
	return map[string]any{
		"name": name, "handler": "return { PRIORITY = 5, VERSION = \"1\" } -- " + g.named("", false),
		"schema": fmt.Sprintf("return {\n  name = %q,\n  fields = { { config = { type = \"record\", fields = { { text = { type = \"string\" } } } } } },\n}\n", name),
	}
}

// plugins makes bundled, custom and linked ones at all the places that they
// may have.
func (g *generator) plugins() {
	ctx, set := g.Context(), plugins.Bundled(entity.Plugin.Schema(), entity.Schemas)
	scopes := [][]*entity.Type{nil, {entity.Service}, {entity.Route}, {entity.Consumer}, {entity.ConsumerGroup}, {entity.Service, entity.Consumer}}
	for _, name := range []string{"correlation-id", "rate-limiting", "request-termination", "response-transformer", "rate-limiting-advanced", "request-transformer", "proxy-cache"} {
		p, _ := set.Lookup(name)
		build := []func() (map[string]any, error){func() (map[string]any, error) { return samples.Minimal(ctx, p) }, func() (map[string]any, error) { return samples.Rich(ctx, p) }}
		config, err := build[g.r.IntN(2)]()
		if err != nil {
			g.Fatal(err)
		}
		body := map[string]any{"name": name, "config": samples.InKonnect(ctx, p, config), "enabled": g.maybe()}
		if g.maybe() {
			body["instance_name"] = g.named("i", false)
		}
		for _, scope := range scopes[g.r.IntN(len(scopes))] {
			if slices.Contains(p.Info.Scopes, scope.Singular) {
				body[scope.Singular] = g.one(scope)
			}
		}
		if name == "rate-limiting-advanced" {
			body["config"] = map[string]any{"limit": []any{json.Number("5")}, "window_size": []any{json.Number("60")}, "strategy": "redis", "sync_rate": json.Number("1")}
			body["partials"] = []any{map[string]any{"id": g.one(entity.Partial)["id"], "path": "config.redis"}}
		}
		g.create(entity.Plugin, body)
	}
	for _, id := range g.ids[entity.ClonedPlugin] {
		doc, err := g.target.Client.Get(ctx, g.target.at(entity.ClonedPlugin, id))
		if err != nil {
			g.Fatal(err)
		}
		g.create(entity.Plugin, map[string]any{"name": doc["name"], "config": map[string]any{}, "consumer_group": g.one(entity.ConsumerGroup)})
	}
	for _, id := range g.ids[entity.CustomPlugin] {
		doc, err := g.target.Client.Get(ctx, g.target.at(entity.CustomPlugin, id))
		if err != nil {
			g.Fatal(err)
		}
		g.create(entity.Plugin, map[string]any{"name": doc["name"], "config": map[string]any{"text": g.text()}, "consumer_group": g.one(entity.ConsumerGroup)})
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
