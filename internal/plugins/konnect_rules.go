package plugins

import (
	"bytes"
	"encoding/json"
	"sync"

	"github.com/openkonnect/terraform-provider-konnect/internal/dataplane"
)

// KonnectRules are what Konnect changes in a plugin's configuration, by the
// paths of the history.
type KonnectRules struct {
	// Defaults are the defaults of control planes where they differ from the
	// gateway's, which are in the data. The compiled schema has them.
	Defaults map[string]any `json:"defaults"`
	// Since is the first version with a field in Konnect's view of data planes,
	// where that differs from the history; "" stands for the plugin itself.
	Since map[string]string `json:"since"`
	// Rules are about data planes. A control plane also leaves out the fields
	// that they do not have yet, by history and Since.
	dataplane.Rules
}

// konnectRules are decoded when they are first asked for.
type konnectRules struct {
	text    json.RawMessage
	once    sync.Once
	decoded KonnectRules
	err     error
}

// KonnectRules decodes the rules. It cannot fail for bundled data: the command
// catalog makes sure of that.
func (i *Info) KonnectRules() (KonnectRules, error) {
	r := i.konnect
	if r == nil || r.text == nil {
		return KonnectRules{}, nil
	}
	r.once.Do(func() {
		d := json.NewDecoder(bytes.NewReader(r.text))
		d.UseNumber()
		d.DisallowUnknownFields()
		r.err = d.Decode(&r.decoded)
	})
	return r.decoded, r.err
}
