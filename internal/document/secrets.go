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
func Secrets(s *schema.Schema, doc map[string]any) (out []string) {
	s.Walk(doc, func(c *schema.Cursor) bool {
		if !IsSecret(c.Field) {
			return c.Field != nil
		}
		schema.Walk(nil, c.Value, func(c *schema.Cursor) bool {
			out = append(out, hideable(c.Value)...)
			return true
		})
		return false
	})
	return out
}

// shortestSecret is the length below which hiding a text would hide half of
// every message.
const shortestSecret = 4

// hideable is the text of a scalar, if it can be hidden.
func hideable(v any) []string {
	switch v.(type) {
	case nil, map[string]any, []any:
		return nil
	}
	text := fmt.Sprint(v)
	if len(text) < shortestSecret || schema.IsUnknown(v) {
		return nil
	}
	return []string{text}
}
