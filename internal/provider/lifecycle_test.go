package provider_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// What somebody changed behind Terraform's back shows, alone, and an apply
// puts it right. That holds for what the configuration leaves out, too.
func TestRead_drift(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	target := w.create(t, service, w.in(object{"host": "target.example"}))
	for name, c := range map[string]struct {
		resource string
		typ      *entity.Type
		config   object
		change   object
		changed  []string
	}{
		"a string":       {service, entity.Service, object{"host": "a"}, object{"host": "b"}, []string{"host"}},
		"a default":      {service, entity.Service, object{"host": "a"}, object{"retries": 9}, []string{"retries"}},
		"left out":       {service, entity.Service, object{"host": "a"}, object{"tls_verify": true, "protocol": "https"}, []string{"protocol", "tls_verify"}},
		"left out list":  {service, entity.Service, object{"host": "a"}, object{"tags": list("x")}, []string{"tags"}},
		"an element":     {service, entity.Service, object{"host": "a", "tags": list("x", "y")}, object{"tags": list("x")}, []string{"tags"}},
		"a header":       {route, entity.Route, object{"headers": object{"a": list("x")}}, object{"headers": object{"a": list("y")}}, []string{"headers.a"}},
		"a link":         {route, entity.Route, object{"paths": list("/a")}, object{"service": object{"id": text(target, "id")}}, []string{"service"}},
		"order of array": {route, entity.Route, object{"paths": list("/a", "/b")}, object{"paths": list("/b", "/a")}, []string{"paths"}},
		"a label":        {plane, entity.ControlPlane, object{"name": "d-a", "labels": object{"a": "1"}}, object{"labels": object{"a": "2"}}, []string{"labels.a"}},
		"more labels":    {plane, entity.ControlPlane, object{"name": "d-b", "labels": object{"a": "1"}}, object{"labels": object{"b": "2"}}, []string{"labels.b"}},
		"description":    {plane, entity.ControlPlane, object{"name": "d-c"}, object{"description": "x"}, []string{"description"}},
		"auth type":      {plane, entity.ControlPlane, object{"name": "d-d"}, object{"auth_type": "pki_client_certs"}, []string{"auth_type", "config.auth_type"}},
		"config": {
			plugin, entity.Plugin, object{"name": "rate-limiting", "config": object{"minute": 5}},
			object{"config": object{"minute": 7}}, []string{"config.minute", "effective_config.minute"},
		},
		"config left out": {
			plugin, entity.Plugin, object{"name": "rate-limiting", "instance_name": "x", "service": object{"id": text(target, "id")}, "config": object{"minute": 5}},
			object{"config": object{"minute": 5, "error_code": 430, "redis": object{"port": 1}}},
			[]string{"config.error_code", "config.redis", "effective_config.error_code", "effective_config.redis.port"},
		},
		"a list of config": {
			plugin, entity.Plugin, object{"name": "ip-restriction", "config": object{"allow": list("10.0.0.1")}},
			object{"config": object{"allow": list("10.0.0.1", "10.0.0.2")}}, []string{"config.allow", "effective_config.allow"},
		},
		"protocols": {
			plugin, entity.Plugin, object{"name": "key-auth", "config": object{}}, object{"protocols": list("http")}, []string{"protocols"},
		},
		"enabled": {
			plugin, entity.Plugin, object{"name": "cors", "config": object{}}, object{"enabled": false}, []string{"enabled"},
		},
		"instance name": {
			plugin, entity.Plugin, object{"name": "acl", "config": object{"allow": list("a")}}, object{"instance_name": "other"}, []string{"instance_name"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config, scope := c.config, []string(nil)
			if c.resource != plane {
				config, scope = w.in(config), w.Scope()
				c.changed = append(c.changed, "updated_at")
			}
			state := w.create(t, c.resource, config)
			w.Change(t, c.typ, scope, text(state, "id"), c.change)
			w.wantChanges(t, c.resource, config, state, c.changed...)
			state = w.apply(t, c.resource, config, w.refresh(t, c.resource, state))
			w.settled(t, c.resource, config, state)
		})
	}
}

// shuffled answers with lists reversed and empty ones as null, as another
// server might.
func TestRead_otherOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := w.in(object{"host": "a", "tags": list("x", "y", "z")})
	state := w.create(t, service, config)
	limits := w.in(object{"name": "request-termination", "config": object{"status_code": 503}, "protocols": list("http", "https"), "tags": list("a", "b")})
	instance := w.create(t, plugin, limits)
	w.rewrite(func(doc map[string]any) {
		for _, k := range []string{"tags", "protocols"} {
			if l, ok := doc[k].([]any); ok {
				slices.Reverse(l)
			}
		}
	})
	w.settled(t, service, config, state)
	w.settled(t, plugin, limits, instance)
}

// rewrite changes the documents that the control plane answers GETs with.
func (w *world) rewrite(change func(doc map[string]any)) {
	w.Intercept(func(out http.ResponseWriter, r *http.Request, next http.Handler) bool {
		if r.Method != http.MethodGet {
			return false
		}
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, r)
		var doc map[string]any
		d := json.NewDecoder(rec.Body)
		d.UseNumber()
		if d.Decode(&doc) != nil || rec.Code != http.StatusOK {
			out.WriteHeader(rec.Code)
			return true
		}
		change(doc)
		out.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(out).Encode(doc)
		return true
	})
}

// Servers show more or less of a configuration than was written; none of that
// is a difference.
func TestRead_otherShapes(t *testing.T) {
	t.Parallel()
	config := func(doc map[string]any) map[string]any {
		m, _ := doc["config"].(map[string]any)
		return m
	}
	for name, change := range map[string]func(map[string]any){
		"without a nested default":    func(d map[string]any) { delete(config(d), "redis") },
		"null for it":                 func(d map[string]any) { config(d)["redis"] = nil },
		"a field of a newer gateway":  func(d map[string]any) { config(d)["brand_new"] = "x" },
		"one in a nested record":      func(d map[string]any) { config(d)["redis"] = object{"port": 6379, "brand_new": object{"a": 1}} },
		"nulls left out":              func(d map[string]any) { d["config"] = object{"minute": 5} },
		"numbers as texts":            func(d map[string]any) { config(d)["minute"] = "5" },
		"a field beside config":       func(d map[string]any) { d["brand_new"] = list("x") },
		"an empty object for no tags": func(d map[string]any) { d["tags"] = object{} },
		"without protocols":           func(d map[string]any) { delete(d, "protocols") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			config := w.in(object{"name": "rate-limiting", "config": object{"minute": 5}})
			state := w.create(t, plugin, config)
			w.rewrite(change)
			w.settled(t, plugin, config, state)
			w.Intercept(nil)
			w.settled(t, plugin, config, state)
		})
	}
}

// An update of one field does not take away what a newer control plane holds.
func TestUpdate_newerControlPlane(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := w.in(object{"name": "rate-limiting", "config": object{"minute": 5}})
	state := w.create(t, plugin, config)
	var sent map[string]any
	w.Intercept(func(out http.ResponseWriter, r *http.Request, next http.Handler) bool {
		if r.Method == http.MethodPut {
			_ = json.NewDecoder(r.Body).Decode(&sent)
			sent["id"] = text(state, "id")
			_ = json.NewEncoder(out).Encode(sent)
			return true
		}
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, r)
		var doc map[string]any
		_ = json.NewDecoder(rec.Body).Decode(&doc)
		doc["config"].(map[string]any)["brand_new"] = "x"
		_ = json.NewEncoder(out).Encode(doc)
		return true
	})
	w.apply(t, plugin, w.in(object{"name": "rate-limiting", "config": object{"minute": 6}}), state)
	want := object{"minute": 6.0, "brand_new": "x"}
	got, _ := sent["config"].(map[string]any)
	for k, v := range want {
		if got[k] != v {
			t.Errorf("config.%s was sent as %v", k, got[k])
		}
	}
}

// What somebody else set is shown, and taken back.
func TestUpdate_condition(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := w.in(object{"name": "rate-limiting", "config": object{"minute": 5}})
	state := w.create(t, plugin, config)
	w.Change(t, entity.Plugin, w.Scope(), text(state, "id"), object{"condition": "http.method == \"GET\""})
	state = w.refresh(t, plugin, state)
	w.wantChanges(t, plugin, config, state, "condition", "updated_at")
	w.apply(t, plugin, config, state)
	if got := w.Get(t, entity.Plugin, w.Scope(), text(state, "id"))["condition"]; got != nil {
		t.Errorf("condition is %v", got)
	}
}

// Two that swap their names cannot both go first.
func TestUpdate_taken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(t, service, w.in(object{"name": "a", "host": "a"}))
	state := w.create(t, service, w.in(object{"name": "b", "host": "b"}))
	got, diags := w.p.Apply(t, service, w.in(object{"name": "a", "host": "b"}), state)
	if said := acctest.Text(diags); !strings.Contains(said, "[name] Unable to update gateway service") || !strings.Contains(said, "apply again") {
		t.Errorf("got %s", said)
	}
	if !got.Equal(state) {
		t.Error("the state changed")
	}
}

// Requests hold what the plan showed, nothing that was not asked for, and a
// null for what is to go.
func TestWrite_requests(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var sent map[string]any
	w.Intercept(func(_ http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		if r.Method == http.MethodPut || r.Method == http.MethodPatch {
			body := http.MaxBytesReader(nil, r.Body, 1<<20)
			raw, _ := io.ReadAll(body)
			sent = nil
			_ = json.Unmarshal(raw, &sent)
			r.Body = io.NopCloser(bytes.NewReader(raw))
		}
		return false
	})
	target := w.create(t, service, w.in(object{"host": "a.example"}))
	if diff := cmp.Diff(object{
		"host": "a.example", "port": 80.0, "protocol": "http", "retries": 5.0, "enabled": true,
		"connect_timeout": 60000.0, "read_timeout": 60000.0, "write_timeout": 60000.0,
	}, sent); diff != "" {
		t.Errorf("create: (-want +got)\n%s", diff)
	}

	linked := w.in(object{"paths": list("/a"), "hosts": list("a"), "tags": list("t"), "service": object{"id": text(target, "id")}})
	state := w.create(t, route, linked)
	w.apply(t, route, w.in(object{"paths": list("/a")}), state)
	for _, k := range []string{"service", "hosts", "tags"} {
		if v, there := sent[k]; !there || v != nil {
			t.Errorf("the request says %v about %s, which is to go", v, k)
		}
	}
	for _, k := range []string{"snis", "sources", "destinations", "headers", "created_at", "updated_at", "control_plane_id"} {
		if _, there := sent[k]; there {
			t.Errorf("the request has %s, which nobody set", k)
		}
	}

	one := object{"name": "req", "labels": object{"a": "1", "b": "2"}, "description": "x"}
	state = w.create(t, plane, one)
	w.apply(t, plane, object{"name": "req", "labels": object{"a": "1"}, "description": "x"}, state)
	if diff := cmp.Diff(object{"labels": object{"a": "1", "b": nil}}, sent); diff != "" {
		t.Errorf("labels: (-want +got)\n%s", diff)
	}
}

// An object that is gone: a refresh removes it, a delete succeeds, an update
// says so.
func TestGone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		resource, kind string
		config, other  object
	}{
		"service":  {service, "services", object{"host": "a"}, object{"host": "b"}},
		"route":    {route, "routes", object{"paths": list("/a")}, object{"paths": list("/b")}},
		"consumer": {consumer, "consumers", object{"username": "a"}, object{"username": "b"}},
		"group":    {group, "consumer_groups", object{"name": "a"}, object{"name": "b"}},
		"plugin":   {plugin, "plugins", object{"name": "cors", "config": object{}}, object{"name": "cors", "config": object{"max_age": 5}}},
		"plane":    {plane, "control_planes", object{"name": "gone"}, object{"name": "gone", "description": "x"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			config, other, scope := c.config, c.other, []string(nil)
			if c.resource != plane {
				config, other, scope = w.in(config), w.in(other), w.Scope()
			}
			state := w.create(t, c.resource, config)
			w.Remove(t, entity.Named(c.kind), scope, text(state, "id"))

			if got := w.refresh(t, c.resource, state); !got.IsNull() {
				t.Errorf("a refresh leaves %v", acctest.Go(got))
			}
			_, diags := w.p.Apply(t, c.resource, other, state)
			if got := acctest.Text(diags); !strings.Contains(got, "is not there any more") {
				t.Errorf("an update says %s", got)
			}
			list, err := w.Client.List(t.Context(), refTo(c.kind, scope), nil)
			if err != nil {
				t.Fatal(err)
			}
			if c.resource != plane && len(list) > 0 {
				t.Error("an update brought it back")
			}
			if got, diags := w.p.Apply(t, c.resource, nil, state); len(diags) > 0 || !got.IsNull() {
				t.Errorf("a delete says %s", acctest.Text(diags))
			}
		})
	}
}

// What went with its parent comes back under the next one, by the same id.
func TestUpdate_wentWithItsParent(t *testing.T) {
	t.Parallel()
	cors := func(scope string, id any) object {
		if id == nil {
			return object{"name": "cors", "config": object{}}
		}
		return object{"name": "cors", "config": object{}, scope: object{"id": id}}
	}
	user := func(scope string, id any) object {
		return object{"name": "rate-limiting", "config": object{"minute": 5}, scope: object{"id": id}}
	}
	for name, c := range map[string]struct {
		parent       *entity.Type
		scope        string
		first, other object
		child        func(scope string, id any) object
		none         bool // it has no parent then
	}{
		"service":        {entity.Service, "service", object{"host": "a"}, object{"host": "b"}, cors, false},
		"route":          {entity.Route, "route", object{"paths": list("/a")}, object{"paths": list("/b")}, cors, false},
		"consumer":       {entity.Consumer, "consumer", object{"username": "a"}, object{"username": "b"}, user, false},
		"consumer group": {entity.ConsumerGroup, "consumer_group", object{"name": "a"}, object{"name": "b"}, user, false},
		"no parent":      {entity.Service, "service", object{"host": "a"}, object{"host": "b"}, cors, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			parent := w.Make(t, c.parent, w.Scope(), c.first)
			state := w.create(t, plugin, w.in(c.child(c.scope, parent["id"])))
			w.Remove(t, c.parent, w.Scope(), parent["id"].(string))
			next := w.Make(t, c.parent, w.Scope(), c.other)["id"]
			if c.none {
				next = nil
			}
			config := w.in(c.child(c.scope, next))
			after := w.apply(t, plugin, config, state)
			if text(after, "id") != text(state, "id") {
				t.Error("it came back under another id")
			}
			w.settled(t, plugin, config, after)
		})
	}
}

// Times that the server notes down may be written, as generated configurations
// did; whatever they say, nothing is to be done for them.
func TestPlan_writtenTimes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, c := range map[string]struct {
		resource      string
		config, other object
	}{
		"service":  {service, object{"host": "a"}, object{"host": "b"}},
		"route":    {route, object{"paths": list("/a")}, object{"paths": list("/b")}},
		"consumer": {consumer, object{"username": "times"}, object{"username": "times", "custom_id": "b"}},
		"group":    {group, object{"name": "times"}, object{"name": "times", "tags": list("x")}},
		"plugin":   {acctest.TypedName("acl"), object{"config": object{"allow": list("a")}}, object{"config": object{"allow": list("b")}}},
	} {
		for _, at := range []int{1, 1700000000, 4102444800} {
			t.Run(fmt.Sprint(name, " ", at), func(t *testing.T) {
				config, other := w.in(c.config), w.in(c.other)
				for _, doc := range []object{config, other} {
					doc["created_at"], doc["updated_at"] = at, at
				}
				state := w.create(t, c.resource, config)
				w.settled(t, c.resource, config, state)
				state = w.refresh(t, c.resource, state)
				w.wantNoTimes(t, c.resource, other, state)
				state = w.apply(t, c.resource, other, state)
				w.settled(t, c.resource, other, state)
				other["created_at"], other["updated_at"] = at+1, at+2
				w.settled(t, c.resource, other, w.refresh(t, c.resource, state))
				if _, diags := w.p.Apply(t, c.resource, nil, state); len(diags) > 0 {
					t.Errorf("delete: %s", acctest.Text(diags))
				}
			})
		}
	}
}

// wantNoTimes insists that a plan changes something, but no time.
func (w *world) wantNoTimes(t *testing.T, resource string, config object, state tftypes.Value) {
	t.Helper()
	changed, _, _ := w.plan(t, resource, config, state)
	if len(changed) == 0 || slices.Contains(changed, "created_at") || slices.Contains(changed, "updated_at") {
		t.Errorf("the plan changes %v", changed)
	}
}

// A membership has no id; it goes with its consumer, its group, or by itself.
func TestGone_member(t *testing.T) {
	t.Parallel()
	for name, remove := range map[string]func(t *testing.T, w *world, consumerID, groupID string){
		"consumer": func(t *testing.T, w *world, id, _ string) { w.Remove(t, entity.Consumer, w.Scope(), id) },
		"group":    func(t *testing.T, w *world, _, id string) { w.Remove(t, entity.ConsumerGroup, w.Scope(), id) },
		"itself": func(t *testing.T, w *world, consumerID, groupID string) {
			w.Remove(t, entity.ConsumerGroupMember, []string{w.ID, groupID}, consumerID)
		},
		"all": func(t *testing.T, w *world, _, _ string) { w.Remove(t, entity.ControlPlane, nil, w.ID) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			c := w.create(t, consumer, w.in(object{"username": "a"}))
			g := w.create(t, group, w.in(object{"name": "a"}))
			config := w.in(object{"consumer_id": text(c, "id"), "consumer_group_id": text(g, "id")})
			state := w.create(t, member, config)
			w.settled(t, member, config, state)
			w.create(t, member, config) // again: it is there, as wanted
			remove(t, w, text(c, "id"), text(g, "id"))
			if got := w.refresh(t, member, state); !got.IsNull() {
				t.Errorf("a refresh leaves %v", acctest.Go(got))
			}
			if _, diags := w.p.Apply(t, member, nil, state); len(diags) > 0 {
				t.Errorf("a delete says %s", acctest.Text(diags))
			}
		})
	}
}

// What was made by hand is adopted as it is, and a configuration that says the
// same, with or without defaults, changes nothing.
func TestImport(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	scope := w.Scope()
	target := w.Make(t, entity.Service, scope, object{"name": "target", "host": "a.example", "tags": list("x")})
	user := w.Make(t, entity.Consumer, scope, object{"username": "a"})
	gold := w.Make(t, entity.ConsumerGroup, scope, object{"name": "gold"})
	w.create(t, member, w.in(object{"consumer_id": user["id"], "consumer_group_id": gold["id"]}))
	id := func(doc object) string {
		text, _ := json.Marshal(object{"control_plane_id": w.ID, "id": doc["id"]})
		return string(text)
	}
	made := func(typ *entity.Type, doc object) string {
		if typ == entity.ControlPlane {
			out, _ := w.Make(t, typ, nil, doc)["id"].(string)
			return out
		}
		return id(w.Make(t, typ, scope, doc))
	}
	pki := object{"name": "i-b", "auth_type": "pki_client_certs", "cloud_gateway": false, "cluster_type": "CLUSTER_TYPE_CONTROL_PLANE"}
	team := object{"name": "i-c", "cluster_type": "CLUSTER_TYPE_CONTROL_PLANE_GROUP"}
	for name, c := range map[string]struct {
		resource, id string
		config       object
		changed      []string
	}{
		"service":           {service, id(target), w.in(object{"name": "target", "host": "a.example", "tags": list("x")}), nil},
		"by name":           {service, `{"control_plane_id":"` + w.ID + `","id":"target"}`, w.in(object{"name": "target", "host": "a.example", "tags": list("x")}), nil},
		"with defaults":     {service, id(target), w.in(object{"name": "target", "host": "a.example", "tags": list("x"), "port": 80, "retries": 5}), nil},
		"another tag":       {service, id(target), w.in(object{"name": "target", "host": "a.example", "tags": list("y")}), []string{"tags", "updated_at"}},
		"consumer":          {consumer, id(user), w.in(object{"username": "a"}), nil},
		"group":             {group, id(gold), w.in(object{"name": "gold"}), nil},
		"member":            {member, `{"control_plane_id":"` + w.ID + `","consumer_id":"` + user["id"].(string) + `","consumer_group_id":"` + gold["id"].(string) + `"}`, w.in(object{"consumer_id": user["id"], "consumer_group_id": gold["id"]}), nil},
		"route":             {route, made(entity.Route, object{"paths": list("/a"), "service": object{"id": target["id"]}}), w.in(object{"paths": list("/a"), "service": object{"id": target["id"]}}), nil},
		"expression":        {"konnect_gateway_route_expression", made(entity.Route, object{"expression": "http.path == \"/a\""}), w.in(object{"expression": "http.path == \"/a\""}), nil},
		"plane":             {plane, made(entity.ControlPlane, object{"name": "i-a"}), object{"name": "i-a"}, nil},
		"plane, spelled":    {plane, made(entity.ControlPlane, object{"name": "i-d"}), object{"name": "i-d", "auth_type": "pinned_client_certs", "cloud_gateway": false, "cluster_type": "CLUSTER_TYPE_CONTROL_PLANE"}, nil},
		"plane, retired":    {plane, made(entity.ControlPlane, object{"name": "i-e"}), object{"name": "i-e", "cluster_type": "CLUSTER_TYPE_HYBRID"}, nil},
		"plane, pki":        {plane, made(entity.ControlPlane, pki), pki, nil},
		"plane, less pki":   {plane, made(entity.ControlPlane, object{"name": "i-f", "auth_type": "pki_client_certs"}), object{"name": "i-f"}, []string{"auth_type", "config.auth_type"}},
		"team":              {plane, made(entity.ControlPlane, team), team, nil},
		"team, less":        {plane, made(entity.ControlPlane, object{"name": "i-g", "cluster_type": "CLUSTER_TYPE_CONTROL_PLANE_GROUP"}), object{"name": "i-g"}, nil},
		"plugin":            {plugin, made(entity.Plugin, object{"name": "rate-limiting", "config": object{"minute": 5}, "instance_name": "one"}), w.in(object{"name": "rate-limiting", "config": object{"minute": 5}, "instance_name": "one"}), nil},
		"plugin, spelled":   {custom, made(entity.Plugin, object{"name": "cors", "config": object{"max_age": 5}}), w.in(object{"name": "cors", "config": object{"max_age": "5", "credentials": false, "methods": list("GET", "HEAD", "PUT", "PATCH", "POST", "DELETE", "OPTIONS", "TRACE", "CONNECT")}}), nil},
		"plugin, otherwise": {plugin, made(entity.Plugin, object{"name": "key-auth", "config": object{"key_names": list("a")}}), w.in(object{"name": "key-auth", "config": object{"key_names": list("b")}}), []string{"config.key_names", "updated_at"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			state, diags := w.p.Import(t, c.resource, c.id)
			if len(diags) > 0 {
				t.Fatal(acctest.Text(diags))
			}
			if again := w.refresh(t, c.resource, state); !again.Equal(state) {
				t.Errorf("a read after the import changes %v", acctest.Changes(acctest.Go(state), acctest.Go(again)))
			}
			resp, plan := w.p.Plan(t, c.resource, c.config, state)
			if got := acctest.Changes(acctest.Go(state), acctest.Go(plan)); !slices.Equal(got, c.changed) || len(resp.RequiresReplace) > 0 {
				t.Errorf("the plan changes %v, want %v (replaces %v)", got, c.changed, resp.RequiresReplace)
			}
		})
	}
}

func TestImport_missing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, c := range map[string]struct{ resource, id, want string }{
		"service": {service, `{"control_plane_id":"` + w.ID + `","id":"` + acctest.SomeID + `"}`, "There is no gateway service with the ID"},
		"plane":   {plane, acctest.SomeID, "There is no control plane with the ID " + acctest.SomeID},
		"plugin":  {plugin, `{"control_plane_id":"` + acctest.SomeID + `","id":"` + acctest.SomeID + `"}`, "There is no gateway plugin with the ID"},
		"upload":  {upload, `{"control_plane_id":"` + w.ID + `","name":"mine"}`, "There is no custom plugin schema with the ID"},
		"member":  {member, `{"control_plane_id":"` + w.ID + `","consumer_id":"` + acctest.SomeID + `","consumer_group_id":"` + acctest.SomeID + `"}`, "There is no consumer group member"},
		"wrong":   {service, `{"cp":"x"}`, `lacks the key "id". Wanted are the keys id, control_plane_id, for example: {`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			state, diags := w.p.Import(t, c.resource, c.id)
			if got := acctest.Text(diags); !strings.Contains(got, c.want) || state.Type() != nil {
				t.Errorf("got %s", got)
			}
		})
	}
}

// A name that is taken leads to the object that has it, ready to import.
func TestCreate_taken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(t, service, w.in(object{"id": acctest.SomeID, "name": "holder", "host": "a"}))
	for name, c := range map[string]struct {
		resource  string
		one, two  object
		attribute string
	}{
		"service":  {service, object{"name": "a", "host": "a"}, object{"name": "a", "host": "b"}, "name"},
		"consumer": {consumer, object{"username": "a", "custom_id": "c"}, object{"username": "b", "custom_id": "c"}, "custom_id"},
		"group":    {group, object{"name": "a"}, object{"name": "a"}, "name"},
		"plugin":   {plugin, object{"name": "cors", "config": object{}}, object{"name": "cors", "config": object{"max_age": 5}}, "name"},
		"instance": {plugin, object{"name": "acl", "instance_name": "i", "config": object{"allow": list("a")}}, object{"name": "key-auth", "instance_name": "i", "config": object{}}, "instance_name"},
		"scope": {
			plugin, object{"name": "cors", "config": object{}, "service": object{"id": acctest.SomeID}},
			object{"name": "cors", "config": object{}, "service": object{"id": strings.ToUpper(acctest.SomeID)}}, "name",
		},
		"plane": {plane, object{"name": "taken"}, object{"name": "taken"}, "name"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			one, two := c.one, c.two
			if c.resource != plane {
				one, two = w.in(one), w.in(two)
			}
			first := w.create(t, c.resource, one)
			state, diags := w.p.Apply(t, c.resource, two, tftypes.Value{})
			got := acctest.Text(diags)
			if !strings.Contains(got, "["+c.attribute+"]") || !strings.Contains(got, text(first, "id")) || !strings.Contains(got, "exists already") {
				t.Errorf("got %s", got)
			}
			if !state.IsNull() {
				t.Error("there is a state")
			}
			w.settled(t, c.resource, one, first)
			_, id, _ := strings.Cut(got, "under the ID ")
			if _, diags := w.p.Import(t, c.resource, strings.TrimSpace(id)); len(diags) > 0 {
				t.Errorf("the ID shown does not import: %s", acctest.Text(diags))
			}
		})
	}
}

// Complaints of the control plane stand at their attributes.
func TestApply_refused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, c := range map[string]struct {
		status int
		body   string
		want   []string
	}{
		"fields": {400, `{"code":3,"message":"validation error","details":[` +
			`{"type":"ERROR_TYPE_FIELD","field":"config.redis.port","messages":["must be a port"]},` +
			`{"type":"ERROR_TYPE_FIELD","field":"tags[1]","messages":["no such tag"]}]}`,
			[]string{"ERROR [config.redis] Unable to create gateway plugin: config.redis.port: must be a port.", "ERROR [tags[1]] Unable to create gateway plugin: tags[1]: no such tag."}},
		"a field and more": {400, `{"code":3,"message":"validation error","details":[` +
			`{"type":"ERROR_TYPE_FIELD","field":"config.zzz.x","messages":["is odd"]},{"type":"ERROR_TYPE_ENTITY","messages":["does not go together"]}]}`,
			[]string{"ERROR [config] Unable to create gateway plugin: config.zzz.x: is odd.", "does not go together"}},
		"unknown kind":  {400, `{"status":400,"title":"Bad","detail":"because","invalid_parameters":[{"kind":9}]}`, []string{"ERROR [] Unable to create gateway plugin", "because"}},
		"no reason":     {400, `{}`, []string{"400 Bad Request"}},
		"plain text":    {500, `oops`, []string{"500 Internal Server Error: oops"}},
		"a group":       {403, `{"code":7,"message":"usage constraint error","details":[{"messages":["operation not permitted on control plane group"]}]}`, []string{"operation not permitted"}},
		"not a plugin":  {200, `{"hello":"world"}`, []string{"is not a gateway plugin"}},
		"a web page":    {200, `<html>sign in</html>`, []string{"the answer is not JSON"}},
		"a wrong shape": {200, `{"id":"` + acctest.SomeID + `","name":"rate-limiting","created_at":{"a":1}}`, []string{"another gateway plugin than the one asked for"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := &world{World: &acctest.World{ControlPlane: acctest.New(t), ID: w.ID}}
			w.p = w.Protocol(t)
			w.p.Configure(t, object{"embedded": object{"path": "x"}, "retry_budget": "0s"})
			w.Intercept(func(out http.ResponseWriter, r *http.Request, _ http.Handler) bool {
				out.WriteHeader(c.status)
				_, _ = out.Write([]byte(c.body))
				return true
			})
			state, diags := w.p.Apply(t, plugin, w.in(object{
				"name": "rate-limiting", "tags": list("a", "b"), "config": object{"minute": 5, "redis": object{"port": 6379}},
			}), tftypes.Value{})
			got := acctest.Text(diags)
			for _, want := range c.want {
				if !strings.Contains(got, want) {
					t.Errorf("want %q in\n%s", want, got)
				}
			}
			if perhaps := c.status == http.StatusOK; state.IsNull() == perhaps {
				t.Errorf("there is a state: %v, want %v", !perhaps, perhaps)
			}
		})
	}
}

// An answer that cannot be read does not make a created object unknown: it is
// read back, or kept in the state, which Terraform then calls tainted.
func TestCreate_unreadable(t *testing.T) {
	t.Parallel()
	configs := map[string]object{
		route:                      {"paths": list("/a")},
		service:                    {"host": "a"},
		acctest.TypedName("acl"):   {"config": object{"allow": list("a")}},
		"konnect_gateway_consumer": {"custom_id": "a"},
	}
	for name, body := range map[string]string{
		"a web page": `<html>`, "cut off": `{"id":"`, "empty": ``, "a list": `[]`, "null": `null`, "another": `{"id":"` + acctest.SomeID + `"}`, "no id": `{"a":1}`,
	} {
		for resource, config := range configs {
			for _, unread := range []bool{false, true} {
				t.Run(fmt.Sprint(name, " ", resource, " ", unread), func(t *testing.T) {
					t.Parallel()
					w := newWorld(t)
					config := w.in(config)
					w.Intercept(func(out http.ResponseWriter, r *http.Request, next http.Handler) bool {
						if r.Method == http.MethodGet && !unread {
							return false
						}
						next.ServeHTTP(httptest.NewRecorder(), r)
						_, _ = io.WriteString(out, body)
						return true
					})
					state, diags := w.p.Apply(t, resource, config, tftypes.Value{})
					w.Intercept(nil)
					if unread != (len(diags) > 0) || unread && !strings.Contains(acctest.Text(diags), text(state, "id")) {
						t.Errorf("got %s", acctest.Text(diags))
					}
					if state.IsNull() {
						t.Fatal("there is no state")
					}
					if !unread {
						w.settled(t, resource, config, state)
						return
					}
					if got := w.refresh(t, resource, state); got.IsNull() {
						t.Error("the state is of no object")
					}
				})
			}
		}
	}
}

// What an answer claims that is none, and a read denies, is not there.
func TestCreate_notStored(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Intercept(func(out http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		if r.Method != http.MethodGet {
			_, _ = io.WriteString(out, "<html>")
		}
		return r.Method != http.MethodGet
	})
	state, diags := w.p.Apply(t, route, w.in(object{"paths": list("/a")}), tftypes.Value{})
	if !state.IsNull() || !strings.Contains(acctest.Text(diags), "is not JSON") {
		t.Errorf("got %v, %s", acctest.Go(state), acctest.Text(diags))
	}
}

// The server chooses the id of a control plane: where the answer is lost, the
// error leads to what was probably made, and nothing makes it again.
func TestCreate_lostPlane(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string]func(http.ResponseWriter){
		"cut": func(http.ResponseWriter) { panic(http.ErrAbortHandler) },
		"500": func(out http.ResponseWriter) { out.WriteHeader(http.StatusInternalServerError) },
		"502": func(out http.ResponseWriter) { out.WriteHeader(http.StatusBadGateway) },
		"503": func(out http.ResponseWriter) { out.WriteHeader(http.StatusServiceUnavailable) },
		"504": func(out http.ResponseWriter) { out.WriteHeader(http.StatusGatewayTimeout) },
		"web": func(out http.ResponseWriter) { _, _ = io.WriteString(out, "<html>") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			var lost atomic.Bool
			w.Intercept(func(out http.ResponseWriter, r *http.Request, next http.Handler) bool {
				if r.Method != http.MethodPost || lost.Swap(true) {
					return false
				}
				next.ServeHTTP(httptest.NewRecorder(), r)
				lose(out)
				return true
			})
			state, diags := w.p.Apply(t, plane, object{"name": "lost"}, tftypes.Value{})
			id := w.Find(t, entity.ControlPlane, nil, "name", "lost")["id"].(string)
			got := acctest.Text(diags)
			for _, want := range []string{"[name] Unable to create control plane", "has probably made it", "import {", id} {
				if !strings.Contains(got, want) {
					t.Errorf("want %q in %s", want, got)
				}
			}
			if !state.IsNull() || strings.Contains(got, "Nothing was changed") {
				t.Errorf("got %v, %s", acctest.Go(state), got)
			}
			if list, err := w.Client.List(t.Context(), refTo("control_planes", nil), nil); err != nil || len(list) != 2 {
				t.Errorf("there are %d control planes (%v)", len(list), err)
			}
		})
	}
}

// Only a real 404 means that an object is gone; anything else leaves the state
// alone.
func TestRead_odd(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]struct {
		status int
		body   string
	}{
		"empty":      {200, ``},
		"foreign":    {200, `{"hello":"world"}`},
		"a web page": {200, `<html></html>`},
		"forbidden":  {403, `{"message":"no"}`},
		"broken":     {500, `{}`},
		"cut off":    {200, `{"id":"`},
		"no API":     {404, `<html>not found</html>`},
		"a redirect": {302, ``},
		"a list":     {200, `[]`},
		"odd types":  {200, `{"id":5,"host":{}}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.p.Configure(t, object{"embedded": object{"path": "x"}, "retry_budget": "0s"})
			state := w.create(t, service, w.in(object{"host": "a"}))
			w.Intercept(func(out http.ResponseWriter, _ *http.Request, _ http.Handler) bool {
				out.WriteHeader(answer.status)
				_, _ = out.Write([]byte(answer.body))
				return true
			})
			got, diags := w.p.Read(t, service, state)
			if !strings.HasPrefix(acctest.Text(diags), "ERROR [] Unable to read gateway service") {
				t.Errorf("got %s", acctest.Text(diags))
			}
			if !got.Equal(state) {
				t.Error("the state changed")
			}
		})
	}
}

// A stored object whose answer cannot be read in part is not lost.
func TestCreate_halfReadable(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Intercept(func(out http.ResponseWriter, r *http.Request, next http.Handler) bool {
		if r.Method != http.MethodPut {
			return false
		}
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, r)
		var doc map[string]any
		_ = json.NewDecoder(rec.Body).Decode(&doc)
		doc["created_at"] = list("x")
		_ = json.NewEncoder(out).Encode(doc)
		return true
	})
	state, diags := w.p.Apply(t, service, w.in(object{"host": "a"}), tftypes.Value{})
	if got := acctest.Text(diags); !strings.Contains(got, "created_at: expected a number, got a list") {
		t.Errorf("got %s", got)
	}
	if text(state, "id") == "" {
		t.Error("the id is lost")
	}
}

// Values of fields that are to be kept secret appear in no message.
func TestSecrets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const secret = "correct-horse-battery"
	w.Intercept(func(out http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		out.WriteHeader(http.StatusBadRequest)
		_, _ = out.Write([]byte(`{"code":3,"message":"validation error: ` + secret + ` is bad","details":[{"field":"config.client_secret[0]","messages":["` + secret + ` is bad"]}]}`))
		return true
	})
	_, diags := w.p.Apply(t, plugin, w.in(object{"name": "openid-connect", "config": object{"issuer": "https://a.example", "client_secret": list(secret)}}), tftypes.Value{})
	got := acctest.Text(diags)
	if strings.Contains(got, secret) || !strings.Contains(got, "(sensitive value) is bad") {
		t.Errorf("got %s", got)
	}
}
