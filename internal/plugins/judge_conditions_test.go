package plugins_test

import (
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/dataplane"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
)

func TestJudge_conditions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		plugin, written, minimum, want string
	}{
		{"acl", `{"config": {"allow": ["a"]}, "condition": "http.method == 'GET'"}`, "", ""},
		{"acl", `{"config": {"allow": ["a"]}, "condition": "consumer.username == 'a'"}`, "3.15", ""},
		{"acl", `{"config": {"allow": ["a"]}, "condition": "?"}`, "", ""},
		{"acl", `{"config": {"allow": ["a"]}, "condition": "http.method == 'GET'"}`, "3.14", "warning at condition: conditions of this language are there from version 3.15 on; the data planes may be of version 3.14."},
		{"acl", `{"config": {"allow": ["a"]}}`, "3.14", ""},
		{"acl", `{"config": {"allow": ["a"]}, "condition": "kong.ctx.shared.a == 1"}`, "", "warning at condition: a request for which kong.ctx.shared.a is not set fails (write has(kong.ctx.shared.a) && … or default(kong.ctx.shared.a, …))."},
		{"cors", `{"config": {}, "condition": "consumer.username == 'a'"}`, "", "warning at condition: the plugin runs before all that find out who the consumer is (its priority is 2000), so that consumer and consumer_group are never set."},
		{"acl", `{"config": {"allow": ["a"]}, "condition": "plugins.key_auth.is_matched && plugins['rate_limiting'].priority > 1"}`, "", ""},
		{"acl", `{"config": {"allow": ["a"]}, "condition": "plugins.mine.is_matched"}`, "", ""},
		{"acl", `{"config": {"allow": ["a"]}, "condition": "plugins.key_uath.is_matched"}`, "", "warning at condition: plugins.key_uath is never set, for there is no such plugin. Did you mean plugins.key_auth?"},
		{"acl", `{"config": {"allow": ["a"]}, "condition": "plugins.audit_steam.is_matched"}`, "", "warning at condition: plugins.audit_steam is never set, for there is no such plugin. Did you mean plugins.audit_stream?"},
		{"acl", `{"config": {"allow": ["a"]}, "condition": "plugins['key-auth'].is_matched"}`, "", "warning at condition: plugins.key-auth is never set, for there is no such plugin. Did you mean plugins.key_auth?"},
		{"acl", `{"config": {"allow": ["a"]}, "condition": "'key_auth' in plugins || size(plugins) > 1"}`, "", ""},
		{"pre-function", `{"config": {"access": ["return"]}, "condition": "true"}`, "", `error at condition: the plugin "pre-function" takes no condition. Leave the condition out.`},
		{"ip-restriction", `{"config": {"deny": ["10.0.0.1"]}, "protocols": ["tcp"], "condition": "true"}`, "", "error at condition: only plugins for HTTP take a condition, and the protocols of this one are those of streams. Leave the condition out."},
	} {
		in := caseOf(t, c.plugin, decode(t, c.written))
		if c.minimum != "" {
			var err error
			if in.Minimum, err = dataplane.ParseVersion(c.minimum); err != nil {
				t.Fatal(err)
			}
		}
		got := ""
		for _, f := range plugins.Judge(in) {
			if f.Path.String() == "condition" {
				got += string(f.Severity) + " at " + f.Path.String() + ": " + strings.TrimSpace(f.Message+" "+f.Hint)
			}
		}
		if got != c.want {
			t.Errorf("%s %s\n got %s\nwant %s", c.plugin, c.written, got, c.want)
		}
	}
}
