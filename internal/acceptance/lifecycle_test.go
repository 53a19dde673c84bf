package acceptance

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/resource"
)

// life is a resource that a test takes from its creation to its end.
type life struct {
	address string // konnect_gateway_service.a
	body    string // of its block
	changed string // the body after a change; "" for none
	replace bool   // the change makes another object
	drift   acctest.Object
	// unread names the attribute that no answer shows as it is written: the plan
	// after an import sets it, and nothing else.
	unread string
}

func (l life) resource() string { name, _, _ := strings.Cut(l.address, "."); return name }

func (l life) block(body string) string {
	_, name, _ := strings.Cut(l.address, ".")
	return fmt.Sprintf("resource %q %q {\n%s\n}\n", l.resource(), name, body)
}

// live creates all resources in one plan, changes them, changes them behind
// Terraform's back, imports and destroys them. A plan after each apply is empty.
func live(t *testing.T, before string, rows []life) {
	t.Helper()
	cp := acctest.New(t)
	first, second := before, before
	for _, l := range rows {
		first += l.block(l.body)
		if l.changed == "" {
			l.changed = l.body
		}
		second += l.block(l.changed)
	}
	const provider = "provider \"konnect\" {\n  embedded = { path = \"a\" }\n}\n"
	tf := cp.Terraform(t, map[string]string{"main.tf": provider + first})
	applied(t, tf)

	tf.Write(t, "main.tf", provider+second)
	changes, _ := tf.Plan(t)
	for _, l := range rows {
		want := "update"
		switch {
		case l.changed == "":
			want = "no-op"
		case l.replace:
			want = "delete create"
		}
		if got := strings.Join(changes[l.address].Actions, " "); got != want {
			t.Errorf("the change plans to %s %s, want %s", got, l.address, want)
		}
	}
	applied(t, tf)

	held := attributes(t, tf)
	drifted := map[string]bool{}
	for _, l := range rows {
		if l.drift != nil {
			typ := resource.All()[l.resource()].Type
			cp.Change(t, typ, parents(typ, held[l.address]), fmt.Sprint(held[l.address][typ.ID]), l.drift)
			drifted[l.address] = true
		}
	}
	changes, _ = tf.Plan(t)
	for address, c := range changes {
		if !slices.Equal(c.Actions, []string{"no-op"}) && !drifted[address] {
			t.Errorf("a change behind the back of others plans to %v %s: %v -> %v", c.Actions, address, c.Before, c.After)
		}
		if drifted[address] && !slices.Equal(c.Actions, []string{"update"}) {
			t.Errorf("drift of %s plans to %v", address, c.Actions)
		}
	}
	applied(t, tf)

	again := cp.Terraform(t, map[string]string{"main.tf": provider + second, "import.tf": imports(t, held)})
	changes, _ = again.Plan(t)
	for _, l := range rows {
		c, want := changes[l.address], "no-op"
		set := slices.DeleteFunc(acctest.Changes(c.Before, c.After), func(at string) bool { return at == "updated_at" })
		if l.unread != "" {
			want = "update"
		}
		if got := strings.Join(set, " "); !slices.Equal(c.Actions, []string{want}) || got != l.unread {
			t.Errorf("an import of %s plans to %v: %s, want to %s: %s", l.address, c.Actions, got, want, l.unread)
		}
	}
	applied(t, again)

	if out, exit := tf.Run(t, "destroy", "-auto-approve", "-no-color"); exit != 0 {
		t.Fatalf("destroy: %s", out)
	}
	for _, typ := range []*entity.Type{entity.ControlPlane, entity.Realm} {
		if left, err := cp.Client.List(context.Background(), client.Ref{Type: typ}, nil); err != nil || len(left) > 0 {
			t.Errorf("%d of %s are left (%v)", len(left), typ.Name, err)
		}
	}
}

// applied applies the configuration; the plan after it does nothing.
func applied(t *testing.T, tf *acctest.Terraform) {
	t.Helper()
	if out, exit := tf.Run(t, "apply", "-auto-approve", "-no-color"); exit != 0 {
		t.Fatalf("apply: %s", out)
	}
	changes, exit := tf.Plan(t)
	for address, c := range changes {
		if exit != 0 && !slices.Equal(c.Actions, []string{"no-op"}) {
			t.Errorf("after an apply a plan is to %v %s: %v", c.Actions, address, acctest.Changes(c.Before, c.After))
		}
	}
}

// attributes are those of all managed resources in the state, by address.
func attributes(t *testing.T, tf *acctest.Terraform) map[string]map[string]any {
	t.Helper()
	text, exit := tf.Run(t, "show", "-json")
	var state struct {
		Values struct {
			Root struct {
				Resources []struct {
					Address string         `json:"address"`
					Values  map[string]any `json:"values"`
				} `json:"resources"`
			} `json:"root_module"`
		} `json:"values"`
	}
	if err := json.Unmarshal(text, &state); err != nil || exit != 0 {
		t.Fatalf("%v: %s", err, text)
	}
	out := map[string]map[string]any{}
	for _, r := range state.Values.Root.Resources {
		out[r.Address] = r.Values
	}
	return out
}

// parents are the ids of what an object belongs to, from the root down.
func parents(typ *entity.Type, values map[string]any) (ids []string) {
	for _, owner := range typ.Owners() {
		ids = append(ids, fmt.Sprint(values[owner.ParentAttribute()]))
	}
	return ids
}

// imports are import blocks, with ids of the form that the examples show.
func imports(t *testing.T, held map[string]map[string]any) string {
	t.Helper()
	var out strings.Builder
	for address, values := range held {
		name, _, _ := strings.Cut(address, ".")
		text, err := os.ReadFile(filepath.Join("../../examples/resources", name, "import.sh"))
		if err != nil {
			t.Fatal(err)
		}
		_, shown, _ := strings.Cut(string(text), " '") // the first command has the ID
		shown, _, _ = strings.Cut(shown, "'")
		id := fmt.Sprint(values["id"])
		if strings.HasPrefix(shown, "{") {
			keys := map[string]any{}
			if err := json.Unmarshal([]byte(shown), &keys); err != nil {
				t.Fatal(err)
			}
			for k := range keys {
				keys[k] = values[k]
			}
			object, err := json.Marshal(keys)
			if err != nil {
				t.Fatal(err)
			}
			id = string(object)
		}
		fmt.Fprintf(&out, "import {\n  to = %s\n  id = %q\n}\n", address, id)
	}
	return out.String()
}

const shop = "resource \"konnect_gateway_control_plane\" \"shop\" {\n  name = \"shop\"\n}\n"

// inShop is a body in that control plane.
func inShop(lines ...string) string {
	return "  control_plane_id = konnect_gateway_control_plane.shop.id\n  " + strings.Join(lines, "\n  ")
}

// A clone and an instance of it, made in one plan.
func TestAccClonedPlugin(t *testing.T) {
	t.Parallel()
	live(t, shop, []life{
		{
			address: "konnect_gateway_cloned_plugin.two",
			body:    inShop(`name = "acl-two"`, `ref = "acl"`, `priority = 900`),
			changed: inShop(`name = "acl-two"`, `ref = "acl"`, `priority = 900`, `tags = ["a"]`),
			drift:   acctest.Object{"tags": []any{"b"}},
		},
		{
			address: "konnect_gateway_plugin.two",
			body:    inShop(`name = konnect_gateway_cloned_plugin.two.name`, `config = { allow = ["a"] }`),
			changed: inShop(`name = konnect_gateway_cloned_plugin.two.name`, `config = { allow = ["b"] }`),
			drift:   acctest.Object{"config": acctest.Object{"allow": []any{"c"}}},
		},
		{
			address: "konnect_gateway_cloned_plugin.renamed",
			body:    inShop(`name = "log"`, `ref = "http-log"`),
			changed: inShop(`name = "audit-log"`, `ref = "http-log"`),
			replace: true,
		},
		{
			address: "konnect_gateway_plugin.renamed",
			body:    inShop(`name = konnect_gateway_cloned_plugin.renamed.name`, `config = { http_endpoint = "https://a.example" }`),
			changed: inShop(`name = konnect_gateway_cloned_plugin.renamed.name`, `config = { http_endpoint = "https://a.example" }`),
			replace: true,
		},
	})
}

// pem is an expression for the text of a key or a certificate.
func pem(name string) string {
	text, err := os.ReadFile(filepath.Join("../server/testdata/pem", name))
	if err != nil {
		panic(err)
	}
	return strconv.Quote(string(text))
}

// The ways to the applications behind the gateway.
func TestAccUpstreams(t *testing.T) {
	t.Parallel()
	live(t, shop, []life{
		{
			address: "konnect_gateway_upstream.a",
			body:    inShop(`name = "orders.internal"`),
			changed: inShop(`name = "orders.internal"`, `algorithm = "least-connections"`, `healthchecks = { active = { http_path = "/up", healthy = { interval = 5 } } }`),
			drift:   acctest.Object{"slots": 100},
		},
		{
			address: "konnect_gateway_target.a",
			body:    inShop(`upstream_id = konnect_gateway_upstream.a.id`, `target = "10.0.0.1"`),
			changed: inShop(`upstream_id = konnect_gateway_upstream.a.id`, `target = "10.0.0.1"`, `weight = 50`),
			drift:   acctest.Object{"weight": 7},
		},
		{
			address: "konnect_gateway_route_expression.a",
			body:    inShop(`expression = "http.path == \"/a\""`),
			changed: inShop(`expression = "http.path == \"/b\""`, `priority = 5`),
			drift:   acctest.Object{"priority": 9},
		},
	})
}

// A place for consumers that control planes share.
func TestAccRealm(t *testing.T) {
	t.Parallel()
	live(t, shop, []life{{
		address: "konnect_realm.a",
		body:    `  name = "partners"`,
		changed: "  name = \"partners\"\n  ttl = 30\n  allowed_control_planes = [konnect_gateway_control_plane.shop.id]",
		drift:   acctest.Object{"ttl": 20},
	}, {
		address: "konnect_realm.forced",
		body:    "  name = \"forced\"\n  force_destroy = \"true\"",
		changed: "  name = \"renamed\"\n  force_destroy = \"true\"",
		unread:  "force_destroy",
	}, {
		address: "konnect_centralized_consumer.alice",
		body:    "  realm_id = konnect_realm.a.id\n  username = \"alice\"\n  custom_id = \"7\"\n  consumer_groups = [\"gold\"]",
		changed: "  realm_id = konnect_realm.a.id\n  username = \"alice\"\n  type = \"person\"\n  tags = [\"a\"]",
		drift:   acctest.Object{"tags": []any{"b"}},
	}, {
		address: "konnect_centralized_consumer_key.made",
		body:    ofAlice(),
		changed: ofAlice(`tags = ["a"]`),
		replace: true,
	}, {
		address: "konnect_centralized_consumer_key.given",
		body:    ofAlice(`type = "legacy"`, `secret = "s"`),
		changed: ofAlice(`type = "legacy"`, `secret = "t"`),
		replace: true,
		unread:  "secret",
	}})
}

// ofAlice is the body of a key of that consumer.
func ofAlice(lines ...string) string {
	return "  realm_id = konnect_realm.a.id\n  consumer_id = konnect_centralized_consumer.alice.id\n  " + strings.Join(lines, "\n  ")
}

// A plugin with its code, and an instance of it, made in one plan.
func TestAccStreamedPlugin(t *testing.T) {
	t.Parallel()
	streamed := func(field, handler string) string {
		return inShop(`name = "greeting"`,
			`schema = "return { name = \"greeting\", fields = { { config = { type = \"record\", fields = { { `+field+` = { type = \"string\" } } } } } } }"`,
			`handler = "return { PRIORITY = 5, VERSION = \"1\"`+handler+` }"`)
	}
	instance := func(field string) string {
		return inShop(`name = konnect_gateway_custom_plugin_streaming.a.name`, `config = { `+field+` = "hello" }`)
	}
	live(t, shop, []life{{
		address: "konnect_gateway_custom_plugin_streaming.a",
		body:    streamed("text", ""),
		changed: streamed("words", ", access = function() end"),
		drift:   acctest.Object{"tags": []any{"b"}},
	}, {
		address: "konnect_gateway_plugin.greeting",
		body:    instance("text"),
		changed: instance("words"),
	}})
}

// Credentials, which are written below their consumer.
func TestAccCredentials(t *testing.T) {
	t.Parallel()
	of := func(lines ...string) string {
		return inShop(append([]string{`consumer_id = konnect_gateway_consumer.alice.id`}, lines...)...)
	}
	live(t, shop+"resource \"konnect_gateway_consumer\" \"alice\" {\n"+inShop(`username = "alice"`)+"\n}\n", []life{
		{
			address: "konnect_gateway_key_auth.given",
			body:    of(`key = "k"`),
			changed: of(`key = "k2"`),
			drift:   acctest.Object{"key": "k3"},
		},
		{
			address: "konnect_gateway_key_auth.made",
			body:    of(`tags = ["a"]`),
			changed: of(`tags = ["b"]`),
		},
		{
			address: "konnect_gateway_key_auth.passing",
			body:    of(`key = "p"`, `ttl = 600`),
			changed: of(`key = "p"`, `ttl = 1200`),
			unread:  "ttl",
		},
		{
			address: "konnect_gateway_basic_auth.a",
			body:    of(`username = "alice"`, `password = "secret"`),
			changed: of(`username = "alice"`, `password = "another"`),
		},
		{
			address: "konnect_gateway_hmac_auth.a",
			body:    of(`username = "alice"`, `secret = "s"`),
			changed: of(`username = "alice"`, `secret = "t"`),
			drift:   acctest.Object{"secret": "u"},
		},
		{
			address: "konnect_gateway_jwt.a",
			body:    of(`key = "issuer"`, `secret = "s"`),
			changed: of(`key = "issuer"`, `secret = "s"`, `algorithm = "HS512"`),
			drift:   acctest.Object{"algorithm": "HS384"},
		},
		{
			address: "konnect_gateway_acl.a",
			body:    of(`group = "gold"`),
			changed: of(`group = "silver"`),
			drift:   acctest.Object{"group": "lead"},
		},
		{
			address: "konnect_gateway_ca_certificate.a",
			body:    inShop(`cert = ` + pem("ca.crt")),
			changed: inShop(`cert = `+pem("ca.crt"), `tags = ["a"]`),
			drift:   acctest.Object{"tags": []any{"b"}},
		},
		{
			address: "konnect_gateway_mtls_auth.a",
			body:    of(`subject_name = "alice@a.example"`, `ca_certificate = { id = konnect_gateway_ca_certificate.a.id }`),
			changed: of(`subject_name = "alice@b.example"`, `ca_certificate = { id = konnect_gateway_ca_certificate.a.id }`),
			drift:   acctest.Object{"subject_name": "x"},
		},
	})
}

// Certificates, keys, and where secrets come from.
func TestAccCertificates(t *testing.T) {
	t.Parallel()
	live(t, shop, []life{
		{
			address: "konnect_gateway_data_plane_client_certificate.a",
			body:    inShop(`cert = ` + pem("rsa.crt")),
			changed: inShop(`cert = `+pem("rsa.crt"), `title = "first"`),
		},
		{
			address: "konnect_gateway_certificate.a",
			body:    inShop(`cert = `+pem("rsa.crt"), `key = `+pem("rsa.key")),
			changed: inShop(`cert = `+pem("rsa.crt"), `key = `+pem("rsa.key"), `tags = ["a"]`),
			drift:   acctest.Object{"tags": []any{"b"}},
		},
		{
			address: "konnect_gateway_sni.a",
			body:    inShop(`name = "a.example"`, `certificate = { id = konnect_gateway_certificate.a.id }`),
			changed: inShop(`name = "*.b.example"`, `certificate = { id = konnect_gateway_certificate.a.id }`),
			drift:   acctest.Object{"name": "c.example"},
		},
		{
			address: "konnect_gateway_key_set.a",
			body:    inShop(`name = "set"`),
			changed: inShop(`name = "set"`, `tags = ["a"]`),
			drift:   acctest.Object{"tags": []any{"b"}},
		},
		{
			address: "konnect_gateway_key.a",
			body:    inShop(`kid = "1"`, `set = { id = konnect_gateway_key_set.a.id }`, `pem = { private_key = `+pem("rsa.key")+` }`),
			changed: inShop(`kid = "2"`, `set = { id = konnect_gateway_key_set.a.id }`, `pem = { private_key = `+pem("rsa.key")+` }`),
			drift:   acctest.Object{"kid": "3"},
		},
		{
			address: "konnect_gateway_key.jwk",
			body:    inShop(`name = "jwk"`, `kid = "9"`, `jwk = jsonencode({ kty = "EC", kid = "9", crv = "P-256", x = "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", y = "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM" })`),
			changed: inShop(`name = "jwk2"`, `kid = "9"`, `jwk = jsonencode({ kty = "EC", kid = "9", crv = "P-256", x = "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", y = "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM" })`),
		},
		{
			address: "konnect_gateway_key.private",
			body:    inShop(`name = "private"`, `kid = "8"`, `jwk = jsonencode({ kty = "EC", kid = "8", crv = "P-256", x = "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", y = "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM", d = "870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE" })`),
			unread:  "jwk",
		},
		{
			address: "konnect_gateway_config_store.a",
			body:    inShop(`name = "a"`),
			changed: inShop(`name = "b"`),
		},
		{
			address: "konnect_gateway_config_store_secret.a",
			body:    inShop(`config_store_id = konnect_gateway_config_store.a.id`, `key = "token"`, `value = "s"`),
			changed: inShop(`config_store_id = konnect_gateway_config_store.a.id`, `key = "token"`, `value = "t"`),
			unread:  "value",
		},
		{
			address: "konnect_gateway_vault.a",
			body:    inShop(`name = "konnect"`, `prefix = "team"`, `config = jsonencode({ config_store_id = konnect_gateway_config_store.a.id })`),
			changed: inShop(`name = "konnect"`, `prefix = "team"`, `description = "ours"`, `config = jsonencode({ config_store_id = konnect_gateway_config_store.a.id })`),
			drift:   acctest.Object{"description": "theirs"},
		},
		{
			address: "konnect_gateway_vault.env",
			body:    inShop(`name = "env"`, `prefix = "shell"`, `config = jsonencode({ prefix = "A" })`),
			changed: inShop(`name = "env"`, `prefix = "shell"`, `config = jsonencode({ prefix = "B" })`),
			drift:   acctest.Object{"config": acctest.Object{"prefix": "C"}},
		},
	})
}

// The members of a group: two, none, and back, changed in place.
func TestAccMembership(t *testing.T) {
	t.Parallel()
	cp := acctest.New(t)
	var planes strings.Builder
	planes.WriteString("provider \"konnect\" {\n  embedded = { path = \"a\" }\n}\n")
	planes.WriteString("resource \"konnect_gateway_control_plane\" \"group\" {\n  name = \"group\"\n  cluster_type = \"CLUSTER_TYPE_CONTROL_PLANE_GROUP\"\n}\n")
	planes.WriteString("resource \"konnect_gateway_control_plane\" \"part\" {\n  count = 60\n  name = \"part-${count.index}\"\n}\n")
	members := func(expression string) string {
		return planes.String() + "resource \"konnect_gateway_control_plane_membership\" \"all\" {\n  id = konnect_gateway_control_plane.group.id\n  members = " + expression + "\n}\n"
	}
	of := func(first, past int) string {
		return fmt.Sprintf("[for p in slice(konnect_gateway_control_plane.part, %d, %d) : { id = p.id }]", first, past)
	}
	const address = "konnect_gateway_control_plane_membership.all"
	tf := cp.Terraform(t, map[string]string{"main.tf": members(of(0, 60))})
	applied(t, tf)
	for _, expression := range []string{of(0, 2), of(1, 3), "[]", of(0, 2), "reverse(" + of(0, 3) + ")"} {
		tf.Write(t, "main.tf", members(expression))
		changes, _ := tf.Plan(t)
		if got := changes[address].Actions; !slices.Equal(got, []string{"update"}) {
			t.Errorf("%s plans to %v", expression, got)
		}
		applied(t, tf)
	}
	held := attributes(t, tf)
	group := fmt.Sprint(held[address]["id"])
	if list, err := cp.Client.ListPath(t.Context(), entity.Platform, "/v2/control-planes/"+group+"/group-memberships", nil); err != nil || len(list) != 3 {
		t.Errorf("the group has %d members (%v)", len(list), err)
	}
	again := cp.Terraform(t, map[string]string{"main.tf": members("reverse(" + of(0, 3) + ")"), "import.tf": imports(t, held)})
	changes, _ := again.Plan(t)
	if c := changes[address]; !slices.Equal(c.Actions, []string{"no-op"}) {
		t.Errorf("an import plans to %v: %v", c.Actions, acctest.Changes(c.Before, c.After))
	}
	if out, exit := tf.Run(t, "destroy", "-auto-approve", "-no-color"); exit != 0 {
		t.Fatalf("destroy: %s", out)
	}
}

// A partial of every kind, and a plugin that uses one.
func TestAccPartial(t *testing.T) {
	t.Parallel()
	live(t, shop, []life{{
		address: "konnect_gateway_partial.ce",
		body:    inShop(`redis_ce = { name = "ce", config = { host = "a.example" } }`),
		changed: inShop(`redis_ce = { name = "small", tags = ["a"], config = { host = "a.example", port = "6380" } }`),
		drift:   acctest.Object{"config": acctest.Object{"host": "b.example"}},
	}, {
		address: "konnect_gateway_partial.ee",
		body:    inShop(`redis_ee = { name = "ee", config = { sentinel_master = "m", sentinel_role = "any", sentinel_nodes = [{ host = "a.example" }] } }`),
		changed: inShop(`redis_ee = { name = "ee", config = { host = "a.example", ssl = true } }`),
		drift:   acctest.Object{"name": "theirs"},
	}, {
		address: "konnect_gateway_plugin_rate_limiting_advanced.a",
		body:    inShop(`partials = [{ id = konnect_gateway_partial.ee.id }]`, `config = { limit = [5], window_size = [60], strategy = "redis" }`),
		changed: inShop(`partials = [{ id = konnect_gateway_partial.ee.id }]`, `config = { limit = [6], window_size = [60], strategy = "redis" }`),
	}, {
		address: "konnect_gateway_partial.vectors",
		body:    inShop(`vectordb = { name = "vectors", config = { strategy = "redis", dimensions = 8, distance_metric = "cosine", redis = { host = "a.example" } } }`),
		changed: inShop(`vectordb = { name = "vectors", config = { strategy = "redis", dimensions = 16, distance_metric = "cosine", redis = { host = "a.example" } } }`),
		drift:   acctest.Object{"tags": []any{"b"}},
	}, {
		address: "konnect_gateway_partial.embeddings",
		body:    inShop(`embeddings = { name = "embeddings", config = { model = { provider = "openai", name = "small" } } }`),
		changed: inShop(`embeddings = { name = "embeddings", config = { model = { provider = "openai", name = "large" } } }`),
	}, {
		address: "konnect_gateway_partial.model",
		body:    inShop(`model = { name = "model", config = { route_type = "llm/v1/chat", model = { provider = "openai", name = "o" } } }`),
		changed: inShop(`model = { name = "model", config = { route_type = "llm/v1/chat", model = { provider = "openai", name = "o", options = { max_tokens = 5 } } } }`),
	}, {
		address: "konnect_gateway_partial.another",
		body:    inShop(`redis_ce = { name = "another" }`),
		changed: inShop(`redis_ee = { name = "another" }`),
		replace: true,
	}})
}
