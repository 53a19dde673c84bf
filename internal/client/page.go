package client

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strconv"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// maxPages bounds a list whose pages never end.
const maxPages = 10_000

// ListPath returns all elements of the list at a path, which is escaped and
// without a query. The family says how pages are asked for; how they go on
// stands in each answer, since lists of one family differ in that:
//
//   - offset, or next with the query of the following page (core entities)
//   - meta.page.next, meta.next or page.next with that query (cursors)
//   - meta.page.number and total (numbered pages)
//   - page.total_count, going on after the last name (plugin schemas)
//
// Of a next link only the query is used: the token goes nowhere else.
func (c *Client) ListPath(ctx context.Context, family entity.Family, path string, query url.Values) ([]map[string]any, error) {
	query = maps.Clone(query)
	if query == nil {
		query = url.Values{}
	}
	askForPages(family, query)
	var all []map[string]any
	seen := map[string]bool{}
	for range maxPages {
		address := query.Encode()
		seen[address] = true
		r, err := c.exchange(ctx, http.MethodGet, path+"?"+address, nil)
		if err != nil {
			return nil, err
		}
		p, err := readPage(r)
		if err != nil {
			return nil, err
		}
		all = append(all, p.elements...)
		if !p.advance(query, len(all)) {
			return all, nil
		}
		if seen[query.Encode()] {
			return nil, r.fail("the list does not end: a page leads back to an earlier one")
		}
	}
	return nil, fmt.Errorf("GET %s: the list does not end after %d pages", path, maxPages)
}

// askForPages sets the page size, as large as each family allows.
func askForPages(family entity.Family, query url.Values) {
	if family == entity.Core {
		setUnlessGiven(query, "size", "1000")
		return
	}
	setUnlessGiven(query, "page[size]", "100")
}

func setUnlessGiven(query url.Values, name, value string) {
	if !query.Has(name) {
		query.Set(name, value)
	}
}

// page is one answer of a list.
type page struct {
	elements []map[string]any
	reply    map[string]any
}

func readPage(r *reply) (*page, error) {
	p := &page{}
	if err := r.decode(&p.reply); err != nil {
		return nil, err
	}
	list, ok := p.reply["data"]
	if !ok {
		list, ok = p.reply["items"]
	}
	if !ok {
		return nil, r.fail("the answer is not a list: it has neither data nor items")
	}
	elements, ok := asList(list)
	if !ok {
		return nil, r.fail("the answer is not a list: its data is something else")
	}
	for i, e := range elements {
		doc, ok := e.(map[string]any)
		if !ok {
			return nil, r.fail(fmt.Sprintf("the answer is not a list of entities: element %d is something else", i))
		}
		p.elements = append(p.elements, doc)
	}
	return p, nil
}

// asList takes what servers send for an empty list as one: null, and the
// empty object that an empty Lua table becomes.
func asList(v any) ([]any, bool) {
	switch v := v.(type) {
	case nil:
		return nil, true
	case []any:
		return v, true
	case map[string]any:
		return nil, len(v) == 0
	default:
		return nil, false
	}
}

// advance sets what asks for the following page, and reports whether there is
// one. The number of elements so far settles it where only a total is given.
func (p *page) advance(query url.Values, so int) bool {
	meta := object(p.reply["meta"])
	inner := object(meta["page"])
	outer := object(p.reply["page"])
	if offset := text(p.reply["offset"]); offset != "" {
		query.Set("offset", offset)
		return true
	}
	for _, next := range []any{p.reply["next"], inner["next"], meta["next"], outer["next"]} {
		if follow(query, text(next)) {
			return true
		}
	}
	if len(p.elements) == 0 {
		return false
	}
	if total, ok := count(inner["total"]); ok && so < total {
		asked, _ := count(query.Get("page[number]"))
		query.Set("page[number]", strconv.Itoa(max(asked, 1)+1))
		return true
	}
	if total, ok := count(outer["total_count"]); ok && so < total {
		last := text(p.elements[len(p.elements)-1]["name"])
		query.Set("page[after]", last)
		return last != ""
	}
	return false
}

// follow takes over the query of a next link.
func follow(query url.Values, next string) bool {
	u, err := url.Parse(next)
	if next == "" || err != nil {
		return false
	}
	values := u.Query()
	for name := range values {
		query.Set(name, values.Get(name))
	}
	return len(values) > 0
}

// object, text and count read an answer without trusting its shape.
func object(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}

func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	default:
		return ""
	}
}

func count(v any) (int, bool) {
	n, err := strconv.ParseFloat(text(v), 64)
	if err != nil || n < 0 || n > 1<<31 {
		return 0, false
	}
	return int(n), true
}
