package wire

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/fault"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// How long pages are: those of cursors and offsets, and those with numbers.
const (
	coreSize     = 100
	MaxSize      = 1000
	platformSize = 10
	platformMax  = 100
	maxTags      = 5
)

// CoreQuery reads the parameters of core-entities lists: size and offset, order,
// tags and the filters of the type.
func CoreQuery(t *entity.Type, params url.Values) (store.Query, error) {
	q := store.Query{Size: coreSize, After: params.Get("offset")}
	if s := params.Get("size"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > MaxSize {
			return q, fault.BadRequest("size must be a number from 1 to " + strconv.Itoa(MaxSize))
		}
		q.Size = n
	}
	var err error
	if q.Tags, q.AnyTag, err = tagsFilter(params.Get("tags")); err != nil {
		return q, err
	}
	if q.Sort, err = coreOrder(t, params); err != nil {
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

// coreOrder reads sort_by and sort_desc; nil is the order of creation. A secret
// is no field to sort by, since the order would tell of it.
func coreOrder(t *entity.Type, params url.Values) ([]store.Order, error) {
	name := params.Get("sort_by")
	if name == "" {
		return nil, nil
	}
	f := t.ReplySchema().Field(name)
	if f == nil && t == entity.Route {
		f = entity.RouteExpression.ReplySchema().Field(name)
	}
	if f == nil || f.Encrypted || slices.Contains(t.Internal, name) || slices.Contains(t.WriteOnly, name) {
		return nil, fault.BadRequest("sort_by must be a field of a " + t.Singular + " that is no secret")
	}
	desc, err := strconv.ParseBool(cmp.Or(params.Get("sort_desc"), "false"))
	if err != nil {
		return nil, fault.BadRequest("sort_desc must be 1 or 0")
	}
	return []store.Order{{Field: name, Desc: desc}}, nil
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
		return nil, false, fault.BadRequest("tags takes ',' (all) or '/' (any) between tags, not both")
	case or:
		tags = strings.Split(text, "/")
	default:
		tags = strings.Split(text, ",")
	}
	if len(tags) > maxTags {
		return nil, false, fault.BadRequest("tags takes at most " + strconv.Itoa(maxTags) + " tags")
	}
	for _, t := range tags {
		if t == "" || HasNUL(t) {
			return nil, false, fault.BadRequest("tags must not contain an empty tag")
		}
	}
	return tags, or, nil
}

// CorePage is a page with the offset of the next one, both left out at the end.
func CorePage(r *http.Request, page store.Page, present func(map[string]any) map[string]any) map[string]any {
	return CoreAnswers(r, page, Presented(page.Docs, present))
}

// CoreAnswers is CorePage for documents that are presented already.
func CoreAnswers(r *http.Request, page store.Page, answers []any) map[string]any {
	answer := map[string]any{"data": answers}
	if page.Next != "" {
		answer["offset"] = page.Next
		answer["next"] = SamePath(r, "offset", page.Next)
	}
	return answer
}

// AppendCorePage appends CorePage for documents as they are stored, each of which
// a function appends as answers show it.
func AppendCorePage(dst []byte, r *http.Request, page store.Page, shown func(dst []byte, body string) ([]byte, error)) (_ []byte, err error) {
	size := 0
	for _, body := range page.Bodies {
		size += len(body) + 1
	}
	dst = append(slices.Grow(dst, size+512), `{"data":[`...)
	for i, body := range page.Bodies {
		if i > 0 {
			dst = append(dst, ',')
		}
		if dst, err = shown(dst, body); err != nil {
			return dst, err
		}
	}
	dst = append(dst, ']')
	if page.Next != "" {
		if dst, err = jsonvalue.Append(append(dst, `,"next":`...), SamePath(r, "offset", page.Next)); err != nil {
			return dst, err
		}
		if dst, err = jsonvalue.Append(append(dst, `,"offset":`...), page.Next); err != nil {
			return dst, err
		}
	}
	return append(dst, '}'), nil
}

// Presented is a list of documents as answers show them.
func Presented(docs []map[string]any, present func(map[string]any) map[string]any) []any {
	out := make([]any, len(docs))
	for i, doc := range docs {
		out[i] = present(doc)
	}
	return out
}

// SamePath is the path of a request with one parameter changed.
func SamePath(r *http.Request, param, value string) string {
	params := r.URL.Query()
	for _, cursor := range []string{"page[after]", "page[before]"} {
		params.Del(cursor)
	}
	params.Set(param, value)
	return r.URL.EscapedPath() + "?" + params.Encode()
}

// CursorQuery reads page[size] and page[after].
func CursorQuery(r *http.Request) (store.Query, error) {
	params := r.URL.Query()
	size, err := pageSize(params, coreSize, MaxSize)
	return store.Query{Size: size, After: params.Get("page[after]"), Before: params.Get("page[before]")}, err
}

// PageError names the parameter of an invalid cursor.
func PageError(q store.Query, err error) error {
	switch {
	case !errors.Is(err, store.ErrBadCursor):
		return err
	case q.After != "":
		return fault.BadParameter("page[after]", "does not continue this list")
	}
	return fault.BadParameter("page[before]", "does not continue this list")
}

// CursorMeta says where the pages beside one are.
func CursorMeta(r *http.Request, size int, page store.Page) map[string]any {
	meta := map[string]any{"size": size, "next": nil, "previous": nil}
	for name, place := range map[string]struct{ param, cursor string }{
		"next":     {"page[after]", page.Next},
		"previous": {"page[before]", page.Previous},
	} {
		if place.cursor != "" {
			meta[name] = SamePath(r, place.param, place.cursor)
		}
	}
	return meta
}

// NumberQuery reads page[size] and page[number].
func NumberQuery(params url.Values) (q store.Query, err error) {
	if q.Size, err = pageSize(params, platformSize, platformMax); err != nil {
		return q, err
	}
	q.Number, err = positive(params, "page[number]", 1)
	return q, err
}

// PlainNumberQuery reads page, of lists whose pages have one size.
func PlainNumberQuery(params url.Values) (q store.Query, err error) {
	q.Size = platformMax
	q.Number, err = positive(params, "page", 1)
	return q, err
}

// pageSize reads page[size].
func pageSize(params url.Values, standard, limit int) (int, error) {
	size, err := positive(params, "page[size]", standard)
	if err == nil && size > limit {
		err = fault.BadParameter("page[size]", "must be at most "+strconv.Itoa(limit))
	}
	return size, err
}

// maxNumber keeps products of page numbers and sizes far from overflow.
const maxNumber = 1 << 30

func positive(params url.Values, name string, standard int) (int, error) {
	s := params.Get(name)
	if s == "" {
		return standard, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > maxNumber {
		return 0, fault.BadParameter(name, "must be a number from 1")
	}
	return n, nil
}
