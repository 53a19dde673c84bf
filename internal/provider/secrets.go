package provider

import "github.com/openkonnect/terraform-provider-konnect/internal/schema"

// isSecret reports whether a field carries a credential, or holds nothing but
// credentials: such as Kong encrypts, and some that it keeps as they are.
func isSecret(f *schema.Field) bool {
	if f == nil {
		return false
	}
	return f.Encrypted || carriesCredential[f.Name] || isSecret(f.Elements) || isSecret(f.Values)
}

// carriesCredential are fields that are credentials, and that no schema calls
// encrypted.
var carriesCredential = map[string]bool{
	"access_token_introspection_authorization": true,
	"actor_token": true,
	"channel_token_introspection_authorization": true,
	"http_proxy_authorization":                  true,
	"https_proxy_authorization":                 true,
	"tls_client_auth_key":                       true,
}
