package resource

import (
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
)

// credentialRows are the credentials of consumers, which are written below
// their consumer.
func credentialRows() []row {
	return []row{
		credentialRow(entity.KeyAuth, "A key of a consumer, for the plugin `key-auth`.", []string{"ttl"}, map[string]attribute.Fact{
			"key": {WriteOnly: true, Description: "The key. Left out, the control plane makes one."},
			"ttl": {Mode: both, Served: true, Description: "Seconds that the key lives after it is written; 0 is for ever. The control plane counts them down, which is no drift. " +
				"An import finds what is left of them; the plan after that writes them anew."},
		}),
		basicAuthRow(),
		credentialRow(entity.HMACAuth, "A username and a shared secret of a consumer, for the plugin `hmac-auth`.", nil, map[string]attribute.Fact{
			"username": {Description: "Username, unique in the control plane."},
			"secret":   {WriteOnly: true, Description: "Secret by which requests are signed. Left out, the control plane makes one."},
		}),
		credentialRow(entity.JWT, "A key for JSON Web Tokens of a consumer, for the plugin `jwt`.", nil, map[string]attribute.Fact{
			"algorithm":      {Description: "Algorithm of the signatures."},
			"key":            {Description: "What the claim that names the issuer holds, unique in the control plane. Left out, the control plane makes one."},
			"secret":         {WriteOnly: true, Description: "Shared secret of the HS algorithms. Left out, the control plane makes one."},
			"rsa_public_key": {Description: "Public key of the other algorithms, as PEM."},
		}),
		credentialRow(entity.ACL, "The membership of a consumer in a group that the plugin `acl` knows.", nil, map[string]attribute.Fact{
			"group": {Description: "Name of the group."},
		}),
		credentialRow(entity.MTLSAuth, "A subject of client certificates that stands for a consumer, for the plugin `mtls-auth`.", nil, map[string]attribute.Fact{
			"subject_name":   {Description: "Subject of the certificate: its common name or an alternative name."},
			"ca_certificate": {Description: "CA certificate that has to have signed it."},
		}),
	}
}

// basicAuthRow: an import brings the hash of the password into state, which tells
// whether the configuration has that password.
func basicAuthRow() row {
	r := credentialRow(entity.BasicAuth, "A username and a password of a consumer, for the plugin `basic-auth`. The control plane keeps a hash of the password: "+
		"a password that somebody else changed is not seen. After an import the plan changes nothing if the control plane shows the hash of the password "+
		"that the configuration has, and else writes the password anew.", []string{"password"}, map[string]attribute.Fact{
		"username": {Description: "Username, unique in the control plane."},
		"password": {WriteOnly: true, Description: "Password."},
	})
	r.hashed = entity.HashPassword
	return r
}

// credentialRow is the row of a credential. unshown are attributes that answers
// show otherwise than they were written.
func credentialRow(t *entity.Type, summary string, unshown []string, at map[string]attribute.Fact) row {
	at["consumer"] = attribute.Fact{Hidden: true} // it is part of the address
	return row{Type: t, summary: summary, unshown: unshown, facts: attribute.Facts{SetsAreLists: true, At: at}}
}
