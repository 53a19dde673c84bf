package provider_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
)

// call calls a function of the provider as terraform does.
func call(t testing.TB, p *acctest.Protocol, name string, args ...any) (any, *tfprotov6.FunctionError) {
	t.Helper()
	known, err := p.Server.GetFunctions(t.Context(), &tfprotov6.GetFunctionsRequest{})
	if err != nil {
		t.Fatal(err)
	}
	f := known.Functions[name]
	req := &tfprotov6.CallFunctionRequest{Name: name}
	for i, arg := range args {
		typ := f.Parameters[i].Type
		v, err := tfprotov6.NewDynamicValue(typ, acctest.Value(t, typ, arg))
		if err != nil {
			t.Fatal(err)
		}
		req.Arguments = append(req.Arguments, &v)
	}
	resp, err := p.Server.CallFunction(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	if resp.Error != nil {
		return nil, resp.Error
	}
	out, err := resp.Result.Unmarshal(f.Return.Type)
	if err != nil {
		t.Fatal(err)
	}
	return acctest.Go(out), nil
}

// refused insists that a function refuses an argument with these texts.
func refused(t *testing.T, err *tfprotov6.FunctionError, argument int64, texts ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("nothing is refused")
	}
	if err.FunctionArgument == nil || *err.FunctionArgument != argument {
		t.Errorf("argument %v is to blame, want %d", err.FunctionArgument, argument)
	}
	for _, text := range texts {
		if !strings.Contains(err.Text, text) {
			t.Errorf("the error lacks %q:\n%s", text, err.Text)
		}
	}
}

// What fits comes back as it was given, whatever its form.
func TestFunctionPluginConfig(t *testing.T) {
	t.Parallel()
	p := acctest.Offline(t)
	for name, c := range map[string]struct {
		plugin any
		config any
	}{
		"an object":               {"rate-limiting", object{"minute": 5, "redis": object{"host": "r.example", "port": 6380}}},
		"as text":                 {"rate-limiting", `{"minute": 5}`},
		"numbers as text":         {"rate-limiting", object{"minute": "5"}},
		"an old name":             {"rate-limiting", object{"minute": 5, "redis_host": "r.example"}},
		"nulls":                   {"rate-limiting", object{"minute": 5, "policy": nil, "redis": object{"host": nil}}},
		"nothing at all":          {"cors", nil},
		"nothing unknown":         {"cors", object{}},
		"unknown":                 {"rate-limiting", acctest.Unknown},
		"an unknown leaf":         {"rate-limiting", object{"minute": acctest.Unknown}},
		"an unknown object":       {"rate-limiting", object{"minute": 5, "redis": acctest.Unknown}},
		"an unknown plugin":       {acctest.Unknown, object{"whatever": 1}},
		"a list":                  {"request-transformer", object{"add": object{"headers": list("a:b")}}},
		"names of the API":        {"proxy-cache", object{"strategy": "memory", "response_headers": object{"X-Cache-Key": true}}},
		"what a partial supplies": {"rate-limiting", object{"minute": 5, "policy": "redis"}},
		"kinds as attributes":     {"datakit", object{"nodes": list(object{"jq": object{"name": "A", "jq": "."}}, object{"exit": object{"name": "B", "status": 200}})}},
		"kinds as in the API":     {"datakit", object{"nodes": list(object{"type": "jq", "name": "A", "jq": "."})}},
		"an unknown kind":         {"datakit", object{"nodes": list(object{"exit": acctest.Unknown})}},
		"names of the attributes": {"proxy-cache", object{"strategy": "memory", "response_headers": object{"x_cache_key": true}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := call(t, p, "plugin_config", c.plugin, c.config)
			if err != nil {
				t.Fatal(err.Text)
			}
			want := acctest.Go(acctest.Value(t, tftypes.DynamicPseudoType, c.config))
			if !reflect.DeepEqual(want, got) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

func TestFunctionPluginConfig_wrong(t *testing.T) {
	t.Parallel()
	p := acctest.Offline(t)
	for name, c := range map[string]struct {
		plugin   any
		config   any
		argument int64
		want     []string
	}{
		"unknown key": {"rate-limiting", object{"minute": 5, "polcy": "local"}, 1, []string{
			`config.polcy: unknown field. Did you mean "policy"?`, "Known here: ",
		}},
		"unknown nested key":            {"rate-limiting", object{"minute": 5, "redis": object{"hsot": "r"}}, 1, []string{`config.redis.hsot: unknown field. Did you mean "host"?`}},
		"beside an unknown value":       {"rate-limiting", object{"minute": acctest.Unknown, "polcy": "local"}, 1, []string{"config.polcy: unknown field"}},
		"key of an element":             {"key-auth", object{"identity_realms": list(object{"scop": "cp"})}, 1, []string{`config.identity_realms[0].scop: unknown field. Did you mean "scope"?`}},
		"wrong choice":                  {"rate-limiting", object{"minute": 5, "policy": "redi"}, 1, []string{"config.policy: expected one of: local, cluster, redis"}},
		"wrong type":                    {"rate-limiting", object{"minute": "five"}, 1, []string{"config.minute: expected a number", "Wanted is a number"}},
		"several":                       {"rate-limiting", object{"minute": -1, "polcy": "x", "limit_by": "color"}, 1, []string{"does not fit the plugin \"rate-limiting\"", "\n  - config.limit_by: ", "\n  - config.minute: ", "\n  - config.polcy: "}},
		"missing":                       {"rate-limiting", object{}, 1, []string{"at least one of these fields must be non-empty"}},
		"null where something must be":  {"rate-limiting", nil, 1, []string{"at least one of these fields must be non-empty"}},
		"not an object":                 {"rate-limiting", list("a"), 1, []string{"config: ", "got a list", "jsonencode"}},
		"text that is no JSON":          {"rate-limiting", "minute: 5", 1, []string{"the text is not a JSON object"}},
		"attribute name that is no one": {"proxy-cache", object{"strategy": "memory", "response_headers": object{"x_cache_kez": true}}, 1, []string{`Did you mean "X-Cache-Key"?`}},
		"cluster":                       {"rate-limiting", object{"minute": 5, "policy": "cluster"}, 1, []string{`config.policy: "cluster" is not supported in Konnect`}},
		"cluster by default":            {"graphql-rate-limiting-advanced", object{"limit": list(5), "window_size": list(60), "sync_rate": 1}, 1, []string{`config.strategy: left out, it is "cluster"`}},
		"not in Konnect":                {"key-auth-enc", object{}, 0, []string{`the plugin "key-auth-enc" is not available in Konnect. Use key-auth`}},
		"key of a kind":                 {"datakit", object{"nodes": list(object{"exit": object{"statuss": 200}})}, 1, []string{`config.nodes[0].statuss: unknown field. Did you mean "status"?`}},
		"two kinds":                     {"datakit", object{"nodes": list(object{"exit": object{}, "jq": object{"jq": "."}})}, 1, []string{"config.nodes[0]"}},
		"no such plugin":                {"rate-limitting", object{"minute": 5}, 0, []string{`no bundled plugin is named "rate-limitting"`, `Did you mean "rate-limiting"?`, "konnect_gateway_custom_plugin"}},
		"nothing near":                  {"my-very-own-greeter", object{}, 0, []string{`no bundled plugin is named "my-very-own-greeter". Functions know`}},
		"empty name":                    {"", object{}, 0, []string{`named ""`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := call(t, p, "plugin_config", c.plugin, c.config)
			refused(t, err, c.argument, c.want...)
		})
	}
}

// Secrets do not leak into messages, even when they are what is wrong.
func TestFunctionPluginConfig_secret(t *testing.T) {
	t.Parallel()
	_, err := call(t, acctest.Offline(t), "plugin_config", "rate-limiting", object{
		"minute": 5, "policy": "hunter2-is-secret", "redis": object{"password": "hunter2-is-secret"},
	})
	refused(t, err, 1, "config.policy")
	if strings.Contains(err.Text, "hunter2") {
		t.Errorf("the password is in the message: %s", err.Text)
	}
}

func TestFunctionPluginDefaults(t *testing.T) {
	t.Parallel()
	p := acctest.Offline(t)
	for name, c := range map[string]struct {
		config any
		want   func(config object) bool
	}{
		"a default":            {object{"minute": 5}, func(c object) bool { return c["policy"] == "local" && c["fault_tolerant"] == true }},
		"a default below":      {object{"minute": 5}, func(c object) bool { return numeral(c["redis"].(object)["port"]) == "6379" }},
		"what was given":       {object{"minute": 5, "policy": "redis", "redis": object{"host": "r.example"}}, func(c object) bool { return c["redis"].(object)["host"] == "r.example" }},
		"a new name":           {object{"minute": 5, "redis_host": "r.example"}, func(c object) bool { return c["redis"].(object)["host"] == "r.example" && c["redis_host"] == nil }},
		"unknown leaves":       {object{"minute": acctest.Unknown}, func(c object) bool { return c["minute"] == acctest.Unknown && c["policy"] == "local" }},
		"unknown leaves below": {object{"minute": 5, "redis": object{"host": acctest.Unknown}}, func(c object) bool { return c["redis"].(object)["host"] == acctest.Unknown }},
		"no nulls":             {object{"minute": 5, "hour": nil}, func(c object) bool { _, there := c["hour"]; return !there }},
		"exact numbers":        {object{"minute": 0.1}, func(c object) bool { return numeral(c["minute"]) == "0.1" }},
		"defaults for text":    {`{"minute": 5}`, func(c object) bool { return numeral(c["minute"]) == "5" && c["policy"] == "local" }},
		"another default":      {object{"minute": 5}, func(c object) bool { return numeral(c["error_code"]) == "429" }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := call(t, p, "plugin_defaults", "rate-limiting", c.config)
			if err != nil {
				t.Fatal(err.Text)
			}
			if config, ok := got.(object); !ok || !c.want(config) {
				t.Errorf("got %v", got)
			}
		})
	}
	for name, args := range map[string][]any{
		"unknown configuration": {"rate-limiting", acctest.Unknown},
		"unknown plugin":        {acctest.Unknown, object{"minute": 5}},
	} {
		if got, err := call(t, p, "plugin_defaults", args...); err != nil || got != acctest.Unknown {
			t.Errorf("%s: got %v, %v", name, got, err)
		}
	}
	_, err := call(t, p, "plugin_defaults", "rate-limiting", object{"minut": 5})
	refused(t, err, 1, `Did you mean "minute"?`)
}

// The configuration of every bundled plugin that needs none is complete: what
// plugin_defaults returns is something that plugin_config takes.
func TestFunctionPluginDefaults_again(t *testing.T) {
	t.Parallel()
	p := acctest.Offline(t)
	tried := 0
	for _, name := range bundledNames() {
		first, err := call(t, p, "plugin_defaults", name, nil)
		if err != nil {
			continue // something is required
		}
		tried++
		again, err := call(t, p, "plugin_defaults", name, first)
		if err != nil {
			t.Errorf("%s: %s", name, err.Text)
			continue
		}
		if !reflect.DeepEqual(first, again) {
			t.Errorf("%s: first %v, then %v", name, first, again)
		}
	}
	if tried < 20 {
		t.Errorf("only %d plugins need no configuration", tried)
	}
}

func TestFunctionValidatePlugin(t *testing.T) {
	t.Parallel()
	p := acctest.Offline(t)
	for name, c := range map[string]struct {
		plugin string
		config any
		want   []string // path: message (hint)
	}{
		"fine":           {"rate-limiting", object{"minute": 5}, nil},
		"null":           {"cors", nil, nil},
		"two faults":     {"rate-limiting", object{"minute": 5, "polcy": "x", "redis": object{"port": 70000}}, []string{"config.polcy: unknown field (Did you mean \"policy\"?", "config.redis.port: value should be between 0 and 65535 ("}},
		"cluster":        {"rate-limiting", object{"minute": 5, "policy": "cluster"}, []string{`config.policy: "cluster" is not supported in Konnect`}},
		"not in Konnect": {"oauth2", object{"enable_client_credentials": true}, []string{`name: the plugin "oauth2" is not available in Konnect. (Use openid-connect`}},
		"no such plugin": {"corz", object{}, []string{`name: no bundled plugin is named "corz" (Did you mean "cors"?`}},
		"not an object":  {"cors", true, []string{"config: expected an object, got true or false"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := call(t, p, "validate_plugin", c.plugin, c.config)
			if err != nil {
				t.Fatal(err.Text)
			}
			found := got.([]any)
			if len(found) != len(c.want) {
				t.Fatalf("got %v, want %v", found, c.want)
			}
			for i, v := range found {
				v := v.(object)
				hint, _ := v["hint"].(string)
				if line := v["path"].(string) + ": " + v["message"].(string) + " (" + hint; !strings.HasPrefix(line, c.want[i]) {
					t.Errorf("got %q, want %q", line, c.want[i])
				}
			}
		})
	}
}

func TestFunctionPluginSchemaName(t *testing.T) {
	t.Parallel()
	p := acctest.Offline(t)
	got, err := call(t, p, "plugin_schema_name", acctest.SomeSource)
	if err != nil || got != "mine" {
		t.Errorf("got %v, %v", got, err)
	}
	for name, c := range map[string]struct {
		source string
		want   []string
	}{
		"no Lua":            {"return {\n name = = 1 }", []string{"schema.lua:2:"}},
		"an error":          {"\n\nerror('boom')", []string{"schema.lua:3:", "boom"}},
		"a missing module":  {"\nrequire('my.own.module')", []string{"schema.lua:2:", "my.own.module"}},
		"no name":           {"return { fields = {} }", []string{"no name", `name = "my-plugin"`}},
		"a name of no text": {"return { name = 5 }", []string{"no name"}},
		"no table":          {"return 5", []string{"table"}},
		"empty":             {"", []string{"returned nil"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := call(t, p, "plugin_schema_name", c.source)
			refused(t, err, 0, c.want...)
		})
	}
}

// numeral is the decimal text of a number.
func numeral(v any) string { return fmt.Sprint(v) }

func bundledNames() []string {
	return plugins.Bundled(entity.Plugin.Schema(), entity.Schemas).Names()
}
