package plugins

import (
	"bytes"
	"encoding/json"
)

// KonnectRules are what Konnect itself makes of a plugin's configuration, by
// the paths of the history.
type KonnectRules struct {
	// Defaults are those that its control planes give where the gateway gives
	// others, which are the schema's.
	Defaults map[string]any `json:"defaults"`
	// Verified are fields that switch the verification of certificates on. Data
	// planes from [VerifiedSince] on refuse a configuration as a whole in which
	// one of them is false, unless their operator allows that.
	Verified []string `json:"verified"`
}

// VerifiedSince is the first version whose data planes insist on verification.
var VerifiedSince = Version{Major: 3, Minor: 14}

// VerifiedInPartials are the fields of which [KonnectRules.Verified] speaks in
// partials, by their kind.
var VerifiedInPartials = map[string]string{"redis-ce": "config.ssl_verify", "redis-ee": "config.ssl_verify"}

// KonnectRules decodes the rules, which few ask for. The command catalog rules
// out that bundled data fail.
func (i *Info) KonnectRules() (KonnectRules, error) {
	var rules KonnectRules
	if i.konnect == nil {
		return rules, nil
	}
	d := json.NewDecoder(bytes.NewReader(i.konnect))
	d.UseNumber()
	d.DisallowUnknownFields()
	err := d.Decode(&rules)
	return rules, err
}
