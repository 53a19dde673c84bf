package gateway

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/dao"
)

// presentKey shows the public part of a JSON Web Key as Konnect does.
func presentKey(doc map[string]any) map[string]any {
	out := dao.Present(entity.AsymmetricKey, doc)
	if jwk, ok := doc["jwk"].(string); ok {
		out["jwk"] = compactJWK(jwk)
	}
	return out
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
