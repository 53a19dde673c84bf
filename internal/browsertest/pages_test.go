package browsertest_test

import (
	"fmt"
	"html"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/browsertest"
	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/access"
	"github.com/openkonnect/terraform-provider-konnect/internal/ui"
)

// Of pages of one shape, so many are judged thoroughly, and so many at all. The others
// only have to answer.
const (
	thorough = 3
	enough   = 12
)

// TestPages goes wherever links lead from the first page, and judges each page.
func TestPages(t *testing.T) {
	t.Parallel()
	browser := browsertest.New(t)
	w := newWorld(t, access.Unguarded)
	j := &judges{t: t, tab: browser.Tab(t), unscripted: browser.Tab(t)}
	j.unscripted.Scripts(false)
	shop := w.address + "planes/" + w.ids["shop"]
	patterns, judged := newPatterns(), map[string]int{}
	from := append(w.entities(t), w.address+"login", w.address+"search?q=e", w.address+"search?q=nothing-has-this", shop+"/search?q=shop")
	visited := walk(func(page string) (links []string) {
		shape := patterns.shape(page)
		judged[shape]++
		if judged[shape] > enough {
			return answers(t, page)
		}
		return j.judge(page, judged[shape] <= thorough)
	}, w.address, from...)
	t.Logf("%d pages: %v", visited, judged)
	for _, never := range patterns.unseen {
		t.Errorf("no link leads to a page of %s", never)
	}
}

// entities are the addresses of the pages of all entities in shop: of some kinds there
// are so many that nothing lists them.
func (w *world) entities(t *testing.T) (pages []string) {
	t.Helper()
	for _, typ := range entity.Types().Core() {
		list, err := w.api.List(t.Context(), client.Ref{Type: typ, Parents: []string{w.ids["shop"]}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 {
			t.Errorf("there is no %s in testdata", typ.Title)
		}
		for _, doc := range list {
			owner := ""
			if above := typ.Owners()[1:]; len(above) > 0 {
				ref, _ := doc[typ.FieldTo(above[0])].(map[string]any)
				owner = fmt.Sprint(above[0].Name, "/", ref["id"], "/")
			}
			pages = append(pages, fmt.Sprint(w.address, "planes/", w.ids["shop"], "/", owner, typ.Name, "/", doc[typ.Address()]))
		}
	}
	return pages
}

// walk calls visit with the address of each page, from some on. Visit returns what
// the page links to. The first page's address is what all begin with.
func walk(visit func(page string) []string, first string, others ...string) int {
	next, known := append([]string{first}, others...), map[string]bool{}
	for _, page := range next {
		known[page] = true
	}
	for i := 0; i < len(next); i++ {
		for _, link := range visit(next[i]) {
			if strings.HasPrefix(link, first) && !known[link] {
				known[link] = true
				next = append(next, link)
			}
		}
	}
	return len(next)
}

// patterns tell pages by what they are a page of.
type patterns struct {
	mux    *http.ServeMux
	unseen []string
}

// newPatterns knows the patterns of all pages that there are.
func newPatterns() *patterns {
	p := &patterns{mux: http.NewServeMux()}
	for _, pattern := range ui.Patterns() {
		p.mux.Handle(pattern, http.NotFoundHandler())
		if strings.HasPrefix(pattern, "GET ") {
			p.unseen = append(p.unseen, pattern)
		}
	}
	return p
}

var ids = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}`)

// shape is what pages have in common that differ in what they show: an address without
// ids, and what it asks for.
func (p *patterns) shape(page string) string {
	r := httptest.NewRequest(http.MethodGet, page, nil)
	_, pattern := p.mux.Handler(r)
	p.unseen = slices.DeleteFunc(p.unseen, func(other string) bool { return other == pattern })
	return strings.Join(append(slices.Sorted(maps.Keys(r.URL.Query())), ids.ReplaceAllString(r.URL.Path, "*")), " in ")
}

var href = regexp.MustCompile(`<a [^>]*href="([^"]*)"`)

// answers insists on an answer, without a browser.
func answers(t *testing.T, page string) (links []string) {
	t.Helper()
	response, err := http.Get(page)
	if err != nil {
		t.Error(err)
		return nil
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if found := secrets(string(body)); err != nil || response.StatusCode != http.StatusOK || len(found) > 0 {
		t.Errorf("%s: %s, %v, secrets: %v", page, response.Status, err, found)
	}
	for _, m := range href.FindAllStringSubmatch(string(body), -1) {
		link, err := response.Request.URL.Parse(html.UnescapeString(m[1]))
		if err != nil {
			t.Errorf("%s: %v", page, err)
			continue
		}
		link.Fragment = ""
		links = append(links, link.String())
	}
	return links
}

// judges look at one page after the other.
type judges struct {
	t               *testing.T
	tab, unscripted *browsertest.Tab
}

// judge looks at a page and returns what it links to.
func (j *judges) judge(page string, thoroughly bool) (links []string) {
	j.tab.Wide(browsertest.Desk)
	j.tab.Prefer("light")
	if status := j.tab.Open(page); status != http.StatusOK {
		j.t.Errorf("%s: status %d", page, status)
	}
	links = j.tab.Links()
	for _, file := range j.tab.Downloads() {
		answers(j.t, file)
	}
	j.found(page, "the browser complains", j.tab.Complaints())
	j.found(page, "secrets", secrets(j.tab.Source()))
	if thoroughly {
		j.access(page)
	}
	j.tab.Wide(browsertest.Phone)
	j.found(page, "too wide for a telephone", j.tab.Overflowing())
	j.found(page, "the browser complains, at last", j.tab.Complaints())
	return links
}

// access asks whether everybody gets at the page.
func (j *judges) access(page string) {
	j.found(page, "accessibility, in the light", j.tab.Inaccessible())
	j.tab.Prefer("dark")
	j.found(page, "accessibility, in the dark", j.tab.Inaccessible("color-contrast"))
	j.tab.Wide(browsertest.Phone)
	j.found(page, "accessibility, on a telephone", j.tab.Inaccessible("target-size", "scrollable-region-focusable"))
	words := j.tab.Words()
	j.unscripted.Open(page)
	j.found(page, "missing without scripts", missing(words, j.unscripted.Words()))
}

func (j *judges) found(page, what string, list []string) {
	if len(list) > 0 {
		j.t.Errorf("%s: %s:\n  %s", page, what, strings.Join(list, "\n  "))
	}
}

var secret = regexp.MustCompile(concealed + `[\w-]*|PRIVATE KEY-----\s+\S`)

func secrets(source string) []string { return secret.FindAllString(source, -1) }

// missing are the words that are not among the others as often.
func missing(words, others []string) (out []string) {
	count := map[string]int{}
	for _, w := range others {
		count[w]++
	}
	for _, w := range words {
		if count[w]--; count[w] < 0 {
			out = append(out, fmt.Sprintf("%q", w))
		}
	}
	return out
}
