package provider

import (
	"regexp"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// isSecret reports whether a field carries a credential: one that Kong
// encrypts, or a text whose name says so.
func isSecret(f *schema.Field) bool {
	return f.Encrypted || isText(f) && credential.MatchString(f.Name) && !aboutCredentials.MatchString(f.Name)
}

// isText reports whether a field is a text, or holds nothing but texts.
func isText(f *schema.Field) bool {
	for f != nil && (f.Elements != nil || f.Values != nil) {
		if f.Elements != nil {
			f = f.Elements
		} else {
			f = f.Values
		}
	}
	return f != nil && f.Type == schema.String && f.Def["one_of"] == nil
}

var (
	credential = regexp.MustCompile(`(^|_)(password|passphrase|secret|secrets|token|api_key|apikey|access_key|account_key|private_key|service_account_json|jwt|auth_value|credentials?)($|_value$)`)
	// aboutCredentials are names that speak of where a credential is found or
	// how long it lives.
	aboutCredentials = regexp.MustCompile(`^(subject_token|logout_revoke_access_token)$`)
)
