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
	// Since is the first version with a field where Konnect tells another one
	// than the history, for data planes; "" is the plugin.
	Since map[string]string `json:"since"`
	// Rewrites are changes on the way to data planes. Beside them a control
	// plane leaves out what data planes do not have yet, by history and Since.
	Rewrites []Rewrite `json:"rewrites"`
}

// Rewrite is what a control plane does to a configuration that it sends to data
// planes of some versions. A version has a patch where that matters: 3.4.1.
type Rewrite struct {
	ID      string   `json:"id"`      // what Konnect calls it
	Before  string   `json:"before"`  // for data planes that are older, or ""
	From    string   `json:"from"`    // for data planes of this version on, or ""
	Patches []string `json:"patches"` // patches of older versions that need it not

	At        []string      `json:"at"`        // the fields that it is about, each by itself
	Values    []any         `json:"values"`    // only where one of these stands there; nil is any
	Reference bool          `json:"reference"` // only where a reference to a vault stands there
	Note      string        `json:"note"`      // what else it depends on or does
	Does      RewriteAction `json:"does"`
	To        any           `json:"to"` // the value that is set, or the path that it is moved to
}

// RewriteAction is what becomes of a field.
type RewriteAction string

// The kinds of rewrites.
const (
	RewriteSet         RewriteAction = "set"
	RewriteMove        RewriteAction = "move"
	RewriteDrop        RewriteAction = "drop"
	RewriteDropValue   RewriteAction = "drop_value"   // of a list
	RewriteDropElement RewriteAction = "drop_element" // the one that the field is in
	RewriteDropPlugin  RewriteAction = "drop_plugin"
	RewriteWithhold    RewriteAction = "withhold" // nothing is sent at all
	RewriteBreak       RewriteAction = "break"    // it is sent, and the data plane refuses it
)

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
