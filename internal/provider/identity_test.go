package provider_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/resource"
)

// Every resource has an identity, all of whose parts are attributes and are
// wanted for an import.
func TestIdentity_schemas(t *testing.T) {
	t.Parallel()
	schemas, err := acctest.Offline(t).Server.GetResourceIdentitySchemas(context.Background(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil || len(schemas.Diagnostics) > 0 {
		t.Fatal(err, schemas.Diagnostics)
	}
	for name, r := range resource.All() {
		s := schemas.IdentitySchemas[name]
		if s == nil || s.Version != 0 || len(s.IdentityAttributes) == 0 {
			t.Errorf("%s: %v", name, s)
			continue
		}
		for _, a := range s.IdentityAttributes {
			attribute := r.Root().Named(a.Name)
			if attribute == nil || !a.RequiredForImport || a.OptionalForImport || !a.Type.Equal(attribute.Type) || a.Description == "" {
				t.Errorf("%s: %v", name, a)
			}
		}
	}
}

// An identity is stored by whatever reads or writes an object, fills itself in
// where a state has none, and imports the object.
func TestIdentity(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	user, _ := w.Make(t, entity.Consumer, w.Scope(), object{"username": "a"})["id"].(string)
	gold, _ := w.Make(t, entity.ConsumerGroup, w.Scope(), object{"name": "gold"})["id"].(string)
	store, _ := w.Make(t, entity.ConfigStore, w.Scope(), object{"name": "store"})["id"].(string)
	for name, c := range map[string]struct {
		config, changed, identity object
	}{
		service: {w.in(object{"name": "s", "host": "a"}), w.in(object{"name": "s", "host": "b"}), w.in(nil)},
		plane:   {object{"name": "one"}, object{"name": "two"}, object{}},
		"konnect_gateway_acl": {
			w.in(object{"consumer_id": user, "group": "g"}), w.in(object{"consumer_id": user, "group": "h"}), w.in(object{"consumer_id": user}),
		},
		member: {w.in(object{"consumer_id": user, "consumer_group_id": gold}), nil, w.in(object{"consumer_id": user, "consumer_group_id": gold})},
		upload: {w.in(object{"lua_schema": lua("mine", "")}), w.in(object{"lua_schema": lua("mine", "") + "\n"}), w.in(object{"name": "mine"})},
		"konnect_gateway_config_store_secret": {
			w.in(object{"config_store_id": store, "key": "k", "value": "a"}), w.in(object{"config_store_id": store, "key": "k", "value": "b"}),
			w.in(object{"config_store_id": store, "key": "k"}),
		},
		acctest.TypedName("cors"): {w.in(nil), w.in(object{"enabled": false}), w.in(nil)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			state := w.create(t, name, c.config)
			want := c.identity
			if id := text(state, "id"); id != "" && name != upload {
				want["id"] = id
			}
			known := func(what string, state tftypes.Value) {
				t.Helper()
				if diff := cmp.Diff(want, w.p.Identity(t, name, state)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", what, diff)
				}
			}
			known("create", state)
			if c.changed != nil {
				state = w.apply(t, name, c.changed, state)
				known("update", state)
			}
			other := newProtocol(t, w)
			again, diags := other.Read(t, name, state) // of a state without identity
			if diff := cmp.Diff(want, other.Identity(t, name, again)); diff != "" || len(diags) > 0 {
				t.Errorf("read (-want +got):\n%s%s", diff, acctest.Text(diags))
			}
			imported, diags := other.ImportIdentity(t, name, want)
			if diff := cmp.Diff(want, other.Identity(t, name, imported)); diff != "" || len(diags) > 0 {
				t.Errorf("import (-want +got):\n%s%s", diff, acctest.Text(diags))
			}
			delete(want, "control_plane_id")
			if name == plane {
				delete(want, "id")
			}
			_, diags = other.ImportIdentity(t, name, want)
			if got := acctest.Text(diags); !strings.Contains(got, "The identity lacks ") {
				t.Errorf("an identity that lacks something: %s", got)
			}
		})
	}
}

func newProtocol(t *testing.T, w *world) *acctest.Protocol { return w.Protocol(t) }

// An identity of another version that lacks something is as good as none.
func TestIdentity_upgrade(t *testing.T) {
	t.Parallel()
	p := acctest.Offline(t)
	for raw, want := range map[string]any{
		`{"control_plane_id":"c","id":"s"}`:          object{"control_plane_id": "c", "id": "s"},
		`{"control_plane_id":"c","id":"s","more":1}`: object{"control_plane_id": "c", "id": "s"},
		`{"id":"s"}`: nil,
		`{}`:         nil,
	} {
		resp, err := p.Server.UpgradeResourceIdentity(context.Background(), &tfprotov6.UpgradeResourceIdentityRequest{
			TypeName: service, RawIdentity: &tfprotov6.RawState{JSON: []byte(raw)},
		})
		if err != nil || len(resp.Diagnostics) > 0 {
			t.Fatal(err, resp.Diagnostics)
		}
		got, err := resp.UpgradedIdentity.IdentityData.Unmarshal(resource.All()[service].IdentitySchema().ValueType())
		if diff := cmp.Diff(want, acctest.Go(got)); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", raw, err, diff)
		}
	}
}
