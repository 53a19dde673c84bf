package ui_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/controlplane"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/access"
)

// sent posts a form.
func (w *world) sent(t testing.TB, path string, form url.Values) (int, string) {
	t.Helper()
	rec := w.ask(t, http.MethodPost, path, form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
	return rec.Code, html.UnescapeString(rec.Body.String())
}

const ownSchema = `return { name = "mine", fields = { { config = { type = "record", fields = {
	{ size = { type = "integer", default = 3, between = { 1, 9 }, description = "How large." } }, { tags = { type = "array", elements = { type = "string" } } },
	{ rules = { type = "array", elements = { type = "record", fields = { { host = { type = "string", required = true } } } } } } } } } } }`

func TestCompose(t *testing.T) {
	t.Parallel()
	w := newWorld(t, access.Unguarded)
	for name, tt := range map[string]struct {
		path   string
		form   url.Values
		status int
		want   []string
		not    []string
	}{
		"right":            {"/ui/compose/rate-limiting", url.Values{"in.config.minute": {"5"}}, 200, []string{"Kong takes this", `"policy": "local"`, "minute = 5", "curl -X POST", `"plugins": [`}, []string{"Kong would refuse"}},
		"what to know":     {"/ui/compose/acl", url.Values{"begin": {"1"}}, 200, []string{"<dt>Tier</dt><dd>free</dd>", "<dt>May be for</dt><dd>", "service, ", "everything in a control plane", "<dt>Priority</dt><dd>950</dd>", "<dt>Since</dt>"}, nil},
		"out of range":     {"/ui/compose/rate-limiting", url.Values{"in.config.minute": {"5"}, "in.config.redis.port": {"99999"}}, 200, []string{"Kong would refuse", "value should be between 0 and 65535", `value="99999"`}, []string{"As code"}},
		"no number":        {"/ui/compose/rate-limiting", url.Values{"in.config.minute": {"many"}}, 200, []string{"Kong would refuse", `value="many"`}, nil},
		"nothing given":    {"/ui/compose/rate-limiting", url.Values{}, 200, []string{"Kong would refuse"}, nil},
		"pasted":           {"/ui/compose/cors", url.Values{"pasted": {`{"config":{"origins":["https://a.example"]}}`}}, 200, []string{"Kong takes this", "https://a.example"}, nil},
		"pasted broken":    {"/ui/compose/cors", url.Values{"pasted": {`{"config":`}}, 200, []string{"is no JSON", `{"config":`}, []string{"Kong takes this"}},
		"unknown field":    {"/ui/compose/cors", url.Values{"pasted": {`{"orgins":["https://a.example"]}`}}, 200, []string{"unknown field", "orgins"}, nil},
		"one more":         {"/ui/compose", url.Values{"schema": {ownSchema}, "add": {"in.config.rules"}, "in.config.rules#rows": {"0"}}, 200, []string{`in.config.rules[0].host`}, []string{"Kong would refuse"}},
		"its own":          {"/ui/compose", url.Values{"schema": {ownSchema}, "in.config.size": {"12"}}, 200, []string{"Compose mine", "between 1 and 9", "How large."}, nil},
		"its own, right":   {"/ui/compose", url.Values{"schema": {ownSchema}, "in.config.size": {"4"}}, 200, []string{"Kong takes this", `name             = "mine"`}, nil},
		"its own, begun":   {"/ui/compose", url.Values{"schema": {ownSchema}, "begin": {"1"}}, 200, []string{"Compose mine"}, []string{"Kong takes", "Kong would"}},
		"no config":        {"/ui/compose", url.Values{"schema": {`return { name = "mine", fields = {} }`}, "pasted": {`{"config":{"a":1}}`}}, 200, []string{"a"}, []string{"Kong takes"}},
		"config of a kind": {"/ui/compose", url.Values{"schema": {`return { name = "mine", fields = { { config = { type = "string" } } } }`}, "pasted": {`{"config":{"a":1}}`}}, 200, []string{"a"}, []string{"Kong takes"}},
		"no schema":        {"/ui/compose", url.Values{"schema": {"return {"}}, 200, []string{"This schema cannot be used"}, []string{"Kong takes"}},
		"an endless one":   {"/ui/compose", url.Values{"schema": {"while true do end"}}, 200, []string{"This schema cannot be used"}, nil},
		"no such plugin":   {"/ui/compose/none", url.Values{}, 404, []string{"no page"}, nil},
		"hostile":          {"/ui/compose/cors", url.Values{"in.config.origins#rows": {"1"}, "in.config.origins[0]": {`"><script>alert(1)</script>`}, "in.config.max_age": {strings.Repeat("9", 10_000)}}, 200, []string{"origins"}, nil},
		"rows without end": {"/ui/compose/cors", url.Values{"in.config.origins#rows": {"99999999999"}}, 200, []string{"origins"}, nil},
	} {
		status, got := w.sent(t, tt.path, tt.form)
		for _, want := range tt.want {
			if status != tt.status || !strings.Contains(got, want) {
				t.Errorf("%s: %d, no %q in\n%.6000s", name, status, want, got)
			}
		}
		for _, not := range tt.not {
			if strings.Contains(got, not) {
				t.Errorf("%s: %q in\n%.6000s", name, not, got)
			}
		}
	}
	rec := w.ask(t, http.MethodPost, "/ui/compose/cors", url.Values{"in.config.origins#rows": {"1"}, "in.config.origins[0]": {`"><script>alert(1)</script>`}}.Encode(), "Content-Type", "application/x-www-form-urlencoded")
	if strings.Contains(rec.Body.String(), "<script>alert") {
		t.Errorf("HTML gets through:\n%s", rec.Body)
	}
}

// Every bundled plugin is in the catalogue and has a form, whose fields have labels.
func TestCompose_bundled(t *testing.T) {
	t.Parallel()
	w := newWorld(t, access.Unguarded)
	all := w.page(t, "/ui/compose")
	id, label := regexp.MustCompile(`<(?:input|select|textarea) id="([^"]+)"`), regexp.MustCompile(`<label for="([^"]+)"`)
	for _, name := range controlplane.Bundled().Names() {
		if !strings.Contains(all, `<a href="/ui/compose/`+name+`">`) {
			t.Errorf("%s is not in the catalogue", name)
		}
		page := w.page(t, "/ui/compose/"+name)
		labels := map[string]bool{}
		for _, m := range label.FindAllStringSubmatch(page, -1) {
			labels[m[1]] = true
		}
		seen := map[string]bool{}
		for _, m := range id.FindAllStringSubmatch(page, -1) {
			if !labels[m[1]] || seen[m[1]] {
				t.Errorf("%s: %s has no label, or is there twice", name, m[1])
			}
			seen[m[1]] = true
		}
	}
}
