package entity

import (
	"crypto/sha1" //nolint:gosec // the gateway's own form of passwords
	"encoding/hex"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// credential is the frame of all credentials of consumers.
func credential(name string, fields []any, more ...schema.Def) schema.Def {
	frame := []any{
		field("id", typedef("uuid")),
		field("created_at", typedef("auto_timestamp_s")),
		field("consumer", foreign("consumers", schema.Def{"required": true, "on_delete": "cascade"})),
		field("tags", typedef("tags")),
	}
	return entityDef(name, append(frame, fields...), more...)
}

func acl() schema.Def {
	return credential("acls", []any{
		field("group", schema.Def{"type": "string", "required": true}),
	})
}

func basicAuth() schema.Def {
	return credential("basicauth_credentials", []any{
		field("username", schema.Def{"type": "string", "required": true, "unique": true}),
		field("password", schema.Def{"type": "string", "required": true, "encrypted": true}),
	})
}

// PasswordHash is the form in which a password is kept. Gateways compare with
// it, so that no better hash is possible.
func PasswordHash(password, consumer string) string {
	sum := sha1.Sum([]byte(password + consumer)) //nolint:gosec // see above
	return hex.EncodeToString(sum[:])
}

// HashPassword puts the hash of its password into a basic-auth credential, if all
// that it is made of is known.
func HashPassword(doc map[string]any) {
	consumer, _ := doc["consumer"].(map[string]any)
	id, known := consumer["id"].(string)
	if password, ok := doc["password"].(string); ok && known {
		doc["password"] = PasswordHash(password, id)
	}
}

func hmacAuth() schema.Def {
	return credential("hmacauth_credentials", []any{
		field("username", schema.Def{"type": "string", "required": true, "unique": true}),
		field("secret", schema.Def{"type": "string", "auto": true, "encrypted": true}),
	})
}

func keyAuth() schema.Def {
	return credential("keyauth_credentials", []any{
		field("key", schema.Def{"type": "string", "auto": true, "unique": true, "encrypted": true}),
		field("ttl", schema.Def{"type": "integer", "between": between(0, 100000000)}),
	})
}

// jwtSharedSecret are the algorithms in which both sides know the secret; all
// others need a public key.
var jwtSharedSecret = words("HS256", "HS384", "HS512")

func jwt() schema.Def {
	return credential("jwt_secrets", []any{
		field("key", schema.Def{"type": "string", "auto": true, "unique": true}),
		field("secret", schema.Def{"type": "string", "auto": true, "encrypted": true}),
		field("rsa_public_key", schema.Def{"type": "string"}),
		field("algorithm", schema.Def{"type": "string", "default": "HS256", "one_of": append(words(
			"RS256", "RS384", "RS512", "ES256", "ES256K", "ES384", "ES512", "PS256", "PS384", "PS512",
			"EdDSA", "Ed25519", "Ed448", "ESB256", "ESB320", "ESB384", "ESB512", "ESP256", "ESP384", "ESP512",
		), jwtSharedSecret...)}),
	}, schema.Def{"entity_checks": []any{
		needsPublicKey(schema.Def{"required": true}, "no mandatory 'rsa_public_key'"),
		needsPublicKey(typedef("key"), "the algorithm needs an 'rsa_public_key' that is a public key in PEM form"),
	}})
}

// needsPublicKey judges the public key where the algorithm uses it. Elsewhere
// it may be any text.
func needsPublicKey(match schema.Def, err string) schema.Def {
	return schema.Def{"conditional": schema.Def{
		"if_field": "algorithm", "if_match": schema.Def{"not_one_of": jwtSharedSecret},
		"then_field": "rsa_public_key", "then_match": match, "then_err": err,
	}}
}

func mtlsAuth() schema.Def {
	return credential("mtls_auth_credentials", []any{
		field("subject_name", schema.Def{"type": "string", "required": true}),
		field("ca_certificate", foreign("ca_certificates")),
	})
}
