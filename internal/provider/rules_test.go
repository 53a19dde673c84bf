package provider_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// says insists on what diagnostics say, each wanted text in one of them.
func says(t *testing.T, diags []*tfprotov6.Diagnostic, want ...string) {
	t.Helper()
	got := acctest.Text(diags)
	if len(diags) != len(want) {
		t.Errorf("%d diagnostics, want %d:\n%s", len(diags), len(want), got)
	}
	for _, w := range want {
		if !strings.Contains(got, w) {
			t.Errorf("nothing says %q:\n%s", w, got)
		}
	}
}

// What the configuration alone tells is told without a control plane.
func TestRules_validate(t *testing.T) {
	t.Parallel()
	p := acctest.Offline(t)
	of := func(name string, more object) object {
		more["name"] = name
		if more["config"] == nil {
			more["config"] = object{}
		}
		return in(more)
	}
	acl := object{"allow": list("a")}
	for name, c := range map[string]struct {
		config object
		want   []string
	}{
		"not in Konnect":       {of("key-auth-enc", object{}), []string{`ERROR [name] Invalid gateway plugin: name: the plugin "key-auth-enc" is not available in Konnect. Use key-auth.`}},
		"nor this one":         {of("oauth2", object{"config": object{"scopes": list("a"), "enable_client_credentials": true}}), []string{"ERROR [name]"}},
		"no more":              {of("application-registration", object{}), []string{`ERROR [name] Invalid gateway plugin: name: the plugin "application-registration" is not available in Konnect. Konnect registers`}},
		"cluster":              {limited(object{"minute": 5, "policy": "cluster"}), []string{`ERROR [config.policy] Invalid gateway plugin: config.policy: "cluster" is not supported in Konnect`}},
		"cluster by default":   {of("graphql-rate-limiting-advanced", object{"config": object{"limit": list(5), "window_size": list(60), "sync_rate": 1}}), []string{`ERROR [config] Invalid gateway plugin: config.strategy: left out, it is "cluster"`}},
		"cluster in JSON":      {limited(`{"minute": 5, "policy": "cluster"}`), []string{`ERROR [config] Invalid gateway plugin: config.policy: "cluster" is not`}},
		"left out":             {limited(object{"minute": 5}), []string{`WARNING [config] Questionable gateway plugin: config.policy: left out, it is "local"`}},
		"redis of nowhere":     {of("rate-limiting-advanced", object{"config": object{"limit": list(5), "window_size": list(60), "strategy": "redis"}}), []string{`ERROR [config] Invalid gateway plugin: config.redis.host: config.strategy is "redis", and nothing says on which host`}},
		"redis without host":   {limited(object{"minute": 5, "policy": "redis"}), []string{`ERROR [config] Invalid gateway plugin: config.redis.host: required field missing`}},
		"consumer":             {of("acl", object{"config": acl, "consumer": object{"id": acctest.SomeID}}), []string{`ERROR [consumer] Invalid gateway plugin: consumer: the plugin "acl" cannot be limited to a consumer. It takes a service or a route`}},
		"an unknown consumer":  {of("acl", object{"config": acl, "consumer": object{"id": acctest.Unknown}}), []string{`ERROR [consumer]`}},
		"group":                {of("acl", object{"config": acl, "consumer_group": object{"id": acctest.SomeID}}), []string{`ERROR [consumer_group]`}},
		"protocols":            {of("key-auth", object{"protocols": list("http", "tcp")}), []string{`ERROR [protocols[1]] Invalid gateway plugin: protocols[1]: the plugin "key-auth" does not handle the protocol "tcp". It takes "grpc"`}},
		"ordering":             {of("key-auth", object{"ordering": object{"before": object{"access": list("key-auth", "acl")}, "after": object{"access": list("acl")}}}), []string{"WARNING [ordering] Questionable gateway plugin: ordering.before.access[0]: the plugin \"key-auth\" cannot run before or after itself", "WARNING [ordering] Questionable gateway plugin: ordering.after.access[0]: the plugin cannot run both"}},
		"ordering of a log":    {of("file-log", object{"config": object{"path": "/a"}, "ordering": object{"before": object{"access": list("statsd")}}}), []string{`ordering.before.access[0]: the plugin "statsd" has no part`, `WARNING [ordering] Questionable gateway plugin: ordering: the plugin "file-log" has no part in the access phase`}},
		"maybe a custom one":   {of("key-auth", object{"ordering": object{"before": object{"access": list("acll")}}}), nil},
		"by Konnect itself":    {of("konnect-application-auth", object{"config": object{"scope": "a"}}), nil}, // it may be imported
		"on some kinds":        {of("prometheus", object{}), nil},
		"unknown policy":       {limited(object{"minute": 5, "policy": acctest.Unknown}), nil},
		"several at once":      {of("acl", object{"config": acl, "consumer": object{"id": acctest.SomeID}, "protocols": list("udp")}), []string{"ERROR [consumer]", "ERROR [protocols[0]]"}},
		"twice, but validated": {limited(object{"minute": 5, "policy": "local"}), nil}, // terraform validate sees blocks
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, resource := range []string{plugin, custom} {
				says(t, p.Validate(t, resource, c.config), c.want...)
			}
		})
	}
}

// The plan reports what depends on the kind of control plane, and asks the
// control plane once.
func TestRules_deployment(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	serverless := w.MakePlane(t, object{"cluster_type": "CLUSTER_TYPE_SERVERLESS"})
	cloud := w.MakePlane(t, object{"cloud_gateway": true})
	shared := object{"minute": 5, "policy": "redis", "redis": object{"host": "a", "ssl_verify": true}}
	for name, c := range map[string]struct {
		plane  any
		plugin string
		config any
		want   []string
	}{
		"not serverless":      {serverless, "prometheus", object{}, []string{`ERROR [name] Invalid gateway plugin: name: the plugin "prometheus" is not available in Konnect on serverless control planes`}},
		"not dedicated cloud": {cloud, "file-log", object{"path": "/dev/stdout"}, []string{`ERROR [name] Invalid gateway plugin: name: the plugin "file-log" is not available in Konnect on dedicated cloud`}},
		"redis on serverless": {serverless, "rate-limiting", shared, []string{`ERROR [config.policy] Invalid gateway plugin: config.policy: "redis" is not supported in Konnect on serverless control planes. Allowed there: "local".`}},
		"Konnect's own":       {w.ID, "konnect-application-auth", object{"scope": "a"}, []string{`ERROR [name] Invalid gateway plugin: name: the plugin "konnect-application-auth" is placed by Konnect itself`}},
		"hybrid":              {w.ID, "prometheus", object{}, nil},
		"redis in the cloud":  {cloud, "rate-limiting", shared, nil},
		"unknown plane":       {acctest.Unknown, "prometheus", object{}, nil},
		"missing plane":       {acctest.SomeID, "prometheus", object{}, []string{"ERROR [control_plane_id] Nothing with this ID: control_plane_id: there is no control plane with the ID " + acctest.SomeID}},
		"the docs do not say": {serverless, "jwt-signer", object{"access_token_keyset": "http://a.example", "channel_token_keyset": "http://a.example"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := object{"control_plane_id": c.plane, "name": c.plugin, "config": c.config}
			resp, _ := w.p.Plan(t, plugin, config, tftypes.Value{})
			says(t, resp.Diagnostics, c.want...)
		})
	}
	// Validate warns, in a plan too.
	mistyped := w.in(object{"name": "key-auth", "config": object{}, "ordering": object{"before": object{"access": list("acll")}}})
	says(t, w.p.Validate(t, plugin, mistyped), `WARNING [ordering] Questionable gateway plugin: ordering.before.access[0]: there is no plugin "acll". Did you mean "acl"?`)
	w.settled(t, plugin, mistyped, w.create(t, plugin, mistyped))
	t.Cleanup(func() {
		asked := map[string]int{}
		for _, r := range w.Requests() {
			asked[r]++
		}
		for _, id := range []string{serverless, cloud} {
			if n := asked["GET /v2/control-planes/"+id]; n != 1 {
				t.Errorf("control plane %s was asked for %d times", id, n)
			}
		}
	})
}

// A plan warns of what the oldest data planes lack.
func TestRules_minimumVersion(t *testing.T) {
	t.Parallel()
	cp := acctest.New(t)
	p := cp.Protocol(t)
	for _, wrong := range []string{"3", "latest", "3.10.1", "v3.10", "03.1", " ", "3.x"} {
		says(t, p.ValidateProvider(t, object{"minimum_data_plane_version": wrong}), "ERROR [minimum_data_plane_version] Invalid minimum_data_plane_version: minimum_data_plane_version: ")
	}
	says(t, p.ValidateProvider(t, object{"minimum_data_plane_version": acctest.Unknown}))
	says(t, p.Configure(t, object{"embedded": object{"path": "a"}, "minimum_data_plane_version": "3"}), "ERROR [minimum_data_plane_version]")
	says(t, p.Configure(t, object{"embedded": object{"path": "a"}, "minimum_data_plane_version": "3.12"}))
	says(t, p.Validate(t, plugin, in(object{"name": "ace", "config": object{"match_policy": "required"}}))) // by Konnect's own table
	says(t, p.Validate(t, plugin, in(object{"name": "ai-lakera-guard", "config": object{"api_key": "a"}})),
		`WARNING [name] Questionable gateway plugin: name: the plugin "ai-lakera-guard" is there from version 3.13 on; the data planes may be of version 3.12.`)
	says(t, p.Validate(t, plugin, in(object{"name": "ai-prompt-decorator", "config": object{"prompts": object{"append": list(object{"role": "user", "content": "a"})}, "llm_format": "anthropic"}})),
		`WARNING [config.llm_format] Questionable gateway plugin: config.llm_format: the value "anthropic" is there from version 3.13 on`)
	made := cp.Make(t, entity.ControlPlane, nil, object{"name": "made"})
	resp, _ := p.Plan(t, plugin, object{"control_plane_id": made["id"], "name": "ai-lakera-guard", "config": object{"api_key": "a"}}, tftypes.Value{})
	says(t, resp.Diagnostics) // warnings are validation's
}

// Two resources for one place are found where each instance is validated once.
func TestDuplicate(t *testing.T) {
	t.Parallel()
	acl := func(more object) object {
		out := object{"control_plane_id": acctest.SomeID, "name": "acl", "config": object{"allow": list("a")}}
		for k, v := range more {
			out[k] = v
		}
		return out
	}
	onRoute := acl(object{"route": object{"id": anotherID}})
	key := func(more object) object {
		out := acl(more)
		out["name"], out["config"] = "key-auth", object{}
		return out
	}
	for name, c := range map[string]struct {
		one, two object
		want     []string
	}{
		"global": {acl(nil), acl(nil), []string{`ERROR [name] Duplicate gateway plugin: Two resources of this configuration are the plugin "acl" without a scope (global) in control plane ` + acctest.SomeID +
			`: this konnect_gateway_plugin with name = "acl", and a konnect_gateway_custom_plugin with name = "acl". A control plane takes one.`}},
		"on a route": {onRoute, onRoute, []string{`ERROR [route] Duplicate gateway plugin: Two resources of this configuration are the plugin "acl" for route ` + anotherID}},
		"other settings": {acl(object{"tags": list("a"), "instance_name": "one"}), acl(object{"config": object{"deny": list("b")}, "instance_name": "two"}),
			[]string{`this konnect_gateway_plugin with instance_name = "two", and a konnect_gateway_custom_plugin with instance_name = "one"`}},
		"one instance name": {acl(object{"instance_name": "one"}), key(object{"instance_name": "one"}), []string{`ERROR [instance_name] Duplicate gateway plugin: Two resources of this configuration are the gateway plugin with instance_name "one"`}},
		"both":              {acl(object{"instance_name": "one"}), acl(object{"instance_name": "one"}), []string{"[name]", "[instance_name]"}},
		"ids in another case": {onRoute, acl(object{"control_plane_id": strings.ToUpper(acctest.SomeID), "route": object{"id": strings.ToUpper(anotherID)}}),
			[]string{`ERROR [route] Duplicate gateway plugin: Two resources of this configuration are the plugin "acl" for route ` + strings.ToUpper(anotherID)}},
		"another scope":         {acl(nil), onRoute, nil},
		"another plugin":        {acl(nil), key(nil), nil},
		"another control plane": {acl(nil), acl(object{"control_plane_id": anotherID}), nil},
		"unknown route":         {acl(object{"route": object{"id": acctest.Unknown}}), acl(object{"route": object{"id": acctest.Unknown}}), nil},
		"unknown control plane": {acl(object{"control_plane_id": acctest.Unknown}), acl(object{"control_plane_id": acctest.Unknown}), nil},
		"unknown service":       {acl(object{"service": acctest.Unknown}), acl(object{"service": acctest.Unknown}), nil},
		"unknown name":          {acl(object{"instance_name": acctest.Unknown}), key(object{"instance_name": acctest.Unknown}), nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := acctest.New(t).Protocol(t)
			says(t, p.Validate(t, custom, c.one))
			says(t, p.Validate(t, plugin, c.two), c.want...)
		})
	}
}

// Nothing is counted across walks: not by terraform validate, which comes
// before the provider is configured again.
func TestDuplicate_walks(t *testing.T) {
	t.Parallel()
	p := acctest.New(t).Protocol(t)
	config := limited(object{"minute": 5, "policy": "local"})
	says(t, p.Validate(t, plugin, config))
	says(t, p.Validate(t, plugin, config), "Duplicate gateway plugin")
	says(t, p.ValidateProvider(t, object{}))
	says(t, p.Validate(t, plugin, config))
	for range 2 {
		says(t, p.Configure(t, object{"embedded": object{"path": "a"}}))
		says(t, p.Validate(t, plugin, config))
	}
	if _, err := p.Server.GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{}); err != nil {
		t.Fatal(err)
	}
	says(t, p.Validate(t, plugin, config))
}

// Whatever is unique is counted, not plugins alone.
func TestDuplicate_others(t *testing.T) {
	t.Parallel()
	p := acctest.New(t).Protocol(t)
	says(t, p.Validate(t, service, in(object{"name": "a", "host": "a.example"})))
	says(t, p.Validate(t, service, in(object{"host": "a.example"})))
	says(t, p.Validate(t, service, in(object{"host": "a.example"})))
	says(t, p.Validate(t, route, in(object{"name": "a", "paths": list("/a")})))
	says(t, p.Validate(t, service, in(object{"name": "a", "host": "b.example"})),
		`ERROR [name] Duplicate gateway service: Two resources of this configuration are the gateway service with name "a" in control plane `+acctest.SomeID)
}

// terraform test has one provider for all walks of all runs: an object comes again in
// each of them.
func TestDuplicate_manyWalks(t *testing.T) {
	t.Parallel()
	p := acctest.New(t).Protocol(t)
	for range 2 {
		says(t, p.ConfigureForMany(t, object{"embedded": object{"path": "konnect.db"}}))
		for range 3 {
			says(t, p.Validate(t, service, in(object{"name": "a", "host": "a.example"})))
		}
	}
	says(t, p.Configure(t, object{"embedded": object{"path": "konnect.db"}}))
	says(t, p.Validate(t, service, in(object{"name": "a", "host": "a.example"})))
	says(t, p.Validate(t, service, in(object{"name": "a", "host": "a.example"})), "Duplicate gateway service")
}

// What is addressed by a name has it once in its place, and another place may
// have it, too.
func TestDuplicate_addresses(t *testing.T) {
	t.Parallel()
	p := acctest.New(t).Protocol(t)
	const secret = "konnect_gateway_config_store_secret"
	of := func(store string) object { return in(object{"config_store_id": store, "key": "token", "value": "v"}) }
	says(t, p.Validate(t, secret, of(acctest.SomeID)))
	says(t, p.Validate(t, secret, of(anotherID)))
	says(t, p.Validate(t, secret, of(anotherID)),
		`ERROR [key] Duplicate config store secret: Two resources of this configuration are the config store secret with key "token" in control plane `+acctest.SomeID)
	says(t, p.Validate(t, upload, in(object{"lua_schema": lua("mine", "")})))
	says(t, p.Validate(t, upload, in(object{"lua_schema": lua("yours", "")})))
	says(t, p.Validate(t, upload, in(object{"lua_schema": lua("mine", "{ more = { type = \"string\" } },")})),
		`Duplicate custom plugin schema: Two resources of this configuration are the custom plugin schema with name "mine"`)
}

// A value that the control plane is to make is no duplicate of another such, and
// one that is kept secret is not repeated.
func TestDuplicate_secret(t *testing.T) {
	t.Parallel()
	p := acctest.New(t).Protocol(t)
	const key = "konnect_gateway_key_auth"
	of := func(more object) object {
		out := object{"control_plane_id": acctest.SomeID, "consumer_id": anotherID}
		for k, v := range more {
			out[k] = v
		}
		return out
	}
	says(t, p.Validate(t, key, of(nil)))
	says(t, p.Validate(t, key, of(nil)))
	says(t, p.Validate(t, key, of(object{"key": "very secret"})))
	diags := p.Validate(t, key, of(object{"key": "very secret"}))
	says(t, diags, "ERROR [key] Duplicate key-auth credential: Two resources of this configuration are the key-auth credential with the same key in control plane")
	if text := acctest.Text(diags); strings.Contains(text, "very secret") {
		t.Error(text)
	}
}

// A plan warns of a plugin that is on the control plane already, with the block
// that adopts it, unless Terraform has shown that it manages the plugin.
func TestOccupied(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	held := w.Make(t, entity.Plugin, w.Scope(), object{"name": "rate-limiting", "instance_name": "by-hand", "config": object{"minute": 5, "policy": "local"}})
	id, _ := held["id"].(string)
	config := func(more object) object {
		out := w.in(object{"name": "rate-limiting", "config": object{"minute": 7, "policy": "local"}})
		for k, v := range more {
			out[k] = v
		}
		return out
	}
	adopt := fmt.Sprintf("  import {\n    to = konnect_gateway_plugin.<name>\n    id = jsonencode({ control_plane_id = %q, id = %q })\n  }", w.ID, id)
	plan := func(config object, want ...string) {
		t.Helper()
		resp, _ := w.p.Plan(t, plugin, config, tftypes.Value{})
		says(t, resp.Diagnostics, want...)
	}
	plan(config(nil), "WARNING [name] A gateway plugin exists already: The control plane holds the plugin \"rate-limiting\" without a scope (global) already (ID "+id)
	plan(config(nil), adopt)
	plan(config(object{"name": "key-auth", "config": object{}, "instance_name": "by-hand"}), `WARNING [instance_name]`)
	plan(config(object{"service": object{"id": w.Make(t, entity.Service, w.Scope(), object{"host": "a.example"})["id"]}}))
	plan(config(object{"service": object{"id": acctest.Unknown}}))
	plan(config(object{"control_plane_id": acctest.Unknown}))
	_, diags := w.p.Apply(t, plugin, config(nil), tftypes.Value{})
	if got := acctest.Text(diags); !strings.Contains(got, "Nothing was changed") || !strings.Contains(got, adopt) {
		t.Errorf("the apply says %s", got)
	}

	lists := 0
	for _, r := range w.Requests() {
		if strings.HasSuffix(r, "GET /v2/control-planes/"+w.ID+"/core-entities/plugins") {
			lists++
		}
	}
	if lists != 2 { // one for all plans, one to explain the refusal
		t.Errorf("plugins were listed %d times", lists)
	}

	state, diags := w.p.Import(t, plugin, fmt.Sprintf(`{"control_plane_id":%q,"id":%q}`, w.ID, id))
	says(t, diags)
	w.refresh(t, plugin, state)
	plan(config(nil)) // it is ours, and may be about to go
}

// A replacement is planned twice, the second time as if nothing was there.
func TestOccupied_replacement(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := w.in(object{"name": "rate-limiting", "config": object{"minute": 5, "policy": "local"}})
	state := w.create(t, plugin, config)
	says(t, w.p.Configure(t, object{"embedded": object{"path": "a"}}))
	resp, _ := w.p.Plan(t, plugin, config, state)
	says(t, resp.Diagnostics)
	resp, _ = w.p.Plan(t, plugin, config, tftypes.Value{})
	says(t, resp.Diagnostics)
}

// A control plane group takes no entities, and its members are named.
func TestGroup(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	parent := w.MakePlane(t, object{"cluster_type": "CLUSTER_TYPE_CONTROL_PLANE_GROUP"})
	ingress := w.MakePlane(t, object{"cluster_type": "CLUSTER_TYPE_K8S_INGRESS_CONTROLLER"})
	if err := w.Client.Do(t.Context(), "POST", "/v2/control-planes/"+parent+"/group-memberships/add", object{"members": list(object{"id": w.ID})}, nil); err != nil {
		t.Fatal(err)
	}
	member := fmt.Sprintf(`Use a member instead: "world" (%s).`, w.ID)
	for resource, config := range map[string]object{
		plugin:   {"name": "key-auth", "config": object{}},
		service:  {"host": "a.example"},
		consumer: {"username": "a"},
		upload:   {"lua_schema": acctest.SomeSource},
	} {
		config["control_plane_id"] = parent
		resp, _ := w.p.Plan(t, resource, config, tftypes.Value{})
		says(t, resp.Diagnostics, "ERROR [control_plane_id] Read-only control plane: control_plane_id: ")
		says(t, resp.Diagnostics, member)
		config["control_plane_id"] = ingress
		resp, _ = w.p.Plan(t, resource, config, tftypes.Value{})
		says(t, resp.Diagnostics, "the Kubernetes ingress controller writes it")
		config["control_plane_id"] = w.ID
		resp, _ = w.p.Plan(t, resource, config, tftypes.Value{})
		says(t, resp.Diagnostics)
	}
}

// A group that the same apply makes is known when its entities are planned
// again, before anything is sent. A refusal is explained.
func TestGroup_sameApply(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.create(t, plane, object{"name": "group", "cluster_type": "CLUSTER_TYPE_CONTROL_PLANE_GROUP"})
	config := object{"control_plane_id": text(made, "id"), "host": "a.example"}
	w.Requests()
	resp, _ := w.p.Plan(t, service, config, tftypes.Value{})
	says(t, resp.Diagnostics, "it has none yet")
	for _, r := range w.Requests() {
		if !strings.HasSuffix(r, "/group-memberships") {
			t.Errorf("requested %s", r)
		}
	}
}

// Objects on a read-only control plane cannot be changed from here either; the
// refusal says why.
func TestGroup_refused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ingress := w.MakePlane(t, object{"cluster_type": "CLUSTER_TYPE_K8S_INGRESS_CONTROLLER"})
	state := acctest.Value(t, w.p.Type(t, service), object{"control_plane_id": ingress, "id": acctest.SomeID, "host": "a.example"})
	left, diags := w.p.Apply(t, service, nil, state)
	says(t, diags, "ERROR [control_plane_id] Unable to delete gateway service: control_plane_id: ")
	says(t, diags, "the Kubernetes ingress controller writes it")
	if left.IsNull() {
		t.Error("it is forgotten")
	}
}

// What Konnect manages itself is read and imported, and nothing else.
func TestManaged(t *testing.T) {
	t.Parallel()
	for _, tag := range []string{"konnect-managed-plugin", "konnect-app-registration"} {
		for _, resource := range []string{plugin, acctest.TypedName("acl")} {
			t.Run(tag+" as "+resource, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				svc := w.Make(t, entity.Service, w.Scope(), object{"host": "a.example"})
				id := w.Placed(t, tag, object{"name": "acl", "config": object{"allow": list(acctest.SomeID)}, "service": object{"id": svc["id"]}})[0]
				state, diags := w.p.Import(t, resource, fmt.Sprintf(`{"control_plane_id":%q,"id":%q}`, w.ID, id))
				says(t, diags)
				with := func(more object) object {
					out := w.in(object{"config": object{"allow": list(acctest.SomeID)}, "service": object{"id": svc["id"]}, "tags": list(tag)})
					if resource == plugin {
						out["name"] = "acl"
					}
					for k, v := range more {
						out[k] = v
					}
					return out
				}
				w.settled(t, resource, with(nil), state)
				for what, more := range map[string]object{
					"configuration": {"config": object{"allow": list("me")}},
					"tags":          {"tags": list("mine")},
					"no tags":       {"tags": list()},
					"scope":         {"service": nil},
					"enabled":       {"enabled": false},
					"control plane": {"control_plane_id": acctest.SomeID},
				} {
					resp, _ := w.p.Plan(t, resource, with(more), state)
					if got := acctest.Text(resp.Diagnostics); !strings.Contains(got, `ERROR [] Managed by Konnect: The gateway plugin `+id+` cannot be changed: its tag "`+tag+`" says`) {
						t.Errorf("a change of the %s: %s", what, got)
					}
				}
				says(t, w.p.PlanDelete(t, resource, state), "cannot be deleted")
				w.settled(t, resource, with(nil), w.refresh(t, resource, state))
			})
		}
	}
	w := newWorld(t)
	resp, _ := w.p.Plan(t, plugin, w.in(object{"name": "key-auth", "config": object{}, "tags": list("konnect-managed")}), tftypes.Value{})
	says(t, resp.Diagnostics, "WARNING [tags] A tag of Konnect's own")
	own := w.create(t, plugin, w.in(object{"name": "cors", "config": object{}, "tags": list("konnect")}))
	says(t, w.p.PlanDelete(t, plugin, own))
}

// A plugin that Konnect placed takes the place of the only one that a control
// plane allows, and no plan can remove it.
func TestManaged_occupies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	svc := w.Make(t, entity.Service, w.Scope(), object{"host": "a.example"})
	id := w.Placed(t, "konnect-app-registration", object{"name": "acl", "config": object{"allow": list(acctest.SomeID)}, "service": object{"id": svc["id"]}, "instance_name": "app"})[0]
	why := fmt.Sprintf(`already (ID %s). Konnect itself placed it, for the application registration of an API product version, as its tag "konnect-app-registration" says`, id)
	acl := func(more object) object {
		out := w.in(object{"config": object{"allow": list("me")}})
		for k, v := range more {
			out[k] = v
		}
		return out
	}
	onService := acl(object{"service": object{"id": svc["id"]}})
	other := w.Make(t, entity.Service, w.Scope(), object{"host": "b.example"})
	for name, c := range map[string]struct {
		config object
		want   []string
	}{
		"same service":       {onService, []string{"ERROR [] A gateway plugin of Konnect's own is there: The control plane holds the plugin \"acl\" for service " + fmt.Sprint(svc["id"]) + " " + why}},
		"same instance name": {acl(object{"instance_name": "app"}), []string{`ERROR [instance_name] A gateway plugin of Konnect's own is there: The control plane holds the gateway plugin with instance_name "app" ` + why}},
		"global":             {acl(nil), nil},
		"another service":    {acl(object{"service": object{"id": other["id"]}}), nil},
	} {
		t.Run(name, func(t *testing.T) {
			resp, _ := w.p.Plan(t, acctest.TypedName("acl"), c.config, tftypes.Value{})
			says(t, resp.Diagnostics, c.want...)
		})
	}
	// A resource for it may be in the same configuration.
	state, diags := w.p.Import(t, acctest.TypedName("acl"), fmt.Sprintf(`{"control_plane_id":%q,"id":%q}`, w.ID, id))
	says(t, diags)
	says(t, w.p.Configure(t, object{"embedded": object{"path": "a"}}))
	says(t, w.p.Validate(t, acctest.TypedName("acl"), acl(object{"service": object{"id": svc["id"]}, "instance_name": "app", "config": object{"allow": list(acctest.SomeID)}, "tags": list("konnect-app-registration")})))
	says(t, w.p.Validate(t, acctest.TypedName("acl"), onService),
		`a konnect_gateway_plugin_acl with instance_name = "app" (which Konnect itself placed for application registration, as its tag "konnect-app-registration" says). A control plane takes one.`)
	w.refresh(t, acctest.TypedName("acl"), state)

	// It was not there yet when the plan was made.
	late := newWorld(t)
	config := late.in(object{"config": object{"allow": list("me")}})
	resp, _ := late.p.Plan(t, acctest.TypedName("acl"), config, tftypes.Value{})
	says(t, resp.Diagnostics)
	late.Placed(t, "konnect-managed-plugin", object{"name": "acl", "config": object{"allow": list(acctest.SomeID)}})
	_, diags = late.p.Apply(t, acctest.TypedName("acl"), config, tftypes.Value{})
	says(t, diags, "Nothing was changed. Konnect itself placed it")
}
