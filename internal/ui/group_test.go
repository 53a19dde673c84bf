package ui_test

import (
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/server/access"
)

// A group holds nothing itself: pages that would say so of everything lead to its
// members instead.
func TestGroup(t *testing.T) {
	t.Parallel()
	w := newWorld(t, access.Unguarded)
	other := w.make(t, "/v2/control-planes", `{"name":"other"}`)
	group := w.make(t, "/v2/control-planes", `{"name":"all","cluster_type":"CLUSTER_TYPE_CONTROL_PLANE_GROUP"}`)
	rec := w.ask(t, http.MethodPut, "/v2/control-planes/"+group+"/group-memberships", `{"members":[{"id":"`+w.id+`"},{"id":"`+other+`"}]}`, "Content-Type", "application/json")
	if rec.Code/100 != 2 {
		t.Fatalf("%d %s", rec.Code, rec.Body)
	}
	consumers := map[string]string{}
	for _, plane := range []string{w.id, other} {
		in := "/v2/control-planes/" + plane + "/core-entities/"
		consumers[plane] = w.make(t, in+"consumers", `{"username":"alice"}`)
		upstream := w.make(t, in+"upstreams", `{"name":"up-`+plane+`"}`)
		w.make(t, in+"upstreams/"+upstream+"/targets", `{"target":"10.0.0.1:80"}`)
		w.make(t, in+"routes", `{"name":"in-`+plane+`","paths":["/x"]}`)
	}
	link := func(plane string) string {
		return `<a href="/ui/planes/` + plane + `/consumers/` + consumers[plane] + `">`
	}
	got := w.page(t, "/ui/planes/"+group)
	if strings.Contains(got, link(w.id)) == strings.Contains(got, link(other)) {
		t.Errorf("the conflict does not lead to the one consumer of the two:\n%s", got)
	}
	asked := "?" + url.Values{"path": {`/x"><b>`}, "host": {"a b&c"}}.Encode()
	got = w.page(t, "/ui/planes/"+group+"/applies"+asked)
	if strings.Contains(got, "answers 404") || !strings.Contains(got, "has no routes of its own") {
		t.Errorf("a group answers for itself:\n%s", got)
	}
	for _, plane := range []string{w.id, other} {
		if !strings.Contains(html.UnescapeString(got), `<a href="/ui/planes/`+plane+"/applies"+asked+`">`) {
			t.Errorf("nothing leads to what %s answers to the same question:\n%s", plane, got)
		}
	}
	got = w.page(t, "/ui/planes/"+group+"/applies")
	if strings.Contains(got, "has no routes of its own") {
		t.Errorf("nothing was asked:\n%s", got)
	}
	if got = w.page(t, "/ui/compare"); strings.Contains(got, group) || strings.Count(got, `value="`+other+`"`) != 3 {
		t.Errorf("the choice:\n%s", got)
	}
	for _, form := range []url.Values{{"from": {group}, "to": {other}}, {"from": {other}, "to": {group}}, {"from": {group}, "to": {group}}} {
		if got = w.page(t, "/ui/compare?"+form.Encode()); !strings.Contains(got, "all is a control plane group") || strings.Contains(got, "What would have to change") {
			t.Errorf("%v:\n%s", form, got)
		}
	}
	rec = w.ask(t, http.MethodPost, "/ui/compare", url.Values{"to": {group}, "text": {"_format_version: \"3.0\"\n"}}.Encode(), "Content-Type", "application/x-www-form-urlencoded")
	if !strings.Contains(rec.Body.String(), "all is a control plane group") {
		t.Errorf("a file:\n%s", rec.Body)
	}
	for _, path := range []string{"/services/" + other, "/plugins/" + other, "/search?q=alice"} {
		if rec := w.ask(t, http.MethodGet, "/ui/planes/"+group+path, ""); rec.Code >= 500 || strings.Contains(rec.Body.String(), consumers[w.id]) {
			t.Errorf("%s: %d %s", path, rec.Code, rec.Body)
		}
	}
}
