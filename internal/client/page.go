package client

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
)

// maxPages bounds a list whose pages never end.
const maxPages = 10_000

// ListPath returns all elements of the list at a path, which is escaped and
// without a query. The family says how to ask for pages. Each answer says how
// to go on, since lists of one family differ in that:
//
//   - offset, or next with the query of the following page (core entities)
//   - meta.page.next, meta.next or page.next with that query (cursors)
//   - meta.page.number and total (numbered pages)
//   - page.total_count, going on after the last name (plugin schemas)
//
// Only the query of a next link is used, so the token is sent to no other
// server.
//
// An entity may come again if another one was inserted before it; it is listed
// once. A page that holds nothing new is an error: the server ignores which
// page is asked for, and there may be more that it never shows.
func (c *Client) ListPath(ctx context.Context, family entity.Family, path string, query url.Values) ([]map[string]any, error) {
	var all []map[string]any
	for element, err := range c.Each(ctx, family, path, query) {
		if err != nil {
			return nil, err
		}
		all = append(all, element)
	}
	return all, nil
}

// Each returns the elements of a list one by one, as [Client.ListPath] does
// together. A page is asked for when what came before was taken, so that whoever
// stops costs no more requests. An error is the last thing.
func (c *Client) Each(ctx context.Context, family entity.Family, path string, query url.Values) iter.Seq2[map[string]any, error] {
	return func(yield func(map[string]any, error) bool) {
		if err := c.eachPage(ctx, family, path, query, yield); err != nil {
			yield(nil, err)
		}
	}
}

// Page returns one page of a list, for who shows pages, and the query that asks for
// the next one, nil at the end.
func (c *Client) Page(ctx context.Context, family entity.Family, path string, query url.Values) ([]map[string]any, url.Values, error) {
	asked := maps.Clone(query)
	if asked == nil {
		asked = url.Values{}
	}
	askForPages(family, asked)
	p, elements, err := c.onePage(ctx, path, asked)
	if err != nil {
		return nil, nil, err
	}
	number, _ := count(asked.Get("page[number]"))
	size, _ := count(asked.Get("page[size]"))
	next := maps.Clone(asked)
	if !p.advance(next, (max(number, 1)-1)*size+len(elements)) {
		next = nil
	}
	return elements, next, nil
}

// onePage asks for a page, and reads its elements.
func (c *Client) onePage(ctx context.Context, path string, query url.Values) (*page, []map[string]any, error) {
	r, err := c.exchange(ctx, http.MethodGet, path+"?"+query.Encode(), nil)
	if err != nil {
		return nil, nil, err
	}
	p, err := readPage(r)
	if err != nil {
		return nil, nil, err
	}
	elements, err := p.elements()
	return p, elements, err
}

// eachPage hands out the elements of page after page, until nobody takes them.
func (c *Client) eachPage(ctx context.Context, family entity.Family, path string, query url.Values, yield func(map[string]any, error) bool) error {
	query = maps.Clone(query)
	if query == nil {
		query = url.Values{}
	}
	askForPages(family, query)
	first := maps.Clone(query)
	known, seen := map[string]bool{}, map[string]bool{}
	for range maxPages {
		seen[query.Encode()] = true
		p, elements, err := c.onePage(ctx, path, query)
		if err != nil {
			return err
		}
		fresh := unknown(elements, known)
		if len(fresh) == 0 && len(elements) > 0 {
			return p.answer.fail("the list does not end: the answer to " + pageAsked(first, query) + " repeats what came before: " + named(elements))
		}
		for _, e := range fresh {
			if !yield(e, nil) {
				return nil
			}
		}
		if !p.advance(query, len(known)) {
			return nil
		}
		if seen[query.Encode()] {
			return p.answer.fail("the list does not end: " + pageAsked(first, query) + " leads to a page that was there already")
		}
	}
	return fmt.Errorf("GET %s: the list does not end after %d pages", path, maxPages)
}

// unknown are the elements of a page that no page before had.
func unknown(elements []map[string]any, known map[string]bool) (fresh []map[string]any) {
	for _, e := range elements {
		if key := identity(e); !known[key] {
			known[key] = true
			fresh = append(fresh, e)
		}
	}
	return fresh
}

// identity tells entities apart: by their ids, or else by all that they hold.
func identity(element map[string]any) string {
	if id := scalar(element["id"]); id != "" {
		return id
	}
	whole, _ := jsonvalue.Append(nil, element) // was read from JSON
	return string(whole)
}

// pageAsked describes the page that a query asks for by its difference from the
// first query.
func pageAsked(first, query url.Values) string {
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if value := query.Get(name); value != first.Get(name) {
			return visible(name+"="+value, maxShown)
		}
	}
	return "the first page"
}

// maxShown bounds what a message repeats of an address or a name.
const maxShown = 80

// named lists a few of the elements that a message is about.
func named(elements []map[string]any) string {
	const few = 3
	var names []string
	for _, e := range elements[:min(few, len(elements))] {
		name := cmp.Or(scalar(e["id"]), scalar(e["name"]), "an entity without an id")
		names = append(names, visible(name, maxShown))
	}
	list := strings.Join(names, ", ")
	if more := len(elements) - few; more > 0 {
		list += fmt.Sprintf(" and %d more", more)
	}
	return list
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

// page is one answer of a list. Its elements stay texts: who looks for one of a
// thousand need not take all of them apart.
type page struct {
	answer *reply
	texts  []string
	reply  map[string]any // what says how to go on
}

// goOn are the members of an answer that say whether there is another page.
var goOn = []string{"offset", "next", "meta", "page"}

func readPage(r *reply) (*page, error) {
	members, err := jsonvalue.Members(string(r.body))
	if err != nil {
		if _, err := r.document(); err != nil { // says what is wrong
			return nil, err
		}
	}
	list, ok := members["data"]
	if !ok {
		list, ok = members["items"]
	}
	if !ok {
		return nil, r.fail("the answer is not a list: it has neither data nor items")
	}
	p := &page{answer: r, reply: make(map[string]any, len(goOn))}
	if p.texts, ok = asList(list); !ok {
		return nil, r.fail("the answer is not a list: its data is something else")
	}
	for _, name := range goOn {
		text, given := members[name]
		if !given {
			continue
		}
		if p.reply[name], err = jsonvalue.Parse(text, deepest); err != nil { // the list would end too early
			return nil, r.fail(misread(err) + r.describe())
		}
	}
	return p, nil
}

// asList takes what servers send for an empty list as one: null, and the
// empty object that an empty Lua table becomes.
func asList(text string) ([]string, bool) {
	if elements, err := jsonvalue.Elements(text); err == nil {
		return elements, true
	}
	v, err := jsonvalue.Parse(text, deepest)
	empty, isObject := v.(map[string]any)
	return nil, err == nil && (v == nil || isObject && len(empty) == 0)
}

// elements takes the elements apart.
func (p *page) elements() ([]map[string]any, error) {
	out := make([]map[string]any, len(p.texts))
	for i := range p.texts {
		var err error
		if out[i], err = p.element(i); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (p *page) element(i int) (map[string]any, error) {
	v, err := jsonvalue.Parse(p.texts[i], deepest)
	if err != nil {
		return nil, p.answer.fail(misread(err) + p.answer.describe())
	}
	doc, ok := v.(map[string]any)
	if !ok {
		return nil, p.answer.fail(fmt.Sprintf("the answer is not a list of entities: element %d is something else", i))
	}
	return doc, nil
}

// advance makes the query ask for the following page, and reports whether there
// is one. If only a total is given, the number of elements so far decides.
func (p *page) advance(query url.Values, so int) bool {
	meta := object(p.reply["meta"])
	inner := object(meta["page"])
	outer := object(p.reply["page"])
	if offset := scalar(p.reply["offset"]); offset != "" {
		query.Set("offset", offset)
		return true
	}
	for _, next := range []any{p.reply["next"], inner["next"], meta["next"], outer["next"]} {
		if follow(query, scalar(next)) {
			return true
		}
	}
	if len(p.texts) == 0 {
		return false
	}
	if total, ok := count(inner["total"]); ok && so < total {
		asked, _ := count(query.Get("page[number]"))
		query.Set("page[number]", strconv.Itoa(max(asked, 1)+1))
		return true
	}
	if total, ok := count(outer["total_count"]); ok && so < total {
		last, _ := p.element(len(p.texts) - 1) // what it is was found out before
		name := scalar(last["name"])
		query.Set("page[after]", name)
		return name != ""
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

// object, scalar and count read an answer without trusting its shape.
func object(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}

// scalar returns the text of a string or a number.
func scalar(v any) string {
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
	n, err := strconv.ParseFloat(scalar(v), 64)
	if err != nil || n < 0 || n > 1<<31 {
		return 0, false
	}
	return int(n), true
}
