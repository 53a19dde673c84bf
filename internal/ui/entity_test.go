package ui_test

import (
	"html"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/server/access"
)

// Every entity has a page with its code, which shows no secret.
func TestEntity(t *testing.T) {
	t.Parallel()
	w := newWorld(t, access.Unguarded)
	service := w.make(t, w.in("services"), `{"name":"orders","host":"orders.example","tags":["team-a"]}`)
	consumer := w.make(t, w.in("consumers"), `{"username":"alice"}`)
	upstream := w.make(t, w.in("upstreams"), `{"name":"up"}`)
	cert := w.make(t, w.in("certificates"), `{"cert":`+certificate(t, "rsa.crt")+`,"key":`+certificate(t, "rsa.key")+`}`)
	for _, tt := range []struct {
		typ, in, body string
		below         string
		want          []string
	}{
		{"routes", "services/" + service + "/routes", `{"name":"list","paths":["/orders"]}`, "", []string{`resource "konnect_gateway_route" "list"`, "import {", "name: list", `"/orders"`}},
		{"consumer_groups", "consumer_groups", `{"name":"gold"}`, "", []string{`resource "konnect_gateway_consumer_group" "gold"`, "consumer_groups:"}},
		{"targets", "upstreams/" + upstream + "/targets", `{"target":"10.0.0.1:80"}`, "upstreams/" + upstream, []string{`resource "konnect_gateway_target"`, "upstreams:", "targets:"}},
		{"keyauth_credentials", "consumers/" + consumer + "/key-auth", `{"key":"s3cret-key"}`, "consumers/" + consumer, []string{`resource "konnect_gateway_key_auth"`, "var.", "consumers:", "(sensitive value)"}},
		{"basicauth_credentials", "consumers/" + consumer + "/basic-auth", `{"username":"alice","password":"s3cret-pw"}`, "consumers/" + consumer, []string{"basic_auth", "password"}},
		{"snis", "certificates/" + cert + "/snis", `{"name":"a.example"}`, "", []string{`resource "konnect_gateway_sni"`, "a.example"}},
		{"ca_certificates", "ca_certificates", `{"cert":` + certificate(t, "ca.crt") + `}`, "", []string{"konnect_gateway_ca_certificate", "BEGIN CERTIFICATE"}},
		{"vaults", "vaults", `{"name":"env","prefix":"my-env","config":{"prefix":"KONG_"}}`, "", []string{"konnect_gateway_vault", "my-env"}},
		{"partials", "partials", `{"name":"r","type":"redis-ce","config":{"host":"redis.example","password":"s3cret-pw"}}`, "", []string{"konnect_gateway_partial", "redis.example"}},
	} {
		id := w.make(t, w.in(tt.in), tt.body)
		got := html.UnescapeString(w.page(t, "/ui/planes/"+w.id+"/"+path.Join(tt.below, tt.typ, id)))
		for _, want := range tt.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: no %q in\n%s", tt.typ, want, got)
			}
		}
		if strings.Contains(got, "s3cret") || strings.Contains(got, "PRIVATE KEY") {
			t.Errorf("%s: a secret is shown:\n%s", tt.typ, got)
		}
	}
	if got := w.page(t, "/ui/planes/"+w.id+"/certificates/"+cert); strings.Contains(got, "PRIVATE KEY") || !strings.Contains(got, "BEGIN CERTIFICATE") {
		t.Errorf("the certificate:\n%s", got)
	}
	for at, status := range map[string]int{"/nothing/" + service: 404, "/services/none": 404, "/tokens/" + service: 404, "/control_planes/" + service: 404, "/services/" + consumer: 404} {
		if rec := w.ask(t, "GET", "/ui/planes/"+w.id+at, ""); rec.Code != status {
			t.Errorf("%s: %d", at, rec.Code)
		}
	}
}

// What belongs to an entity is a link away, and every link leads somewhere.
func TestEntity_belongings(t *testing.T) {
	t.Parallel()
	w := newWorld(t, access.Unguarded)
	service := w.make(t, w.in("services"), `{"name":"orders","host":"a"}`)
	w.make(t, w.in("services/"+service+"/routes"), `{"name":"list","paths":["/"]}`)
	w.make(t, w.in("services/"+service+"/plugins"), `{"name":"cors"}`)
	consumer := w.make(t, w.in("consumers"), `{"username":"alice"}`)
	w.make(t, w.in("consumers/"+consumer+"/key-auth"), `{"key":"s3cret-key"}`)
	w.make(t, w.in("consumers/"+consumer+"/acls"), `{"group":"gold"}`)
	group := w.make(t, w.in("consumer_groups"), `{"name":"members"}`)
	if rec := w.ask(t, "POST", w.in("consumer_groups/"+group+"/consumers"), `{"consumer":"`+consumer+`"}`, "Content-Type", "application/json"); rec.Code/100 != 2 {
		t.Fatal(rec.Body)
	}
	upstream := w.make(t, w.in("upstreams"), `{"name":"up"}`)
	w.make(t, w.in("upstreams/"+upstream+"/targets"), `{"target":"10.0.0.1:80"}`)
	links := regexp.MustCompile(`<li><a href="([^"]+)">([^<]+)</a></li>`)
	for at, want := range map[string][]string{
		"services/" + service: {"list", "cors"}, "consumers/" + consumer: {"members", "gold"}, "consumer_groups/" + group: {"alice"}, "upstreams/" + upstream: {"10.0.0.1:80"},
	} {
		got := w.page(t, "/ui/planes/"+w.id+"/"+at)
		var names []string
		for _, link := range links.FindAllStringSubmatch(got, -1) {
			names = append(names, link[2])
			if page := w.page(t, link[1]); strings.Contains(page, "s3cret") {
				t.Errorf("%s shows a secret", link[1])
			}
		}
		for _, name := range want {
			if !slices.Contains(names, name) {
				t.Errorf("%s: no %q among %q", at, name, names)
			}
		}
		if strings.Contains(got, "s3cret") {
			t.Errorf("%s shows a secret", at)
		}
	}
}
