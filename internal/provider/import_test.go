package provider_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// neighbourhood is a control plane with entities that have names.
func neighbourhood(t *testing.T) (w *world, ids map[string]string) {
	t.Helper()
	w, ids = newWorld(t), map[string]string{}
	put := func(label string, typ *entity.Type, scope []string, doc object) {
		ids[label], _ = w.Make(t, typ, scope, doc)[typ.Address()].(string)
	}
	scope := w.Scope()
	put("orders", entity.Service, scope, object{"name": "orders", "host": "a.example"})
	put("slash", entity.Route, scope, object{"name": "route", "paths": list("/a")})
	put("alice", entity.Consumer, scope, object{"username": "alice", "custom_id": "42"})
	put("bob", entity.Consumer, scope, object{"username": "bob", "custom_id": "alice/b"})
	put("gold", entity.ConsumerGroup, scope, object{"name": "gold"})
	put("upstream", entity.Upstream, scope, object{"name": "up.example"})
	put("target", entity.Target, append(w.Scope(), ids["upstream"]), object{"target": "10.0.0.1:8000"})
	put("key", entity.KeyAuth, append(w.Scope(), ids["alice"]), object{"key": "s3cret/key"})
	put("acl", entity.ACL, append(w.Scope(), ids["alice"]), object{"group": "admins"})
	put("vault", entity.Vault, scope, object{"name": "env", "prefix": "mine", "config": object{"prefix": "A_"}})
	put("store", entity.ConfigStore, scope, object{"name": "store"})
	put("secret", entity.ConfigStoreSecret, append(w.Scope(), ids["store"]), object{"key": "token", "value": "v"})
	put("limit", entity.Plugin, scope, object{"name": "rate-limiting", "instance_name": "limit", "config": object{"minute": 5}})
	put("cors", entity.Plugin, scope, object{"name": "cors"})
	put("cors of orders", entity.Plugin, scope, object{"name": "cors", "service": object{"id": ids["orders"]}})
	w.create(t, member, w.in(object{"consumer_id": ids["alice"], "consumer_group_id": ids["gold"]}))
	return w, ids
}

// What people know an entity by leads to it, from the control plane down.
func TestImport_byName(t *testing.T) {
	t.Parallel()
	w, ids := neighbourhood(t)
	for _, c := range []struct{ resource, id, want string }{
		{plane, "world", w.ID},
		{service, "world/orders", ids["orders"]},
		{service, w.ID + "/orders", ids["orders"]},
		{service, "world/" + ids["orders"], ids["orders"]},
		{service, `{"control_plane_id":"world","id":"orders"}`, ids["orders"]},
		{service, `{"control_plane_id":"world","name":"orders"}`, ids["orders"]},
		{route, "world/route", ids["slash"]},
		{consumer, "world/alice", ids["alice"]},
		{consumer, "world/42", ids["alice"]},
		{consumer, "world/alice%2Fb", ids["bob"]},
		{consumer, `{"control_plane_id":"world","custom_id":"alice/b"}`, ids["bob"]},
		{group, "world/gold", ids["gold"]},
		{"konnect_gateway_target", "world/up.example/10.0.0.1:8000", ids["target"]},
		{"konnect_gateway_key_auth", "world/alice/s3cret%2Fkey", ids["key"]},
		{"konnect_gateway_key_auth", "world/alice/" + ids["key"], ids["key"]},
		{"konnect_gateway_acl", "world/42/admins", ids["acl"]},
		{"konnect_gateway_vault", "world/mine", ids["vault"]},
		{plugin, "world/limit", ids["limit"]},
		{plugin, "world/rate-limiting", ids["limit"]},
		{acctest.TypedName("rate-limiting"), "world/limit", ids["limit"]},
	} {
		state, diags := w.p.Import(t, c.resource, c.id)
		if len(diags) > 0 {
			t.Errorf("%s %s: %s", c.resource, c.id, acctest.Text(diags))
			continue
		}
		if text(state, "id") != c.want {
			t.Errorf("%s %s: got %s", c.resource, c.id, text(state, "id"))
		}
		if again := w.refresh(t, c.resource, state); !again.Equal(state) {
			t.Errorf("%s %s: a read after the import changes %v", c.resource, c.id, acctest.Changes(acctest.Go(state), acctest.Go(again)))
		}
	}
	state, diags := w.p.Import(t, member, "world/gold/alice")
	if len(diags) > 0 || text(state, "consumer_id") != ids["alice"] || text(state, "consumer_group_id") != ids["gold"] {
		t.Errorf("%v: %s", state, acctest.Text(diags))
	}
	secret, diags := w.p.Import(t, "konnect_gateway_config_store_secret", "world/store/token")
	if len(diags) > 0 || text(secret, "config_store_id") != ids["store"] || text(secret, "key") != "token" {
		t.Errorf("%v: %s", secret, acctest.Text(diags))
	}
}

// A name of nothing and a name of several say what was looked for and what there
// is; nothing is imported, and no key is repeated.
func TestImport_byNameRefused(t *testing.T) {
	t.Parallel()
	w, ids := neighbourhood(t)
	for name, c := range map[string]struct {
		resource, id string
		want         []string
	}{
		"no plane":     {service, "shop/orders", []string{`There is no control plane with the name "shop". There are: world (ID ` + w.ID + ")."}},
		"no such id":   {service, acctest.SomeID + "/orders", []string{"There is no gateway service", acctest.SomeID}},
		"no service":   {service, "world/order", []string{`There is no gateway service with the name "order" in the control plane ` + w.ID, "There are: orders (ID " + ids["orders"] + ")."}},
		"none at all":  {"konnect_gateway_key_set", "world/a", []string{`There is no key set with the name "a"`, "There is none."}},
		"no consumer":  {consumer, "world/carol", []string{`with the username or custom_id "carol"`, "alice (ID", "bob (ID"}},
		"no field":     {consumer, `{"control_plane_id":"world","username":"42"}`, []string{`with the username "42"`}},
		"no key":       {"konnect_gateway_key_auth", "world/alice/hunter2", []string{"There is no key-auth credential with the key that was given in the control plane", "in the consumer " + ids["alice"], "There are: ID " + ids["key"]}},
		"no name":      {"konnect_gateway_certificate", "world/a", []string{"A certificate has nothing but its ID to address it by", "There is none."}},
		"two":          {plugin, "world/cors", []string{"There are 2: each is a gateway plugin with the instance_name or name \"cors\"", "cors (ID " + ids["cors"] + ") without a scope", "for service " + ids["orders"], "Write the ID"}},
		"two of typed": {acctest.TypedName("cors"), "world/cors", []string{"There are 2: each is a cors plugin"}},
		"another":      {acctest.TypedName("cors"), "world/limit", []string{`There is no cors plugin with the instance_name or name "limit"`, ids["cors"]}},
		"too long":     {service, "world/a/b", []string{"The import ID has 3 parts, and an address 2; a slash within a name is written %2F."}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			state, diags := w.p.Import(t, c.resource, c.id)
			got := acctest.Text(diags)
			if state.Type() != nil || slices.ContainsFunc(c.want, func(part string) bool { return !strings.Contains(got, part) }) {
				t.Errorf("got %s", got)
			}
			for _, secret := range []string{"hunter2", "s3cret"} {
				if strings.Contains(got, secret) {
					t.Errorf("shows %s: %s", secret, got)
				}
			}
		})
	}
}
