package resource

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/provider/report"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/tfvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/wire"
)

// The identity of an object is its address: the attributes that an import id
// names. It follows from the state, so that a state without one has one as soon as
// it is read.

// IdentitySchema returns the schema of the identity.
func (r *Resource) IdentitySchema() *tfprotov6.ResourceIdentitySchema {
	out := &tfprotov6.ResourceIdentitySchema{}
	for _, at := range r.Address() {
		what := "ID"
		if at.Attribute == at.Type.Address() && at.Attribute != "id" {
			what = at.Attribute
		}
		out.IdentityAttributes = append(out.IdentityAttributes, &tfprotov6.ResourceIdentitySchemaAttribute{
			Name: at.Attribute, Type: tftypes.String, RequiredForImport: true, Description: "The " + what + " of the " + at.Type.Title + ".",
		})
	}
	return out
}

// Identity returns the identity of the object in a state. It is null where the
// state does not know the whole address, as that of nothing.
func (r *Resource) Identity(state tftypes.Value) (*tfprotov6.ResourceIdentityData, error) {
	members, fields := tfvalue.Members(state), map[string]tftypes.Value{}
	for _, at := range r.Address() {
		v, ok := members[at.Attribute]
		if !ok || v.IsNull() || !v.IsKnown() {
			return r.identityOf(nil)
		}
		fields[at.Attribute] = v
	}
	return r.identityOf(fields)
}

func (r *Resource) identityOf(fields map[string]tftypes.Value) (*tfprotov6.ResourceIdentityData, error) {
	i := r.identityForm()
	value := tftypes.NewValue(i.typ, nil)
	if fields != nil {
		value = tftypes.NewValue(i.typ, fields)
	}
	data, err := i.codec.Encode(value)
	return &tfprotov6.ResourceIdentityData{IdentityData: data}, err
}

// identityForm is the type of a resource's identities. Every call of Terraform wants
// one, so it is made once.
type identityForm struct {
	typ   tftypes.Type
	codec *wire.Codec
}

func (r *Resource) identityForm() *identityForm {
	r.identified.Do(func() {
		typ := r.IdentitySchema().ValueType()
		r.identities = &identityForm{typ, wire.New(typ)}
	})
	return r.identities
}

// UpgradeIdentity reads an identity that an earlier version or the published
// provider wrote. One that lacks something is null: reading the object brings it
// back.
func (r *Resource) UpgradeIdentity(raw *tfprotov6.RawState) (*tfprotov6.ResourceIdentityData, error) {
	if raw == nil {
		return r.identityOf(nil)
	}
	held, err := raw.UnmarshalWithOpts(r.identityForm().typ, tfprotov6.UnmarshalOpts{
		ValueFromJSONOpts: tftypes.ValueFromJSONOpts{IgnoreUndefinedAttributes: true},
	})
	if err != nil {
		return nil, err
	}
	return r.Identity(held)
}

// ImportIdentity returns the state of the object that has an identity, with its
// private state.
func (r *Resource) ImportIdentity(ctx context.Context, s *session.Session, given *tfprotov6.ResourceIdentityData) (tftypes.Value, []byte, report.Diagnostics) {
	held, err := given.IdentityData.Unmarshal(r.identityForm().typ)
	if err != nil {
		return tftypes.Value{}, nil, r.Unreadable("identity", err)
	}
	var places []place
	for _, at := range r.Address() {
		text, _ := tfvalue.ToGo(tfvalue.Members(held)[at.Attribute]).(string)
		if text == "" {
			return tftypes.Value{}, nil, report.Diagnostics{report.Failure(nil, "Invalid identity",
				"The identity lacks "+at.Attribute+". Wanted is the ID of the "+at.Type.Title+".")}
		}
		places = append(places, place{Step: at, text: text})
	}
	return r.adopt(ctx, s, places)
}
