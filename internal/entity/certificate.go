package entity

import (
	"context"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// certificate defines requests. Answers show neither description and managed_by
// nor the vault that cert and key come from.
func certificate() schema.Def {
	vault := func() schema.Def { return schema.Def{"type": "string", "custom_validator": vaultReference} }
	return entityDef("certificates", []any{
		field("id", typedef("uuid")),
		field("created_at", typedef("auto_timestamp_s")),
		field("updated_at", typedef("auto_timestamp_s")),
		field("cert", typedef("certificate", schema.Def{"required": true, "referenceable": true})),
		field("key", typedef("key", schema.Def{"required": true, "referenceable": true, "encrypted": true})),
		field("cert_alt", typedef("certificate", schema.Def{"referenceable": true})),
		field("key_alt", typedef("key", schema.Def{"referenceable": true, "encrypted": true})),
		field("snis", schema.Def{"type": "set", "elements": typedef("wildcard_host")}),
		field("description", schema.Def{"type": "string"}),
		field("managed_by", schema.Def{"type": "map", "len_max": number(5), "keys": schema.Def{"type": "string"}, "values": label()}),
		field("vault", vault()),
		field("vault_alt", vault()),
		field("tags", typedef("tags")),
	}, schema.Def{
		"entity_checks": []any{
			schema.Def{"mutually_required": words("cert_alt", "key_alt")},
			keysMatch("cert", "key", "certificate does not match key"),
			keysMatch("cert_alt", "key_alt", "alternative certificate does not match key"),
			schema.Def{"custom_entity_check": schema.Def{
				"field_sources": words("cert", "cert_alt"),
				"fn":            &schema.Function{Name: "certificates:alternative.fn", Call: differentKinds},
			}},
		},
	})
}

var vaultReference = &schema.Function{
	Name: "certificates.vault.custom_validator",
	Check: func(value any) any {
		if s, ok := value.(string); ok && !schema.IsReference(s) {
			return "must be a reference of the form {vault://…}"
		}
		return nil
	},
}

// normalizeCertificate takes cert and key from the vault entry that holds both.
func normalizeCertificate(doc map[string]any) {
	for vault, fields := range map[string][2]string{"vault": {"cert", "key"}, "vault_alt": {"cert_alt", "key_alt"}} {
		ref, ok := doc[vault].(string)
		if !ok || !schema.IsReference(ref) {
			continue
		}
		for i, part := range []string{"cert", "key"} {
			if doc[fields[i]] == nil {
				doc[fields[i]] = ref[:len(ref)-1] + "/" + part + "}"
			}
		}
	}
}

// keysMatch refuses a key that does not belong to its certificate.
func keysMatch(cert, key, message string) schema.Def {
	return schema.Def{"custom_entity_check": schema.Def{
		"field_sources": words(cert, key),
		"fn": &schema.Function{Name: "certificates:" + key + ".fn", Call: func(_ context.Context, args ...any) ([]any, error) {
			pair, _ := first(args).(map[string]any)
			if fit, known := keyFits(textOf(pair[cert]), textOf(pair[key])); known && !fit {
				return []any{nil, message}, nil
			}
			return []any{true}, nil
		}},
	}}
}

// differentKinds refuses a second certificate of the same kind as the first.
func differentKinds(_ context.Context, args ...any) ([]any, error) {
	pair, _ := first(args).(map[string]any)
	a, b := keyKind(textOf(pair["cert"])), keyKind(textOf(pair["cert_alt"]))
	if a != "" && a == b {
		return []any{nil, "certificate and alternative certificate need to have different type (e.g. RSA and ECDSA), " +
			"the provided certificates were both of the same type"}, nil
	}
	return []any{true}, nil
}

func caCertificate() schema.Def {
	return entityDef("ca_certificates", []any{
		field("id", typedef("uuid")),
		field("created_at", typedef("auto_timestamp_s")),
		field("updated_at", typedef("auto_timestamp_s")),
		field("cert", typedef("certificate", schema.Def{"required": true, "custom_validator": authority(typedef("certificate"))})),
		field("cert_digest", schema.Def{"type": "string", "unique": true}),
		field("tags", typedef("tags")),
	})
}

// authority judges whether a text is a certificate, and then whether it is that
// of an authority.
func authority(typedef schema.Def) *schema.Function {
	asCertificate := typedef["custom_validator"].(*schema.Function).Check
	return &schema.Function{Name: "ca_certificates.cert.custom_validator", Check: func(value any) any {
		text := textOf(value)
		if countCertificates(text) > 1 {
			return "please submit only one certificate at a time"
		}
		if message := asCertificate(value); message != nil {
			return message
		}
		if message := checkAuthority(text); message != "" {
			return message
		}
		return nil
	}}
}

// normalizeCACertificate computes the digest and ignores the one in the
// request.
func normalizeCACertificate(doc map[string]any) {
	delete(doc, "cert_digest")
	if digest := certificateDigest(textOf(doc["cert"])); digest != "" {
		doc["cert_digest"] = digest
	}
}

func sni() schema.Def {
	return entityDef("snis", []any{
		field("id", typedef("uuid")),
		field("created_at", typedef("auto_timestamp_s")),
		field("updated_at", typedef("auto_timestamp_s")),
		field("name", typedef("wildcard_host", schema.Def{"required": true, "unique": true})),
		field("certificate", foreign("certificates", schema.Def{"required": true})),
		field("tags", typedef("tags")),
	}, schema.Def{"endpoint_key": "name"})
}

// dataPlaneCertificate is a certificate that data planes connect with, or that
// of the authority that signed theirs.
func dataPlaneCertificate() schema.Def {
	return entityDef("dp_client_certificates", []any{
		field("id", typedef("uuid")),
		field("cert", typedef("certificate", schema.Def{"required": true})),
		field("title", schema.Def{"type": "string"}),
		field("created_at", typedef("auto_timestamp_s")),
		field("updated_at", typedef("auto_timestamp_s")),
	})
}
