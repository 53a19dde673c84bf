package resource

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/report"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/tfvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/wording"
)

// elsewhere are the resource types of the community's provider for self-managed
// gateways, with the entities that they hold. Those of Kong's own provider for
// such gateways have our names behind another prefix.
var elsewhere = map[string]*entity.Type{
	"kong_certificate":         entity.Certificate,
	"kong_consumer":            entity.Consumer,
	"kong_consumer_acl":        entity.ACL,
	"kong_consumer_basic_auth": entity.BasicAuth,
	"kong_consumer_jwt_auth":   entity.JWT,
	"kong_consumer_key_auth":   entity.KeyAuth,
	"kong_plugin":              entity.Plugin,
	"kong_route":               entity.Route,
	"kong_service":             entity.Service,
	"kong_target":              entity.Target,
	"kong_upstream":            entity.Upstream,
}

// Elsewhere returns the entity that a resource type of a provider for self-managed
// gateways holds, or nil. The address of a provider is host/namespace/type.
func Elsewhere(provider, resourceType string) *entity.Type {
	switch {
	case strings.HasSuffix(provider, "/kevholditch/kong"):
		return elsewhere[resourceType]
	case strings.HasSuffix(provider, "/kong/kong-gateway"):
		name, ok := strings.CutPrefix(resourceType, "kong-gateway_")
		if r := All()["konnect_gateway_"+name]; ok && r != nil {
			return r.Type
		}
	}
	return nil
}

// From reads the state of such a provider. It knows the object's ID and those above
// it but no control plane; reading the object finds that, and everything else.
// Terraform moves states before it configures the provider.
func (r *Resource) From(raw *tfprotov6.RawState) (tftypes.Value, error) {
	old, err := jsonvalue.Object(string(raw.JSON))
	if err != nil {
		return tftypes.Value{}, err
	}
	keys := map[string]string{}
	for _, at := range r.Address() {
		text, _ := old[at.Attribute].(string)
		if above, ok := old[strings.TrimSuffix(at.Attribute, "_id")].(map[string]any); ok && text == "" {
			text, _ = above["id"].(string)
		}
		text = text[strings.LastIndexAny(text, "/|")+1:] // of a pair, the object's own
		switch {
		case text != "":
			keys[at.Attribute] = text
		case at.Type != entity.ControlPlane:
			return tftypes.Value{}, fmt.Errorf("it lacks the ID of the %s", at.Type.Title)
		}
	}
	return r.at(keys), nil
}

// isFromElsewhere reports whether a state comes from such a provider and was not
// read since.
func (r *Resource) isFromElsewhere(held tftypes.Value) bool {
	first := r.Address()[0]
	v, ok := tfvalue.Members(held)[first.Attribute]
	return ok && first.Type == entity.ControlPlane && first.Type != r.Type && v.IsNull()
}

// take returns the state of the object that a state from elsewhere is about, with
// its private state.
func (r *Resource) take(ctx context.Context, s *session.Session, held tftypes.Value) (tftypes.Value, []byte, report.Diagnostics) {
	var places []place
	for _, at := range r.Address() {
		text, _ := tfvalue.ToGo(tfvalue.Members(held)[at.Attribute]).(string)
		places = append(places, place{Step: at, text: text})
	}
	var err error
	if places[0].text, err = r.controlPlaneOf(ctx, s, places); err != nil {
		return held, nil, report.Diagnostics{report.Failure(nil, "Unable to find the control plane", "The state comes from a provider that knows no control planes. "+wording.Sentence(err.Error()))}
	}
	return r.adopt(ctx, s, places)
}

// unplaced says that a plan without a refresh cannot know where an object is.
func (r *Resource) unplaced(prior tftypes.Value) report.Diagnostics {
	if tfvalue.IsNull(prior) || !r.isFromElsewhere(prior) {
		return nil
	}
	return report.Diagnostics{report.Failure(nil, "Unable to plan without a refresh",
		"The state comes from a provider that knows no control planes; a refresh finds the one that has the "+r.Type.Title+". Plan once without -refresh=false.")}
}

// controlPlaneOf finds the control plane that has the object at a place.
func (r *Resource) controlPlaneOf(ctx context.Context, s *session.Session, places []place) (string, error) {
	api, err := s.Client()
	if err != nil {
		return "", err
	}
	planes, err := api.List(ctx, client.Ref{Type: entity.ControlPlane}, nil)
	if err != nil {
		return "", err
	}
	ref := client.Ref{Type: r.Type, Key: places[len(places)-1].text}
	for _, above := range places[:len(places)-1] {
		ref.Parents = append(ref.Parents, above.text)
	}
	var found []string
	for _, plane := range planes {
		ref.Parents[0], _ = plane["id"].(string)
		switch _, err := api.Get(ctx, ref); {
		case err == nil:
			found = append(found, ref.Parents[0])
		case !errors.Is(err, client.ErrNotFound):
			return "", err
		}
	}
	what := fmt.Sprintf("%s with the ID %s", r.Type.Title, ref.Key)
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return "", fmt.Errorf("none of the %d control planes has a %s. Copy it there with its ID, as decK does with --with-id; "+
			"or take it out of the state with a removed block or terraform state rm, and let it be made anew", len(planes), what)
	}
	return "", fmt.Errorf("a %s is on several control planes: %s. Take it out of the state, and import the one that is meant", what, strings.Join(found, ", "))
}
