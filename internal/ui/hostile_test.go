package ui_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/openkonnect/terraform-provider-konnect/internal/server/access"
	"github.com/openkonnect/terraform-provider-konnect/internal/ui"
)

// hostile are texts that would be more than texts, if pages took them for it.
var hostile = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' autofocus onfocus='alert(1)`, `javascript:alert(1)`, `</code></pre><a href=//evil.example>`,
	`</title><base href=https://evil.example>`, `{{.Data}}`, "\u202egnirts", "` `<b>` `", `data:text/html,<b>`, ` `, strings.Repeat("long", 25_000),
}

// TestUI_hostile fills a control plane with such texts, wherever it takes them, goes
// wherever links lead, and reads each page as a browser does.
func TestUI_hostile(t *testing.T) {
	t.Parallel()
	w := newWorld(t, access.Unguarded)
	for i, text := range hostile {
		w.fill(t, i, text)
	}
	from := []string{"/ui/", "/ui/login?next=" + url.QueryEscape(`javascript:alert(1)`)}
	for _, text := range hostile[:len(hostile)-1] {
		asked := url.QueryEscape(text)
		from = append(from, "/ui/search?q="+asked, "/ui/compare?from="+asked, "/ui/planes/"+w.id+"/search?q="+asked,
			"/ui/planes/"+w.id+"/applies?path=/"+asked+"&host="+asked+"&headers="+asked+"&consumer="+asked, "/ui/planes/"+w.id+"/consumers/"+url.PathEscape(text))
	}
	for i := 0; i < len(from); i++ {
		for _, link := range judgePage(t, w, from[i]) {
			if !slices.Contains(from, link) {
				from = append(from, link)
			}
		}
	}
	if len(from) < 10*len(hostile) {
		t.Errorf("%d pages: links do not lead everywhere", len(from))
	}
}

// fill writes a text into every field that takes it.
func (w *world) fill(t *testing.T, i int, text string) {
	t.Helper()
	quoted := string(must(json.Marshal(text)))
	taken := 0
	for _, e := range [][2]string{
		{"/v2/control-planes", `{"name":` + quoted + `,"description":` + quoted + `,"labels":{"a":` + quoted + `}}`},
		{w.in("consumers"), `{"username":` + quoted + `,"custom_id":` + quoted + `}`},
		{w.in("services"), fmt.Sprintf(`{"name":"s%d","host":"a.example","path":%s,"tags":[%s]}`, i, quoted, quoted)},
		{w.in("services"), fmt.Sprintf(`{"name":"t%d","host":"a.example","tags":[%s]}`, i, quoted)},
		{w.in("routes"), fmt.Sprintf(`{"name":"r%d","paths":["/%d"],"headers":{"x-a":[%s]}}`, i, i, quoted)},
		{w.in("plugins"), fmt.Sprintf(`{"name":"request-termination","instance_name":"p%d","route":{"id":"%s"},"config":{"body":%s}}`, i, w.make(t, w.in("routes"), fmt.Sprintf(`{"paths":["/p%d"]}`, i)), quoted)},
		{w.in("vaults"), fmt.Sprintf(`{"name":"env","prefix":"v-%d","description":%s,"config":{"prefix":%s}}`, i, quoted, quoted)},
		{w.in("partials"), fmt.Sprintf(`{"name":"q%d","type":"redis-ce","config":{"host":"a.example","username":%s}}`, i, quoted)},
		{w.in("consumers/" + w.make(t, w.in("consumers"), fmt.Sprintf(`{"username":"c%d"}`, i)) + "/acls"), `{"group":` + quoted + `}`},
		{w.in("plugin-schemas"), `{"lua_schema":` + string(must(json.Marshal(fmt.Sprintf(`return { name = "mine-%d", fields = { { config = { type = "record", fields = {
			{ note = { type = "string", default = %s, description = %s } } } } } } }`, i, quoted, quoted)))) + `}`},
	} {
		rec := w.ask(t, http.MethodPost, e[0], e[1], "Content-Type", "application/json")
		if rec.Code == http.StatusCreated {
			taken++
		}
	}
	w.ask(t, http.MethodPost, w.in("plugins"), fmt.Sprintf(`{"name":"mine-%d"}`, i), "Content-Type", "application/json")
	if taken < 4 {
		t.Errorf("%.20q: only %d entities take it", text, taken)
	}
}

func must(content []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return content
}

// shown are the elements and attributes that pages consist of.
var (
	elements = strings.Fields("html head meta title link script body a header form label input button nav main h1 h2 p ul ol li dl dt dd details summary div table thead tbody tr th td " +
		"code pre span br select option textarea fieldset legend")
	attributes = strings.Fields("lang charset name content rel href type src defer class action role id value maxlength aria-keyshortcuts aria-label aria-labelledby aria-describedby " +
		"method tabindex data-copy data-login hidden open scope colspan for autocomplete required size rows enctype selected download accept spellcheck " +
		"aria-live aria-invalid data-live data-faults placeholder inputmode multiple")
)

// judgePage reads a page as a browser does, and returns where its links lead. What
// is no part of our pages has come from data.
func judgePage(t *testing.T, w *world, at string) (links []string) {
	t.Helper()
	rec := w.ask(t, http.MethodGet, at, "")
	if rec.Code >= http.StatusInternalServerError {
		t.Errorf("%.200s: %d %.500s", at, rec.Code, rec.Body)
	}
	if !strings.HasPrefix(rec.Header().Get("Content-Type"), "text/html") {
		return nil
	}
	root, err := html.Parse(rec.Body)
	if err != nil {
		t.Fatal(err)
	}
	base := mustURL(url.Parse(at))
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if !slices.Contains(elements, n.Data) {
			t.Errorf("%.200s has <%s>", at, n.Data)
		}
		for _, a := range n.Attr {
			if !slices.Contains(attributes, a.Key) {
				t.Errorf("%.200s: <%s> has %s=%.100q", at, n.Data, a.Key, a.Val)
			}
			if a.Key != "href" && a.Key != "src" && a.Key != "action" {
				continue
			}
			to, err := base.Parse(a.Val)
			if err != nil || to.Host != "" || to.Scheme != "" || !strings.HasPrefix(to.Path, ui.Path) {
				t.Errorf("%.200s: <%s> leads to %.100q", at, n.Data, a.Val)
				continue
			}
			if to.Fragment = ""; a.Key == "href" && n.Data == "a" {
				links = append(links, to.String())
			}
		}
		if n.Data == "a" && strings.TrimSpace(textOf(n)) == "" {
			t.Errorf("%.200s has a link without a text", at)
		}
	}
	return links
}

func mustURL(u *url.URL, err error) *url.URL {
	if err != nil {
		panic(err)
	}
	return u
}

func textOf(n *html.Node) string {
	var out strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			out.WriteString(d.Data)
		}
	}
	return out.String()
}
