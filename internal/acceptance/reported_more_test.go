package acceptance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// pluginBlock is a resource for a plugin.
func pluginBlock(resource, label, plane, body string) string {
	return fmt.Sprintf("resource %q %q {\n  control_plane_id = %q\n  %s\n}\n", resource, label, plane, body)
}

// What a plan finds that asks the control plane; see refusal for the rest.
func TestAccReported_atPlan(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorld(t)
	service := w.Make(t, entity.Service, w.Scope(), acctest.Object{"host": "a.example"})
	route := w.Make(t, entity.Route, w.Scope(), acctest.Object{"paths": []any{"/a"}, "service": acctest.Object{"id": service["id"]}})
	wrongKind := w.Make(t, entity.Partial, w.Scope(), acctest.Object{"name": "a", "type": "redis-ce", "config": acctest.Object{"host": "a.example"}})
	w.Make(t, entity.PluginSchema, w.Scope(), acctest.Object{"lua_schema": acctest.SomeSource})
	other := w.MakePlane(t, acctest.Object{})
	for name, c := range map[string]struct {
		hcl  string
		want []string
	}{
		"V1 two for one route": {
			pluginBlock(acctest.TypedName("acl"), "one", w.ID, fmt.Sprintf("config = { allow = [\"a\"] }\n  route = { id = %q }", route["id"])) +
				pluginBlock(acctest.TypedName("acl"), "two", w.ID, fmt.Sprintf("config = { deny = [\"b\"] }\n  route = { id = %q }", route["id"])),
			[]string{fmt.Sprintf(`Two resources of this configuration are the plugin "acl" for route %v in control plane %s: this konnect_gateway_plugin_acl, and a konnect_gateway_plugin_acl`, route["id"], w.ID)},
		},
		"L5 wrong kind": {
			pluginBlock(acctest.TypedName("rate-limiting-advanced"), "a", w.ID, fmt.Sprintf("config = { limit = [5], window_size = [60], strategy = \"redis\" }\n  partials = [{ id = %q }]", wrongKind["id"])),
			[]string{`partials[0]: the plugin "rate-limiting-advanced" takes no partials of type "redis-ce". It takes partials of type "redis-ee"`},
		},
		"P1 no schema": {
			pluginBlock(custom, "a", other, "name = \"mine\"\n  config = {}"),
			[]string{`name: the control plane has no plugin "mine". A plugin of your own needs its schema on the control plane: upload it with konnect_gateway_custom_plugin_schema`},
		},
		"P4 a check of no field": {
			pluginBlock(upload, "a", w.ID, `lua_schema = "return { name = \"odd\", fields = { { config = { type = \"record\", fields = { { a = { type = \"string\" } } }, entity_checks = { { at_least_one_of = { \"config.a\" } } } } } } }"`),
			[]string{"no field is called 'config.a' here"}, // a warning: control planes take it
		},
		"P5 the kong global": {
			pluginBlock(upload, "a", w.ID, `lua_schema = "local v = kong.version\nreturn { name = \"odd\", fields = { { config = { type = \"record\", fields = {} } } } }"`),
			[]string{"schema.lua:1: "},
		},
		"P8 the new schema refuses": {
			`resource "konnect_gateway_custom_plugin_schema" "a" {
  control_plane_id = "` + other + `"
  lua_schema       = <<-EOT
    return { name = "mine", fields = { { config = { type = "record", fields = { { sizes = { type = "integer" } } } } } } }
  EOT
}
` + pluginBlock(custom, "a", other, "name = konnect_gateway_custom_plugin_schema.a.name\n  config = { size = 5 }"),
			[]string{`config.size: unknown field. Did you mean "sizes"? Known here: sizes.`},
		},
		"J9 the whole upload": {
			`resource "konnect_gateway_custom_plugin_schema" "a" {
  control_plane_id = "` + other + `"
  lua_schema       = <<-EOT
    ` + acctest.SomeSource + `
  EOT
}
` + pluginBlock(custom, "a", other, "name = konnect_gateway_custom_plugin_schema.a.name\n  config = konnect_gateway_custom_plugin_schema.a"),
			[]string{"config.control_plane_id: unknown field. Known here: size.", "config.lua_schema: unknown field. Known here: size.", "config.name: unknown field."},
		},
		"I1 an import by other keys": {
			pluginBlock(acctest.TypedName("acl"), "a", w.ID, "config = { allow = [\"a\"] }") +
				fmt.Sprintf("import {\n  to = konnect_gateway_plugin_acl.a\n  id = jsonencode({ consumer_id = \"x\", control_plane_id = %q })\n}\n", w.ID),
			[]string{`The import ID lacks the key "id". Wanted are the keys id, control_plane_id, for example: { "id": "`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tf := w.Terraform(t, map[string]string{"main.tf": "provider \"konnect\" {\n  embedded = { path = \"a\" }\n}\n" + c.hcl})
			got := planned(t, tf)
			for _, want := range c.want {
				if !slices.ContainsFunc(got, func(d acctest.Diagnostic) bool { return strings.Contains(d.Detail, want) }) {
					t.Errorf("nothing says %q: %+v", want, got)
				}
			}
		})
	}
}

// N5: a control plane that does not know newer fields refuses those that are
// sent to it, even as null.
func TestAccReported_olderControlPlane(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorld(t)
	w.Intercept(func(out http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return false
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		var doc map[string]any
		if json.Unmarshal(body, &doc) != nil {
			return false
		}
		for _, field := range []string{"partials", "condition", "ordering", "instance_name", "tags"} {
			if _, sent := doc[field]; sent {
				out.WriteHeader(http.StatusBadRequest)
				_, _ = fmt.Fprintf(out, `{"code":3,"message":"validation error","details":[{"type":"ERROR_TYPE_ENTITY","messages":["additional properties '%s' not allowed"]}]}`, field)
				return true
			}
		}
		return false
	})
	tf := w.Terraform(t, map[string]string{"main.tf": pluginBlock(acctest.TypedName("request-transformer"), "a", w.ID, `config = { add = { headers = ["a:b"] } }`)})
	settle(t, tf, w.ControlPlane)
	tf.Write(t, "main.tf", pluginBlock(acctest.TypedName("request-transformer"), "a", w.ID, `config = { add = { headers = ["a:c"] } }`))
	settle(t, tf, w.ControlPlane)
}

// B4: the control plane stores a plugin, and its answer is lost: there is one
// plugin in the end.
func TestAccReported_lostAnswer(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorld(t)
	var lost atomic.Int32
	w.Intercept(func(out http.ResponseWriter, r *http.Request, next http.Handler) bool {
		if r.Method == http.MethodGet || lost.Add(1) > 1 {
			return false
		}
		next.ServeHTTP(httptest.NewRecorder(), r)
		out.WriteHeader(http.StatusServiceUnavailable)
		return true
	})
	tf := w.Terraform(t, map[string]string{"main.tf": pluginBlock(acctest.TypedName("acl"), "a", w.ID, `config = { allow = ["a"] }`)})
	settle(t, tf, w.ControlPlane)
	held, err := w.Client.List(t.Context(), client.Ref{Type: entity.Plugin, Parents: w.Scope()}, nil)
	if err != nil || len(held) != 1 || lost.Load() < 2 {
		t.Errorf("%d plugins after %d requests (%v)", len(held), lost.Load(), err)
	}
}

// S5: no output of terraform's shows what is secret, also not the copy of the
// configuration that shows its defaults.
func TestAccReported_secrets(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorld(t)
	const secret = "correct-horse-battery"
	body := func(more string) string {
		return pluginBlock(acctest.TypedName("openid-connect"), "a", w.ID, fmt.Sprintf(`config = { issuer = "https://a.example", client_secret = [%q], ssl_verify = true, redis = { password = %q }%s }`, secret, secret, more)) +
			pluginBlock(custom, "b", w.ID, fmt.Sprintf("name = \"rate-limiting\"\n config = { minute = 5, policy = \"redis\", redis = { host = sensitive(\"%s.example\"), password = sensitive(%q), ssl_verify = true }%s }", secret, secret, strings.ReplaceAll(more, "scopes = []", `limit_by = "ip"`)))
	}
	tf := w.Terraform(t, nil)
	for _, more := range []string{"", ", scopes = []"} {
		tf.Write(t, "main.tf", body(more))
		for _, args := range [][]string{{"plan"}, {"apply", "-auto-approve"}, {"show"}} {
			out, exit := tf.Run(t, append(args, "-no-color")...)
			if exit != 0 || bytes.Contains(out, []byte(secret)) {
				t.Errorf("%v: exit code %d: %s", args, exit, out)
			}
			if args[0] == "show" && !regexp.MustCompile(`(?s)effective_config = \{.* port += 6379\n.* sync_rate += -1\n`).Match(out) {
				t.Errorf("no defaults are shown: %s", out)
			}
		}
	}
}

// What plugins belong to: a change of it leaves them alone (K1), and when it
// goes by hand, they go with it and come back with it (X2, X6).
func TestAccReported_parents(t *testing.T) {
	t.Parallel()
	cp := acctest.New(t)
	hcl := func(tags string) string {
		return `resource "konnect_gateway_control_plane" "a" {
  name = "plane"
}
resource "konnect_gateway_service" "a" {
  control_plane_id = konnect_gateway_control_plane.a.id
  host = "a.example"
  tags = [` + tags + `]
}
resource "konnect_gateway_route" "a" {
  count = 3
  control_plane_id = konnect_gateway_control_plane.a.id
  paths = ["/${count.index}"]
  service = { id = konnect_gateway_service.a.id }
}
resource "konnect_gateway_consumer" "a" {
  control_plane_id = konnect_gateway_control_plane.a.id
  username = "a"
}
resource "konnect_gateway_plugin_acl" "a" {
  control_plane_id = konnect_gateway_control_plane.a.id
  service = { id = konnect_gateway_service.a.id }
  config = { allow = ["a"] }
}
resource "konnect_gateway_plugin_cors" "a" {
  count = 3
  control_plane_id = konnect_gateway_control_plane.a.id
  route = { id = konnect_gateway_route.a[count.index].id }
  config = {}
}
resource "konnect_gateway_plugin_rate_limiting" "a" {
  control_plane_id = konnect_gateway_control_plane.a.id
  consumer = { id = konnect_gateway_consumer.a.id }
  config = { minute = 5, policy = "local" }
}
`
	}
	tf := cp.Terraform(t, map[string]string{"main.tf": hcl("")})
	settle(t, tf, cp)
	does := func(want map[string]string) {
		t.Helper()
		plan, _ := tf.Plan(t)
		for address, c := range plan {
			if got := strings.Join(c.Actions, "/"); got != want[address] && (got != "no-op" || want[address] != "") {
				t.Errorf("%s: the plan is to %s, want %q", address, got, want[address])
			}
		}
	}
	tf.Write(t, "main.tf", hcl(`"x"`))
	does(map[string]string{"konnect_gateway_service.a": "update"})
	settle(t, tf, cp)

	plane := []string{cp.ID(t, entity.ControlPlane, nil, "name", "plane")}
	cp.Remove(t, entity.Consumer, plane, cp.ID(t, entity.Consumer, plane, "username", "a"))
	does(map[string]string{"konnect_gateway_consumer.a": "create", "konnect_gateway_plugin_rate_limiting.a": "create"})
	settle(t, tf, cp)

	cp.Remove(t, entity.ControlPlane, nil, plane[0])
	all := map[string]string{}
	for _, address := range []string{
		"control_plane.a", "service.a", "route.a[0]", "route.a[1]", "route.a[2]", "consumer.a", "plugin_acl.a",
		"plugin_cors.a[0]", "plugin_cors.a[1]", "plugin_cors.a[2]", "plugin_rate_limiting.a",
	} {
		all["konnect_gateway_"+address] = "create"
	}
	does(all)
	settle(t, tf, cp)
}

// A parent that is replaced takes its plugins along; one apply brings them back.
func TestAccReported_parentReplaced(t *testing.T) {
	t.Parallel()
	cp := acctest.New(t)
	hcl := func(key string) string {
		return `resource "konnect_gateway_control_plane" "a" {
  name = "plane"
}
resource "konnect_gateway_service" "a" {
  for_each = toset(["` + key + `"])
  control_plane_id = konnect_gateway_control_plane.a.id
  host = "a.example"
}
resource "konnect_gateway_consumer" "a" {
  control_plane_id = konnect_gateway_control_plane.a.id
  username = "a"
}
resource "konnect_gateway_plugin_key_auth" "a" {
  control_plane_id = konnect_gateway_control_plane.a.id
  service = { id = one(values(konnect_gateway_service.a)).id }
}
resource "konnect_gateway_plugin_cors" "a" {
  control_plane_id = konnect_gateway_control_plane.a.id
  service = { id = one(values(konnect_gateway_service.a)).id }
  config = {}
}
resource "konnect_gateway_custom_plugin" "a" {
  control_plane_id = konnect_gateway_control_plane.a.id
  name = "rate-limiting"
  service = { id = one(values(konnect_gateway_service.a)).id }
  consumer = { id = konnect_gateway_consumer.a.id }
  config = { minute = 5 }
}
`
	}
	tf := cp.Terraform(t, map[string]string{"main.tf": hcl("a")})
	settle(t, tf, cp)
	for _, address := range []string{`konnect_gateway_service.a["a"]`, "konnect_gateway_consumer.a"} {
		if out, exit := tf.Run(t, "plan", "-replace="+address, "-out=plan", "-no-color"); exit != 0 {
			t.Fatalf("%s", out)
		}
		settle(t, tf, cp, "plan")
	}
	tf.Write(t, "main.tf", hcl("b"))
	settle(t, tf, cp)
}

// Generated configuration leaves out the times that the control plane notes down.
func TestAccReported_generatedTimes(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorld(t)
	var hcl strings.Builder
	hcl.WriteString("provider \"konnect\" {\n  embedded = { path = \"a\" }\n}\n")
	for kind, doc := range map[string]acctest.Object{
		"service":        {"host": "a.example"},
		"route":          {"paths": []any{"/a"}},
		"consumer":       {"username": "a"},
		"consumer_group": {"name": "a"},
		"plugin_cors":    {"name": "cors", "config": acctest.Object{}},
	} {
		typ, _, _ := strings.Cut(kind, "_cors")
		made := w.Make(t, entity.Named(typ+"s"), w.Scope(), doc)
		fmt.Fprintf(&hcl, "import {\n  to = konnect_gateway_%s.a\n  id = jsonencode({ id = %q, control_plane_id = %q })\n}\n", kind, made["id"], w.ID)
	}
	tf := w.Terraform(t, map[string]string{"main.tf": hcl.String()})
	if out, exit := tf.Run(t, "plan", "-generate-config-out=made.tf", "-no-color"); exit != 0 {
		t.Fatalf("%s", out)
	}
	made, err := os.ReadFile(tf.File("made.tf"))
	if err != nil || !bytes.Contains(made, []byte("control_plane_id")) || bytes.Contains(made, []byte("ted_at")) {
		t.Errorf("%v: %s", err, made)
	}
	settle(t, tf, w.ControlPlane)
}

// State that other releases wrote, with less, with more and with other types
// in it, plans empty (D2, I5, J7).
func TestAccReported_olderState(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorld(t)
	for name, c := range map[string]struct {
		plugin, body string
		was          func(attributes, config map[string]any)
	}{
		"D2 newer attributes": {"openid-connect", `config = { issuer = "https://a.example", client_id = ["a"] }`, func(attributes, config map[string]any) {
			for _, newer := range []string{"principals", "cluster_cache_items", "proof_of_possession_mtls_from_header", "redis", "bearer_token_header_name"} {
				delete(config, newer)
			}
			delete(attributes, "condition")
		}},
		"D2 attributes that are gone": {"rate-limiting", `config = { minute = 5, policy = "local" }`, func(_, config map[string]any) {
			config["redis_host"], config["redis"].(map[string]any)["timeouts"] = "a.example", 5
		}},
		"J5 texts that are objects now": {"response-ratelimiting", `config = { policy = "local", limits = { video = { minute = 10 } } }`, func(_, config map[string]any) {
			config["limits"] = map[string]any{"video": `{"minute":10}`}
		}},
		"J7 numbers that are lists now": {"ai-rate-limiting-advanced", `config = { strategy = "local", llm_providers = [{ name = "openai", limit = [5], window_size = [60] }] }`, func(_, config map[string]any) {
			llm := config["llm_providers"].([]any)[0].(map[string]any)
			llm["limit"], llm["window_size"] = 5, 60
		}},
		"I5 numbers": {"http-log", `config = { http_endpoint = "https://a.example" }`, func(attributes, config map[string]any) {
			config["timeout"], attributes["created_at"] = "10000", nil
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plane := w.MakePlane(t, acctest.Object{})
			tf := w.Terraform(t, map[string]string{"main.tf": pluginBlock(acctest.TypedName(c.plugin), "a", plane, c.body)})
			if out, exit := tf.Run(t, "apply", "-auto-approve", "-no-color"); exit != 0 {
				t.Fatalf("%s", out)
			}
			rewrite(t, tf.File("terraform.tfstate"), c.was)
			if plan, exit := tf.Plan(t); exit != 0 {
				t.Errorf("the plan is to change %v", acctest.Changes(plan[acctest.TypedName(c.plugin)+".a"].Before, plan[acctest.TypedName(c.plugin)+".a"].After))
			}
		})
	}
}

// rewrite changes the attributes of the only resource of a state.
func rewrite(t *testing.T, file string, change func(attributes, config map[string]any)) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var state map[string]any
	if err := json.Unmarshal(text, &state); err != nil {
		t.Fatal(err)
	}
	instance := state["resources"].([]any)[0].(map[string]any)["instances"].([]any)[0].(map[string]any)
	attributes := instance["attributes"].(map[string]any)
	change(attributes, attributes["config"].(map[string]any))
	if text, err = json.Marshal(state); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// Configuration that terraform generates for an import leaves secrets out: the
// plan says of each that it takes it away, and of nothing when it is written.
func TestAccReported_importedSecrets(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorld(t)
	made := w.Make(t, entity.Plugin, w.Scope(), map[string]any{"name": "openid-connect", "config": map[string]any{
		"issuer": "https://a.example", "client_secret": []any{"hunter22"}, "redis": map[string]any{"password": "hunter33"}, "scopes": []any{"email"},
	}})
	log := w.Make(t, entity.Plugin, w.Scope(), map[string]any{"name": "http-log", "config": map[string]any{
		"http_endpoint": "https://a.example", "headers": map[string]any{"Authorization": "hunter44"},
	}})
	tf := w.Terraform(t, map[string]string{"import.tf": fmt.Sprintf("import {\n  to = %s.oidc\n  provider = konnect\n  id = jsonencode({ id = %q, control_plane_id = %q })\n}\n",
		acctest.TypedName("openid-connect"), made["id"], w.ID)})
	if out, exit := tf.Run(t, "plan", "-generate-config-out=made.tf", "-no-color"); exit != 0 || !bytes.Contains(out, []byte("Secret removed: config.client_secret")) {
		t.Errorf("exit code %d: %s", exit, out)
	}
	tf.Write(t, "import.tf", fmt.Sprintf("import {\n  to = %s.oidc\n  id = jsonencode({ id = %q, control_plane_id = %q })\n}\n", acctest.TypedName("openid-connect"), made["id"], w.ID)+
		fmt.Sprintf("import {\n  to = konnect_gateway_plugin.log\n  id = jsonencode({ id = %q, control_plane_id = %q })\n}\n", log["id"], w.ID))
	if err := os.Remove(tf.File("made.tf")); err != nil {
		t.Fatal(err)
	}
	blocks := func(oidc, log string) {
		tf.Write(t, "main.tf", pluginBlock(acctest.TypedName("openid-connect"), "oidc", w.ID, "config = { issuer = \"https://a.example\", scopes = [\"email\"]"+oidc+" }")+
			pluginBlock(plugin, "log", w.ID, "name = \"http-log\"\nconfig = { http_endpoint = \"https://a.example\""+log+" }"))
	}
	wanted := []string{"config.client_secret: the control plane holds a value", "config.redis.password: the control plane holds a value", "config.headers: the control plane holds a value"}
	blocks("", "")
	out, _ := tf.Run(t, "plan", "-no-color")
	text := strings.Join(strings.Fields(strings.NewReplacer("│", "").Replace(string(out))), " ")
	for _, want := range wanted {
		if !strings.Contains(text, want) {
			t.Errorf("want %q in %s", want, out)
		}
	}
	for _, secret := range []string{"hunter22", "hunter33"} {
		if strings.Contains(text, secret) {
			t.Errorf("the plan shows %s", secret)
		}
	}
	blocks(`, client_secret = ["hunter55"], redis = { password = "hunter33" }`, `, headers = { Authorization = "hunter44" }`)
	if out, exit := tf.Run(t, "plan", "-no-color"); exit != 0 || bytes.Contains(out, []byte("Secret removed")) {
		t.Errorf("exit code %d: %s", exit, out)
	}
}
