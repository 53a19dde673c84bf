package resource

import (
	"cmp"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

const serviceForm = ` Wanted are the keys id, control_plane_id, for example: ` +
	`{ "id": "9524ec7d-36d9-465d-a8c5-83a3c9390458", "control_plane_id": "9524ec7d-36d9-465d-a8c5-83a3c9390458" }` +
	`; or the same from the control plane down, by name or ID: <control plane>/<gateway service>`

func TestParseImportID(t *testing.T) {
	t.Parallel()
	all := All()
	const service, plane, member, upload = "konnect_gateway_service", "konnect_gateway_control_plane", "konnect_gateway_consumer_group_member", "konnect_gateway_custom_plugin_schema"
	for _, c := range []struct {
		resource, id string
		want         map[string]string
		fault        string
	}{
		{plane, "abc", map[string]string{"id": "abc"}, ""},
		{plane, ` {"id": "abc"} `, map[string]string{"id": "abc"}, ""},
		{service, `{"id":"s","control_plane_id":"c"}`, map[string]string{"id": "s", "control_plane_id": "c"}, ""},
		{upload, `{"name":"p","control_plane_id":"c"}`, map[string]string{"name": "p", "control_plane_id": "c"}, ""},
		{
			member, `{"control_plane_id":"c","consumer_group_id":"g","consumer_id":"u"}`,
			map[string]string{"control_plane_id": "c", "consumer_group_id": "g", "consumer_id": "u"}, "",
		},
		{plane, "a/b", map[string]string{"id": "a/b"}, ""},
		{service, " shop/orders ", map[string]string{"control_plane_id": "shop", "id": "orders"}, ""},
		{service, "a%2Fb/100%", map[string]string{"control_plane_id": "a/b", "id": "100%"}, ""},
		{service, `{"control_plane_id":"shop","name":"a/b"}`, map[string]string{"control_plane_id": "shop", "name": "a/b"}, ""},
		{member, "shop/gold/alice", map[string]string{"control_plane_id": "shop", "consumer_group_id": "gold", "consumer_id": "alice"}, ""},
		{upload, "shop/mine", map[string]string{"control_plane_id": "shop", "name": "mine"}, ""},
		{"konnect_gateway_acl", "shop/alice/admins", map[string]string{"control_plane_id": "shop", "consumer_id": "alice", "id": "admins"}, ""},
		{"konnect_gateway_config_store_secret", "shop/store/token", map[string]string{"control_plane_id": "shop", "config_store_id": "store", "key": "token"}, ""},
		{plane, "", nil, "The import ID is empty. Wanted is the id of the control plane, or its name"},
		{
			service, "abc", nil,
			`The import ID is neither a JSON object nor the whole address. Wanted are the keys id, control_plane_id, for example: ` +
				`{ "id": "9524ec7d-36d9-465d-a8c5-83a3c9390458", "control_plane_id": "9524ec7d-36d9-465d-a8c5-83a3c9390458" }; or the same from the control plane down, by name or ID: <control plane>/<gateway service>`,
		},
		{service, "shop/a/b", nil, "The import ID has 3 parts, and an address 2; a slash within a name is written %2F." + serviceForm},
		{service, "shop/", nil, "Part 2 of the import ID is empty." + serviceForm},
		{service, "/orders", nil, "Part 1 of the import ID is empty." + serviceForm},
		{service, "{shop", nil, "The import ID is not a JSON object." + serviceForm},
		{service, `{"id":"a","name":"b","control_plane_id":"c"}`, nil, `The import ID has the key "name", which means nothing here.` + serviceForm},
		{
			service, `{"service_id":"s","control_plane_id":"c"}`, nil,
			`The import ID lacks the key "id". Wanted are the keys id, control_plane_id, for example: ` +
				`{ "id": "9524ec7d-36d9-465d-a8c5-83a3c9390458", "control_plane_id": "9524ec7d-36d9-465d-a8c5-83a3c9390458" }; or the same from the control plane down, by name or ID: <control plane>/<gateway service>`,
		},
		{
			upload, `{"name":"p","control_plane_id":"c","id":"x"}`, nil,
			`The import ID has the key "id", which means nothing here. Wanted are the keys name, control_plane_id, for example: ` +
				`{ "name": "my-plugin", "control_plane_id": "9524ec7d-36d9-465d-a8c5-83a3c9390458" }; or the same from the control plane down, by name or ID: <control plane>/<custom plugin schema>`,
		},
		{
			upload, `{"name":5,"control_plane_id":"c"}`, nil,
			`The import ID lacks the key "name". Wanted are the keys name, control_plane_id, for example: ` +
				`{ "name": "my-plugin", "control_plane_id": "9524ec7d-36d9-465d-a8c5-83a3c9390458" }; or the same from the control plane down, by name or ID: <control plane>/<custom plugin schema>`,
		},
	} {
		places, err := all[c.resource].parseImportID(c.id)
		var got map[string]string
		for _, p := range places {
			if got == nil {
				got = map[string]string{}
			}
			got[cmp.Or(p.field, p.Attribute)] = p.text
		}
		if diff := gocmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s %q: (-want +got)\n%s", c.resource, c.id, diff)
		}
		fault := ""
		if err != nil {
			fault = err.Error()
		}
		if diff := gocmp.Diff(c.fault, fault); diff != "" {
			t.Errorf("%s %q: (-want +got)\n%s", c.resource, c.id, diff)
		}
	}
}
