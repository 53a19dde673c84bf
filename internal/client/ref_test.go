package client

import (
	"encoding/json"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

var unknownValue = schema.Unknown

func jsonNumber(s string) json.Number { return json.Number(s) }

func TestRef_Path(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		ref  Ref
		want string
	}{
		{Ref{Type: entity.ControlPlane}, "/v2/control-planes"},
		{Ref{Type: entity.ControlPlane, Key: "c"}, "/v2/control-planes/c"},
		{Ref{Type: entity.Service, Parents: []string{"c"}}, "/v2/control-planes/c/core-entities/services"},
		{Ref{Type: entity.Service, Parents: []string{"c"}, Key: "s"}, "/v2/control-planes/c/core-entities/services/s"},
		{Ref{Type: entity.Service, Parents: []string{"c"}, Key: "a/b?c#d e%41é"}, "/v2/control-planes/c/core-entities/services/a%2Fb%3Fc%23d%20e%2541%C3%A9"},
		{Ref{Type: entity.Service, Parents: []string{"../x"}, Key: "s"}, "/v2/control-planes/..%2Fx/core-entities/services/s"},
		{Ref{Type: entity.ConsumerGroupMember, Parents: []string{"c", "g"}, Key: "u"}, "/v2/control-planes/c/core-entities/consumer_groups/g/consumers/u"},
		{Ref{Type: entity.PluginSchema, Parents: []string{"c"}, Key: "my-plugin"}, "/v2/control-planes/c/core-entities/plugin-schemas/my-plugin"},
	} {
		got, err := tt.ref.Path()
		if err != nil || got != tt.want {
			t.Errorf("got %q, %v, want %q", got, err, tt.want)
		}
	}
}

func TestRef_Path_refused(t *testing.T) {
	t.Parallel()
	for _, ref := range []Ref{
		{},
		{Type: entity.ControlPlane, Parents: []string{"x"}},
		{Type: entity.ControlPlane, Key: ".."},
		{Type: entity.Service},
		{Type: entity.Service, Key: "s"},
		{Type: entity.Service, Parents: []string{""}, Key: "s"},
		{Type: entity.Service, Parents: []string{".."}, Key: "s"},
		{Type: entity.Service, Parents: []string{"c", "d"}, Key: "s"},
		{Type: entity.Service, Parents: []string{"c"}, Key: "."},
		{Type: entity.Service, Parents: []string{"c"}, Key: ".."},
		{Type: entity.ConsumerGroupMember, Parents: []string{"g"}},
	} {
		if got, err := ref.Path(); err == nil {
			t.Errorf("%+v: got %q", ref, got)
		}
	}
}

func TestRef_member(t *testing.T) {
	t.Parallel()
	for _, ref := range []Ref{{}, {Type: entity.Service, Parents: []string{"c"}}} {
		if got, err := ref.member(); err == nil {
			t.Errorf("%+v: got %q", ref, got)
		}
	}
}
