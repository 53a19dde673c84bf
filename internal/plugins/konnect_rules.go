package plugins

import (
	"bytes"
	"encoding/json"
)

// KonnectRules are what Konnect changes in a plugin's configuration, by the
// paths of the history.
type KonnectRules struct {
	// Defaults are the defaults of control planes where they differ from the
	// gateway's, which are in the data. The compiled schema has them.
	Defaults map[string]any `json:"defaults"`
	// Verified are fields that switch the verification of certificates on. If
	// one of them is false, data planes from [VerifiedSince] on refuse the
	// whole configuration, unless their operator allows it.
	Verified []string `json:"verified"`
	// Since is the first version with a field in Konnect's view of data planes,
	// where that differs from the history; "" stands for the plugin itself.
	Since map[string]string `json:"since"`
	// Rewrites are changes on the way to data planes. A control plane also
	// leaves out the fields that data planes do not have yet, by history and
	// Since.
	Rewrites []Rewrite `json:"rewrites"`
}

// Rewrite is a change that a control plane makes to a configuration for data
// planes of some versions. A version names a patch where that matters: 3.4.1.
type Rewrite struct {
	ID      string   `json:"id"`      // what Konnect calls it
	Before  string   `json:"before"`  // for data planes that are older, or ""
	From    string   `json:"from"`    // for data planes of this version on, or ""
	Patches []string `json:"patches"` // patches of older versions that do not need it

	At        []string      `json:"at"`        // the fields that it changes, each by itself
	Values    []any         `json:"values"`    // only for one of these values; nil is any
	Reference bool          `json:"reference"` // only for a reference to a vault
	Note      string        `json:"note"`      // other conditions and effects
	Does      RewriteAction `json:"does"`
	To        any           `json:"to"` // the value that is set, or the path that it is moved to
}

// RewriteAction says what happens to a field.
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

// VerifiedInPartials are the fields of partials that [KonnectRules.Verified]
// applies to, by kind.
var VerifiedInPartials = map[string]string{"redis-ce": "config.ssl_verify", "redis-ee": "config.ssl_verify"}

// KonnectRules decodes the rules, which few callers need. It cannot fail for
// bundled data: the command catalog makes sure of that.
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
