package ui_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/server/access"
)

func TestApplies(t *testing.T) {
	t.Parallel()
	w := newWorld(t, access.Unguarded)
	service := w.make(t, w.in("services"), `{"name":"orders","host":"a"}`)
	route := w.make(t, w.in("services/"+service+"/routes"), `{"name":"list","paths":["/orders"],"protocols":["https"]}`)
	w.make(t, w.in("routes"), `{"name":"all","paths":["/"],"protocols":["http","https"]}`)
	w.make(t, w.in("routes"), `{"name":"beta","paths":["/"],"headers":{"X-Beta":["1"]},"protocols":["http","https"]}`)
	w.make(t, w.in("plugins"), `{"name":"cors"}`)
	w.make(t, w.in("plugins"), `{"name":"key-auth","condition":"http.method == 'GET'"}`)
	w.make(t, w.in("routes/"+route+"/plugins"), `{"name":"cors"}`)
	consumer := w.make(t, w.in("consumers"), `{"username":"alice"}`)
	group := w.make(t, w.in("consumer_groups"), `{"name":"gold"}`)
	if rec := w.ask(t, http.MethodPost, w.in("consumer_groups/"+group+"/consumers"), `{"consumer":"`+consumer+`"}`, "Content-Type", "application/json"); rec.Code/100 != 2 {
		t.Fatal(rec.Body)
	}
	w.make(t, w.in("consumer_groups/"+group+"/plugins"), `{"name":"rate-limiting","config":{"minute":5}}`)
	w.make(t, w.in("plugin-schemas"), `{"lua_schema":"return { name = \"mine\", fields = { { config = { type = \"record\", fields = {} } } } }"}`)
	w.make(t, w.in("plugins"), `{"name":"mine"}`)
	w.make(t, w.in("cloned-plugins"), `{"name":"acl-early","ref":"acl","priority":1999}`)
	w.make(t, w.in("plugins"), `{"name":"acl-early","config":{"allow":["a"]}}`)
	for name, tt := range map[string]struct {
		form url.Values
		want []string // in this order
		not  []string
	}{
		"nothing asked":   {nil, []string{`value="/"`, "What this is"}, []string{"The route"}},
		"a route":         {url.Values{"path": {"/orders/1?a=b"}, "scheme": {"https"}}, []string{">list<", ">orders<", "The plugins", ">cors<", "route", "2000", "in place of", ">acl-early<", "1999", ">key-auth<", "if <code>", ">mine<", "unknown"}, []string{"rate-limiting"}},
		"upgraded":        {url.Values{"path": {"/orders"}, "scheme": {"http"}}, []string{"with TLS only", "426"}, nil},
		"by a header":     {url.Values{"path": {"/orders"}, "headers": {"X-Beta: 1\n\n"}}, []string{">beta<", "3 routes match"}, nil},
		"a consumer":      {url.Values{"path": {"/"}, "consumer": {"alice"}}, []string{">all<", ">rate-limiting<", "consumer group"}, nil},
		"no consumer":     {url.Values{"path": {"/"}, "consumer": {"bob/../x"}}, []string{"There is no consumer"}, []string{"takes this request"}},
		"no such path":    {url.Values{"path": {"orders"}}, []string{"begins with a slash"}, []string{"takes this request"}},
		"a broken header": {url.Values{"path": {"/"}, "headers": {"a: b\nnothing"}}, []string{"Line 2 of the headers"}, []string{"takes this request"}},
		"hostile":         {url.Values{"path": {"/<script>alert(1)</script>"}, "method": {"<b>"}, "scheme": {"x"}, "host": {strings.Repeat("a", 100_000)}}, []string{"&lt;script&gt;", ">all<"}, []string{"<script>alert", "<b>"}},
	} {
		got := w.page(t, "/ui/planes/"+w.id+"/applies?"+tt.form.Encode())
		rest := got
		for _, want := range tt.want {
			at := strings.Index(rest, want)
			if at < 0 {
				t.Errorf("%s: no %q, or not there, in\n%.4000s", name, want, got)
				break
			}
			rest = rest[at:]
		}
		for _, not := range tt.not {
			if strings.Contains(got, not) {
				t.Errorf("%s: %q in\n%.4000s", name, not, got)
			}
		}
	}
}
