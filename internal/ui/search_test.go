package ui_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/server/access"
)

func TestSearch(t *testing.T) {
	t.Parallel()
	w := newWorld(t, access.Unguarded)
	other := w.make(t, "/v2/control-planes", `{"name":"other"}`)
	service := w.make(t, w.in("services"), `{"name":"orders","host":"orders.example","tags":["team-a"]}`)
	w.make(t, w.in("services/"+service+"/routes"), `{"name":"list","paths":["/orders/list"],"hosts":["Shop.example"]}`)
	consumer := w.make(t, w.in("consumers"), `{"username":"alice","custom_id":"c-1"}`)
	w.make(t, w.in("consumers/"+consumer+"/key-auth"), `{"key":"s3cret-key"}`)
	w.make(t, w.in("plugins"), `{"name":"cors","instance_name":"main-cors"}`)
	w.make(t, "/v2/control-planes/"+other+"/core-entities/services", `{"name":"elsewhere","host":"a"}`)
	for query, want := range map[string][]string{
		"ORDERS":                    {">orders<", ">list<"},
		"shop.ex":                   {">list<", "Shop.example"},
		"team-a":                    {">orders<", "tags: <code>team-a"},
		service[:13]:                {">orders<"},
		"c-1":                       {">alice<"},
		"main-cors":                 {"/plugins/"},
		"elsewhere":                 {">elsewhere<", "other"},
		"shop":                      {`<a href="/ui/planes/` + w.id + `">shop</a>`},
		"s3cret":                    {"Nothing has this"},
		"none of these":             {"Nothing has this"},
		"<script>":                  {"&lt;script&gt;", "Nothing has this"},
		"":                          {"Type a part"},
		"   ":                       {"Type a part"},
		strings.Repeat("x", 10_000): {"Nothing has this"},
	} {
		got := w.page(t, "/ui/search?q="+url.QueryEscape(query))
		for _, text := range want {
			if !strings.Contains(got, text) {
				t.Errorf("%.20q: no %q in\n%.3000s", query, text, got)
			}
		}
	}
	if got := w.page(t, "/ui/planes/"+w.id+"/search?q=elsewhere"); !strings.Contains(got, "Nothing has this") {
		t.Errorf("another control plane is searched:\n%s", got)
	}
}
