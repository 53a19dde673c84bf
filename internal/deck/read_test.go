package deck

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// head begins every file of the tables below, so that their first line is 2.
const head = "_format_version: \"3.0\"\n"

// problemsOf imports a file as far as judging it.
func problemsOf(t testing.TB, target *Target, content string) []string {
	t.Helper()
	file, err := Read(entity.Types(), []byte(content), env)
	if err == nil {
		_, err = file.Plan(t.Context(), target, bundled())
	}
	if err == nil {
		return nil
	}
	problems, ok := errors.AsType[Problems](err)
	if !ok {
		t.Fatalf("%q: %v", content, err)
	}
	var all []string
	for _, p := range problems {
		all = append(all, p.String())
	}
	return all
}

func env(name string) (string, bool) {
	value, set := map[string]string{
		"DECK_HOST": "h.internal", "DECK_PORT": "8080", "DECK_ON": "true", "DECK_EMPTY": "", "HOME": "hidden", "DECK_SECRET": "hidden",
	}[name]
	return value, set
}

// TestRefused has every mistake reported at its line, all at once, and no
// value repeated that may be secret.
func TestRefused(t *testing.T) {
	t.Parallel()
	target := newTarget(t)
	importFile(t, target, head+`
services:
- {id: 3a3c2a9c-52e5-4a6b-8d6f-5d0b0a5a0009, name: there, host: h}
consumers:
- {id: 3a3c2a9c-52e5-4a6b-8d6f-5d0b0a5a0008, username: cid}
`)
	for _, tt := range []struct {
		name, content string
		want          []string
	}{
		{"a list", "- a\n", []string{"1: a configuration is a mapping that begins with _format_version, not a list"}},
		{"a text", "hidden\n", []string{"1: a configuration is a mapping that begins with _format_version, not a text"}},
		{"no version", "services: []\n", []string{`1: _format_version: is missing; write _format_version: "3.0"`}},
		{"another version", "_format_version: \"4.0\"\n", []string{"1: _format_version: must be one of 1.1, 2.1, 3.0"}},
		{"version is a list", "_format_version: [3.0]\n", []string{"1: _format_version: must be one of 1.1, 2.1, 3.0"}},
		{"workspace", head + "_workspace: w\n", []string{"2: _workspace: only gateways have workspaces; a control plane is all that the workspace default is, so remove it or write default"}},
		{"transform", head + "_transform: maybe\n", []string{"2: _transform: must be true or false, not a text"}},
		{"unknown collection", head + "servces: []\n", []string{`2: servces: unknown field; did you mean "services"?`}},
		{"unknown collection like nothing", head + "xyzzyplugh: []\n", []string{"2: xyzzyplugh: unknown field"}},
		{"services are no list", head + "services: {name: a}\n", []string{"2: services: must be a list, not a mapping"}},
		{"a service is no mapping", head + "services:\n- hidden\n- 5\n- null\n", []string{
			"3: services[0]: must be a mapping, not a text", "4: services[1]: must be a mapping, not a number", "5: services[2]: must be a mapping, not nothing",
		}},
		{"unknown field", head + "services:\n- host: h\n  prot: 80\n", []string{"4: services[0].prot: unknown field; did you mean \"port\"?"}},
		{"nested far", head + "services:\n- host: h\n  name: a\n  routes:\n  - paths: [/a]\n    plugins:\n    - name: rate-limiting\n      config:\n        minute: 1\n        redis:\n          port: 99999\n",
			[]string{"12: services[0].routes[0].plugins[0].config.redis.port: value should be between 0 and 65535"}},
		{"wrong types", head + "services:\n- host: h\n  port: \"80\"\n  retries: many\n  tags: a\n", []string{
			"4: services[0].port: expected an integer", "5: services[0].retries: expected an integer", "6: services[0].tags: expected a set",
		}},
		{"missing", head + "services:\n- name: a\n", []string{"3: services[0].host: required field missing"}},
		{"several places", head + "services:\n- name: a\n  host: h\n  port: -1\nroutes:\n- name: r\n  paths: [a]\n", []string{
			"5: services[0].port: value should be between 0 and 65535", "8: routes[0].paths[0]: should start with: / (fixed path) or ~/ (regex path)",
		}},
		{"element", head + "routes:\n- paths:\n  - /a\n  - b\n", []string{"5: routes[0].paths[1]: should start with: / (fixed path) or ~/ (regex path)"}},
		{"unknown plugin", head + "plugins:\n- name: no-such\n", []string{`3: plugins[0].name: the control plane has no plugin "no-such"; upload the schema of a custom plugin first`}},
		{"plugin without a name", head + "plugins:\n- config: {}\n", []string{"3: plugins[0].name: must be the name of a plugin"}},
		{"plugin field", head + "plugins:\n- name: rate-limiting\n  config:\n    minute: 1\n    polcy: local\n", []string{`6: plugins[0].config.polcy: unknown field; did you mean "policy"?`}},
		{"dangling name", head + "routes:\n- paths: [/a]\n  service: hidden\n", []string{"4: routes[0].service: neither the file nor the control plane has an entity of services with this id or name"}},
		{"dangling id", head + "routes:\n- paths: [/a]\n  service:\n    id: 3a3c2a9c-52e5-4a6b-8d6f-5d0b0a5a0001\n", []string{"5: routes[0].service: neither the file nor the control plane has an entity of services with this id or name"}},
		{"dangling certificate", head + "services:\n- host: h\n  protocol: https\n  ca_certificates:\n  - 3a3c2a9c-52e5-4a6b-8d6f-5d0b0a5a0001\n", []string{
			"6: services[0].ca_certificates[0]: neither the file nor the control plane has an entity of ca_certificates with this id or name",
		}},
		{"dangling group", head + "consumers:\n- username: a\n  groups:\n  - name: gold\n", []string{"5: consumers[0].groups[0]: neither the file nor the control plane has an entity of consumer_groups with this id or name"}},
		{"dangling member", head + "consumer_group_consumers:\n- {consumer: a, consumer_group: b}\n", []string{"3: consumer_group_consumers[0].consumer: neither the file nor the control plane has an entity of consumers with this id or name"}},
		{"dangling link", head + "plugins_partials:\n- {plugin: a, partial: b}\n", []string{"3: plugins_partials[0].plugin: there is no plugin of this id or instance_name in the file"}},
		{"reference is a number", head + "routes:\n- paths: [/a]\n  service: 5\n", []string{"4: routes[0].service: must be the id or name of an entity of services, not a number"}},
		{"reference without a name", head + "routes:\n- paths: [/a]\n  service: {}\n", []string{"4: routes[0].service: must have an id or a name"}},
		{"reference with more", head + "routes:\n- paths: [/a]\n  service: {name: there, host: h}\n", []string{"4: routes[0].service.host: unknown field; a reference has an id or a name"}},
		{"another parent", head + "services:\n- host: h\n  name: a\n  routes:\n  - paths: [/a]\n    service: there\n", []string{"7: services[0].routes[0].service: names another service than the one it stands below"}},
		{"target without upstream", head + "targets:\n- target: 10.0.0.1\n", []string{"3: targets[0].upstream: required field missing"}},
		{"credential without consumer", head + "keyauth_credentials:\n- key: hidden\n", []string{"3: keyauth_credentials[0].consumer: required field missing"}},
		{"member without group", head + "consumer_group_consumers:\n- consumer: cid\n", []string{"3: consumer_group_consumers[0].consumer_group: required field missing"}},
		{"name twice", head + "services:\n- {name: a, host: h}\n- {name: a, host: i}\n", []string{"4: services[1]: has the same name as services[0] in line 3"}},
		{"id twice", head + "services:\n- {id: 3a3c2a9c-52e5-4a6b-8d6f-5d0b0a5a0001, host: h}\n- {id: 3A3C2A9C-52E5-4A6B-8D6F-5D0B0A5A0001, host: i}\n", []string{"4: services[1]: has the same id as services[0] in line 3"}},
		{"key twice", head + "consumers:\n- username: a\n  keyauth_credentials:\n  - key: hidden\n- username: b\n  keyauth_credentials:\n  - key: hidden\n", []string{
			"8: consumers[1].keyauth_credentials[0]: has the same key as consumers[0].keyauth_credentials[0] in line 5",
		}},
		{"plugin twice", head + "plugins:\n- name: correlation-id\n- name: correlation-id\n", []string{"4: plugins[1]: has the same name, service, route, consumer, consumer_group as plugins[0] in line 3"}},
		{"target twice", head + "upstreams:\n- name: u\n  targets:\n  - target: a\n  - target: a:8000\n", []string{"6: upstreams[0].targets[1]: has the same upstream, target as upstreams[0].targets[0] in line 5"}},
		{"member twice", head + "consumers:\n- username: a\n  groups: [g, g]\nconsumer_groups:\n- name: g\n", []string{"4: consumers[0].groups[1]: says so a second time"}},
		{"name of another id", head + "services:\n- {id: 3a3c2a9c-52e5-4a6b-8d6f-5d0b0a5a0001, name: there, host: h}\n", []string{
			"3: services[0]: the control plane has another service with the same name, of the id 3a3c2a9c-52e5-4a6b-8d6f-5d0b0a5a0009",
		}},
		{"id that is none", head + "services:\n- {id: hidden, host: h}\n", []string{"3: services[0].id: expected a valid UUID"}},
		{"info", head + "_info: [a]\n", []string{"2: _info: must be a mapping, not a list"}},
		{"info unknown", head + "_info: {selct_tags: [a]}\n", []string{`2: _info.selct_tags: unknown field; did you mean "select_tags"?`}},
		{"info truth", head + "_info:\n  skip_hash_for_basic_auth: hidden\n  include_plugin_definitions: [true]\n", []string{
			"3: _info.skip_hash_for_basic_auth: must be true or false, not a text", "4: _info.include_plugin_definitions: must be true or false, not a list",
		}},
		{"lookup", head + "_info:\n  default_lookup_tags: [a]\n", []string{"3: _info.default_lookup_tags: must be a mapping, not a list"}},
		{"lookup type", head + "_info:\n  default_lookup_tags: {vaults: [a]}\n", []string{
			"3: _info.default_lookup_tags.vaults: only consumer_groups, consumers, partials, routes and services can be looked up by tags",
		}},
		{"lookup tag", head + "_info:\n  default_lookup_tags: {services: [1]}\n", []string{"3: _info.default_lookup_tags.services[0]: must be a text, not a number"}},
		{"looked up without the tag", head + "_info: {default_lookup_tags: {services: [x, y]}}\nroutes:\n- {paths: [/a], service: there}\n", []string{
			"4: routes[0].service: the file has none of services with this id or name, and that of the control plane lacks a tag of default_lookup_tags: x, y",
		}},
		{"policy override", head + "_info: {consumer_group_policy_overrides: true}\nconsumer_groups:\n- name: g\n  plugins:\n  - name: rate-limiting-advanced\n    config: {limit: [1], window_size: [1]}\n", []string{
			"6: consumer_groups[0].plugins[0]: with consumer_group_policy_overrides this is a policy override, which only gateways have; a control plane has plugins of groups: remove that option, and write all of the plugin's config",
		}},
		{"RBAC", head + "rbac_roles:\n- name: hidden\n", []string{"2: rbac_roles: control planes have none, only gateways do: Konnect has teams and roles, and serve has tokens with limits"}},
		{"OAuth", head + "consumers:\n- username: a\n  oauth2_credentials:\n  - {name: n, client_id: i, client_secret: hidden}\n", []string{
			"4: consumers[0].oauth2_credentials: control planes have none, only gateways do: use openid-connect with an identity provider, or jwt_secrets",
		}},
		{"filter chains", head + "services:\n- name: a\n  host: h\n  filter_chains: []\nfilter_chains: []\n", []string{
			"5: services[0].filter_chains: control planes have none, only gateways do: control planes run no WebAssembly filters; use plugins",
			"6: filter_chains: control planes have none, only gateways do: control planes run no WebAssembly filters; use plugins",
		}},
		{"expression and paths", head + "routes:\n- {name: e, expression: 'http.path == \"/\"', paths: [/a]}\n", []string{"3: routes[0].paths: unknown field"}},
		{"custom plugin of another name", head + "custom_plugins:\n- name: a\n  handler: return {}\n  schema: 'return { name = \"b\", fields = { { config = { type = \"record\", fields = {} } } } }'\nplugins:\n- name: a\n", []string{
			`5: custom_plugins[0].schema: the Lua text names the plugin "b", which must be the same as name`,
		}},
		{"custom plugin without a schema", head + "custom_plugins:\n- name: a\n  handler: return {}\n", []string{"3: custom_plugins[0].schema: required field missing"}},
		{"custom entity", head + "custom_entities:\n- hidden\n- {type: hidden}\n- {type: degraphql_routes, fields: [], x: y}\n- type: degraphql_routes\n  fields:\n    service: there\n    query: hidden\n", []string{
			"3: custom_entities[0]: must be a mapping, not a text", "4: custom_entities[1].type: must be degraphql_routes or graphql_ratelimiting_cost_decorations",
			"5: custom_entities[2].fields: must be a mapping, not a list", "5: custom_entities[2].x: unknown field; those of the entity stand below fields",
		}},
		{"custom entity's fields", head + "custom_entities:\n- type: degraphql_routes\n  fields:\n    service: there\n    query: hidden\n    methods: [get]\n", []string{
			"3: custom_entities[0].fields.uri: required field missing", "7: custom_entities[0].fields.methods[0]: invalid value: get",
		}},
		{"clone of what cannot be cloned", head + "cloned_plugins:\n- {name: c, ref: cors}\nplugins:\n- name: c\n", nil},
		{"clone's config", head + "cloned_plugins:\n- {name: c, ref: acl}\nplugins:\n- name: c\n  config: {allow: 5}\n", []string{"6: plugins[0].config.allow: expected an array"}},
		{"konnect", head + "_konnect: {control_plane_name: [a]}\n", []string{"2: _konnect.control_plane_name: must be a text, not a list"}},
		{"no placeholder", head + "services:\n- host: ${{ DECK_HOST }}\n", []string{`3: services[0].host: a placeholder must have the form ${{ env "DECK_NAME" }}`}},
		{"unset within a text", head + "services:\n- name: a\n  host: \"x${{ env \"DECK_NONE\" }}${{ env \"DECK_SECRET\" }}\"\n", []string{"4: services[0].host: the environment variable DECK_NONE is not set"}},
		{"select tags", head + "_info:\n  select_tags: [a, 1]\n", []string{"3: _info.select_tags[1]: must be a text, not a number"}},
		{"defaults of plugins", head + "_info:\n  defaults:\n    plugin: {}\n", []string{"4: _info.defaults.plugin: only route, service, target and upstream can have defaults"}},
		{"bad defaults", head + "_info:\n  defaults:\n    service: {port: -1}\nservices:\n- host: h\n", []string{"6: services[0].port: value should be between 0 and 65535"}},
		{"plugin config", head + "plugins:\n- name: correlation-id\n  _config: none\n", []string{"4: plugins[0]._config: _plugin_configs has no such configuration"}},
		{"certificate", head + "certificates:\n- cert: hidden\n  key: hidden\n", []string{
			"3: certificates[0].cert: invalid certificate: neither PEM nor DER", "4: certificates[0].key: invalid key: not a key of this kind in PEM form",
		}},
		{"vault", head + "vaults:\n- {name: nope, prefix: p}\n", nil},
		{"unset variable", head + "services:\n- host: ${{ env \"DECK_NONE\" }}\n", []string{"3: services[0].host: the environment variable DECK_NONE is not set"}},
		{"other variable", head + "services:\n- host: ${{ env \"HOME\" }}\n", []string{`3: services[0].host: only variables whose names begin with DECK_ can be asked for, not "HOME"`}},
		{"no number", head + "services:\n- host: h\n  port: ${{ env \"DECK_SECRET\" | toInt }}\n", []string{"4: services[0].port: the variable's value does not suit toInt"}},
		{"unknown function", head + "services:\n- host: h\n  port: ${{ env \"DECK_PORT\" | toHex }}\n", []string{"4: services[0].port: the function toHex is not known; indent, toInt, toFloat and toBool are"}},
		{"a number for a host", head + "services:\n- host: ${{ env \"DECK_PORT\" }}\n", []string{"3: services[0].host: expected a string"}},
		{"partial without a config", head + "partials:\n- {name: p, type: redis-ee, config: {host: 5}}\n", []string{"3: partials[0].config.host: expected a string"}},
		{"partial that does not fit", head + "partials:\n- {name: p, type: redis-ee, config: {}}\nplugins:\n- name: correlation-id\n  partials: [{name: p}]\n", []string{
			"5: plugins[0].partials[0]: a path is needed, or the plugin takes no such partial",
		}},
	} {
		got := problemsOf(t, target, tt.content)
		if tt.want == nil {
			if len(got) == 0 {
				t.Errorf("%s: accepted", tt.name)
			}
			continue
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
		if strings.Contains(fmt.Sprint(got), "hidden") {
			t.Errorf("%s: a value is repeated: %q", tt.name, got)
		}
	}
	if n := len(must2(target.state(t.Context(), entity.Types().Gateway(), bundled())).docs["services"]); n != 1 {
		t.Errorf("judging has written: %d services", n)
	}
}

func must2[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// TestForms has the same configuration written in many ways.
func TestForms(t *testing.T) {
	t.Parallel()
	const want = `_format_version: "3.0"
consumer_groups:
- name: gold
consumers:
- groups:
  - name: gold
  keyauth_credentials:
  - key: k
  username: ann
services:
- connect_timeout: 60000
  enabled: true
  host: h.internal
  name: a
  port: 8080
  protocol: http
  read_timeout: 60000
  retries: 5
  routes:
  - https_redirect_status_code: 426
    name: r
    path_handling: v0
    paths:
    - /r
    preserve_host: false
    protocols:
    - http
    - https
    regex_priority: 0
    request_buffering: true
    response_buffering: true
    strip_path: true
  write_timeout: 60000
`
	for name, content := range map[string]string{
		"nested": head + `
services:
- {name: a, host: h.internal, port: 8080, routes: [{name: r, paths: [/r]}]}
consumer_groups: [{name: gold}]
consumers: [{username: ann, groups: [{name: gold}], keyauth_credentials: [{key: k}]}]`,
		"flat": `
_format_version: "1.1"
_transform: true
_comment: anything
_ignore: [{any: thing}]
keyauth_credentials: [{key: k, consumer: ann}]
consumer_group_consumers: [{consumer: ann, consumer_group: gold}]
routes: [{name: r, paths: [/r], service: a, _comment: c, _ignore: [1]}]
services: [{name: a, host: h.internal, port: 8080}]
consumers: [{username: ann, custom_id: null}]
consumer_groups: [{name: gold}]`,
		"by id": head + `
keyauth_credentials: [{key: k, consumer: {username: ann}}]
routes: [{name: r, paths: [/r], service: {id: 3a3c2a9c-52e5-4a6b-8d6f-5d0b0a5a0001}}]
services: [{id: 3A3C2A9C-52E5-4a6b-8d6f-5d0b0a5a0001, name: a, host: h.internal, port: 8080, created_at: 5, updated_at: 6}]
consumers: [{username: ann}]
consumer_groups: [{name: gold, consumers: [{username: ann}]}]`,
		"variables": head + `
services:
- name: a
  host: ${{ env "DECK_HOST" }}
  port: ${{ env "DECK_PORT" }}
  enabled: "${{ env 'DECK_ON' | toBool }}"
  routes: [{name: r, paths: ["/${{ env \"DECK_EMPTY\" }}r"]}]
consumer_groups: [{name: gold}]
consumers: [{username: ann, groups: [gold], keyauth_credentials: [{key: k}]}]`,
		"anchors and defaults": head + `
_info:
  defaults: {service: {port: 8080}, route: null}
services:
- &a {name: a, host: h.internal, routes: [{name: r, paths: [/r]}]}
consumer_groups: [{name: gold}]
consumers: [{username: ann, groups: [gold], keyauth_credentials: [{key: k}]}]`,
		"JSON": `{"_format_version": "2.1", "services": [{"name": "a", "host": "h.internal", "port": 8080,
	"routes": [{"name": "r", "paths": ["/r"]}]}], "consumer_groups": [{"name": "gold"}],
	"consumers": [{"username": "ann", "groups": [{"name": "gold"}], "keyauth_credentials": [{"key": "k"}]}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			target := newTarget(t)
			file, err := Read(entity.Types(), []byte(content), env)
			if err != nil {
				t.Fatal(err)
			}
			plan := must2(file.Plan(t.Context(), target, bundled()))
			if err := plan.Apply(t.Context()); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, must(export(t, target, ExportOptions{}))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestRead_deck reads a file in the form in which decK writes Konnect's control
// planes, and has every option of _info do its work.
func TestRead_deck(t *testing.T) {
	t.Parallel()
	target := newTarget(t)
	importFile(t, target, head+"services:\n- {name: platform, host: h, tags: [platform]}\n")
	file := must2(Read(entity.Types(), []byte(sample(t, "konnect.yaml")), env))
	if file.ControlPlane != "demo" || !file.Hashed || !file.Definitions {
		t.Errorf("got %q, %+v", file.ControlPlane, file.Info)
	}
	plan := must2(file.Plan(t.Context(), target, bundled()))
	if err := plan.Apply(t.Context()); err != nil {
		t.Fatal(err)
	}
	text, _ := export(t, target, ExportOptions{SelectTags: []string{"team"}, Hashes: true})
	for _, part := range []string{
		"expression: \"http.path == \\\"/x\\\"\"\n", "priority: 7\n", "name: greeter\n", "greeting: \"hello, h.internal!\"\n", "retries: 2\n", "name: platform\n",
		"port: 8080\n", "  - name: gold\n", "password: \"4a4b2f4c6a9f6d8e1c0d7c3a5b2e9f8d7c6b5a40\"\n", "ref: acl\n", "name: second-acl\n", "type: degraphql_routes\n",
		"    type_path: Query.posts\n  id:", "include_plugin_definitions: true\n", "skip_hash_for_basic_auth: true\n",
	} {
		if !strings.Contains(text, part) {
			t.Errorf("no %q in\n%s", part, text)
		}
	}
	if n := must2(must2(Read(entity.Types(), []byte(sample(t, "konnect.yaml")), env)).Plan(t.Context(), target, bundled())).Count(); n[Create]+n[Update] > 0 {
		t.Errorf("nothing has changed, yet: %v", n)
	}
}

// TestPlaceholders fills in variables wherever decK does, which is before it
// reads YAML, and takes nothing that they hold for YAML.
func TestPlaceholders(t *testing.T) {
	t.Parallel()
	env := func(name string) (string, bool) {
		value, set := map[string]string{"DECK_A": "a", "DECK_ON": "true", "DECK_N": "7", "DECK_ODD": "x\": [y\n  z", "DECK_KEY": "k"}[name]
		return value, set
	}
	for content, want := range map[string]any{
		`v: ${{ env "DECK_A" }}`:                               "a",
		`v: "${{ env "DECK_A" }}"`:                             "a",
		`v: '${{ env "DECK_A" }}'`:                             "a",
		`v: '${{ env 'DECK_A' }}'`:                             "a",
		`v: "${{ env \"DECK_A\" }}"`:                           "a",
		`v: "x-${{env "DECK_A"}}-${{  env "DECK_N"  }}"`:       "x-a-7",
		`v: x-${{ env "DECK_A" }}`:                             "x-a",
		`v: ${{ env "DECK_N" }}`:                               json.Number("7"),
		`v: "${{ env "DECK_N" }}"`:                             "7",
		`v: "${{ env "DECK_N" | toInt }}"`:                     json.Number("7"),
		`v: ${{ env "DECK_ON" | toBool }}`:                     true,
		`v: ${{ env "DECK_ODD" }}`:                             "x\": [y\n  z",
		`v: "${{ env "DECK_ODD" }}"`:                           "x\": [y\n  z",
		"v: |\n  ${{ env \"DECK_ODD\" | indent 2 }}\n  more\n": "x\": [y\n  z\nmore\n",
		`v: [ "${{ env "DECK_A" }}" ]`:                         []any{"a"},
		`v: { ${{ env "DECK_KEY" }}: ${{ env "DECK_A" }} }`:    map[string]any{"k": "a"},
		`{"v": "${{ env \"DECK_A\" }}"}`:                       "a",
		`{"v": "${{ env "DECK_A" }}"}`:                         "a",
		"v: \uf8fe0\uf8ff ${{ env \"DECK_A\" }}":               "\uf8fe0\uf8ff a",
	} {
		text := newPlaceholders([]byte(content))
		root, err := parse(text.marked)
		if err != nil {
			t.Errorf("%s: %v", content, err)
			continue
		}
		r := &reader{file: &File{}}
		r.fill(root, text, env)
		if diff := cmp.Diff(want, root.get("v").value()); diff != "" || len(r.file.problems) > 0 {
			t.Errorf("%s: %v%s", content, r.file.problems, diff)
		}
	}
}

// TestImport_intoPart lets a file refer to what only the control plane has.
func TestImport_intoPart(t *testing.T) {
	t.Parallel()
	target := newTarget(t)
	importFile(t, target, head+"services:\n- {name: a, host: h}\nconsumer_groups:\n- name: gold\n")
	plan := importFile(t, target, head+`
_info: {select_tags: [mine]}
routes:
- {name: r, paths: [/r], service: a}
consumers:
- {username: ann, groups: [gold]}
services:
- {name: b, host: h, tags: [mine, own]}
`)
	if n := plan.Count(); n[Create] != 4 {
		t.Errorf("got %v", n)
	}
	text, _ := export(t, target, ExportOptions{SelectTags: []string{"mine"}})
	for _, part := range []string{"routes:\n- https_redirect", "service:\n    name: a\n", "groups:\n  - name: gold\n", "tags:\n  - mine\n  - own\n"} {
		if !strings.Contains(text, part) {
			t.Errorf("no %q in\n%s", part, text)
		}
	}
}

// TestApply_refused says at which line the control plane refused, and what was
// done by then.
func TestApply_refused(t *testing.T) {
	t.Parallel()
	target := newTarget(t)
	file := must2(Read(entity.Types(), []byte(head+"services:\n- {name: a, host: h}\nroutes:\n- {name: r, paths: [/r], service: a}\n"), os.LookupEnv))
	plan := must2(file.Plan(t.Context(), target, bundled()))
	importFile(t, target, head+"services:\n- {name: b, host: h}\nroutes:\n- {name: r, paths: [/x]}\n") // meanwhile
	err := plan.Apply(t.Context())
	if !errors.Is(err, client.ErrConflict) || !strings.HasPrefix(err.Error(), "line 5: routes[0]: ") || !strings.HasSuffix(err.Error(), "(1 of 2 changes were made before)") {
		t.Errorf("got %v", err)
	}
}

// FuzzRead reads anything: it ends in time, and problems have lines.
func FuzzRead(f *testing.F) {
	f.Add(head + "services:\n- {name: a, host: h}\n")
	f.Add(sample(f, "shop.yaml"))
	f.Add(`{"_format_version": "1.1", "routes": [{"paths": ["/a"]}]}`)
	f.Add("a: &x [1, *x]\n<<: {b: *x}\n")
	f.Add(head + "services: [{host: '${{ env \"DECK_HOST\" }}'}]\n")
	f.Fuzz(func(t *testing.T, content string) {
		_, err := Read(entity.Types(), []byte(content), env)
		problems, ok := errors.AsType[Problems](err)
		if err != nil && (!ok || len(problems) == 0) {
			t.Errorf("got %T: %v", err, err)
		}
		for _, p := range problems {
			if lines := strings.Count(content, "\n") + strings.Count(content, "\r") + 1; p.Line < 0 || p.Line > lines || p.Message == "" {
				t.Errorf("%v in a file of %d lines", p, lines)
			}
		}
	})
}
