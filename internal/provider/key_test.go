package provider_test

import (
	"encoding/json"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// A JSON Web Key stays in state as it was written, with its private part and in
// its order; a key that is another one shows as drift.
func TestKey_jwk(t *testing.T) {
	t.Parallel()
	const (
		x       = "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4"
		y       = "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"
		private = `{ "kty": "EC", "kid": "9", "crv": "P-256", "x": "` + x + `", "y": "` + y + `", "d": "870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE" }`
		another = `{"kty":"EC","kid":"9","crv":"P-256","x":"` + y + `","y":"` + x + `"}`
	)
	w := newWorld(t)
	var parts map[string]any
	if err := json.Unmarshal([]byte(private), &parts); err != nil {
		t.Fatal(err)
	}
	delete(parts, "d") // which no answer shows
	for name, change := range map[string]func(map[string]any){
		"as it was":   func(map[string]any) {},
		"reordered":   func(doc map[string]any) { doc["jwk"] = encoded(t, parts) },
		"another key": func(doc map[string]any) { doc["jwk"] = another },
		"another use": func(doc map[string]any) {
			doc["jwk"] = encoded(t, object{"kty": "EC", "kid": "9", "crv": "P-256", "x": x, "y": y, "use": "sig"})
		},
	} {
		config := w.in(object{"name": name, "kid": "9", "jwk": private, "set": object{"id": w.Make(t, entity.KeySet, w.Scope(), object{"name": name})["id"]}})
		held := w.create(t, "konnect_gateway_key", config)
		w.settled(t, "konnect_gateway_key", config, held)
		w.Amend(func(_ string, doc map[string]any) {
			if doc["name"] == name && doc["kid"] != nil {
				change(doc)
			}
		})
		held = w.refresh(t, "konnect_gateway_key", held)
		if name == "as it was" || name == "reordered" {
			w.settled(t, "konnect_gateway_key", config, held)
		} else {
			w.wantChanges(t, "konnect_gateway_key", config, held, "jwk", "updated_at")
		}
	}
}

func encoded(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
