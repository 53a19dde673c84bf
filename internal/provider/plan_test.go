package provider_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// A plan to create knows everything but what the control plane alone can know.
func TestPlan_create(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := []string{"created_at", "id", "updated_at"}
	w.Make(t, entity.ConsumerGroup, w.Scope(), object{"id": acctest.SomeID, "name": "there"})
	w.Make(t, entity.Consumer, w.Scope(), object{"id": anotherID, "username": "there"})
	for name, c := range map[string]struct {
		resource string
		config   object
		unknown  []string
		known    object
	}{
		"service": {service, w.in(object{"host": "a.example"}), made, object{
			"port": "80", "protocol": "http", "retries": "5", "connect_timeout": "60000", "enabled": true, "tls_verify": nil, "tags": nil, "client_certificate": nil,
		}},
		"route": {route, w.in(object{"paths": list("/a")}), made, object{
			"protocols": list("http", "https"), "strip_path": true, "https_redirect_status_code": "426", "service": nil, "path_handling": "v0",
		}},
		"grpc route": {route, w.in(object{"hosts": list("a.example"), "protocols": list("grpc")}), made, object{
			"protocols": list("grpc"), "strip_path": false,
		}},
		"consumer": {consumer, w.in(object{"username": "a"}), made, object{"custom_id": nil}},
		"group":    {group, w.in(object{"name": "a"}), made, nil},
		"member":   {member, w.in(object{"consumer_group_id": acctest.SomeID, "consumer_id": anotherID}), nil, nil},
		"plane": {plane, object{"name": "one", "auth_type": "pki_client_certs"}, []string{
			"config.cloud_gateway", "config.cluster_type", "config.control_plane_endpoint", "config.proxy_urls", "config.telemetry_endpoint", "id",
		}, object{"description": "", "labels": object{}, "cluster_type": nil, "auth_type": "pki_client_certs"}},
		"plugin": {plugin, w.in(object{"name": "rate-limiting", "config": object{"minute": "5"}}), made, object{
			"config": object{"minute": "5"}, "enabled": true, "protocols": list("grpc", "grpcs", "http", "https"), "ordering": nil, "service": nil,
		}},
		"plugin of unknown name": {plugin, w.in(object{"name": acctest.Unknown, "config": object{"a": "b"}}), []string{
			"consumer", "consumer_group", "created_at", "effective_config", "enabled", "id", "instance_name", "name", "ordering", "protocols", "route", "service", "tags", "updated_at",
		}, object{"config": object{"a": "b"}}},
		"unknown parts": {plugin, w.in(object{"name": "rate-limiting", "config": object{"minute": acctest.Unknown, "redis": object{"host": acctest.Unknown}}}), []string{
			"config.minute", "config.redis.host", "created_at", "effective_config.minute", "effective_config.redis.host", "id", "updated_at",
		}, nil},
		"unknown config": {plugin, w.in(object{"name": "rate-limiting", "config": acctest.Unknown}), []string{
			"config", "created_at", "effective_config", "id", "updated_at",
		}, nil},
		"unknown element": {route, w.in(object{"paths": list("/a", acctest.Unknown)}), []string{"created_at", "id", "paths[1]", "updated_at"}, nil},
		"unknown list":    {route, w.in(object{"paths": acctest.Unknown}), []string{"created_at", "id", "paths", "updated_at"}, nil},
		"a chosen id":     {service, w.in(object{"host": "a.example", "id": acctest.SomeID}), []string{"created_at", "updated_at"}, object{"id": acctest.SomeID}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resp, plan := w.p.Plan(t, c.resource, c.config, tftypes.Value{})
			if len(resp.Diagnostics) > 0 {
				t.Fatal(acctest.Text(resp.Diagnostics))
			}
			if got := acctest.Unknowns(acctest.Go(plan)); !slices.Equal(got, c.unknown) {
				t.Errorf("unknown are %v, want %v", got, c.unknown)
			}
			for k, want := range c.known {
				if diff := cmp.Diff(want, plain(get(plan, k))); diff != "" {
					t.Errorf("%s: (-want +got)\n%s", k, diff)
				}
			}
			if resp.UnsafeToUseLegacyTypeSystem || len(resp.RequiresReplace) > 0 {
				t.Error("a plan to create replaces, or needs the legacy rules")
			}
		})
	}
}

// plain turns numbers into their text.
func plain(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := object{}
		for k, e := range v {
			out[k] = plain(e)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = plain(e)
		}
		return out
	case interface{ String() string }:
		return v.String()
	}
	return v
}

// An update changes what was changed, and the time of the last change.
func TestPlan_update(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	target := w.create(t, service, w.in(object{"host": "target.example"}))
	scope := object{"id": text(target, "id")}
	for name, c := range map[string]struct {
		resource   string
		from, to   object
		changed    []string
		afterwards object
	}{
		"nothing":           {service, object{"host": "a"}, object{"host": "a"}, nil, nil},
		"tags":              {service, object{"host": "a"}, object{"host": "a", "tags": list("x")}, []string{"tags", "updated_at"}, nil},
		"path":              {service, object{"host": "a", "path": "/x"}, object{"host": "a", "path": "/y"}, []string{"path", "updated_at"}, nil},
		"tags removed":      {service, object{"host": "a", "tags": list("x")}, object{"host": "a"}, []string{"tags", "updated_at"}, object{"tags": nil}},
		"default again":     {service, object{"host": "a", "retries": 7}, object{"host": "a"}, []string{"retries", "updated_at"}, object{"retries": "5"}},
		"order of a set":    {service, object{"host": "a", "tags": list("x", "y")}, object{"host": "a", "tags": list("y", "x")}, nil, nil},
		"written default":   {service, object{"host": "a"}, object{"host": "a", "port": 80, "protocol": "http"}, nil, nil},
		"order of an array": {route, object{"paths": list("/a", "/b")}, object{"paths": list("/b", "/a")}, []string{"paths", "updated_at"}, nil},
		"link removed": {
			route, object{"paths": list("/a"), "service": scope}, object{"paths": list("/a")},
			[]string{"service", "updated_at"}, object{"service": nil},
		},
		"headers":        {route, object{"headers": object{"a": list("x")}}, object{"headers": object{"a": list("x", "y")}}, []string{"headers.a", "updated_at"}, nil},
		"description":    {plane, object{"name": "up-a"}, object{"name": "up-a", "description": "x"}, []string{"description"}, nil},
		"auth type":      {plane, object{"name": "up-b"}, object{"name": "up-b", "auth_type": "pki_client_certs"}, []string{"auth_type", "config.auth_type"}, nil},
		"auth type gone": {plane, object{"name": "up-c", "auth_type": "pki_client_certs"}, object{"name": "up-c"}, []string{"auth_type", "config.auth_type"}, nil},
		"proxy": {
			plane, object{"name": "up-d"}, object{"name": "up-d", "proxy_urls": list(object{"host": "a.example", "port": 80, "protocol": "http"})},
			[]string{"config.proxy_urls", "proxy_urls"}, nil,
		},
		"a label": {plane, object{"name": "up-e", "labels": object{"a": "1", "b": "2"}}, object{"name": "up-e", "labels": object{"a": "1"}}, []string{"labels.b"}, nil},
		"no label": {
			plane, object{"name": "up-f", "labels": object{"a": "1", "b": "2"}}, object{"name": "up-f", "labels": object{}},
			[]string{"labels.a", "labels.b"}, nil,
		},
		"labels left alone": {plane, object{"name": "up-g", "labels": object{"a": "1"}}, object{"name": "up-g"}, nil, object{"labels": object{"a": "1"}}},
		"config": {
			plugin, object{"name": "rate-limiting", "instance_name": "c", "service": scope, "config": object{"minute": 5}},
			object{"name": "rate-limiting", "instance_name": "c", "service": scope, "config": object{"minute": 6}},
			[]string{"config.minute", "effective_config.minute", "updated_at"}, nil,
		},
		"defaults spelled out": {
			plugin, object{"name": "response-ratelimiting", "config": object{"limits": object{"v": object{"minute": 5}}}},
			object{"name": "response-ratelimiting", "config": object{"limits": object{"v": object{"minute": 5}}, "policy": "local"}},
			nil, nil,
		},
		"JSON text": {
			plugin, object{"name": "ip-restriction", "config": object{"allow": list("10.0.0.1"), "status": 403}},
			object{"name": "ip-restriction", "config": `{"status": 403.0, "allow": ["10.0.0.1"]}`},
			nil, nil,
		},
		"texts for numbers": {
			plugin, object{"name": "request-size-limiting", "config": object{"allowed_payload_size": 5}},
			object{"name": "request-size-limiting", "config": object{"allowed_payload_size": "5"}},
			nil, nil,
		},
		"nulls": {
			plugin, object{"name": "cors", "config": object{"origins": list("*")}},
			object{"name": "cors", "config": object{"origins": list("*"), "methods": nil, "max_age": nil}},
			nil, nil,
		},
		"an empty list over a default": {
			plugin, object{"name": "bot-detection", "config": object{"allow": list("x")}},
			object{"name": "bot-detection", "config": object{"allow": list()}},
			[]string{"config.allow", "effective_config.allow", "updated_at"}, nil,
		},
		"protocols in another order": {
			plugin, object{"name": "request-termination", "config": object{"status_code": 503}, "protocols": list("http", "https")},
			object{"name": "request-termination", "config": object{"status_code": 503}, "protocols": list("https", "http")},
			nil, nil,
		},
		"scope removed": {
			plugin, object{"name": "key-auth", "config": object{}, "service": scope}, object{"name": "key-auth", "config": object{}},
			[]string{"service", "updated_at"}, object{"service": nil},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			from, to := c.from, c.to
			if c.resource != plane {
				from, to = w.in(from), w.in(to)
			}
			state := w.create(t, c.resource, from)
			w.settled(t, c.resource, from, state)
			plan := w.wantChanges(t, c.resource, to, state, c.changed...)
			if got := acctest.Unknowns(acctest.Go(plan)); len(c.changed) > 0 && !slices.Equal(got, volatile(c.resource)) {
				t.Errorf("unknown are %v", got)
			}
			state = w.apply(t, c.resource, to, w.refresh(t, c.resource, state))
			for k, want := range c.afterwards {
				if diff := cmp.Diff(want, plain(get(state, k))); diff != "" {
					t.Errorf("%s: (-want +got)\n%s", k, diff)
				}
			}
			w.settled(t, c.resource, to, state)
		})
	}
}

func volatile(resource string) []string {
	if resource == plane {
		return nil
	}
	return []string{"updated_at"}
}

// Another parent, kind or name is another object.
func TestPlan_replace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, c := range map[string]struct {
		resource string
		from, to object
		want     string
	}{
		"control plane": {service, w.in(object{"host": "a"}), object{"control_plane_id": acctest.SomeID, "host": "a"}, "control_plane_id"},
		"unknown plane": {service, w.in(object{"host": "b"}), object{"control_plane_id": acctest.Unknown, "host": "b"}, "control_plane_id"},
		"id":            {service, w.in(object{"host": "c"}), w.in(object{"host": "c", "id": acctest.SomeID}), "id"},
		"cluster type":  {plane, object{"name": "r-a"}, object{"name": "r-a", "cluster_type": "CLUSTER_TYPE_CONTROL_PLANE_GROUP"}, "cluster_type"},
		"cloud gateway": {plane, object{"name": "r-b"}, object{"name": "r-b", "cloud_gateway": true}, "cloud_gateway"},
		"plugin": {
			plugin, w.in(object{"name": "key-auth", "config": object{}}), w.in(object{"name": "cors", "config": object{}}), "name",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			state := w.create(t, c.resource, c.from)
			_, _, resp := w.plan(t, c.resource, c.to, state)
			if len(resp.RequiresReplace) != 1 || acctest.Path(resp.RequiresReplace[0]) != c.want {
				t.Errorf("replaces because of %v, want %s", resp.RequiresReplace, c.want)
			}
		})
	}
}

// Terraform turns a conditional with arms of different types into a map of
// strings, and toset makes sets. Their contents count, not their types.
func TestPlan_otherTypes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	str := func(s string) tftypes.Value { return tftypes.NewValue(tftypes.String, s) }
	texts := tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, map[string]tftypes.Value{
		"minute": str("5"), "policy": str("local"), "hide_client_headers": str("true"), "hour": tftypes.NewValue(tftypes.String, nil),
	})
	config := w.in(object{"name": "rate-limiting", "config": texts})
	state := w.create(t, plugin, config)
	w.settled(t, plugin, config, state)
	w.settled(t, plugin, w.in(object{"name": "rate-limiting", "config": object{"minute": 5, "hide_client_headers": true}}), state)
	id := text(state, "id")
	w.Change(t, entity.Plugin, w.Scope(), id, object{"config": object{"minute": 6, "hide_client_headers": true}})
	w.wantChanges(t, plugin, config, state, "config.minute", "effective_config.minute", "updated_at")

	some := tftypes.NewValue(tftypes.Set{ElementType: tftypes.String}, []tftypes.Value{str("10.0.0.1"), str("10.0.0.2")})
	config = w.in(object{"name": "ip-restriction", "config": object{"allow": some}})
	w.settled(t, plugin, config, w.create(t, plugin, config))
}

// Numbers keep their decimal text all the way.
func TestPlan_numbers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, text := range []string{"0.1", "0.3", "1.1", "0.30000000000000004", "3e-2", "1000", "1e3", "9007199254740993"} {
		n := acctest.Value(t, tftypes.Number, text)
		config := w.in(object{"name": "rate-limiting", "config": object{
			"minute": n, "policy": "redis", "sync_rate": n, "redis": object{"host": "a.example"},
		}})
		state := w.create(t, plugin, config)
		w.settled(t, plugin, config, state)
		if _, diags := w.p.Apply(t, plugin, nil, state); len(diags) > 0 {
			t.Fatal(acctest.Text(diags))
		}
	}
}

// What is written beside a partial has no effect: a warning, and no drift.
func TestPlan_besidePartial(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	partial := w.Make(t, entity.Partial, w.Scope(), object{"name": "p", "type": "redis-ce", "config": object{"host": "shared.example"}})["id"]
	both := object{"minute": 5, "policy": "redis", "redis": object{"host": "own.example"}}
	for name, c := range map[string]struct {
		resource      string
		config, alone any
	}{
		"typed":   {acctest.TypedName("rate-limiting"), both, object{"minute": 5, "policy": "redis"}},
		"untyped": {plugin, both, object{"minute": 5, "policy": "redis"}},
		"text":    {plugin, `{"minute": 5, "policy": "redis", "redis": {"host": "own.example", "port": 6380}}`, `{"minute": 5, "policy": "redis"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			of := func(service, config any, partials ...any) object {
				doc := w.in(object{"config": config, "service": object{"id": service}})
				if c.resource == plugin {
					doc["name"] = "rate-limiting"
				}
				if len(partials) > 0 {
					doc["partials"] = partials
				}
				return doc
			}
			for _, link := range []object{{"id": partial}, {"id": partial, "path": "config.redis"}} {
				service := w.Make(t, entity.Service, w.Scope(), object{"host": "a.example"})["id"]
				written := of(service, c.config, link)
				says(t, w.p.Validate(t, c.resource, written), "Questionable gateway plugin: config.redis.host: a partial supplies config.redis and wins")
				state := w.create(t, c.resource, written)
				w.settled(t, c.resource, written, state)
				alone := of(service, c.alone, link)
				state = w.apply(t, c.resource, alone, w.refresh(t, c.resource, state))
				w.settled(t, c.resource, alone, state)
				state = w.apply(t, c.resource, written, state)
				w.settled(t, c.resource, written, state)
				own := of(service, c.config)
				state = w.apply(t, c.resource, own, state)
				w.settled(t, c.resource, own, state)
			}
		})
	}
}
