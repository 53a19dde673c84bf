// Package dataplane knows what data planes make of a configuration by their
// version: what a control plane changes in it for older ones ([Rewrite]), and
// what newer ones refuse ([Verified]).
//
// [Judge] applies such [Rules] to a document. Those of plugins are in the data
// of package plugins; [RulesOf] has those of the other entities, from
// entities.json. All findings are warnings: the control plane accepts all of it.
//
// The package does not know control planes, entities' schemas or Terraform.
package dataplane

import (
	"github.com/openkonnect/terraform-provider-konnect/internal/finding"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Rules are what is known about the documents of one kind.
type Rules struct {
	Verified []Verified `json:"verified"`
	Rewrites []Rewrite  `json:"rewrites"`
}

// Document is what is judged: as the user wrote it, and with the defaults. The
// latter is nil where completing failed.
type Document struct{ Written, Completed map[string]any }

// Where says where a rule applies: in a document in which one of these fields
// has one of these values. A text that ends with "://" stands for all that begin
// with it, and no value at all for any. An unknown value is none of them.
type Where map[string][]any

// holds reports whether the condition holds at a place; indexes of lists above
// are those of the place.
func (w Where) holds(doc map[string]any, at schema.Path) bool {
	for name, values := range w {
		for _, p := range places(doc, name, at) {
			if p.value != nil && !schema.IsUnknown(p.value) && (len(values) == 0 || anyOf(values, p.value)) {
				return true
			}
		}
	}
	return false
}

func warning(at schema.Path, message, hint string) finding.Finding {
	return finding.Finding{Severity: finding.Warning, Path: at, Message: message, Hint: hint}
}
