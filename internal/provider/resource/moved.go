package resource

import (
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
)

// Moved reads the state of another resource for the same kind of thing. The
// resources for single plugins hold a configuration in another form than those
// for any plugin: it is left out, and reading the object brings it back.
func (r *Resource) Moved(source *Resource, raw *tfprotov6.RawState) (tftypes.Value, error) {
	if source == r || source.Plugin == "" && r.Plugin == "" {
		return r.Upgrade(raw)
	}
	doc, err := jsonvalue.Object(string(raw.JSON))
	if err != nil {
		return r.Upgrade(raw) // says what is wrong
	}
	name, _ := doc["name"].(string)
	if source.Plugin != "" {
		name = source.Plugin
	}
	if r.Plugin != "" && r.Plugin != name {
		return tftypes.Value{}, fmt.Errorf("it is an instance of the plugin %q, which is another resource: %s", name, attribute.TypedResource(name))
	}
	doc["name"] = name
	delete(doc, "config")
	delete(doc, effectiveConfig)
	text, err := json.Marshal(doc)
	if err != nil {
		return tftypes.Value{}, err
	}
	return r.Upgrade(&tfprotov6.RawState{JSON: text})
}
