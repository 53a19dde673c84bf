// Package random is for tests only: it fills control planes with entities of random
// content, odd texts among them. It knows the client alone, so that tests of any
// package may use it.
package random

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins/sample"
)

// Content fills a control plane with entities of random content.
type Content struct {
	testing.TB

	Rand *rand.Rand
	// Without are types of which nothing is made.
	Without []*entity.Type

	client *client.Client
	plane  string
	ids    map[*entity.Type][]string
}

// mostClones are as many clones as a control plane takes of one plugin.
const mostClones = 5

// New returns what fills the control plane of an id; the same seed makes the
// same contents.
func New(t testing.TB, seed uint64, c *client.Client, plane string) *Content {
	return &Content{TB: t, Rand: rand.New(rand.NewPCG(seed, 0)), client: c, plane: plane, ids: map[*entity.Type][]string{}}
}

// Maybe is true half of the time.
func (g *Content) Maybe() bool { return g.Rand.IntN(2) == 0 }

// oddTexts are what YAML takes for something else, or for its own signs.
var oddTexts = []string{
	"a", "true", "null", "1", "0x1F", "12:30", "1_000", "~", "yes", "-", "- a", "#b", "a: b", "a #c", "ä", "x\ny", "x\ny\n", " lead", "trail ", "tab\tin",
	`"quoted"`, "'", "%p", "@at", "&anchor", "*alias", "!tag", "{", "[", "|", ">", "\u2028", "\u0085", "\\", "3.0", "1e3", "2026-01-01", "$", "a\n\nb", "\n", "-----",
}

func (g *Content) text() string { return oddTexts[g.Rand.IntN(len(oddTexts))] }

// named returns a text that nothing else has.
func (g *Content) named(prefix string, odd bool) string {
	name := fmt.Sprintf("%s%d", prefix, g.Rand.Uint64())
	if odd {
		return g.text() + name
	}
	return name
}

// create makes an entity, below what it belongs to. Some get tags, of which some
// are odd.
func (g *Content) create(typ *entity.Type, body map[string]any) string {
	g.Helper()
	if slices.Contains(g.Without, typ) {
		return ""
	}
	if g.Maybe() && typ.Schema().Field("tags") != nil {
		tags := slices.DeleteFunc([]any{"team", "1", "true", "a b", "ö"}, func(any) bool { return g.Maybe() })
		if len(tags) > 0 {
			body["tags"] = tags
		}
	}
	ref := client.Ref{Type: typ, Parents: []string{g.plane}}
	if owners := typ.Owners(); len(owners) > 1 {
		owner, _ := body[typ.FieldTo(owners[1])].(map[string]any)
		ref.Parents = append(ref.Parents, fmt.Sprint(owner["id"]))
	}
	made, err := g.client.Create(g.Context(), ref, body)
	if errors.Is(err, client.ErrConflict) && typ == entity.Plugin {
		return "" // one of the same name is in this place already
	}
	if err != nil {
		g.Fatalf("%s %v: %v", typ.Name, body, err)
	}
	id := fmt.Sprint(made["id"])
	g.ids[typ] = append(g.ids[typ], id)
	return id
}

// one refers to a random entity of a type.
func (g *Content) one(typ *entity.Type) map[string]any {
	return map[string]any{"id": g.ids[typ][g.Rand.IntN(len(g.ids[typ]))]}
}

func (g *Content) pem(name string) string {
	text, err := os.ReadFile(filepath.Join("../server/testdata/pem", name))
	if err != nil {
		g.Fatal(err)
	}
	return string(text)
}

// Fill makes some of everything, each after what it refers to: about a hundred
// entities. It may be called again.
func (g *Content) Fill() {
	g.Helper()
	if g.ids[entity.CACertificate] == nil {
		g.create(entity.CACertificate, map[string]any{"cert": g.pem("ca.crt")})
	}
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
		if len(g.ids[entity.ClonedPlugin]) < mostClones {
			g.create(entity.ClonedPlugin, map[string]any{"name": g.named("clone", false), "ref": "request-transformer", "priority": json.Number("7")})
		}
		g.create(entity.DegraphqlRoute, map[string]any{"service": g.one(entity.Service), "uri": "/me/:id", "query": g.text(), "methods": []any{"GET", "POST"}})
		g.create(entity.CostDecoration, map[string]any{"type_path": g.text(), "add_arguments": []any{g.text()}, "mul_constant": json.Number("2.5")})
		g.create(entity.Partial, map[string]any{"name": g.named("p", true), "type": "redis-ee", "config": map[string]any{"host": "h", "username": g.text()}})
	}
	for range 4 {
		g.route()
		g.consumer()
		g.key()
		g.create(entity.Target, map[string]any{"upstream": g.one(entity.Upstream), "target": g.named("t", false) + ":80", "weight": json.Number(fmt.Sprint(g.Rand.IntN(100)))})
	}
	g.plugins()
}

func (g *Content) service() {
	body := map[string]any{"host": "h.example", "name": g.named("s", false), "retries": json.Number(fmt.Sprint(g.Rand.IntN(9))), "enabled": g.Maybe()}
	if g.Maybe() {
		delete(body, "name")
	}
	if g.Maybe() {
		maps.Copy(body, map[string]any{"protocol": "https", "port": json.Number("443"), "path": "/p", "client_certificate": g.one(entity.Certificate),
			"ca_certificates": []any{g.ids[entity.CACertificate][0]}, "tls_verify": g.Maybe()})
	}
	g.create(entity.Service, body)
}

func (g *Content) route() {
	body := map[string]any{"name": g.named("r", false), "protocols": []any{"http"}, "strip_path": g.Maybe()}
	if g.Maybe() {
		delete(body, "name")
	}
	if g.Maybe() {
		body["service"] = g.one(entity.Service)
	}
	if g.Maybe() {
		body["expression"], body["priority"] = `http.path == "/x" && http.host != "ä"`, json.Number(fmt.Sprint(g.Rand.IntN(99)))
	} else {
		body["paths"], body["headers"] = []any{"/b", `~/a/\d+$`}, map[string]any{"x-version": []any{g.text(), "yes"}}
	}
	g.create(entity.Route, body)
}

func (g *Content) consumer() {
	body := map[string]any{"username": g.named("c", true), "custom_id": g.named("i", true)}
	if g.Maybe() {
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
		if g.Maybe() {
			at, err := client.Ref{Type: entity.ConsumerGroupMember, Parents: []string{g.plane, group}}.Path()
			if err == nil {
				err = g.client.Do(g.Context(), http.MethodPost, at, map[string]any{"consumer": of["id"]}, nil)
			}
			if err != nil {
				g.Fatal(err)
			}
		}
	}
}

func (g *Content) key() {
	body := map[string]any{"kid": g.named("kid", true), "name": g.named("n", true), "pem": map[string]any{"public_key": g.pem("ec.pub")}, "set": g.one(entity.KeySet)}
	if g.Maybe() {
		delete(body, "name")
	} else if g.Maybe() {
		delete(body, "set")
	}
	g.create(entity.AsymmetricKey, body)
}

func (g *Content) customPlugin() map[string]any {
	name := g.named("custom", false)
	return map[string]any{
		"name": name, "handler": "return { PRIORITY = 5, VERSION = \"1\" } -- " + g.named("", false),
		"schema": fmt.Sprintf("return {\n  name = %q,\n  fields = { { config = { type = \"record\", fields = { { text = { type = \"string\" } } } } } },\n}\n", name),
	}
}

// plugins makes bundled, custom and linked ones at all the places that they
// may have.
func (g *Content) plugins() {
	ctx, set := g.Context(), plugins.Bundled(entity.Plugin.Schema(), entity.Schemas)
	scopes := [][]*entity.Type{nil, {entity.Service}, {entity.Route}, {entity.Consumer}, {entity.ConsumerGroup}, {entity.Service, entity.Consumer}}
	for _, name := range []string{"correlation-id", "rate-limiting", "request-termination", "response-transformer", "rate-limiting-advanced", "request-transformer", "proxy-cache"} {
		p, _ := set.Lookup(name)
		build := []func() (map[string]any, error){func() (map[string]any, error) { return sample.Minimal(ctx, p) }, func() (map[string]any, error) { return sample.Rich(ctx, p) }}
		config, err := build[g.Rand.IntN(2)]()
		if err != nil {
			g.Fatal(err)
		}
		body := map[string]any{"name": name, "config": sample.InKonnect(ctx, p, config), "enabled": g.Maybe()}
		if g.Maybe() {
			body["instance_name"] = g.named("i", false)
		}
		for _, scope := range scopes[g.Rand.IntN(len(scopes))] {
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
		doc, err := g.client.Get(ctx, client.Ref{Type: entity.ClonedPlugin, Parents: []string{g.plane}, Key: id})
		if err != nil {
			g.Fatal(err)
		}
		g.create(entity.Plugin, map[string]any{"name": doc["name"], "config": map[string]any{}, "consumer_group": g.one(entity.ConsumerGroup)})
	}
	for _, id := range g.ids[entity.CustomPlugin] {
		doc, err := g.client.Get(ctx, client.Ref{Type: entity.CustomPlugin, Parents: []string{g.plane}, Key: id})
		if err != nil {
			g.Fatal(err)
		}
		g.create(entity.Plugin, map[string]any{"name": doc["name"], "config": map[string]any{"text": g.text()}, "consumer_group": g.one(entity.ConsumerGroup)})
	}
}
