package acceptance

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
)

// refusal is a configuration that people wrote, and what they are told before
// anything is sent. Its name begins with the entry of the list of problems
// which users of other tools reported.
type refusal struct {
	plugin string // written for its own resource and for the one that takes any
	body   string
	want   string // what the detail begins with, in both
	typed  string // instead of want, where Terraform itself knows the type
	only   string // the resource that it is written for, if not both
}

// atValidate are found by terraform validate.
var atValidate = map[string]refusal{
	"V2 enumeration":                    {plugin: "rate-limiting", body: `config = { minute = 5, policy = "locall" }`, want: "config.policy: expected one of: local, cluster, redis"},
	"V2 zero":                           {plugin: "rate-limiting", body: `config = { minute = 0, policy = "local" }`, want: "config.minute: value must be greater than 0"},
	"V2 negative":                       {plugin: "rate-limiting", body: `config = { minute = -1, policy = "local" }`, want: "config.minute: value must be greater than 0"},
	"V2 order":                          {plugin: "rate-limiting", body: `config = { second = 6, minute = 5, policy = "local" }`, want: "config: The limit for minute(5.0) cannot be lower than the limit for second(6.0)"},
	"V2 no limit":                       {plugin: "rate-limiting", body: `config = { policy = "local" }`, want: "at least one of these fields must be non-empty: 'config.second', 'config.minute'"},
	"V2 no host":                        {plugin: "rate-limiting", body: `config = { minute = 5, policy = "redis" }`, want: "config.redis.host: required field missing (because of the value of config.policy)"},
	"V2 no header name":                 {plugin: "rate-limiting", body: `config = { minute = 5, policy = "local", limit_by = "header" }`, want: "config.header_name: required field missing (because of the value of config.limit_by)"},
	"V2 port":                           {plugin: "rate-limiting", body: `config = { minute = 5, policy = "redis", redis = { host = "a.example", port = 99999 } }`, want: "config.redis.port: value should be between 0 and 65535"},
	"V2 protocol":                       {plugin: "rate-limiting", body: "config = { minute = 5, policy = \"local\" }\nprotocols = [\"tcp\"]", want: `protocols[0]: the plugin "rate-limiting" does not handle the protocol "tcp"`},
	"V2 CIDR":                           {plugin: "ip-restriction", body: `config = { allow = ["10.0.0.0/64"] }`, want: "config.allow[0]: invalid ip or cidr range"},
	"V2 both lists":                     {plugin: "acl", body: `config = { allow = ["a"], deny = ["b"] }`, want: "exactly one of these fields must be non-empty: 'config.allow', 'config.deny'"},
	"V2 no list":                        {plugin: "acl", body: `config = {}`, want: "exactly one of these fields must be non-empty: 'config.allow', 'config.deny'"},
	"V2 body, message":                  {plugin: "request-termination", body: `config = { message = "a", body = "b" }`, want: "config: message cannot be used with content_type or body"},
	"V2 lengths":                        {plugin: "rate-limiting-advanced", body: `config = { limit = [5, 6], window_size = [60], strategy = "local" }`, want: "You must provide the same number of windows and limits"},
	"V3 a null is none":                 {plugin: "rate-limiting", body: `config = { minute = null, policy = "local" }`, want: "at least one of these fields must be non-empty"},
	"V4 protocols":                      {plugin: "key-auth", body: "config = {}\nprotocols = [\"https\", \"udp\"]", want: `protocols[1]: the plugin "key-auth" does not handle the protocol "udp"`},
	"V5 consumer":                       {plugin: "acl", body: "config = { allow = [\"a\"] }\nconsumer = { id = \"" + acctest.SomeID + "\" }", want: `consumer: the plugin "acl" cannot be limited to a consumer`, typed: `An argument named "consumer" is not expected here`},
	"V7 oauth2":                         {plugin: "oauth2", body: `config = { enable_client_credentials = true }`, want: `name: the plugin "oauth2" is not available in Konnect`},
	"V7 key-auth-enc":                   {plugin: "key-auth-enc", body: `config = {}`, want: `name: the plugin "key-auth-enc" is not available in Konnect. Use key-auth.`},
	"V8 cluster":                        {plugin: "rate-limiting", body: `config = { minute = 5, policy = "cluster" }`, want: `config.policy: "cluster" is not supported in Konnect`},
	"V8 its sibling":                    {plugin: "rate-limiting-advanced", body: `config = { limit = [5], window_size = [60], strategy = "cluster", sync_rate = 1 }`, want: `config.strategy: "cluster" is not supported in Konnect`},
	"V12 no list":                       {plugin: "openid-connect", body: `config = { issuer = "https://a.example", client_id = "kong" }`, want: "config.client_id: expected an array. Wanted is a list of strings", typed: `Inappropriate value for attribute "config": attribute "client_id": list of string required`},
	"D7 both names":                     {plugin: "opentelemetry", body: `config = { access_logs_endpoint = "https://a.example", access_logs = { endpoint = "https://b.example" } }`, want: "config.access_logs_endpoint"},
	"J4 no JSON":                        {plugin: "datakit", body: `config = { nodes = [{ static = { name = "A", values = "{" } }] }`, want: "config.nodes[0].static.values: the text is not JSON", only: acctest.TypedName("datakit")},
	"J6 no list":                        {plugin: "ai-mcp-proxy", body: `config = { mode = "conversion-only", tools = [{ description = "d", method = "GET", path = "/a", headers = { X-A = "1" } }] }`, want: "config.tools[0].headers.X-A: expected an array", typed: `Inappropriate value for attribute "config": attribute "tools"`},
	"L5 none":                           {plugin: "acl", body: "config = { allow = [\"a\"] }\npartials = [{ id = \"" + acctest.SomeID + "\" }]", want: `partials[0]: the plugin "acl" takes no partials`},
	"C a name":                          {plugin: "key-auth", body: "config = {}\ncondition = \"http.methodd == 'GET'\"", want: `condition: there is no name "http.methodd", at character 5 (did you mean "http.method"?).`},
	"C no expression":                   {plugin: "key-auth", body: "config = {}\ncondition = \"http.method ==\"", want: "condition: it is no expression: "},
	"C no truth":                        {plugin: "key-auth", body: "config = {}\ncondition = \"http.method\"", want: "condition: its result is string, not true or false"},
	"C too long":                        {plugin: "key-auth", body: "config = {}\ncondition = \"" + strings.Repeat("!", 1024) + "true\"", want: "condition: it has 1028 characters"},
	"C not there":                       {plugin: "pre-function", body: "config = { access = [\"return\"] }\ncondition = \"true\"", want: `condition: the plugin "pre-function" takes no condition. Leave the condition out.`},
	"C streams":                         {plugin: "ip-restriction", body: "config = { deny = [\"10.0.0.1\"] }\nprotocols = [\"tcp\"]\ncondition = \"true\"", want: "condition: only plugins for HTTP take a condition"},
	"S8 a reference where none is read": {plugin: "rate-limiting", body: `config = { minute = 5, policy = "{vault://env/policy}" }`, want: "config.policy: expected one of: local, cluster, redis"},
}

func TestAccReported_atValidate(t *testing.T) {
	t.Parallel()
	cp := acctest.New(t)
	want, hcl := map[string]string{}, strings.Builder{}
	for name, r := range atValidate {
		for _, resource := range []string{acctest.TypedName(r.plugin), custom, plugin} {
			if r.only != "" && r.only != resource {
				continue
			}
			label, body, text := strings.NewReplacer(" ", "_", ",", "").Replace(name), r.body, r.want
			if resource != acctest.TypedName(r.plugin) {
				body = fmt.Sprintf("name = %q\n%s", r.plugin, body)
			} else if r.typed != "" {
				text = r.typed
			}
			fmt.Fprintf(&hcl, "resource %q %q {\ncontrol_plane_id = %q\n%s\n}\n", resource, label, acctest.SomeID, body)
			want[resource+"."+label] = text
		}
	}
	got := map[string][]string{}
	for _, d := range cp.Terraform(t, map[string]string{"main.tf": hcl.String()}).Validate(t) {
		address := d.Address
		if address == "" && d.Snippet != nil { // Terraform's own
			address = strings.NewReplacer(`resource "`, "", `" "`, ".", `"`, "").Replace(d.Snippet.Context)
		}
		if d.Severity == "error" {
			got[address] = append(got[address], d.Detail)
		}
	}
	for address, text := range want {
		if !slices.ContainsFunc(got[address], func(detail string) bool { return strings.HasPrefix(detail, text) }) {
			t.Errorf("%s: want %q, got %q", address, text, got[address])
		}
	}
	if sent := cp.Requests(); len(sent) > 0 {
		t.Errorf("validate sent requests: %v", sent)
	}
}
