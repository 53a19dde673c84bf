package provider_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
)

const (
	service   = "konnect_gateway_service"
	route     = "konnect_gateway_route"
	consumer  = "konnect_gateway_consumer"
	group     = "konnect_gateway_consumer_group"
	member    = "konnect_gateway_consumer_group_member"
	plane     = "konnect_gateway_control_plane"
	plugin    = "konnect_gateway_plugin"
	custom    = "konnect_gateway_custom_plugin"
	upload    = "konnect_gateway_custom_plugin_schema"
	anotherID = "5f88cc2b-8fad-47cc-bdf9-149ebd2b18e7"
)

type object = acctest.Object

// in adds the control plane to a configuration.
func in(config object) object {
	config["control_plane_id"] = acctest.SomeID
	return config
}

// limited is a rate-limiting plugin with a configuration.
func limited(config any) object {
	return in(object{"name": "rate-limiting", "config": config})
}

func list(elements ...any) []any { return elements }

// Every fault is found without a control plane, at its own attribute, with
// what would be right.
func TestValidate_wrong(t *testing.T) {
	t.Parallel()
	p := acctest.Offline(t)
	for name, c := range map[string]struct {
		resource string
		config   object
		want     []string // path: part of the message
	}{
		"port": {service, in(object{"host": "a.example", "port": 99999}), []string{
			"port: value should be between 0 and 65535",
		}},
		"host with a port": {service, in(object{"host": "a.example:80"}), []string{
			"host: Wanted is a host name or an IP address, without a port.",
		}},
		"protocol": {service, in(object{"host": "a.example", "protocol": "htp"}), []string{
			"protocol: expected one of: grpc, grpcs, http, https",
		}},
		"several at once": {service, in(object{"host": "a.example", "port": -1, "retries": 99999, "path": "no-slash", "connect_timeout": 0}), []string{
			"connect_timeout: value should be between 1 and 2147483646",
			"path: should start with: /",
			"port: value should be between 0 and 65535",
			"retries: value should be between 0 and 32767",
		}},
		"an integer with a fraction": {service, in(object{"host": "a.example", "retries": 1.5}), []string{"retries: expected an integer"}},
		"tcp with a path":            {service, in(object{"host": "a.example", "protocol": "tcp", "path": "/x"}), []string{"path: because of the value of protocol"}},
		"tls settings without tls": {service, in(object{"host": "a.example", "tls_verify": true, "ca_certificates": list(acctest.SomeID)}), []string{
			"ca_certificates: because of the value of protocol",
			"tls_verify: because of the value of protocol",
		}},
		"an element after duplicates": {service, in(object{"host": "a.example", "tags": list("a", "a", "b", "c,d")}), []string{
			"tags[3]: tags[3]: invalid tag",
		}},
		"a reference without id":  {service, in(object{"host": "a.example", "protocol": "https", "client_certificate": object{}}), []string{"client_certificate: "}},
		"no control plane":        {service, object{"control_plane_id": "", "host": "a.example"}, []string{"control_plane_id: Wanted is the ID of the control plane"}},
		"route without matcher":   {route, in(object{"protocols": list("http")}), []string{"protocols: must set one of 'methods', 'hosts', 'headers', 'paths'"}},
		"a path of a route":       {route, in(object{"paths": list("/a", "~^^/a$")}), []string{"paths[1]: should start with: / (fixed path) or ~/ (regex path)"}},
		"a regex of a route":      {route, in(object{"paths": list("~/a(")}), []string{"paths[0]: "}},
		"grpc with strip_path":    {route, in(object{"protocols": list("grpc"), "hosts": list("a.example"), "strip_path": true}), []string{"strip_path: cannot set 'strip_path' when 'protocols' is 'grpc' or 'grpcs'"}},
		"a nested number":         {route, in(object{"protocols": list("tcp"), "sources": list(object{"ip": "10.0.0.1"}, object{"ip": "10.0.0.0/8", "port": 70000})}), []string{"sources[1]: sources[1].port: value should be between 0 and 65535"}},
		"a header":                {route, in(object{"headers": object{"host": list("a")}}), []string{"headers.host: cannot contain 'host' header"}},
		"consumer without a name": {consumer, in(object{}), []string{": at least one of these fields must be non-empty: 'custom_id', 'username'"}},
		"an empty custom_id":      {consumer, in(object{"custom_id": ""}), []string{"custom_id: at least one of these fields", "custom_id: length must be at least 1"}},
		"group":                   {group, in(object{"name": ""}), []string{"name: length must be at least 1"}},
		"member without consumer": {member, in(object{"consumer_group_id": acctest.SomeID}), []string{"consumer_id: Wanted is the ID of the consumer"}},
		"cluster type":            {plane, object{"name": "one", "cluster_type": "CLUSTER_TYPE_X"}, []string{"cluster_type: CLUSTER_TYPE_CONTROL_PLANE"}},
		"a label":                 {plane, object{"name": "one", "labels": object{"a": "b", "kong-x": "y"}}, []string{"labels.kong-x: must not begin with kong"}},
		"name":                    {plane, object{"name": "x"}, []string{"name: length must be at least 2"}},

		"unknown keys": {plugin, limited(object{"minute": 5, "polcy": "x", "redis": object{"hsot": "q"}}), []string{
			`config.polcy: unknown field. Did you mean "policy"? Known here: day,`,
			`config.redis: config.redis.hsot: unknown field. Did you mean "host"? Known here:`,
		}},
		"the whole upload": {plugin, limited(object{"minute": 5, "lua_schema": "x", "control_plane_id": acctest.Unknown}), []string{
			"config.control_plane_id: Known here:",
			"config.lua_schema: Known here: day,",
		}},
		"enumeration":        {plugin, limited(object{"minute": 5, "policy": "locall"}), []string{"config.policy: expected one of: local, cluster, redis"}},
		"zero":               {plugin, limited(object{"minute": 0}), []string{"config.minute: value must be greater than 0"}},
		"negative":           {plugin, limited(object{"minute": -1}), []string{"config.minute: value must be greater than 0"}},
		"no limit":           {plugin, limited(object{}), []string{"config: at least one of these fields must be non-empty: 'config.second', 'config.minute'"}},
		"nulls are nothing":  {plugin, limited(object{"minute": nil, "zzz": nil}), []string{"config: at least one of these fields must be non-empty"}},
		"redis without host": {plugin, limited(object{"minute": 5, "policy": "redis"}), []string{"config: config.redis.host: required field missing (because of the value of config.policy)"}},
		"header without name": {plugin, limited(object{"minute": 5, "limit_by": "header"}), []string{
			"config: config.header_name: required field missing (because of the value of config.limit_by)",
		}},
		"redis port":        {plugin, limited(object{"minute": 5, "redis": object{"port": 99999}}), []string{"config.redis: config.redis.port: value should be between 0 and 65535"}},
		"order of limits":   {plugin, limited(object{"second": 5, "minute": 3}), []string{"config: The limit for minute(3.0) cannot be lower than the limit for second(5.0)"}},
		"protocols":         {plugin, in(object{"name": "rate-limiting", "config": object{"minute": 5}, "protocols": list("http", "tcp")}), []string{`protocols[1]: the plugin "rate-limiting" does not handle the protocol "tcp". It takes "grpc", "grpcs", "http" and "https"`}},
		"a list as config":  {plugin, limited(list("a")), []string{"config: expected an object, got a list"}},
		"a number":          {plugin, limited(5), []string{"config: expected an object, got a number"}},
		"no JSON":           {plugin, limited("{minute: 5}"), []string{"config: the text is not a JSON object"}},
		"JSON of no object": {plugin, limited("[1]"), []string{"config: the text is not a JSON object"}},
		"JSON text":         {plugin, limited(`{"minute":0,"polcy":1}`), []string{"config: config.minute: value must be greater than 0", `config: config.polcy: unknown field. Did you mean "policy"?`}},
		"a text that is no number": {plugin, limited(object{"minute": "five"}), []string{
			"config.minute: expected a number. Wanted is a number.",
		}},
		"a text for a list": {custom, in(object{"name": "ip-restriction", "config": object{"allow": "10.0.0.1"}}), []string{"config.allow: Wanted is a list of strings"}},
		"an element of a plugin": {custom, in(object{"name": "ip-restriction", "config": object{"allow": list("10.0.0.1", "10.0.0.300")}}), []string{
			"config.allow: config.allow[1]: invalid ip or cidr range",
		}},
		"allow and deny": {custom, in(object{"name": "acl", "config": object{"allow": list("a"), "deny": list("b")}}), []string{
			"config.allow: exactly one of these fields must be non-empty: 'config.allow', 'config.deny'",
		}},
		"a field that a message names": {custom, in(object{"name": "rate-limiting", "config": object{"minute": 5, "policy": "redis", "sync_rate": 0.001, "redis": object{"host": "a"}}}), []string{
			"config.sync_rate: config: sync_rate must be greater than 0.02, or -1 to disable",
		}},
		"fields that a message names": {custom, in(object{"name": "rate-limiting", "config": object{"minute": 5, "policy": "local", "sync_rate": 5}}), []string{
			"config: config: sync_rate can only be used with the redis policy",
		}},
		"neither": {custom, in(object{"name": "acl", "config": object{}}), []string{
			"config: exactly one of these fields must be non-empty: 'config.allow', 'config.deny'",
			"config: at least one of these fields must be non-empty: 'config.allow', 'config.deny'",
		}},
		"message with body": {custom, in(object{"name": "request-termination", "config": object{"message": "a", "body": "b"}}), []string{"config"}},
		"consumer of acl":   {custom, in(object{"name": "acl", "config": object{"allow": list("a")}, "consumer": object{"id": acctest.SomeID}}), []string{`consumer: the plugin "acl" cannot be limited to a consumer`}},
		"two scopes": {plugin, in(object{
			"name": "rate-limiting", "config": object{"minute": 5},
			"consumer": object{"id": acctest.SomeID}, "consumer_group": object{"id": acctest.SomeID},
		}), []string{"consumer: only one or none of these fields must be set: 'consumer', 'consumer_group'"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := p.Validate(t, c.resource, c.config)
			if len(got) != len(c.want) {
				t.Errorf("want %d diagnostics, got:\n%s", len(c.want), acctest.Text(got))
				return
			}
			for i, want := range c.want {
				path, part, _ := strings.Cut(want, ": ")
				at := ""
				if got[i].Attribute != nil {
					at = acctest.Path(got[i].Attribute)
				}
				if at != path || !strings.Contains(got[i].Detail, part) {
					t.Errorf("want %q, got:\n%s", want, acctest.Text(got))
				}
			}
		})
	}
}

// A wrong value of a bundled plugin comes with the first sentence of what its field
// does; nothing else does.
func TestValidate_meaning(t *testing.T) {
	t.Parallel()
	p := acctest.Offline(t)
	const typed = "konnect_gateway_plugin_rate_limiting"
	for name, c := range map[string]struct {
		resource string
		config   object
		want     string // the end of the message
	}{
		"a bound":          {plugin, limited(object{"minute": 0}), "greater than 0. Meaning: Most requests in a minute."},
		"of several":       {plugin, limited(object{"minute": 5, "limit_by": "colour"}), "consumer-group. Meaning: What is counted by: each value has a limit of its own."},
		"a typed resource": {typed, in(object{"config": object{"minute": 0, "policy": "local"}}), "greater than 0. Meaning: Most requests in a minute."},
		"shared words":     {plugin, limited(object{"minute": 5, "redis": object{"timeout": -1}}), "2147483646. Meaning: Milliseconds that connecting to, sending to and reading from Redis may take, each for itself."},
		"an element":       {plugin, in(object{"name": "key-auth", "config": object{"identity_realms": list(object{"scope": "x"})}}), "cp, realm. Meaning: Whether the place is this control plane or a realm."},
		"of a kind": {plugin, in(object{"name": "datakit", "config": object{"nodes": list(
			object{"name": "a", "type": "jq", "jq": "."}, object{"name": "b", "type": "cache", "ttl": -5})}}), "greater than 0. Meaning: Seconds for which something is kept."},
		"missing":          {plugin, in(object{"name": "http-log", "config": object{}}), "Wanted is a string. Meaning: URL that entries are sent to."},
		"a word of it":     {plugin, limited(object{"minute": 0, "redis": object{"password": "minute"}}), "Meaning: Most requests in a minute."},
		"an unknown field": {plugin, limited(object{"minute": 5, "polcy": "x"}), "sync_rate, year."},
		"several fields":   {plugin, limited(object{"second": 5, "minute": 3}), "limit for second(5.0)."},
		"above config":     {plugin, in(object{"name": "rate-limiting", "config": object{"minute": 5}, "tags": list("a,b")}), "or valid utf-8 sequences."},
		"another entity":   {service, in(object{"host": "a.example", "name": "cors", "port": -1}), "between 0 and 65535."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, d := range p.Validate(t, c.resource, c.config) {
				if d.Severity == tfprotov6.DiagnosticSeverityError && !strings.HasSuffix(d.Detail, c.want) {
					t.Errorf("want it to end with %q, got %q", c.want, d.Detail)
				}
			}
			if got := acctest.Text(p.Validate(t, c.resource, c.config)); !strings.Contains(got, c.want) {
				t.Errorf("nothing says %q:\n%s", c.want, got)
			}
		})
	}
}

// What is right, or not known yet, passes.
func TestValidate_right(t *testing.T) {
	t.Parallel()
	p := acctest.Offline(t)
	for name, c := range map[string]struct {
		resource string
		config   object
	}{
		"service":               {service, in(object{"host": "a.example"})},
		"regex paths":           {route, in(object{"paths": list(`~/a/(?<id>\d+)$`, "/b")})},
		"unknown control plane": {service, object{"control_plane_id": acctest.Unknown, "host": acctest.Unknown, "port": acctest.Unknown}},
		"unknown protocol":      {service, in(object{"host": "a.example", "protocol": acctest.Unknown, "path": "/x", "tls_verify": true})},
		"unknown element":       {service, in(object{"host": "a.example", "tags": list("a", acctest.Unknown)})},
		"unknown list":          {route, in(object{"paths": acctest.Unknown})},
		"unknown matcher":       {route, in(object{"hosts": acctest.Unknown})},
		"unknown reference":     {route, in(object{"paths": list("/a"), "service": object{"id": acctest.Unknown}})},
		"unknown service":       {route, in(object{"paths": list("/a"), "service": acctest.Unknown})},
		"unknown consumer":      {member, object{"control_plane_id": acctest.Unknown, "consumer_group_id": acctest.Unknown, "consumer_id": acctest.Unknown}},
		"unknown limit":         {plugin, limited(object{"minute": acctest.Unknown})},
		"unknown config":        {plugin, limited(acctest.Unknown)},
		"unknown policy":        {plugin, limited(object{"minute": 5, "policy": acctest.Unknown})},
		"unknown redis":         {plugin, limited(object{"minute": 5, "policy": "redis", "redis": acctest.Unknown})},
		"unknown host":          {plugin, limited(object{"minute": 5, "policy": "redis", "redis": object{"host": acctest.Unknown}})},
		"unknown name":          {plugin, in(object{"name": acctest.Unknown, "config": object{"polcy": 1}})},
		"a plugin of the user":  {plugin, in(object{"name": "no-such-plugin", "config": object{"polcy": 1}})},
		"null keys":             {plugin, limited(object{"minute": 5, "hour": nil, "zzz": nil})},
		"texts in a node": {plugin, in(object{"name": "datakit", "config": object{"nodes": list(
			object{"name": "n", "type": "call", "url": "https://a.example", "timeout": "5"})}})},
		"texts for numbers":        {plugin, limited(object{"minute": "5", "hide_client_headers": "true", "redis": object{"port": "6379"}})},
		"numbers for texts":        {plugin, limited(object{"minute": 5, "limit_by": "header", "header_name": 5})},
		"JSON text":                {plugin, limited(`{"minute": 5, "policy": "local"}`)},
		"all null":                 {plugin, in(object{"name": "rate-limiting", "config": object{"minute": 5}, "service": nil, "protocols": nil, "tags": nil})},
		"a vault reference":        {plugin, limited(object{"minute": 5, "policy": "redis", "redis": object{"host": "{vault://env/host}", "password": "{vault://env/pw}"}})},
		"retired cluster type":     {plane, object{"name": "one", "cluster_type": acctest.Unknown}},
		"an instance for a group":  {plugin, in(object{"name": "rate-limiting", "instance_name": "x", "config": object{"minute": 5}, "consumer_group": object{"id": acctest.SomeID}})},
		"unknown text of a schema": {upload, in(object{"lua_schema": acctest.Unknown})},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := p.Validate(t, c.resource, c.config); strings.Contains(acctest.Text(got), "ERROR") {
				t.Errorf("got:\n%s", acctest.Text(got))
			}
		})
	}
}

// A retired name of a plain control plane is taken, with a warning.
func TestValidate_retiredClusterType(t *testing.T) {
	t.Parallel()
	got := acctest.Offline(t).Validate(t, plane, object{"name": "one", "cluster_type": "CLUSTER_TYPE_HYBRID"})
	if text := acctest.Text(got); !strings.HasPrefix(text, "WARNING [cluster_type] ") || len(got) != 1 {
		t.Errorf("got %s", text)
	}
}

// Secrets in clear text are told of once for a resource, where it is certain that
// they stand in the configuration, and never repeated.
func TestValidate_secrets(t *testing.T) {
	t.Parallel()
	offline, w := acctest.Offline(t), newWorld(t)
	oidc := func(more object) object {
		more["issuer"] = "https://idp.example"
		return w.in(object{"name": "openid-connect", "config": more})
	}
	limiting := func(redis object) object {
		redis["host"] = "redis.example"
		return w.in(object{"name": "rate-limiting", "config": object{"minute": 5, "policy": "redis", "redis": redis}})
	}
	log := func(headers object) object {
		return w.in(object{"name": "http-log", "config": object{"http_endpoint": "https://logs.example", "headers": headers}})
	}
	const secret = "hunter2-hunter2"
	for name, c := range map[string]struct {
		config object
		want   string // "" for none
	}{
		"in a list":           {oidc(object{"client_id": list("shop"), "client_secret": list(secret)}), "config.client_secret[0]: written out"},
		"two":                 {oidc(object{"client_secret": list(secret), "session_secret": secret}), "config.client_secret[0], config.session_secret: written out"},
		"in JSON":             {w.in(object{"name": "rate-limiting", "config": `{"minute": 5, "policy": "redis", "redis": {"host": "a", "password": "` + secret + `"}}`}), "config.redis.password: written out"},
		"a header":            {log(object{"Authorization": secret, "X-Stage": "one"}), "config.headers.Authorization: written out"},
		"a harmless header":   {log(object{"X-Stage": "one"}), ""},
		"a reference":         {limiting(object{"password": "{vault://env/redis}"}), ""},
		"unknown":             {limiting(object{"password": acctest.Unknown}), ""},
		"empty":               {limiting(object{"username": "me"}), ""},
		"who, not the secret": {oidc(object{"client_id": list("shop")}), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := acctest.Text(offline.Validate(t, plugin, c.config))
			if got := strings.Count(text, "[] Secret in clear text"); c.want == "" && got != 0 || c.want != "" && (got != 1 || !strings.Contains(text, c.want)) {
				t.Errorf("got:\n%s", text)
			}
			if strings.Contains(text, secret) {
				t.Errorf("the secret is repeated:\n%s", text)
			}
			if text := acctest.Text(w.p.Validate(t, plugin, c.config)); strings.Contains(text, "Secret in clear text") {
				t.Errorf("in a plan nobody can tell it from a marked value:\n%s", text)
			}
		})
	}
}

// The format of ids is judged in a plan, where there is a provider configuration,
// and never before: with mock_provider they are anything.
func TestValidate_formatOfIDs(t *testing.T) {
	t.Parallel()
	offline, w := acctest.Offline(t), newWorld(t)
	limiting := func(scope string) object {
		return w.in(object{"name": "rate-limiting", "config": object{"minute": 5, "policy": "local"}, scope: object{"id": "x8y3z1"}})
	}
	of := func(parent string, more object) object {
		more["control_plane_id"], more[parent] = w.ID, "x8y3z1"
		return more
	}
	for name, c := range map[string]struct {
		resource string
		config   object
		want     string
	}{
		"service":         {plugin, limiting("service"), "ERROR [service] Invalid gateway plugin: service.id: expected a valid UUID"},
		"route":           {plugin, limiting("route"), "ERROR [route] Invalid gateway plugin: route.id: expected a valid UUID"},
		"consumer":        {plugin, limiting("consumer"), "ERROR [consumer] Invalid gateway plugin: consumer.id: expected a valid UUID"},
		"consumer group":  {plugin, limiting("consumer_group"), "ERROR [consumer_group] Invalid gateway plugin: consumer_group.id: expected a valid UUID"},
		"typed":           {acctest.TypedName("acl"), w.in(object{"config": object{"allow": list("a")}, "service": object{"id": "a"}}), "ERROR [service] Invalid gateway plugin: service.id: expected a valid UUID"},
		"of a route":      {route, w.in(object{"paths": list("/a"), "service": object{"id": "a"}}), "ERROR [service] Invalid gateway route: service.id: expected a valid UUID"},
		"an element":      {service, w.in(object{"host": "a.example", "protocol": "https", "ca_certificates": list(acctest.SomeID, "x")}), "ERROR [ca_certificates[1]] Invalid gateway service: ca_certificates[1]: expected a valid UUID"},
		"a control plane": {service, of("control_plane_id", object{"host": "a.example"}), "ERROR [control_plane_id] Invalid gateway service: control_plane_id: expected a valid UUID. Wanted is the ID of the"},
		"a member":        {"konnect_gateway_consumer_group_member", of("consumer_group_id", object{"consumer_id": acctest.SomeID}), "ERROR [consumer_group_id]"},
		"a member's":      {"konnect_gateway_consumer_group_member", of("consumer_id", object{"consumer_group_id": acctest.SomeID}), "ERROR [consumer_id]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			says(t, offline.Validate(t, c.resource, c.config))
			says(t, w.p.Validate(t, c.resource, c.config), c.want)
		})
	}
}
