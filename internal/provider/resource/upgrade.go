package resource

import (
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/tfvalue"
)

// Upgrade reads a state that an earlier version or the published provider
// wrote. Attributes that the schema lacks are dropped. Missing ones are null,
// and so are those that had another type then: reading the object brings them
// back.
func (r *Resource) Upgrade(raw *tfprotov6.RawState) (tftypes.Value, error) {
	state, err := r.wire().DecodeState(raw)
	if err == nil {
		return state, nil
	}
	old, wrong := jsonvalue.Object(string(raw.JSON))
	if wrong != nil {
		return state, err
	}
	text, failed := json.Marshal(tfvalue.Fit(r.Root().Type, old))
	if failed != nil {
		return state, err
	}
	return r.wire().DecodeState(&tfprotov6.RawState{JSON: text})
}
