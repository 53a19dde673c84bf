package platform

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/fault"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/openapi"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/wire"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// PageStyle is how a list of the platform family is split into pages.
type PageStyle uint8

// The ways of the platform family: by number, by cursor, and by cursor with
// nothing else in meta.
const (
	NumberPages PageStyle = iota // page[number], {"meta": {"page": {…, "total"}}}
	CursorPages                  // page[after], {"meta": {"page": {…, "next"}}}
	RealmPages                   // page[after], {"meta": {…, "next"}}
)

// Answer is the body of a page.
func (p PageStyle) Answer(r *http.Request, q store.Query, page store.Page, data []any) map[string]any {
	var meta map[string]any
	switch p {
	case NumberPages:
		meta = map[string]any{"page": map[string]any{"number": q.Number, "size": q.Size, "total": page.Total}}
	case CursorPages:
		meta = map[string]any{"page": wire.CursorMeta(r, q.Size, page)}
	default:
		meta = wire.CursorMeta(r, q.Size, page)
	}
	return map[string]any{"data": data, "meta": meta}
}

// shape is that of a page.
func (p PageStyle) shape(element openapi.Shape) openapi.Shape {
	switch p {
	case NumberPages:
		return openapi.NumberPage(element)
	case CursorPages:
		return openapi.CursorPage(element)
	}
	return openapi.PlainCursorPage(element)
}

// ListParameters are those that a list takes.
func (c *Collection) ListParameters() openapi.Members {
	parameters := openapi.Members{"page[size]": openapi.Integer}
	if c.Pages == NumberPages {
		parameters["page[number]"], parameters["sort"] = openapi.Integer, openapi.Text
	} else {
		parameters["page[after]"], parameters["page[before]"] = openapi.Text, openapi.Text
	}
	for field, operators := range c.Filters {
		if operators == nil {
			parameters[field] = openapi.Text
		}
		for _, operator := range operators {
			parameters["filter["+field+"]["+operator+"]"] = openapi.Text
		}
	}
	return parameters
}

// query reads pages, filters and order.
func (c *Collection) query(r *http.Request) (q store.Query, err error) {
	params := r.URL.Query()
	if c.Pages == NumberPages {
		q, err = wire.NumberQuery(params)
	} else {
		q, err = wire.CursorQuery(r)
	}
	if err != nil {
		return q, err
	}
	if c.Pages == NumberPages {
		if q.Sort, err = c.sorting(params.Get("sort")); err != nil {
			return q, err
		}
	}
	return q, c.filter(r, &q)
}

// sortable are the fields by which every list that has them can be sorted.
var sortable = []string{"id", "name", "created_at", "updated_at"}

// sorting reads "<field> [asc|desc]"; nil is the order of creation.
func (c *Collection) sorting(sort string) ([]store.Order, error) {
	if sort == "" {
		return nil, nil
	}
	fields := slices.Concat(sortable, c.Sorts)
	field, direction, _ := strings.Cut(sort, " ")
	direction = strings.ToLower(cmp.Or(direction, "asc"))
	if !slices.Contains(fields, field) || direction != "asc" && direction != "desc" {
		return nil, fault.BadParameter("sort", "must be one of "+strings.Join(fields, ", ")+", and asc or desc after it")
	}
	return []store.Order{{Field: field, Desc: direction == "desc"}}, nil
}

// Operators of filters: what fields of a kind are compared by.
var (
	IDOperators     = []string{"eq", "oeq", "neq"}
	TextOperators   = []string{"eq", "neq", "contains", "oeq", "ocontains"}
	ChoiceOperators = []string{"eq", "neq", "oeq"}
	TimeOperators   = []string{"eq", "lt", "lte", "gt", "gte"}
)

// test is a condition on a document.
type test = func(doc map[string]any) bool

// filter reads filter[<field>][<operator>] and labels; all of them must hold.
func (c *Collection) filter(r *http.Request, q *store.Query) error {
	params := r.URL.Query()
	var tests []test
	for _, name := range slices.Sorted(maps.Keys(params)) {
		t, err := c.parameterTest(r, q, name, params.Get(name))
		if err != nil {
			return err
		}
		if t != nil {
			tests = append(tests, t)
		}
	}
	if len(tests) > 0 {
		q.Match = func(doc map[string]any) bool {
			return !slices.ContainsFunc(tests, func(t test) bool { return !t(doc) })
		}
	}
	return nil
}

// parameterTest adds the filter of a parameter to a query, or returns a test
// for it; neither if the parameter is no filter.
func (c *Collection) parameterTest(r *http.Request, q *store.Query, name, value string) (test, error) {
	if operators, labels := c.Filters[name]; labels && operators == nil {
		if value == "" {
			return nil, nil
		}
		return labelsTest(name, value), nil
	}
	rest, ok := strings.CutPrefix(name, "filter[")
	if !ok || !strings.HasSuffix(rest, "]") || c.Filters == nil {
		return nil, nil
	}
	field, operator, _ := strings.Cut(strings.TrimSuffix(rest, "]"), "][")
	operator = cmp.Or(operator, "eq")
	if !slices.Contains(c.Filters[field], operator) || c.isBoolean(field) && value != "true" && value != "false" {
		return nil, fault.BadParameter(name, "is not a filter of this list, or has a value that none of its entities can have")
	}
	if slices.Contains(TimeOperators[1:], operator) {
		return timeTest(name, field, operator, value)
	}
	compare := comparison(operator, value)
	if other, joined := c.Joined[field]; joined {
		return c.joinedTest(r.Context(), other, compare, operator == "neq")
	}
	at := cmp.Or(filterPaths[field], field)
	if !c.isList(field) && ask(q, at, operator, value) {
		return nil, nil
	}
	path := schema.Dotted(at)
	return func(doc map[string]any) bool {
		return slices.ContainsFunc(textsAt(doc, path), compare) != (operator == "neq")
	}, nil
}

// joinedTest compares a field of the entities that documents refer to. It reads
// all of these in advance, since tests must not use the store; there are few.
func (c *Collection) joinedTest(ctx context.Context, field string, compare func(string) bool, negated bool) (test, error) {
	others, err := store.All(ctx, c.Store, c.Store.Types().Named(c.JoinedBy.Target), "", nil)
	if err != nil {
		return nil, err
	}
	passes := map[any]bool{}
	for _, other := range others {
		passes[other["id"]] = compare(jsonvalue.Text(other[field])) != negated
	}
	return func(doc map[string]any) bool {
		id := doc[c.JoinedBy.Field]
		return passes[id] || id == nil && negated
	}, nil
}

// ask leaves a filter to the store, if the store has such a filter and the
// query does not use it yet.
func ask(q *store.Query, field, operator, value string) bool {
	switch operator {
	case "eq":
		if _, twice := q.Equal[field]; twice {
			return false
		}
		q.Equal = set(q.Equal, field, value)
	case "contains":
		q.Contains = set(q.Contains, field, value)
	case "oeq":
		if q.In == nil {
			q.In = map[string][]string{}
		}
		q.In[field] = strings.Split(value, ",")
	default:
		return false
	}
	return true
}

// comparison is an operator with its value. The caller negates neq.
func comparison(operator, value string) func(got string) bool {
	choices := strings.Split(value, ",")
	switch operator {
	case "contains":
		return func(got string) bool { return strings.Contains(got, value) }
	case "oeq":
		return func(got string) bool { return slices.Contains(choices, got) }
	case "ocontains":
		return func(got string) bool {
			return slices.ContainsFunc(choices, func(part string) bool { return strings.Contains(got, part) })
		}
	}
	return func(got string) bool { return got == value }
}

// textsAt are the texts that a filter compares: one, or those of a list.
func textsAt(doc map[string]any, path schema.Path) []string {
	v := path.Get(doc)
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	texts := make([]string, len(list))
	for i, e := range list {
		texts[i] = jsonvalue.Text(e)
	}
	return texts
}

// filterPaths are the paths in documents of filters with other names.
var filterPaths = map[string]string{
	"initial_client_id":       "dcr_config.initial_client_id",
	"initial_client_audience": "dcr_config.initial_client_audience",
	"gateway_service_id":      "gateway_service.id",
}

func (c *Collection) isBoolean(field string) bool {
	f := c.Type.Schema().Field(field)
	return f != nil && f.Type == schema.Boolean
}

func (c *Collection) isList(field string) bool {
	f := c.Type.Schema().Field(field)
	return f != nil && (f.Type == schema.Set || f.Type == schema.Array)
}

func set(filters map[string]string, field, value string) map[string]string {
	if filters == nil {
		filters = map[string]string{}
	}
	filters[field] = value
	return filters
}

// timeTest compares times.
func timeTest(name, field, operator, value string) (test, error) {
	wanted, err := time.Parse(time.RFC3339, value)
	if err != nil {
		return nil, fault.BadParameter(name, "must be a time such as 2026-01-31T12:00:00Z")
	}
	return func(doc map[string]any) bool {
		got, err := time.Parse(time.RFC3339, jsonvalue.Text(doc[field]))
		order := got.Compare(wanted)
		switch {
		case err != nil:
			return false
		case operator == "lt":
			return order < 0
		case operator == "lte":
			return order <= 0
		case operator == "gt":
			return order > 0
		}
		return order >= 0
	}, nil
}

// labelsTest reads key:value,key2: all of them, the second with any value.
func labelsTest(field, list string) test {
	wanted := strings.Split(list, ",")
	return func(doc map[string]any) bool {
		labels, _ := doc[field].(map[string]any)
		for _, l := range wanted {
			key, value, exact := strings.Cut(l, ":")
			got, ok := labels[key]
			if !ok || exact && got != value {
				return false
			}
		}
		return true
	}
}
