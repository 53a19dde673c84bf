package ui_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/openkonnect/terraform-provider-konnect/internal/server/access"
)

// The page of an entity leads both to what belongs to it and to what it belongs to, and the
// search leads there, too.
func TestEntity_links(t *testing.T) {
	t.Parallel()
	w := newWorld(t, access.Unguarded)
	service := w.make(t, w.in("services"), `{"name":"orders","host":"orders.example"}`)
	route := w.make(t, w.in("services/"+service+"/routes"), `{"name":"list","paths":["/orders"]}`)
	consumer := w.make(t, w.in("consumers"), `{"username":"alice"}`)
	other := w.make(t, w.in("consumers"), `{"username":"bob"}`)
	group := w.make(t, w.in("consumer_groups"), `{"name":"gold"}`)
	rec := w.ask(t, http.MethodPost, w.in("consumer_groups/"+group+"/consumers"), `{"consumer":"`+consumer+`"}`, "Content-Type", "application/json")
	if rec.Code/100 != 2 {
		t.Fatalf("%d %s", rec.Code, rec.Body)
	}
	key := w.make(t, w.in("consumers/"+consumer+"/key-auth"), `{"key":"s3cret-key","tags":["blue"]}`)
	limit := w.make(t, w.in("consumer_groups/"+group+"/plugins"), `{"name":"rate-limiting-advanced","config":{"limit":[1],"window_size":[60]}}`)
	upstream := w.make(t, w.in("upstreams"), `{"name":"up"}`)
	target := w.make(t, w.in("upstreams/"+upstream+"/targets"), `{"target":"10.0.0.1:80"}`)
	cert := w.make(t, w.in("certificates"), `{"cert":`+certificate(t, "rsa.crt")+`,"key":`+certificate(t, "rsa.key")+`}`)
	sni := w.make(t, w.in("certificates/"+cert+"/snis"), `{"name":"a.example"}`)
	set := w.make(t, w.in("key-sets"), `{"name":"keys"}`)
	at := "/ui/planes/" + w.id + "/"
	for page, want := range map[string][]string{
		"services/" + service:      {"routes/" + route + `">list<`},
		"routes/" + route:          {"services/" + service},
		"consumers/" + consumer:    {"consumers/" + consumer + "/keyauth_credentials/" + key, "consumer_groups/" + group + `">gold<`},
		"consumers/" + other:       nil,
		"consumer_groups/" + group: {"consumers/" + consumer + `">alice<`, "plugins/" + limit},
		"upstreams/" + upstream:    {"upstreams/" + upstream + "/targets/" + target + `">10.0.0.1:80<`},
		"certificates/" + cert:     {"snis/" + sni + `">a.example<`},
		"snis/" + sni:              {"certificates/" + cert},
		"key_sets/" + set:          nil,
		"consumers/" + consumer + "/keyauth_credentials/" + key: {"consumers/" + consumer + `"`},
	} {
		got := w.page(t, at+page)
		for _, link := range want {
			if !strings.Contains(got, `href="`+at+link) {
				t.Errorf("%s does not lead to %s:\n%s", page, link, got)
			}
		}
		if lists, _, _ := strings.Cut(got, "As code"); want == nil && strings.Count(lists, "<h2>") > 1 {
			t.Errorf("%s shows what it does not have:\n%s", page, got)
		}
		if strings.Contains(got, "s3cret") {
			t.Errorf("%s shows a secret", page)
		}
	}
	for query, link := range map[string]string{
		"blue": "consumers/" + consumer + "/keyauth_credentials/" + key, "10.0.0.1": "upstreams/" + upstream + "/targets/" + target,
	} {
		if got := w.page(t, "/ui/search?q="+query); !strings.Contains(got, `href="`+at+link+`"`) {
			t.Errorf("searching %s does not lead to %s:\n%s", query, link, got)
		}
	}
}

// What the overview cuts off stands on the page that it leads to, page by page.
func TestOverview_cut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, access.Unguarded)
	service := w.make(t, w.in("services"), `{"name":"orders","host":"orders.example"}`)
	const routes = 60
	for i := range routes {
		w.make(t, w.in("services/"+service+"/routes"), fmt.Sprintf(`{"name":"route-%d","paths":["/%d"]}`, i, i))
	}
	at := "/ui/planes/" + w.id
	all := at + "/services/" + service
	if got := w.page(t, at); !strings.Contains(got, `first of many: <a href="`+all+`"`) || strings.Count(got, ">route-") == routes {
		t.Errorf("nothing says that there are more:\n%s", got)
	}
	seen := map[string]bool{}
	for page := all; page != ""; {
		got := w.page(t, page)
		for _, part := range strings.Split(got, ">route-")[1:] {
			name, _, _ := strings.Cut(part, "<")
			seen[name] = true
		}
		_, rest, found := strings.Cut(got, `<p class="next"><a href="`)
		page = ""
		if query, _, _ := strings.Cut(rest, `"`); found {
			page = all + strings.ReplaceAll(query, "&amp;", "&")
		}
	}
	if len(seen) != routes {
		t.Errorf("%d of %d routes", len(seen), routes)
	}
}

// What people know by a name or as a time is not shown as an ID or as seconds alone.
func TestEntity_words(t *testing.T) {
	t.Parallel()
	w := newWorld(t, access.Unguarded)
	service := w.make(t, w.in("services"), `{"name":"orders","host":"orders.example","port":8080,"path":"/v1"}`)
	w.make(t, w.in("services"), `{"name":"six","host":"::1","port":81}`)
	route := w.make(t, w.in("services/"+service+"/routes"), `{"name":"list","paths":["/"]}`)
	plugin := w.make(t, w.in("routes/"+route+"/plugins"), `{"name":"cors"}`)
	at := "/ui/planes/" + w.id
	for page, want := range map[string]string{
		"": "http://orders.example:8080/v1", "/routes/" + route: `/services/` + service + `">orders</a>`, "/plugins/" + plugin: `/routes/` + route + `">route list</a>`,
	} {
		if got := w.page(t, at+page); !strings.Contains(got, want) {
			t.Errorf("%q: no %q in\n%s", page, want, got)
		}
	}
	if got := w.page(t, at); !strings.Contains(got, "http://[::1]:81") {
		t.Errorf("an address of IPv6:\n%s", got)
	}
	row := regexp.MustCompile(`created_at</code></th><td><code>(\d+)</code> <span class="what">([^<]+)</span>`).FindStringSubmatch(w.page(t, at+"/routes/"+route))
	if row == nil {
		t.Fatal("no time is told in words")
	}
	told, err := time.Parse(time.DateTime+" MST", row[2])
	if err != nil || fmt.Sprint(told.Unix()) != row[1] {
		t.Errorf("%s is not %s: %v", row[2], row[1], err)
	}
}
