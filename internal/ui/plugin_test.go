package ui_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/server/access"
)

// rowOf is the row of a field in the page of a plugin.
func rowOf(t *testing.T, page, path string) string {
	t.Helper()
	_, rest, found := strings.Cut(page, "<code>"+path+"</code>")
	if !found {
		return ""
	}
	row, _, _ := strings.Cut(rest, "</tr>")
	return row
}

func TestPlugin(t *testing.T) {
	t.Parallel()
	w := newWorld(t, access.Unguarded)
	lua, _ := json.Marshal(`return { name = "mine", fields = { { config = { type = "record", fields = {
		{ size = { type = "integer", default = 3 } }, { pass = { type = "string", encrypted = true } }, { note = { type = "string", description = "What it says." } } } } } } }`)
	w.make(t, w.in("plugin-schemas"), `{"lua_schema":`+string(lua)+`}`)
	partial := w.make(t, w.in("partials"), `{"name":"r","type":"redis-ce","config":{"host":"redis.example","password":"s3cret-pw"}}`)
	for name, tt := range map[string]struct {
		body string
		want map[string][]string // by path
	}{
		"defaults and values": {`{"name":"rate-limiting","config":{"minute":5}}`, map[string][]string{
			"config.minute": {">5<", "written"}, "config.policy": {">local<", "default"}, "config.hide_client_headers": {"false", "default"},
		}},
		"secrets": {`{"name":"openid-connect","config":{"issuer":"https://a.example","client_id":["me"],"client_secret":["s3cret-id"]}}`, map[string][]string{
			"config.issuer": {"https://a.example", "written"}, "config.client_secret": {"(sensitive value)", "written"},
		}},
		"a reference to a vault": {`{"name":"rate-limiting","config":{"minute":5,"redis":{"password":"{vault://env/pw}"}}}`, map[string][]string{
			"config.redis.password": {"{vault://env/pw}", "written"},
		}},
		"a partial": {`{"name":"rate-limiting","config":{"minute":5,"policy":"redis"},"partials":[{"id":"` + partial + `","path":"config.redis"}]}`, map[string][]string{
			"config.minute": {">5<", "written"}, "config.policy": {"redis", "written"},
		}},
		"a shorthand, which repeats others": {`{"name":"rate-limiting-advanced","config":{"limit":[1],"window_size":[60]}}`, map[string][]string{
			"config.redis.connect_timeout": {">2000<", "default"}, "config.redis.timeout": nil,
		}},
		"custom": {`{"name":"mine","config":{"pass":"s3cret-own","note":"<b>"}}`, map[string][]string{
			"config.size": {">3<", "default"}, "config.pass": {"(sensitive value)", "written"}, "config.note": {"&lt;b&gt;", "What it says."},
		}},
	} {
		service := w.make(t, w.in("services"), `{"host":"a"}`)
		id := w.make(t, w.in("services/"+service+"/plugins"), tt.body)
		got := w.page(t, "/ui/planes/"+w.id+"/plugins/"+id)
		for path, texts := range tt.want {
			row := rowOf(t, got, path)
			if len(texts) == 0 && row != "" {
				t.Errorf("%s: %s is shown: %s", name, path, row)
			}
			for _, text := range texts {
				if !strings.Contains(row, text) {
					t.Errorf("%s: %s has no %q: %s", name, path, text, row)
				}
			}
		}
		if strings.Contains(got, "s3cret") || strings.Contains(got, "<b>") {
			t.Errorf("%s: a secret or HTML is shown:\n%s", name, got)
		}
		if at := strings.Index(got, "written</td>"); at > strings.Index(got, "default</td>") && strings.Contains(got, "default</td>") {
			t.Errorf("%s: defaults come first:\n%s", name, got)
		}
	}
}
