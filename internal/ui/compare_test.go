package ui_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/server/access"
)

func TestCompare(t *testing.T) {
	t.Parallel()
	w := newWorld(t, access.Unguarded)
	other := w.make(t, "/v2/control-planes", `{"name":"other"}`)
	for _, at := range []string{w.id, other} {
		in := "/v2/control-planes/" + at + "/core-entities/"
		w.make(t, in+"services", `{"name":"same","host":"a"}`)
		consumer := w.make(t, in+"consumers", `{"username":"alice"}`)
		minute, key := "5", "s3cret-one"
		if at == other {
			minute, key = "6", "s3cret-two"
		}
		w.make(t, in+"plugins", `{"name":"rate-limiting","config":{"minute":`+minute+`,"redis":{"password":"`+key+`"}}}`)
		w.make(t, in+"consumers/"+consumer+"/key-auth", `{"key":"`+key+`"}`)
	}
	w.make(t, w.in("services"), `{"name":"only-here","host":"a"}`)
	w.make(t, "/v2/control-planes/"+other+"/core-entities/services", `{"name":"only-there","host":"a"}`)
	got := w.page(t, "/ui/compare?from="+w.id+"&to="+other)
	for _, want := range []string{
		"<strong>create</strong> gateway service only-here", "<strong>delete</strong> gateway service only-there", "<strong>update</strong> gateway plugin rate-limiting",
		"<code>config.minute</code></th><td><code>6</code></td><td><code>5</code>", "config.redis.password</code></th><td><code>(sensitive value)</code>",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if strings.Contains(got, "s3cret") || strings.Contains(got, " same<") {
		t.Errorf("a secret, or what does not differ, is shown:\n%s", got)
	}
	if got := w.page(t, "/ui/compare?from="+w.id+"&to="+w.id); !strings.Contains(got, "Nothing: both hold the same") {
		t.Errorf("with itself:\n%s", got)
	}
	if got := w.page(t, "/ui/compare"); strings.Contains(got, "What would have to change") || !strings.Contains(got, `<option value="`+other+`"`) {
		t.Errorf("nothing asked:\n%s", got)
	}
	for name, tt := range map[string]struct {
		text   string
		status int
		want   []string
	}{
		"a file":        {"_format_version: \"3.0\"\nservices: [{name: same, host: b}, {name: new, host: \"${{ env \\\"DECK_HOST\\\" }}\"}]\n", 200, []string{"<code>host</code></th><td><code>a</code></td><td><code>b</code>", "<strong>create</strong> gateway service new"}},
		"wrong":         {"_format_version: \"3.0\"\nservices: [{nam: x}]\n", 200, []string{"This cannot be compared", "nam"}},
		"no file":       {"", 200, []string{"There is no file"}},
		"no YAML":       {"{{{", 200, []string{"This cannot be compared"}},
		"HTML":          {"_format_version: \"3.0\"\nservices: [{name: \"<script>alert(1)</script>\", host: b}]\n", 200, []string{"&lt;script&gt;"}},
		"far too large": {strings.Repeat("a: b\n", 1<<20), 413, []string{"4 MiB"}},
	} {
		rec := w.ask(t, http.MethodPost, "/ui/compare", url.Values{"to": {w.id}, "text": {tt.text}}.Encode(), "Content-Type", "application/x-www-form-urlencoded")
		for _, want := range tt.want {
			if rec.Code != tt.status || !strings.Contains(rec.Body.String(), want) || strings.Contains(rec.Body.String(), "<script>alert") {
				t.Errorf("%s: %d, no %q in\n%.3000s", name, rec.Code, want, rec.Body)
			}
		}
	}
	for _, path := range []string{"/ui/compare?from=x&to=" + w.id, "/ui/compare?from=" + w.id + "&to=" + strings.Replace(w.id, w.id[:4], "0000", 1)} {
		if rec := w.ask(t, http.MethodGet, path, ""); rec.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, rec.Code)
		}
	}
}
