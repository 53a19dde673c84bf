package provider_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// twin is a secret that has a write-only form, and what to try with it.
type twin struct {
	resource, secret string
	config           func(t *testing.T, w *world) object // without the secret
	one, two         string
	change           object // of something else; nil for an object that never changes
	hidden           bool   // answers do not show the secret as it was written
	replaced         bool   // another secret is another object
	noted            bool   // answers have the time of the last change
}

// twins has every secret with a write-only form.
func twins(t *testing.T) []twin {
	t.Helper()
	file := func(name string) string {
		text, err := os.ReadFile(filepath.Join("../server/testdata/pem", name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	again := func(key string) string { return "\n" + key } // the same key in another text
	const jwk = `{"kty":"EC","kid":"9","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","d":"870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE"}`
	alone := func(config object) func(*testing.T, *world) object {
		return func(_ *testing.T, w *world) object { return w.in(config) }
	}
	ofConsumer := func(config object) func(*testing.T, *world) object {
		return func(t *testing.T, w *world) object {
			config["consumer_id"] = w.Make(t, entity.Consumer, w.Scope(), object{"username": "alice"})["id"]
			return w.in(config)
		}
	}
	tagged := object{"tags": list("a")}
	return []twin{
		{"konnect_gateway_key_auth", "key", ofConsumer(object{}), "hunter2-one", "hunter2-two", tagged, false, false, false},
		{"konnect_gateway_basic_auth", "password", ofConsumer(object{"username": "alice"}), "hunter2-one", "hunter2-two", object{"username": "bob"}, true, false, false},
		{"konnect_gateway_hmac_auth", "secret", ofConsumer(object{"username": "alice"}), "hunter2-one", "hunter2-two", tagged, false, false, false},
		{"konnect_gateway_jwt", "secret", ofConsumer(object{"key": "issuer"}), "hunter2-one", "hunter2-two", tagged, false, false, false},
		{"konnect_gateway_certificate", "key", alone(object{"cert": file("rsa.crt")}), file("rsa.key"), again(file("rsa.key")), tagged, false, false, true},
		{"konnect_gateway_certificate", "key_alt", alone(object{"cert": file("rsa.crt"), "key": file("rsa.key"), "cert_alt": file("ec.crt")}), file("ec.key"), again(file("ec.key")), tagged, false, false, true},
		{"konnect_gateway_key", "jwk", alone(object{"kid": "9"}), jwk, " " + jwk, tagged, true, false, true},
		{"konnect_gateway_vault", "config", alone(object{"name": "hcv", "prefix": "team"}), `{"token":"hunter2-one"}`, `{"token":"hunter2-two"}`, tagged, false, false, true},
		{"konnect_gateway_config_store_secret", "value", func(t *testing.T, w *world) object {
			return w.in(object{"key": "token", "config_store_id": w.Make(t, entity.ConfigStore, w.Scope(), object{"name": "store"})["id"]})
		}, "hunter2-one", "hunter2-two", nil, true, false, true},
		{"konnect_centralized_consumer_key", "secret", func(t *testing.T, w *world) object {
			realm := w.Make(t, entity.Realm, nil, object{"name": "realm"})["id"]
			consumer := w.Make(t, entity.RealmConsumer, []string{fmt.Sprint(realm)}, object{"username": "alice"})["id"]
			return object{"realm_id": realm, "consumer_id": consumer, "type": "legacy"}
		}, "hunter2-one", "hunter2-two", nil, true, true, true},
	}
}

// sent notes the field of every document that the provider writes.
func (w *world) sent(field string) func() []any {
	var mu sync.Mutex
	var values []any
	w.Intercept(func(_ http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		if r.Method == http.MethodPut || r.Method == http.MethodPost {
			body, err := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(body))
			var doc map[string]any
			if err == nil && json.Unmarshal(body, &doc) == nil {
				mu.Lock()
				values = append(values, doc[field])
				mu.Unlock()
			}
		}
		return false
	})
	return func() []any {
		mu.Lock()
		defer mu.Unlock()
		out := values
		values = nil
		return out
	}
}

// A secret in write-only form reaches the control plane when its version says so,
// and neither plan nor state; it moves from one form to the other and back.
func TestTwin(t *testing.T) {
	t.Parallel()
	for _, c := range twins(t) {
		t.Run(strings.TrimPrefix(c.resource, "konnect_")+"."+c.secret, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			base := c.config(t, w)
			wo, version := c.secret+"_wo", c.secret+"_wo_version"
			hidden := func(v string, n int) object { return with(base, object{wo: v, version: n}) }
			sent := w.sent(c.secret)
			written := func(what string, want ...any) {
				t.Helper()
				if got := sent(); !slices.EqualFunc(got, want, sameText) {
					t.Errorf("%s: sent %v, want %v", what, got, want)
				}
			}
			stored := func(config object, prior tftypes.Value, secret any) tftypes.Value {
				t.Helper()
				state := w.apply(t, c.resource, config, prior)
				if got := get(state, c.secret); got != secret || get(state, wo) != nil {
					t.Errorf("the state has %s = %v and %s = %v", c.secret, got, wo, get(state, wo))
				}
				return state
			}
			updates := func(names ...string) []string {
				if c.noted {
					names = append(names, "updated_at")
				}
				slices.Sort(names)
				return names
			}

			state := stored(hidden(c.one, 1), tftypes.Value{}, nil)
			written("create", c.one)
			if _, plan, _ := w.plan(t, c.resource, hidden(c.one, 1), state); holds(plan, c.one) || holds(state, c.one) || bytes.Contains(w.p.Private(t, c.resource, state), []byte(c.one)) {
				t.Errorf("the secret is in plan or state: %v", acctest.Go(state))
			}
			w.settled(t, c.resource, hidden(c.two, 1), state)

			if c.change != nil {
				config := with(hidden(c.two, 1), c.change)
				resp, _ := w.p.Plan(t, c.resource, config, state)
				if got := strings.Contains(acctest.Text(resp.Diagnostics), "WARNING ["+wo+"] Secret written again: "+wo+": "); got != c.hidden {
					t.Errorf("a warning that the secret is sent again: %v, want %v: %s", got, c.hidden, acctest.Text(resp.Diagnostics))
				}
				state, _ = w.p.Apply(t, c.resource, config, state)
				if c.hidden {
					written("another change", c.two)
				} else {
					written("another change", c.one)
				}
				state = stored(hidden(c.one, 1), state, nil)
				sent()
			}
			final := c.one
			if c.replaced {
				_, _, resp := w.plan(t, c.resource, hidden(c.two, 2), state)
				if got := acctest.Path(last(resp.RequiresReplace)); got != version {
					t.Errorf("another version replaces because of %s", got)
				}
				_, _, resp = w.plan(t, c.resource, with(base, object{c.secret: c.one}), state)
				if len(resp.RequiresReplace) == 0 {
					t.Error("nobody can tell whether the secret is the same, and it is not replaced")
				}
				state, final = stored(with(base, object{c.secret: c.two}), tftypes.Value{}, c.two), c.two
				_, _, resp = w.plan(t, c.resource, hidden(c.one, 1), state)
				if len(resp.RequiresReplace) == 0 {
					t.Error("another secret does not replace")
				}
				sent()
			} else {
				w.wantChanges(t, c.resource, hidden(c.two, 2), state, updates(version)...)
				state = stored(hidden(c.two, 2), state, nil)
				written("another version", c.two)
				plain := with(base, object{c.secret: c.two})
				w.wantChanges(t, c.resource, plain, state, updates(c.secret, version)...)
				state = stored(plain, state, c.two)
				written("the plain form", c.two)
				w.settled(t, c.resource, plain, state)
				state = stored(with(base, object{c.secret: c.one}), state, c.one)
				written("another plain secret", c.one)
			}
			w.wantChanges(t, c.resource, hidden(final, 3), state, updates(c.secret, version)...)
			state = stored(hidden(final, 3), state, nil)
			if c.replaced {
				written("the same secret, write-only")
			} else {
				written("the same secret, write-only", final)
			}
			w.settled(t, c.resource, hidden(final, 3), state)
		})
	}
}

// The forms of a secret exclude each other, a version belongs to its value, and
// the value is judged by the rules of the plain form. No message repeats it.
func TestTwin_wrong(t *testing.T) {
	t.Parallel()
	p := acctest.Offline(t)
	const secret = "hunter2"
	key := func(config object) object { return with(object{"consumer_id": acctest.SomeID}, config) }
	user := func(config object) object { return key(with(object{"username": "alice"}, config)) }
	store := func(config object) object {
		return with(object{"config_store_id": acctest.SomeID, "key": "token"}, config)
	}
	for name, c := range map[string]struct {
		resource string
		config   object
		want     []string
	}{
		"write-only":            {"key_auth", key(object{"key_wo": secret, "key_wo_version": 1}), nil},
		"version 0":             {"key_auth", key(object{"key_wo": secret, "key_wo_version": 0}), nil},
		"neither, not required": {"key_auth", key(object{}), nil},
		"unknown value":         {"key_auth", key(object{"key_wo": acctest.Unknown, "key_wo_version": 1}), nil},
		"unknown value alone":   {"key_auth", key(object{"key_wo": acctest.Unknown}), nil},
		"unknown version":       {"key_auth", key(object{"key_wo": secret, "key_wo_version": acctest.Unknown}), nil},
		"unknown plain":         {"key_auth", key(object{"key": acctest.Unknown, "key_wo": secret, "key_wo_version": 1}), nil},
		"unknown beside plain":  {"key_auth", key(object{"key": secret, "key_wo": acctest.Unknown, "key_wo_version": 1}), nil},
		"all unknown":           {"basic_auth", user(object{"password": acctest.Unknown, "password_wo": acctest.Unknown, "password_wo_version": acctest.Unknown}), nil},

		"both":              {"key_auth", key(object{"key": secret, "key_wo": secret, "key_wo_version": 1}), []string{"ERROR [key_wo] Invalid key-auth credential: key_wo: key is given as well. Give one of them"}},
		"both, no version":  {"key_auth", key(object{"key": secret, "key_wo": secret}), []string{"ERROR [key_wo] Invalid key-auth credential: key_wo: key is given as well."}},
		"no version":        {"key_auth", key(object{"key_wo": secret}), []string{"ERROR [key_wo] Invalid key-auth credential: key_wo: key_wo_version is missing."}},
		"version alone":     {"key_auth", key(object{"key_wo_version": 1}), []string{"ERROR [key_wo_version] Invalid key-auth credential: key_wo_version: it is the version of key_wo, which is not given."}},
		"version of plain":  {"key_auth", key(object{"key": secret, "key_wo_version": 1}), []string{"ERROR [key_wo_version] Invalid key-auth credential: key_wo_version: it is the version of key_wo"}},
		"version in halves": {"key_auth", key(object{"key_wo": secret, "key_wo_version": 1.5}), []string{"ERROR [key_wo_version] Invalid key-auth credential: key_wo_version: expected a whole number"}},
		"neither, required": {"basic_auth", user(object{}), []string{"ERROR [] Invalid basic-auth credential: password: required field missing. Give password, or password_wo together with password_wo_version."}},
		"empty":             {"basic_auth", user(object{"password_wo": "", "password_wo_version": 1}), []string{"ERROR [password_wo] Invalid basic-auth credential: password_wo: length must be at least 1"}},
		"too long":          {"config_store_secret", store(object{"value_wo": strings.Repeat(secret, 1000), "value_wo_version": 1}), []string{"ERROR [value_wo] Invalid config store secret: value_wo: "}},
		"no JSON":           {"key", object{"kid": "9", "jwk_wo": secret, "jwk_wo_version": 1}, []string{"ERROR [jwk_wo] Invalid key: jwk_wo: could not json decode jwk string"}},
		"another kid":       {"key", object{"kid": "9", "jwk_wo": `{"kty":"oct","kid":"8","k":"hunter2"}`, "jwk_wo_version": 1}, []string{"ERROR [jwk_wo]"}},
		"jwk and pem":       {"key", object{"kid": "9", "jwk_wo": `{"kty":"oct","kid":"9","k":"hunter2"}`, "jwk_wo_version": 1, "pem": object{"public_key": "a"}}, []string{"ERROR [jwk_wo]", "ERROR [pem]"}},
		"no PEM":            {"certificate", object{"cert": "{vault://env/cert}", "key_wo": secret, "key_wo_version": 1}, []string{"ERROR [key_wo] Invalid certificate: key_wo: "}},
		"no environment":    {"vault", object{"name": "env", "prefix": "team", "config_wo": `{"prefix":"1hunter2"}`, "config_wo_version": 1}, []string{"ERROR [name] Invalid vault: config.prefix must begin"}},
		"no JSON for it":    {"vault", object{"name": "hcv", "prefix": "team", "config_wo": secret, "config_wo_version": 1}, []string{"ERROR [config_wo]"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			diags := p.Validate(t, "konnect_gateway_"+c.resource, in(c.config))
			says(t, diags, c.want...)
			if strings.Contains(acctest.Text(diags), secret) {
				t.Errorf("a message shows the secret: %s", acctest.Text(diags))
			}
		})
	}
}

// A Terraform that does not know write-only attributes would keep them in state.
func TestTwin_olderTerraform(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.p.Old = true
	for _, c := range twins(t) {
		base := c.config(t, newWorld(t))
		says(t, w.p.Validate(t, c.resource, with(base, object{c.secret + "_wo": c.one, c.secret + "_wo_version": 1})),
			"ERROR ["+c.secret+"_wo] Invalid ")
		says(t, w.p.Validate(t, c.resource, with(base, object{c.secret + "_wo": acctest.Unknown, c.secret + "_wo_version": 1})),
			"ERROR ["+c.secret+"_wo] Invalid ")
		says(t, w.p.Validate(t, c.resource, with(base, object{c.secret: c.one})))
	}
}

// A secret that must be unique is compared, and not shown: neither in state nor
// in a message.
func TestTwin_unique(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alice := w.Make(t, entity.Consumer, w.Scope(), object{"username": "alice"})["id"]
	plain := w.in(object{"consumer_id": alice, "key": "hunter2"})
	hidden := w.in(object{"consumer_id": alice, "key_wo": "hunter2", "key_wo_version": 1})
	one := func(diags []*tfprotov6.Diagnostic, want string) {
		t.Helper()
		says(t, diags, want)
		if strings.Contains(acctest.Text(diags), "hunter2") {
			t.Errorf("a message shows the secret: %s", acctest.Text(diags))
		}
	}
	says(t, w.p.Validate(t, "konnect_gateway_key_auth", plain))
	one(w.p.Validate(t, "konnect_gateway_key_auth", hidden), "ERROR [key_wo] Duplicate key-auth credential: Two resources of this configuration are the key-auth credential with the same key")

	w.create(t, "konnect_gateway_key_auth", plain)
	fresh := w.Protocol(t) // one that has not seen the first
	resp, _ := fresh.Plan(t, "konnect_gateway_key_auth", hidden, tftypes.Value{})
	one(resp.Diagnostics, "WARNING [key_wo] A key-auth credential exists already")
	_, diags := fresh.Apply(t, "konnect_gateway_key_auth", hidden, tftypes.Value{})
	one(diags, "ERROR [key_wo] Unable to create key-auth credential")
}

// with returns an object with more attributes.
func with(base, more object) object {
	out := object{}
	for _, o := range []object{base, more} {
		for k, v := range o {
			out[k] = v
		}
	}
	return out
}

// holds reports whether a text stands anywhere in a value.
func holds(v tftypes.Value, text string) bool {
	found := false
	_ = tftypes.Walk(v, func(_ *tftypes.AttributePath, v tftypes.Value) (bool, error) {
		var s string
		if v.Type().Is(tftypes.String) && v.IsKnown() && !v.IsNull() && v.As(&s) == nil {
			found = found || strings.Contains(s, text)
		}
		return true, nil
	})
	return found
}

// sameText compares what was sent: a text, or the JSON that it stands for.
func sameText(a, b any) bool {
	if a == b {
		return true
	}
	text, err := json.Marshal(a)
	return err == nil && string(text) == b
}

func last(paths []*tftypes.AttributePath) *tftypes.AttributePath {
	if len(paths) == 0 {
		return nil
	}
	return paths[len(paths)-1]
}
