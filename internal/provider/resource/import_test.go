package resource

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

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
		{plane, "", nil, "The import ID is not a JSON object. Wanted is the id of the control plane"},
		{
			service, "abc", nil,
			`The import ID is not a JSON object. Wanted are the keys id, control_plane_id, for example: ` +
				`{ "id": "9524ec7d-36d9-465d-a8c5-83a3c9390458", "control_plane_id": "9524ec7d-36d9-465d-a8c5-83a3c9390458" }`,
		},
		{
			service, `{"service_id":"s","control_plane_id":"c"}`, nil,
			`The import ID lacks the key "id". Wanted are the keys id, control_plane_id, for example: ` +
				`{ "id": "9524ec7d-36d9-465d-a8c5-83a3c9390458", "control_plane_id": "9524ec7d-36d9-465d-a8c5-83a3c9390458" }`,
		},
		{
			upload, `{"name":"p","control_plane_id":"c","id":"x"}`, nil,
			`The import ID has the key "id", which means nothing here. Wanted are the keys name, control_plane_id, for example: ` +
				`{ "name": "my-plugin", "control_plane_id": "9524ec7d-36d9-465d-a8c5-83a3c9390458" }`,
		},
		{
			upload, `{"name":5,"control_plane_id":"c"}`, nil,
			`The import ID lacks the key "name". Wanted are the keys name, control_plane_id, for example: ` +
				`{ "name": "my-plugin", "control_plane_id": "9524ec7d-36d9-465d-a8c5-83a3c9390458" }`,
		},
	} {
		got, err := all[c.resource].parseImportID(c.id)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s %q: (-want +got)\n%s", c.resource, c.id, diff)
		}
		fault := ""
		if err != nil {
			fault = err.Error()
		}
		if diff := cmp.Diff(c.fault, fault); diff != "" {
			t.Errorf("%s %q: (-want +got)\n%s", c.resource, c.id, diff)
		}
	}
}
