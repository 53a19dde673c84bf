package resource

import (
	"context"
	"maps"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// certificateRows are certificates, keys, and where secrets come from.
func certificateRows() []row {
	served := attribute.Fact{Mode: attribute.Computed}
	return []row{
		{
			Type:    entity.DataPlaneCertificate,
			summary: "A certificate by which data planes of a control plane prove who they are. Groups of control planes take them, too.",
			facts: attribute.Facts{At: map[string]attribute.Fact{
				"id": served, "created_at": served, "updated_at": served,
				"cert":  {Description: "Certificate as PEM, or that of the authority that signs those of the data planes."},
				"title": {Description: "What people call it."},
			}},
		},
		{
			Type: entity.Certificate,
			summary: "A certificate with its key, which the gateway shows to clients, by the server names of `konnect_gateway_sni`, or to upstreams. " +
				"Key and certificate must belong together.",
			facts: attribute.Facts{SetsAreLists: true, At: map[string]attribute.Fact{
				"cert":        {Description: "Certificate as PEM, with those of intermediate authorities after it, or a reference to a vault."},
				"key":         {WriteOnly: true, Description: "Private key as PEM, or a reference to a vault."},
				"cert_alt":    {Description: "Second certificate, with a key of another kind: ECDSA beside RSA."},
				"key_alt":     {WriteOnly: true, Description: "Private key of the second certificate."},
				"snis":        {Mode: attribute.Computed, Served: true, Description: "Server names for which it is shown."},
				"description": {Hidden: true}, "managed_by": {Hidden: true}, "vault": {Hidden: true}, "vault_alt": {Hidden: true},
			}},
		},
		{
			Type:    entity.CACertificate,
			summary: "The certificate of an authority, by which others are checked.",
			facts: attribute.Facts{SetsAreLists: true, At: map[string]attribute.Fact{
				"cert":        {Description: "Certificate as PEM. It must be that of an authority, and not be expired."},
				"cert_digest": {Mode: attribute.Computed, Description: "SHA-256 of the certificate, in hexadecimal digits."},
			}},
			sources:   map[string]string{"cert_digest": "cert"},
			behaviour: caCertificate{regular{entity.CACertificate}},
		},
		{
			Type:    entity.SNI,
			summary: "A server name for which a certificate is shown.",
			facts: attribute.Facts{SetsAreLists: true, At: map[string]attribute.Fact{
				"name":        {Description: "Server name; `*` stands for its first or last part. It is unique in the control plane."},
				"certificate": {Mode: attribute.Required, Description: "The certificate."},
			}},
		},
		{
			Type:    entity.KeySet,
			summary: "A set of keys.",
			facts: attribute.Facts{SetsAreLists: true, At: map[string]attribute.Fact{
				"name": {Description: "Name of the set, unique in its control plane."},
			}},
		},
		{
			Type:    entity.AsymmetricKey,
			summary: "A public or private key, in a set or alone: as `jwk` or as `pem`.",
			facts: attribute.Facts{SetsAreLists: true, At: map[string]attribute.Fact{
				"name":            {Description: "Name of the key, unique in its control plane."},
				"kid":             {Description: "ID of the key, unique in its set. A `jwk` has the same."},
				"jwk":             {WriteOnly: true, Description: "The key as a JSON Web Key, in the form of a text. Answers show the public part: after an import, the plan writes a key with more than that once."},
				"pem":             {Mode: both, Description: "The key as PEM."},
				"pem.private_key": {Description: "Private key."},
				"pem.public_key":  {Description: "Public key."},
				"set":             {Description: "The set that it belongs to."},
				"x5t":             {Description: "Thumbprint of its certificate."},
			}},
		},
		{
			Type:    entity.Vault,
			summary: "A source of secrets, to which configurations refer by `{vault://prefix/…}`.",
			facts: attribute.Facts{SetsAreLists: true, At: map[string]attribute.Fact{
				"name":        {Description: "Kind of the vault."},
				"prefix":      {Description: "Name under which references speak of it, unique in its control plane."},
				"description": {Description: "What it is for."},
				"config":      {Mode: both, WriteOnly: true, Description: "Settings of this kind of vault, as JSON: `jsonencode({ … })`."},
			}},
		},
		{
			Type:    entity.ConfigStore,
			summary: "A place for secrets in the control plane, which a vault of the kind `konnect` opens to configurations.",
			facts: attribute.Facts{At: map[string]attribute.Fact{
				"id": served, "created_at": timeOf("creation"), "updated_at": timeOf("the last change"),
				"name": {Description: "Name of the store."},
			}},
		},
		{
			Type: entity.ConfigStoreSecret,
			summary: "A secret of a config store. The control plane never shows the value: one that somebody else changed is not seen, " +
				"and an import writes it anew.",
			facts: attribute.Facts{At: map[string]attribute.Fact{
				"id": {Hidden: true}, "config_store": {Hidden: true},
				"created_at": timeOf("creation"), "updated_at": timeOf("the last change"),
				"key":   {Description: "Key of the secret in its store. Another key is another secret."},
				"value": {WriteOnly: true, Description: "The secret."},
			}},
		},
	}
}

// timeOf is a time that answers show as a text.
func timeOf(what string) attribute.Fact {
	return attribute.Fact{Mode: attribute.Computed, Served: true, Description: "Time of " + what + ", as RFC 3339 writes it."}
}

// caCertificate knows the digest of a certificate before the control plane does.
type caCertificate struct{ regular }

func (c caCertificate) judge(ctx context.Context, s *session.Session, in subject) candidate {
	out := c.regular.judge(ctx, s, in)
	out.doc = maps.Clone(out.doc)
	if schema.IsUnknown(out.doc["cert"]) {
		out.doc["cert_digest"] = schema.Unknown
	} else {
		c.typ.Normalize(out.doc)
	}
	return out
}
