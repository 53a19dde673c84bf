package client

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// pages answers each query with a body; queries are compared decoded and
// sorted by name.
func pages(t *testing.T, bodies map[string]string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		query, _ := url.QueryUnescape(r.URL.Query().Encode())
		body, ok := bodies[query]
		if !ok {
			t.Errorf("unexpected query %s", query)
		}
		answerJSON(200, body)(w, r)
	}
}

// names writes the elements of a list for comparison.
func listNames(list []map[string]any) string {
	var out []string
	for _, e := range list {
		out = append(out, scalar(e["name"]))
	}
	return strings.Join(out, " ")
}

func TestListPath(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		family entity.Family
		query  url.Values
		pages  map[string]string
		want   string
	}{
		"core: one page": {entity.Core, nil, map[string]string{
			"size=1000": `{"data":[{"name":"a"},{"name":"b"}],"next":null}`,
		}, "a b"},
		"core: offset": {entity.Core, url.Values{"tags": {"x,y"}}, map[string]string{
			"size=1000&tags=x,y":            `{"data":[{"name":"a"}],"next":"/core-entities/services?offset=o%3D1","offset":"o=1"}`,
			"offset=o=1&size=1000&tags=x,y": `{"data":[{"name":"b"}],"next":"/core-entities/services?offset=o2","offset":"o2"}`,
			"offset=o2&size=1000&tags=x,y":  `{"data":[{"name":"c"}],"next":null}`,
		}, "a b c"},
		"core: only next": {entity.Core, nil, map[string]string{
			"size=1000":          `{"data":[{"name":"a"}],"next":"https://elsewhere.example/services?offset=2"}`,
			"offset=2&size=1000": `{"data":[{"name":"b"}]}`,
		}, "a b"},
		"core: own size": {entity.Core, url.Values{"size": {"2"}}, map[string]string{
			"size=2": `{"data":[]}`,
		}, ""},
		"core: an empty page within": {entity.Core, nil, map[string]string{
			"size=1000":          `{"data":[],"offset":"2"}`,
			"offset=2&size=1000": `{"data":[{"name":"b"}]}`,
		}, "b"},
		"core: null for a list":           {entity.Core, nil, map[string]string{"size=1000": `{"data":null,"next":null}`}, ""},
		"core: an object for a list":      {entity.Core, nil, map[string]string{"size=1000": `{"data":{},"next":{}}`}, ""},
		"core: an offset of number":       {entity.Core, nil, map[string]string{"size=1000": `{"data":[{"name":"a"}],"offset":7}`, "offset=7&size=1000": `{"data":[{"name":"b"}]}`}, "a b"},
		"core: a next without a query":    {entity.Core, nil, map[string]string{"size=1000": `{"data":[{"name":"a"}],"next":"/x"}`}, "a"},
		"core: a next that is no address": {entity.Core, nil, map[string]string{"size=1000": `{"data":[{"name":"a"}],"next":"::%zz"}`}, "a"},
		"platform: numbers": {entity.Platform, nil, map[string]string{
			"page[size]=100":                `{"data":[{"name":"a"},{"name":"b"}],"meta":{"page":{"number":1,"size":2,"total":5}}}`,
			"page[number]=2&page[size]=100": `{"data":[{"name":"c"},{"name":"d"}],"meta":{"page":{"number":2,"size":2,"total":5.0}}}`,
			"page[number]=3&page[size]=100": `{"data":[{"name":"e"}],"meta":{"page":{"number":3,"size":2,"total":"5"}}}`,
		}, "a b c d e"},
		"platform: fewer than the total": {entity.Platform, nil, map[string]string{
			"page[size]=100":                `{"data":[{"name":"a"}],"meta":{"page":{"total":3}}}`,
			"page[number]=2&page[size]=100": `{"data":[],"meta":{"page":{"total":3}}}`,
		}, "a"},
		"platform: pushed on by an entity that came in between": {entity.Platform, nil, map[string]string{
			"page[size]=100":                `{"data":[{"id":"1","name":"a"},{"id":"2","name":"b"}],"meta":{"page":{"total":3}}}`,
			"page[number]=2&page[size]=100": `{"data":[{"id":"2","name":"b"},{"id":"3","name":"c"}],"meta":{"page":{"total":4}}}`,
			"page[number]=3&page[size]=100": `{"data":[],"meta":{"page":{"total":4}}}`,
		}, "a b c"},
		"core: equal names are no repetition": {entity.Core, nil, map[string]string{
			"size=1000":          `{"data":[{"id":"1","name":"a"}],"offset":"2"}`,
			"offset=2&size=1000": `{"data":[{"id":"2","name":"a"}]}`,
		}, "a a"},
		"platform: no meta":   {entity.Platform, nil, map[string]string{"page[size]=100": `{"data":[{"name":"a"}]}`}, "a"},
		"platform: odd meta":  {entity.Platform, nil, map[string]string{"page[size]=100": `{"data":[{"name":"a"}],"meta":[{"page":1}]}`}, "a"},
		"platform: odd total": {entity.Platform, nil, map[string]string{"page[size]=100": `{"data":[{"name":"a"}],"meta":{"page":{"total":-1}}}`}, "a"},
		"platform: cursor": {entity.Platform, nil, map[string]string{
			"page[size]=100":              `{"data":[{"name":"a"}],"meta":{"page":{"size":1,"next":"/v2/x?page%5Bafter%5D=c1&page%5Bsize%5D=1","previous":null}}}`,
			"page[after]=c1&page[size]=1": `{"data":[{"name":"b"}],"meta":{"page":{"size":1,"next":null,"previous":"/v2/x"}}}`,
		}, "a b"},
		"realms: cursor": {entity.Platform, nil, map[string]string{
			"page[size]=100":                `{"data":[{"name":"a"}],"meta":{"size":1,"next":"/v1/realms?page[after]=c1"}}`,
			"page[after]=c1&page[size]=100": `{"data":[{"name":"b"}],"meta":{"size":1,"next":null}}`,
		}, "a b"},
		"legacy: all at once": {entity.Legacy, nil, map[string]string{
			"page[size]=100": `{"items":[{"name":"a"},{"name":"b"}],"page":{"total_count":2}}`,
		}, "a b"},
		"legacy: after the last name": {entity.Legacy, nil, map[string]string{
			"page[size]=100":               `{"items":[{"name":"a"},{"name":"b"}],"page":{"total_count":3}}`,
			"page[after]=b&page[size]=100": `{"items":[{"name":"c"}],"page":{"total_count":3}}`,
		}, "a b c"},
		"legacy: cursor": {entity.Legacy, nil, map[string]string{
			"page[size]=100":                `{"items":[{"name":"a"}],"page":{"total_count":2,"next":"/v2/x?page[after]=c1"}}`,
			"page[after]=c1&page[size]=100": `{"items":[{"name":"b"}],"page":{"total_count":2}}`,
		}, "a b"},
		"legacy: no page": {entity.Legacy, nil, map[string]string{"page[size]=100": `{"items":[{"name":"a"}]}`}, "a"},
		"legacy: no name": {entity.Legacy, nil, map[string]string{"page[size]=100": `{"items":[{"title":"a"}],"page":{"total_count":3}}`}, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, mux, _ := setup(t)
			mux.HandleFunc("/v2/list", pages(t, tt.pages))
			before := tt.query.Encode()
			got, err := c.ListPath(t.Context(), tt.family, "/v2/list", tt.query)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, listNames(got)); diff != "" {
				t.Error(diff)
			}
			if tt.query.Encode() != before {
				t.Errorf("the caller's query became %s", tt.query.Encode())
			}
		})
	}
}

func TestListPath_odd(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		``:                                "the answer is empty",
		`{}`:                              "neither data nor items",
		`null`:                            "neither data nor items",
		`[]`:                              "it is of type array",
		`{"name":"a"}`:                    "neither data nor items",
		`{"data":"x"}`:                    "something else",
		`{"data":{"a":1}}`:                "something else",
		`{"data":[{"name":"a"},1]}`:       "element 1 is something else",
		`{"data":[null]}`:                 "element 0 is something else",
		`{"data":[],"offset":"same"}`:     "the list does not end: offset=same leads to a page that was there already",
		`{"data":[],"next":"?size=1000"}`: "the list does not end: the first page leads to a page that was there already",
		`{"data":[{}],"offset":"2"}`:      "the answer to offset=2 repeats what came before: an entity without an id",
		`{"items":[{"name":"a"}],"page":{"total_count":9}}`: "the answer to page[after]=a repeats what came before: a",
		`<html>`: "not JSON",
	} {
		c, mux, _ := setup(t)
		mux.HandleFunc("/v2/list", answerJSON(200, body))
		_, err := c.ListPath(t.Context(), entity.Core, "/v2/list", nil)
		if err == nil {
			t.Errorf("%s: accepted", body)
			continue
		}
		mustFailWith(t, err, "GET "+c.Address()+"/v2/list: 200 OK", want)
	}
}

func TestListPath_refused(t *testing.T) {
	t.Parallel()
	c, mux, _ := setup(t)
	mux.Handle("/v2/list", &script{answers: []http.HandlerFunc{
		answerJSON(200, `{"data":[{"name":"a"}],"offset":"2"}`),
		answerJSON(400, `{"code":3,"message":"invalid offset"}`),
	}})
	got, err := c.ListPath(t.Context(), entity.Core, "/v2/list", nil)
	if len(got) > 0 {
		t.Errorf("half a list was returned: %v", got)
	}
	mustFailWith(t, err, "invalid offset")
}

// TestListPath_repeated has servers that send the same page again, whatever
// they are asked for. The error says which, and half a list is not returned.
func TestListPath_repeated(t *testing.T) {
	t.Parallel()
	const rows = `[{"id":"1","name":"a"},{"id":"2","name":"b"}]`
	cursor := func(format string) func(int) string {
		return func(call int) string { return fmt.Sprintf(`{"data":`+rows+`,`+format+`}`, call) }
	}
	always := func(body string) func(int) string { return func(int) string { return body } }
	for name, tt := range map[string]struct {
		family entity.Family
		answer func(call int) string
		calls  int
		want   string
	}{
		"number ignored": {entity.Platform, always(`{"data":` + rows + `,"meta":{"page":{"number":1,"size":2,"total":6}}}`), 2, "page[number]=2 repeats what came before: 1, 2"},
		"offset ignored": {entity.Core, always(`{"data":` + rows + `,"offset":"o"}`), 2, "offset=o repeats what came before: 1, 2"},
		"new offsets":    {entity.Core, cursor(`"offset":"o%d"`), 2, "offset=o1 repeats what came before: 1, 2"},
		"new links":      {entity.Core, cursor(`"next":"/x?offset=n%d"`), 2, "offset=n1 repeats what came before: 1, 2"},
		"new cursors":    {entity.Platform, cursor(`"meta":{"page":{"next":"/x?page[after]=c%d"}}`), 2, "page[after]=c1 repeats what came before: 1, 2"},
		"realms":         {entity.Platform, cursor(`"meta":{"next":"/x?page[after]=c%d"}`), 2, "page[after]=c1 repeats what came before: 1, 2"},
		"after ignored":  {entity.Legacy, always(`{"items":[{"name":"a"},{"name":"b"}],"page":{"total_count":9}}`), 2, "page[after]=b repeats what came before: a, b"},
		"a circle": {entity.Core, func(call int) string {
			return fmt.Sprintf(`{"data":[{"id":"%d"}],"offset":"o%d"}`, call%3, call)
		}, 4, "offset=o3 repeats what came before: 1"},
		"the last page for ever": {entity.Platform, func(call int) string {
			return fmt.Sprintf(`{"data":[{"id":"%d"}],"meta":{"page":{"total":9}}}`, min(call, 3))
		}, 4, "page[number]=4 repeats what came before: 3"},
		"a long page": {entity.Platform, func(int) string {
			var all []string
			for i := range 100 {
				all = append(all, fmt.Sprintf(`{"id":"%d"}`, i))
			}
			return `{"data":[` + strings.Join(all, ",") + `],"meta":{"page":{"total":300}}}`
		}, 2, "page[number]=2 repeats what came before: 0, 1, 2 and 97 more"},
		"a cursor that returns with nothing": {entity.Core, always(`{"data":[],"offset":"o"}`), 2, "offset=o leads to a page that was there already"},
	} {
		calls := 0
		c, mux, _ := setup(t)
		mux.HandleFunc("/v2/list", func(w http.ResponseWriter, r *http.Request) {
			calls++
			answerJSON(200, tt.answer(calls))(w, r)
		})
		got, err := c.ListPath(t.Context(), tt.family, "/v2/list", nil)
		if err == nil || got != nil || calls != tt.calls {
			t.Errorf("%s: %d elements after %d pages: %v", name, len(got), calls, err)
			continue
		}
		mustFailWith(t, err, "GET "+c.Address()+"/v2/list: 200 OK", "the list does not end", tt.want)
	}
}

// TestListPath_endless has a server that always finds another page.
func TestListPath_endless(t *testing.T) {
	t.Parallel()
	calls := 0
	c, _, _ := setup(t, func(o *Options) {
		o.Transport = HandlerTransport(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			calls++
			answerJSON(200, fmt.Sprintf(`{"data":[{"name":"%d"}],"offset":"%d"}`, calls, calls))(w, r)
		}))
	})
	_, err := c.ListPath(t.Context(), entity.Core, "/v2/list", nil)
	if err == nil || !strings.Contains(err.Error(), "does not end after "+strconv.Itoa(maxPages)+" pages") {
		t.Errorf("got %v", err)
	}
	if calls != maxPages {
		t.Errorf("asked for %d pages", calls)
	}
}
