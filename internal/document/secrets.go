package document

import (
	"fmt"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// IsSecret reports whether a field carries a credential, or holds nothing but
// credentials: such as Kong encrypts, and some that it keeps as they are.
func IsSecret(f *schema.Field) bool {
	if f == nil {
		return false
	}
	return f.Encrypted || IsSecret(f.Elements) || IsSecret(f.Values) || carriesCredentials(f)
}

// carriers are the names of fields that carry credentials although no schema
// calls them encrypted, by how such a name ends. A name that ends so and speaks
// of a credential only (token_headers_names, header_name) has another ending or
// another type.
var carriers = []struct {
	is   func(*schema.Field) bool
	ends []string
}{
	{isText, []string{
		"password", "passphrase", "secret", "authorization", "credentials", "actor_token", "access_token", "refresh_token", "bearer_token",
		"api_key", "private_key", "secret_key", "tls_client_auth_key", "tokens_salt", "introspection_body_args",
	}},
	{isTexts, []string{"passwords", "secrets", "_headers_values", "token_post_args_values", "introspection_post_args_values", "userinfo_query_args_values"}},
	{isTextByName, []string{"headers", "args"}},
}

func isText(f *schema.Field) bool { return f.Type == schema.String }

func isTexts(f *schema.Field) bool {
	return (f.Type == schema.Array || f.Type == schema.Set) && f.Elements != nil && isText(f.Elements)
}

func isTextByName(f *schema.Field) bool {
	return f.Type == schema.Map && f.Values != nil && isText(f.Values)
}

// carriesCredentials judges a field by its name and its type. A map in whose
// values references to vaults may stand is meant for secrets, whatever its name;
// a map of such references only is no secret.
func carriesCredentials(f *schema.Field) bool {
	if isTextByName(f) && f.Values.Referenceable {
		return f.Name != "vault"
	}
	for _, c := range carriers {
		if c.is(f) && slices.ContainsFunc(c.ends, func(end string) bool { return strings.HasSuffix(f.Name, end) }) {
			return true
		}
	}
	return false
}

// suspicious are the parts of names behind which a secret may stand.
var suspicious = []string{
	"password", "passphrase", "passwd", "secret", "token", "authorization", "credential", "apikey", "privatekey", "accesskey", "headers", "salt",
}

// LooksSecret judges a field of which nothing but the name is known.
func LooksSecret(name string) bool {
	name = strings.NewReplacer("_", "", "-", "").Replace(strings.ToLower(name))
	return slices.ContainsFunc(suspicious, func(part string) bool { return strings.Contains(name, part) })
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

// WrittenOut returns the places of secrets that a document has as they are, and
// not as references to vaults.
func WrittenOut(s *schema.Schema, doc map[string]any) (out []schema.Path) {
	s.Walk(doc, func(c *schema.Cursor) bool {
		if !IsSecret(c.Field) {
			return c.Field != nil
		}
		field, at := c.Field, c.Path.Join()
		schema.Walk(nil, c.Value, func(c *schema.Cursor) bool {
			member := ""
			if len(c.Path) > 0 {
				member = c.Path[0].Name
			}
			if text, ok := c.Value.(string); ok && Discloses(field, member, text) {
				out = append(out, at.Join(c.Path...))
			}
			return true
		})
		return false
	})
	return out
}

// Discloses reports whether a text within a secret field tells the secret: below a
// member of it, where it has some. References to vaults do not, and much that is
// kept like a secret tells only whose it is; a map for anything (headers) has
// secrets under some names only.
func Discloses(f *schema.Field, member, text string) bool {
	switch {
	case text == "" || schema.IsReference(text):
		return false
	case slices.ContainsFunc(identifying, func(end string) bool { return strings.HasSuffix(f.Name, end) }):
		return false
	}
	return !isTextByName(f) || f.Encrypted || LooksSecret(member)
}

// identifying is how names of fields end that tell who has a secret.
var identifying = []string{"id", "user", "username", "_arn", "_session_name", "_endpoint", "_certificate"}

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
