package provider_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// What the first plan after an import changes: nothing where what the control
// plane shows means what the configuration says, and what it keeps to itself.
func TestAdopted(t *testing.T) {
	t.Parallel()
	const (
		public  = `"kty":"EC","kid":"9","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"`
		private = `"d":"870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE"`
	)
	inUpstream := func(t *testing.T, w *world, config object) object {
		return with(config, object{"upstream_id": w.Make(t, entity.Upstream, w.Scope(), object{"name": "u"})["id"]})
	}
	ofAlice := func(t *testing.T, w *world, config object) object {
		return with(config, object{"consumer_id": w.Make(t, entity.Consumer, w.Scope(), object{"username": "alice"})["id"]})
	}
	inStore := func(t *testing.T, w *world, config object) object {
		return with(config, object{"config_store_id": w.Make(t, entity.ConfigStore, w.Scope(), object{"name": "s"})["id"]})
	}
	alone := func(_ *testing.T, _ *world, config object) object { return config }
	for name, c := range map[string]struct {
		resource string
		within   func(*testing.T, *world, object) object
		made     object // as it is there
		config   object // what differs from that in the configuration
		want     []string
	}{
		"target without port":        {"target", inUpstream, object{"target": "10.0.0.1:8000"}, object{"target": "10.0.0.1"}, nil},
		"target in IPv6":             {"target", inUpstream, object{"target": "[0000:0000:0000:0000:0000:0000:0000:0001]:8000"}, object{"target": "::1"}, nil},
		"target with another port":   {"target", inUpstream, object{"target": "10.0.0.1:8000"}, object{"target": "10.0.0.1:80"}, []string{"target", "updated_at"}},
		"another target":             {"target", inUpstream, object{"target": "10.0.0.1:8000"}, object{"target": "10.0.0.2"}, []string{"target", "updated_at"}},
		"password":                   {"basic_auth", ofAlice, object{"username": "a", "password": "hunter2"}, nil, nil},
		"another password":           {"basic_auth", ofAlice, object{"username": "a", "password": "hunter2"}, object{"password": "hunter3"}, []string{"password"}},
		"password, write-only":       {"basic_auth", ofAlice, object{"username": "a", "password": "hunter2"}, object{"password": nil, "password_wo": "hunter2", "password_wo_version": 1}, []string{"password", "password_wo_version"}},
		"key":                        {"key_auth", ofAlice, object{"key": "hunter2"}, nil, nil},
		"key, write-only":            {"key_auth", ofAlice, object{"key": "hunter2"}, object{"key": nil, "key_wo": "hunter2", "key_wo_version": 1}, []string{"key", "key_wo_version"}},
		"value":                      {"config_store_secret", inStore, object{"key": "k", "value": "hunter2"}, nil, []string{"updated_at", "value"}},
		"value, write-only":          {"config_store_secret", inStore, object{"key": "k", "value": "hunter2"}, object{"value": nil, "value_wo": "hunter2", "value_wo_version": 1}, []string{"updated_at", "value_wo_version"}},
		"public JWK, other order":    {"key", alone, object{"kid": "9", "jwk": "{" + public + "}"}, object{"jwk": `{ "kid":"9", ` + strings.Replace(public, `"kid":"9",`, "", 1) + " }"}, nil},
		"JWK with its private part":  {"key", alone, object{"kid": "9", "jwk": "{" + public + "," + private + "}"}, nil, []string{"jwk", "updated_at"}},
		"JWK with a part not shown":  {"key", alone, object{"kid": "9", "jwk": "{" + public + "}"}, object{"jwk": "{" + public + `,"key_ops":["verify"]}`}, []string{"jwk", "updated_at"}},
		"JWK that loses its use":     {"key", alone, object{"kid": "9", "jwk": "{" + public + `,"use":"sig"}`}, object{"jwk": "{" + public + "}"}, []string{"jwk", "updated_at"}},
		"target and something else":  {"target", inUpstream, object{"target": "10.0.0.1:8000"}, object{"target": "10.0.0.1", "weight": 5}, []string{"updated_at", "weight"}},
		"password and another name":  {"basic_auth", ofAlice, object{"username": "a", "password": "hunter2"}, object{"username": "b"}, []string{"username"}},
		"upper-case consumer is one": {"consumer", alone, object{"username": "Alice"}, object{"username": "alice"}, []string{"updated_at", "username"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			resource := "konnect_gateway_" + c.resource
			config := w.in(c.within(t, w, c.made))
			made := w.create(t, resource, config)
			fresh := w.Protocol(t)
			state, diags := fresh.Import(t, resource, addressOf(t, made, config))
			if len(diags) > 0 {
				t.Fatal(acctest.Text(diags))
			}
			config = with(config, c.config)
			resp, plan := fresh.Plan(t, resource, config, state)
			changed := acctest.Changes(acctest.Go(state), acctest.Go(plan))
			if !slices.Equal(changed, c.want) || len(resp.RequiresReplace) > 0 {
				t.Errorf("the plan changes %v, want %v (replaces %v): %s", changed, c.want, resp.RequiresReplace, acctest.Text(resp.Diagnostics))
			}
			state, diags = fresh.Apply(t, resource, config, state)
			if len(diags) > 0 {
				t.Fatal(acctest.Text(diags))
			}
			state, _ = fresh.Read(t, resource, state)
			if _, plan = fresh.Plan(t, resource, config, state); len(acctest.Changes(acctest.Go(state), acctest.Go(plan))) > 0 {
				t.Errorf("a second plan changes %v", acctest.Changes(acctest.Go(state), acctest.Go(plan)))
			}
			if c.resource != "basic_auth" {
				return
			}
			password := "hunter2"
			if p, ok := config["password"].(string); ok {
				password = p
			}
			scope := append(w.Scope(), text(state, "consumer_id"))
			w.Find(t, entity.BasicAuth, scope, "password", entity.PasswordHash(password, scope[1]))
		})
	}
}

// addressOf is the import id of an object with a configuration.
func addressOf(t *testing.T, made tftypes.Value, config object) string {
	t.Helper()
	keys := object{"id": get(made, "id")}
	if keys["id"] == nil {
		keys = object{"key": config["key"]}
	}
	for k, v := range config {
		if strings.HasSuffix(k, "_id") {
			keys[k] = v
		}
	}
	return importID(t, keys)
}

// A key of a realm whose secret is not known after an import is not made anew,
// in whichever form the configuration has it; from then on another one is.
func TestAdopted_realmKey(t *testing.T) {
	t.Parallel()
	for _, config := range []object{{"secret": "hunter2"}, {"secret_wo": "hunter2", "secret_wo_version": 1}} {
		w := newWorld(t)
		realm := fmt.Sprint(w.Make(t, entity.Realm, nil, object{"name": "realm"})["id"])
		consumer := fmt.Sprint(w.Make(t, entity.RealmConsumer, []string{realm}, object{"username": "alice"})["id"])
		made := w.Make(t, entity.RealmKey, []string{realm, consumer}, object{"type": "legacy", "secret": "hunter2"})
		const resource = "konnect_centralized_consumer_key"
		state, diags := w.p.Import(t, resource, fmt.Sprintf(`{"id": %q, "realm_id": %q, "consumer_id": %q}`, made["id"], realm, consumer))
		if len(diags) > 0 {
			t.Fatal(acctest.Text(diags))
		}
		config = with(config, object{"realm_id": realm, "consumer_id": consumer, "type": "legacy"})
		before := w.Writes()
		resp, _ := w.p.Plan(t, resource, config, state)
		if len(resp.RequiresReplace) > 0 {
			t.Errorf("an import of %v replaces the key", config)
		}
		state = w.apply(t, resource, config, state)
		if w.Writes() != before {
			t.Errorf("the key was written, which it cannot be")
		}
		w.settled(t, resource, config, state)
	}
}

// A key that is no longer given in write-only form stays, and is known again.
func TestTwin_leftOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := w.in(object{"consumer_id": w.Make(t, entity.Consumer, w.Scope(), object{"username": "alice"})["id"]})
	const resource = "konnect_gateway_key_auth"
	state := w.create(t, resource, with(config, object{"key_wo": "hunter2", "key_wo_version": 1}))
	state = w.apply(t, resource, config, state)
	if text(state, "key") != "hunter2" || get(state, "key_wo_version") != nil {
		t.Errorf("the state is %v", acctest.Go(state))
	}
	w.settled(t, resource, config, state)
}
