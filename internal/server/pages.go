package server

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

const (
	coreSize    = 100
	coreMaxSize = 1000
	maxTags     = 5
)

// coreQuery reads the parameters of core-entities lists: size and offset, tags
// and the filters of the type.
func coreQuery(t *entity.Type, params url.Values) (store.Query, error) {
	q := store.Query{Size: coreSize, After: params.Get("offset")}
	if s := params.Get("size"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > coreMaxSize {
			return q, requestError("size must be a number from 1 to " + strconv.Itoa(coreMaxSize))
		}
		q.Size = n
	}
	var err error
	if q.Tags, q.AnyTag, err = tagsFilter(params.Get("tags")); err != nil {
		return q, err
	}
	if t.NameFilter != "" {
		q.Equal = filter(q.Equal, t.NameFilter, params.Get("filter[name][eq]"))
		q.Contains = filter(q.Contains, t.NameFilter, params.Get("filter[name][contains]"))
	}
	for _, field := range t.EqualFilters {
		q.Equal = filter(q.Equal, field, params.Get(field))
	}
	return q, nil
}

func filter(filters map[string]string, field, value string) map[string]string {
	if value == "" {
		return filters
	}
	if filters == nil {
		filters = map[string]string{}
	}
	filters[field] = value
	return filters
}

// tagsFilter reads a,b (all of them) or a/b (any of them).
func tagsFilter(text string) (tags []string, any bool, err error) {
	all, or := strings.Contains(text, ","), strings.Contains(text, "/")
	switch {
	case text == "":
		return nil, false, nil
	case all && or:
		return nil, false, requestError("tags takes ',' (all) or '/' (any) between tags, not both")
	case or:
		tags = strings.Split(text, "/")
	default:
		tags = strings.Split(text, ",")
	}
	if len(tags) > maxTags {
		return nil, false, requestError("tags takes at most " + strconv.Itoa(maxTags) + " tags")
	}
	for _, t := range tags {
		if t == "" || hasNUL(t) {
			return nil, false, requestError("tags must not contain an empty tag")
		}
	}
	return tags, or, nil
}

// corePage is a page with the offset of the next one, both left out at the end.
func corePage(r *http.Request, page store.Page, present func(map[string]any) map[string]any) map[string]any {
	return coreAnswers(r, page, presented(page.Docs, present))
}

// coreAnswers is corePage for documents that are presented already.
func coreAnswers(r *http.Request, page store.Page, answers []any) map[string]any {
	answer := map[string]any{"data": answers}
	if page.Next != "" {
		answer["offset"] = page.Next
		answer["next"] = samePath(r, "offset", page.Next)
	}
	return answer
}

func presented(docs []map[string]any, present func(map[string]any) map[string]any) []any {
	out := make([]any, len(docs))
	for i, doc := range docs {
		out[i] = present(doc)
	}
	return out
}

// samePath is the path of a request with one parameter changed.
func samePath(r *http.Request, param, value string) string {
	params := r.URL.Query()
	for _, cursor := range []string{"page[after]", "page[before]"} {
		params.Del(cursor)
	}
	params.Set(param, value)
	return r.URL.EscapedPath() + "?" + params.Encode()
}
