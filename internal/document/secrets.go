package document

import (
	"fmt"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// IsSecret reports whether a field carries a credential, or holds nothing but
// credentials: such as Kong encrypts, and some that it keeps as they are.
func IsSecret(f *schema.Field) bool {
	if f == nil {
		return false
	}
	return f.Encrypted || carriesCredential[f.Name] || IsSecret(f.Elements) || IsSecret(f.Values)
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

// Secrets collects the values of fields that are to be kept secret.
func Secrets(s *schema.Schema, doc map[string]any) []string {
	var out []string
	if s == nil {
		return nil
	}
	for k, v := range doc {
		f := s.Field(k)
		if f == nil {
			f = s.Shorthand(k)
		}
		out = append(out, secretsOf(f, v, false)...)
	}
	return out
}

// shortestSecret is the length below which hiding a text would hide half of
// every message.
const shortestSecret = 4

func secretsOf(f *schema.Field, v any, secret bool) []string {
	if f == nil {
		return nil
	}
	secret = secret || IsSecret(f)
	var out []string
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			child := MemberOf(f, k)
			if child == nil && f.Record != nil {
				child = f.Record.Shorthand(k)
			}
			out = append(out, secretsOf(child, e, secret)...)
		}
	case []any:
		for _, e := range v {
			out = append(out, secretsOf(f.Elements, e, secret)...)
		}
	default:
		if text := fmt.Sprint(v); secret && v != nil && len(text) >= shortestSecret && !schema.IsUnknown(v) {
			out = append(out, text)
		}
	}
	return out
}
