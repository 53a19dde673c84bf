package entity

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"

	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

func keySet() schema.Def {
	return entityDef("key_sets", []any{
		field("id", typedef("uuid")),
		field("created_at", typedef("auto_timestamp_s")),
		field("updated_at", typedef("auto_timestamp_s")),
		field("name", schema.Def{"type": "string", "unique": true}),
		field("tags", typedef("tags")),
	}, schema.Def{"endpoint_key": "name"})
}

// key is a public or private key in one of two forms.
func key() schema.Def {
	return entityDef("keys", []any{
		field("id", typedef("uuid")),
		field("created_at", typedef("auto_timestamp_s")),
		field("updated_at", typedef("auto_timestamp_s")),
		field("set", foreign("key_sets", schema.Def{"on_delete": "cascade"})),
		field("name", schema.Def{"type": "string", "unique": true}),
		field("kid", schema.Def{"type": "string", "required": true}),
		field("x5t", schema.Def{"type": "string"}),
		field("jwk", schema.Def{"type": "string", "referenceable": true, "encrypted": true, "custom_validator": jwkText}),
		field("pem", typedef("pem")),
		field("tags", typedef("tags")),
	}, schema.Def{
		"endpoint_key": "name",
		"entity_checks": []any{
			schema.Def{"mutually_exclusive": words("jwk", "pem")},
			schema.Def{"at_least_one_of": words("jwk", "pem")},
			schema.Def{"custom_entity_check": schema.Def{
				"field_sources": words("jwk", "kid"),
				"fn":            &schema.Function{Name: "keys:kid.fn", Call: sameKeyID},
			}},
		},
	})
}

// jwkText judges a JSON Web Key in the form of a text.
var jwkText = &schema.Function{
	Name: "keys.jwk.custom_validator",
	Check: func(value any) any {
		text, ok := value.(string)
		if !ok || schema.IsReference(text) {
			return nil
		}
		jwk, err := jsonvalue.Object(text)
		if err != nil {
			return "could not json decode jwk string"
		}
		if jwk["kid"] == nil {
			return "kid: required field missing"
		}
		return typedef("jwk")["custom_validator"].(*schema.Function).Check(jwk)
	},
}

// sameKeyID refuses a key whose two ids differ.
func sameKeyID(_ context.Context, args ...any) ([]any, error) {
	fields, _ := first(args).(map[string]any)
	text, _ := fields["jwk"].(string)
	jwk, err := jsonvalue.Object(text)
	if err == nil && jwk["kid"] != nil && !schema.Equal(jwk["kid"], fields["kid"]) {
		return []any{nil, "kid in jwk.kid must be equal to keys.kid"}, nil
	}
	return []any{true}, nil
}

// showKey leaves the public part of a JSON Web Key.
func showKey(doc map[string]any) {
	if jwk, ok := doc["jwk"].(string); ok {
		doc["jwk"] = compactJWK(jwk)
	}
}

// publicMembers are what answers show of a JSON Web Key: what every key has,
// and by type the parameters that are no secret.
var publicMembers = map[string][]string{
	"":    {"kid", "kty", "use", "alg"},
	"RSA": {"n", "e"},
	"EC":  {"crv", "x", "y"},
	"OKP": {"crv", "x"},
}

// compactJWK is the public part of a key on one line without spaces, in the
// order of the text. A text that is no key, such as a reference, stays.
func compactJWK(text string) string {
	jwk, err := jsonvalue.Object(text)
	if err != nil {
		return text
	}
	shown := slices.Concat(publicMembers[""], publicMembers[jsonvalue.Text(jwk["kty"])])
	var out bytes.Buffer
	dec := json.NewDecoder(bytes.NewReader([]byte(text)))
	_, _ = dec.Token() // the brace of the object, which is sound
	for dec.More() {
		name, _ := dec.Token()
		var value json.RawMessage
		if dec.Decode(&value) != nil {
			return text
		}
		if !slices.Contains(shown, jsonvalue.Text(name)) {
			continue
		}
		key, _ := json.Marshal(name)
		out.WriteByte(',')
		out.Write(key)
		out.WriteByte(':')
		_ = json.Compact(&out, value)
	}
	return "{" + string(bytes.TrimPrefix(out.Bytes(), []byte(","))) + "}"
}
