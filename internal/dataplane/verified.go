package dataplane

import (
	"fmt"

	"github.com/openkonnect/terraform-provider-konnect/internal/finding"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// VerifiedSince is the first version whose data planes insist on the
// verification of certificates.
var VerifiedSince = Version{Major: 3, Minor: 14}

// Verified is a field that switches the verification of certificates on. While
// it is false, data planes from [VerifiedSince] on refuse the whole
// configuration, unless their operator allows it.
type Verified struct {
	At string `json:"at"`
	If Where  `json:"if"` // where the field is in use; always where nothing is said
}

// JudgeVerified warns where certificates are not verified. Versions that nobody
// knows may be new ones. A field that is not in use counts only if it is
// written, and then only perhaps.
func JudgeVerified(doc Document, fields []Verified, ask Ask) (found []finding.Finding) {
	completed := doc.Completed
	if completed == nil {
		completed = doc.Written
	}
	for _, field := range fields {
		for _, p := range places(completed, field.At, nil) {
			written := p.path.Get(doc.Written) != nil
			used := field.If == nil || field.If.holds(completed, p.path)
			if p.value == false && (used || written) {
				found = append(found, unverified(p.path, written, used))
			}
		}
	}
	if len(found) == 0 {
		return nil
	}
	if newest := ask().Newest; !newest.IsZero() && newest.Before(VerifiedSince) {
		return nil
	}
	return found
}

func unverified(at schema.Path, written, used bool) finding.Finding {
	text := "it is false, so that certificates are not verified: "
	if !written {
		text = "left out, it is false in Konnect, so that certificates are not verified: "
	}
	if used {
		text += "data planes of version %s or later refuse the whole configuration of their control plane because of it."
	} else {
		text += "data planes of version %s or later may refuse the whole configuration of their control plane because of it, though it is not in use here."
	}
	text += " They go on with the last one that they took, while the control plane reports success."
	return warning(at, fmt.Sprintf(text, VerifiedSince),
		"Set it to true, or have the operator of the data planes set tls_certificate_verify to off in their kong.conf.")
}
