package condition

import (
	"fmt"
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{ // the beginning of what is said; "" for nothing
		`http.method == "GET"`: "",
		`http.host.endsWith(".example") && !(net.src.ip == "10.0.0.1")`:                                  "",
		`"a" in route.tags || http.path.startsWith("/a")`:                                                "",
		`http.headers.x_api_key != null`:                                                                 "",
		`consumer.username == null || null != service.name`:                                              "",
		`route.tags == null || net.src.port == null`:                                                     "",
		`size(http.path_segments) > 2 && http.path_segments[0] == "a"`:                                   "",
		`http.path.matches("^/v[0-9]+/")`:                                                                "",
		`http.headers_list.accept.exists(a, a.contains("json"))`:                                         "",
		`service.tags.all(t, t != "x") && service.tags.map(t, t + "y").filter(t, t == "xy").size() == 1`: "",
		`has(http.headers.authorization)`:                                                                "",
		`has(kong.ctx.shared.tier) && kong.ctx.shared.tier == "gold"`:                                    "",
		`default(kong.ctx.shared.tier, "none") == "gold"`:                                                "",
		`default(principal.metadata["tier"], "none") == "gold"`:                                          "",
		`"tier" in principal.metadata && principal.metadata.tier == 1`:                                   "",
		`plugins.key_auth.is_matched && plugins.key_auth.priority > 5`:                                   "",
		`http.method == "GET" ? true : false`:                                                            "",
		`http.queries.page == "1"`:                                                                       "",
		`consumer_group.names.exists(g, g in ["gold", "silver"])`:                                        "",
		`true`: "",

		``:                            "it is empty",
		`   `:                         "it is empty",
		strings.Repeat("a", 1025):     "it has 1025 characters (a condition has at most 1024)",
		`http.methodd == "GET"`:       `there is no name "http.methodd", at character 5 (did you mean "http.method"?)`,
		`htp.method == "GET"`:         `there is no name "htp", at character 1 (did you mean "http"?)`,
		`request.method == "GET"`:     `there is no name "request", at character 1 (there are consumer, `,
		`http.method == 5`:            `== cannot be applied to (string, int), at character 13`,
		`http.method = "GET"`:         "it is no expression: ",
		`http.method == "GET`:         "it is no expression: ",
		`http.method ==`:              "it is no expression: ",
		`http.method`:                 "its result is string, not true or false",
		`size(route.tags)`:            "its result is int, not true or false",
		`http`:                        "its result is the record http, not true or false",
		`http.method.startWith("G")`:  `there is no function "startWith", at character 22 (did you mean "startsWith"?)`,
		`lower(http.method) == "get"`: `there is no function "lower"`,
		`http.method == "a" && net.src.prot == 1`: `there is no name "net.src.prot", at character 30 (did you mean "net.src.port"?)`,
		`plugins.key_auth.matched`:                `there is no name "plugins.key_auth.matched"`,
		`http.path.matches("(")`:                  "it is no expression: invalid matches argument",
		`http.method == "GET" and true`:           "it is no expression: ",
		`http.path ~ "/a"`:                        "it is no expression: ",
		`http.method.foo == "a"`:                  "string has no fields",
		`net.src.port + 1`:                        "its result is int",
		`"a" == null`:                             "",

		`kong.ctx.shared.tier == "gold"`:   "warning: a request for which kong.ctx.shared.tier is not set fails (write has(kong.ctx.shared.tier) && … or default(kong.ctx.shared.tier, …))",
		`principal.metadata["tier"] == 1`:  "warning: a request for which principal.metadata.tier is not set fails",
		`http.headers["X-Api-Key"] == "a"`: "warning: http.headers.X-Api-Key is never set: names of headers are in lower case, with _ for - (write http.headers.x_api_key)",
		`int(http.queries.page) > 1`:       "warning: the function int is not documented for conditions",
	} {
		got := ""
		for _, p := range Check(text) {
			if p.Warning {
				got += "warning: "
			}
			got += p.String() + "\n"
		}
		if !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
}

func TestUsesConsumer(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		`consumer.username == "a"`: true, `"a" in consumer_group.names`: true, `has(consumer.id)`: true,
		`http.host == "consumer.id"`: false, `consumer.`: false, ``: false, strings.Repeat("consumer.id", 1000): false,
	} {
		if got := UsesConsumer(text); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

// Conditions come from anybody.
func FuzzCheck(f *testing.F) {
	for _, text := range []string{
		`http.method == "GET"`, `kong.ctx.shared.a.b`, strings.Repeat("(", 500), strings.Repeat("!", 1000), strings.Repeat("[", 500) + strings.Repeat("]", 500),
		strings.Repeat("[1].map(a, ", 60) + "a" + strings.Repeat(")", 60), strings.Repeat("a.", 500) + "a", "\xff", "{1:", `"\u`, strings.Repeat("1+", 500) + "1",
		strings.Repeat("[1].all(a, ", 80) + "true" + strings.Repeat(")", 80), "default(" + strings.Repeat("{1:", 200),
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, p := range Check(text) {
			if p.Message == "" || len(p.String()) > 8000 {
				t.Errorf("%q", p)
			}
		}
		UsesConsumer(text)
	})
}

func BenchmarkCheck(b *testing.B) {
	for i, text := range []string{`http.method == "GET"`, `http.method == "GET" && http.headers_list.accept.exists(a, a.contains("json")) && default(kong.ctx.shared.tier, "a") == "b"`} {
		b.Run(fmt.Sprint(i), func(b *testing.B) {
			for b.Loop() {
				Check(text)
			}
		})
	}
}
