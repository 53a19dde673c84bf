package provider_test

import (
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// What is there is found by each of its keys, and among many by filters.
func TestSources(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorld(t)
	make := func(typ *entity.Type, doc object, owners ...string) string {
		id, _ := w.Make(t, typ, append(w.Scope(), owners...), doc)["id"].(string)
		return id
	}
	service := make(entity.Service, object{"name": "orders", "host": "a.example", "tags": []any{"red", "blue"}})
	other := make(entity.Service, object{"name": "carts", "host": "a.example", "tags": []any{"red"}})
	ref := object{"id": service}
	route := make(entity.Route, object{"name": "orders", "paths": []any{"/a"}, "service": ref})
	consumer := make(entity.Consumer, object{"username": "alice", "custom_id": "7"})
	group := make(entity.ConsumerGroup, object{"name": "gold"})
	upstream := make(entity.Upstream, object{"name": "pool"})
	scoped := make(entity.Plugin, object{"name": "cors", "service": ref})
	global := make(entity.Plugin, object{"name": "cors", "instance_name": "everywhere"})
	below := map[string]string{"consumer_id": consumer, "upstream_id": upstream}
	make(entity.Named("keyauth_credentials"), object{"key": "hush-hush"}, consumer)
	make(entity.Named("acls"), object{"group": "staff"}, consumer)
	make(entity.Named("targets"), object{"target": "a.example:80"}, upstream)
	p := w.Protocol(t)
	with := func(name string, config object) object {
		config["control_plane_id"] = w.ID
		for owner, id := range below {
			for _, kind := range map[string][]string{"consumer_id": {"acl", "key_auth"}, "upstream_id": {"target"}}[owner] {
				if strings.HasPrefix(name, kind) && config[owner] == nil && !strings.HasSuffix(name, "_all") {
					config[owner] = id
				}
			}
		}
		return config
	}
	for _, test := range []struct {
		name string
		by   object
		want string // the id; empty for any
	}{
		{"service", object{"id": service}, service},
		{"service", object{"id": strings.ToUpper(service)}, ""},
		{"service", object{"name": "carts"}, other},
		{"service", object{"name": "carts", "id": other}, other},
		{"route", object{"name": "orders"}, route},
		{"consumer", object{"username": "alice"}, consumer},
		{"consumer", object{"custom_id": "7"}, consumer},
		{"consumer_group", object{"name": "gold"}, group},
		{"upstream", object{"name": "pool"}, upstream},
		{"plugin", object{"instance_name": "everywhere"}, global},
		{"plugin", object{"name": "cors", "service": ref}, scoped},
		{"key_auth", object{"key": "hush-hush"}, ""},
		{"acl", object{"group": "staff"}, ""},
		{"target", object{"target": "a.example:80"}, ""},
	} {
		got := answered(t, p, "konnect_gateway_"+test.name, with(test.name, test.by))
		if got["id"] == nil || test.want != "" && got["id"] != test.want {
			t.Errorf("%s by %v: id %v, want %s", test.name, test.by, got["id"], test.want)
		}
	}
	for _, test := range []struct {
		name string
		by   object
		want int
	}{
		{"service_list", object{}, 2},
		{"service_list", object{"tags": []any{"red"}}, 2},
		{"service_list", object{"tags": []any{"red", "blue"}}, 1},
		{"service_list", object{"tags": []any{"red/blue"}}, 0},
		{"service_list", object{"name_contains": "art"}, 1},
		{"service_list", object{"name_contains": "art", "tags": []any{"blue"}}, 0},
		{"route_list", object{}, 1},
		{"route_expression_list", object{}, 0},
		{"plugin_list", object{"name_contains": "every"}, 1},
		{"key_auth_list", object{}, 1},
		{"target_list", object{}, 1},
	} {
		data, _ := answered(t, p, "konnect_gateway_"+test.name, with(test.name, test.by))["data"].([]any)
		if len(data) != test.want {
			t.Errorf("%s by %v: %d objects, want %d", test.name, test.by, len(data), test.want)
		}
	}
	all, _ := answered(t, p, "konnect_gateway_acl_list", object{"control_plane_id": w.ID})["data"].([]any)
	if len(all) != 1 || all[0].(object)["consumer_id"] != consumer {
		t.Errorf("credentials of all consumers: %v", all)
	}
	for _, test := range []struct {
		name string
		by   object
		at   string
		says []string
	}{
		{"service", object{}, "", []string{"Nothing says which", "id or name"}},
		{"service", object{"name": ""}, "name", []string{"empty"}},
		{"service", object{"name": "order"}, "name", []string{`"order"`, w.ID, `Did you mean "orders"`, "carts"}},
		{"service", object{"name": "carts", "id": service}, "id", []string{"There is no"}},
		{"service", object{"id": acctest.SomeID}, "id", []string{"There is no", acctest.SomeID}},
		{"route_expression", object{"id": route}, "id", []string{"There is no"}},
		{"plugin", object{"name": "cors"}, "name", []string{"There are 2", scoped, global}},
		{"plugin", object{"service": ref}, "", []string{"Nothing says which"}},
		{"service_list", object{"name_contains": ""}, "name_contains", []string{"empty"}},
		{"service_list", object{"tags": []any{""}}, "tags", []string{"empty"}},
		{"key_auth", object{"key": "wrong-secret"}, "key", []string{"There is no"}},
	} {
		_, diags := ask(t, p, "konnect_gateway_"+test.name, with(test.name, test.by))
		text := acctest.Text(diags)
		if len(diags) == 0 {
			t.Errorf("%s by %v: no error", test.name, test.by)
			continue
		}
		if at := diags[0].Attribute; test.at != "" && (at == nil || !strings.Contains(at.String(), `"`+test.at+`"`)) {
			t.Errorf("%s by %v: at %v, want %s", test.name, test.by, at, test.at)
		}
		for _, part := range test.says {
			if !strings.Contains(text, part) {
				t.Errorf("%s by %v: %q is missing in: %s", test.name, test.by, part, text)
			}
		}
		if strings.Contains(text, "hush-hush") || strings.Contains(text, "wrong-secret") {
			t.Errorf("%s by %v: a secret is shown: %s", test.name, test.by, text)
		}
	}
}
